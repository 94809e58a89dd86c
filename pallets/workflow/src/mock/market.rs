//! A market that takes tasks and ends them when the test says so.

use super::{Cash, Desk, Fee, Money, Moods, RuntimeHoldReason, System, Test, Workflows, FEES, SOLVER};
use frame_support::{
    ensure,
    traits::{
        fungibles::{hold::Mutate as _, Inspect as _, InspectHold, Mutate as _},
        tokens::{
            Fortitude::Force, Precision::Exact, Preservation::Preserve, Restriction::Free,
            WithdrawConsequence,
        },
    },
    weights::Weight,
};
use pensum_primitives::{
    follower::Follower,
    model::{InputSchema, ModelEntry, ModelKind, ModelState},
    record::{IndexedRecord, Record},
    step::{Executed, NodeInfo, Step},
    task::{Input, Output, Terms},
    traits::{Followers, Models, Posting, Replayed},
    verdict::{Outcome, Reason},
    verification::Verification,
    AccountId, AssetId, Balance, Digest, ModelId, TaskId,
};
use sp_runtime::{DispatchError, DispatchResult, Permill};

/// How the market takes to a task.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mood {
    /// It knows at once that it does not want it.
    Refuses,
    /// It finds out after it has taken the money.
    RefusesLate,
    /// It takes more than it said.
    Greedy,
    /// It ends the task while it is being posted.
    Hasty,
    /// It does not let it be cancelled.
    Stubborn,
}

/// The market as a pallet, so that what it does is rolled back with the rest.
#[frame_support::pallet(dev_mode)]
pub mod pallet {
    use super::Terms;
    use frame_support::pallet_prelude::*;
    use pensum_primitives::{task::Input, workflow::WorkflowId, AccountId, TaskId};

    #[pallet::pallet]
    #[pallet::without_storage_info]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<AccountId = AccountId> {}

    #[pallet::composite_enum]
    pub enum HoldReason {
        Escrow,
    }

    #[pallet::storage]
    pub type Tasks<T: Config> = StorageMap<_, Twox64Concat, TaskId, Open>;

    #[pallet::storage]
    pub type Posted<T: Config> = StorageValue<_, u64, ValueQuery>;

    #[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, TypeInfo)]
    pub struct Open {
        pub requester: AccountId,
        pub terms: Terms,
        pub input: Input,
        pub upstream: Vec<TaskId>,
        pub follower: WorkflowId,
    }
}

pub use pallet::Open;

fn escrow() -> RuntimeHoldReason {
    pallet::HoldReason::Escrow.into()
}

pub fn escrow_in(asset: Option<AssetId>, who: &AccountId) -> Balance {
    Money::balance_on_hold(asset, &escrow(), who)
}

pub fn escrow_of(who: &AccountId) -> Balance {
    escrow_in(None, who)
}

impl Desk {
    /// The tasks that live.
    pub fn open() -> Vec<TaskId> {
        let mut open: Vec<_> = pallet::Tasks::<Test>::iter_keys().collect();
        open.sort();
        open
    }

    pub fn task(task: TaskId) -> Open {
        pallet::Tasks::<Test>::get(task).unwrap()
    }

    /// What must be on hold for somebody.
    pub fn due(asset: Option<AssetId>, who: &AccountId) -> Balance {
        pallet::Tasks::<Test>::iter_values()
            .filter(|open| open.requester == *who && open.terms.asset == asset)
            .map(|open| open.terms.max_reward)
            .sum()
    }

    /// Somebody answers: half of the escrow is paid, the rest goes back.
    pub fn answer(task: TaskId, output: &[u8]) {
        let open = pallet::Tasks::<Test>::take(task).unwrap();
        let price = open.terms.max_reward / 2;
        let (asset, from) = (open.terms.asset, &open.requester);
        Money::transfer_on_hold(asset, &escrow(), from, &SOLVER, price, Exact, Free, Force).unwrap();
        let output = Output::try_from(output.to_vec()).unwrap();
        Self::end(task, open, price, Outcome::Answered, Some(&output));
    }

    /// Nobody answers.
    pub fn refund(task: TaskId, reason: Reason) {
        let open = pallet::Tasks::<Test>::take(task).unwrap();
        Self::end(task, open, 0, Outcome::Refunded(reason), None);
    }

    fn end(task: TaskId, open: Open, price: Balance, outcome: Outcome, output: Option<&Output>) {
        let rest = open.terms.max_reward - price;
        Money::release(open.terms.asset, &escrow(), &open.requester, rest, Exact).unwrap();
        let record = Record {
            task,
            model: open.terms.model,
            requester: open.requester,
            input: open.input.digest(),
            output: Digest::zero(),
            solvers: vec![SOLVER],
            verification: open.terms.verification,
            evidence: Digest::zero(),
            upstream: open.upstream,
            outcome,
            price,
            asset: open.terms.asset,
            posted_at: 1,
            block: System::block_number(),
        };
        let output = output.cloned().unwrap_or_default();
        Workflows::ended(
            Follower::Workflow(open.follower),
            &IndexedRecord { record, output },
        );
    }
}

impl Posting for Desk {
    fn check(terms: &Terms, input_lens: &[u32]) -> Result<Balance, DispatchError> {
        ensure!(terms.deadline > System::block_number(), "too soon");
        ensure!(Moods::get().get(&terms.model) != Some(&Mood::Refuses), "refused");
        let entry = Catalogue::entry(&terms.model).ok_or("unknown model")?;
        ensure!(
            input_lens.iter().all(|len| entry.accepts_len(*len)),
            "wrong shape"
        );
        Ok(Fee::get() * input_lens.len() as Balance)
    }

    fn post_for(
        requester: &AccountId,
        terms: Terms,
        input: Input,
        upstream: Vec<TaskId>,
        follower: Follower,
    ) -> Result<TaskId, DispatchError> {
        let Follower::Workflow(follower) = follower else {
            return Err("not a workflow".into());
        };
        let mood = Moods::get().get(&terms.model).copied();
        let fee = Self::check(&terms, &[input.len()])? + u128::from(mood == Some(Mood::Greedy));
        Money::hold(terms.asset, &escrow(), requester, terms.max_reward)?;
        Cash::transfer(terms.asset, requester, &FEES, fee, Preserve)?;
        ensure!(mood != Some(Mood::RefusesLate), "nobody is free");
        let task = TaskId(
            256 * pallet::Posted::<Test>::mutate(|posted| {
                *posted += 1;
                *posted
            }),
        );
        pallet::Tasks::<Test>::insert(
            task,
            Open {
                requester: requester.clone(),
                terms,
                input,
                upstream,
                follower,
            },
        );
        if mood == Some(Mood::Hasty) {
            Self::refund(task, Reason::ModelGone);
        }
        Ok(task)
    }

    fn cancel_for(requester: &AccountId, task: TaskId) -> DispatchResult {
        let open = pallet::Tasks::<Test>::get(task).ok_or("not open")?;
        ensure!(open.requester == *requester, "not yours");
        ensure!(
            Moods::get().get(&open.terms.model) != Some(&Mood::Stubborn),
            "claimed"
        );
        // Nothing moves of an asset that is frozen.
        ensure!(
            Cash::can_withdraw(open.terms.asset, requester, 0) == WithdrawConsequence::Success,
            "frozen"
        );
        Self::refund(task, Reason::Cancelled);
        Ok(())
    }

    fn accept_for(_: &AccountId, _: TaskId) -> DispatchResult {
        Err("workflows do not accept".into())
    }

    fn post_weight(_: &Terms, _: u32) -> Weight {
        Weight::zero()
    }

    fn withdraw_weight(_: TaskId) -> Weight {
        Weight::zero()
    }
}

/// What the market tells of a task that ended otherwise than the desk does it.
pub fn told(task: TaskId, outcome: Outcome) -> IndexedRecord {
    let record = Record {
        task,
        model: classifier(),
        requester: SOLVER,
        input: Digest::zero(),
        output: Digest::zero(),
        solvers: vec![],
        verification: Verification::Replay { window: 0 },
        evidence: Digest::zero(),
        upstream: vec![],
        outcome,
        price: 0,
        asset: None,
        posted_at: 1,
        block: System::block_number(),
    };
    IndexedRecord {
        record,
        output: Output::default(),
    }
}

/// Knows three models: what number a text belongs to, a text about a text, and what becomes of eight bytes.
pub struct Catalogue;

/// Puts text of at most 300 bytes into a class.
pub fn classifier() -> ModelId {
    model(1)
}

/// Reads text of at most 1024 bytes and answers with 64 bytes.
pub fn writer() -> ModelId {
    model(2)
}

/// Reads eight bytes and answers with eight.
pub fn shuffler() -> ModelId {
    model(3)
}

/// Another text model, for the moods of the market.
pub fn moody() -> ModelId {
    model(4)
}

pub fn model(number: u8) -> ModelId {
    ModelId(Digest::repeat_byte(number))
}

impl Models for Catalogue {
    fn usable(model: &ModelId, _: bool) -> Result<ModelEntry, DispatchError> {
        Self::entry(model).ok_or(DispatchError::CannotLookup)
    }

    fn entry(model: &ModelId) -> Option<ModelEntry> {
        let (input, output_len) = match model.0 .0[0] {
            1 => (InputSchema::Text { max_bytes: 300 }, 4),
            2 | 4 => (InputSchema::Text { max_bytes: 1_024 }, 64),
            3 => (InputSchema::Tensor { len: 8 }, 8),
            _ => return None,
        };
        Some(ModelEntry {
            kind: ModelKind::Graph,
            weights: Digest::zero(),
            on_chain: true,
            input,
            output_len,
            cost_fixed: 0,
            cost_per_byte: 0,
            state: ModelState::Active { from: 0 },
            publisher: SOLVER,
            royalty: Permill::zero(),
        })
    }

    fn replay(_: &ModelId, _: &[&[u8]]) -> Result<Vec<Replayed>, DispatchError> {
        Err(DispatchError::Unavailable)
    }

    fn nodes(_: &ModelId) -> Option<u16> {
        None
    }

    fn node(_: &ModelId, _: u16) -> Option<NodeInfo> {
        None
    }

    fn execute(_: &ModelId, _: &Step) -> Executed {
        Executed::Broken
    }
}
