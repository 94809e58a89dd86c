//! A market that takes tasks and ends them when the test says so.

use super::{Bridge, Cash, Desk, Fee, Money, Moods, RuntimeHoldReason, System, Test, COIN, FEES, SOLVER};
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
    record::{IndexedRecord, Record},
    task::{Input, Output, Terms},
    traits::{Followers, Posting},
    verdict::{Outcome, Reason},
    verification::Verification,
    AccountId, AssetId, Balance, Digest, ModelId, TaskId,
};
use sp_io::hashing::sha2_256;
use sp_runtime::{DispatchError, DispatchResult};
use std::collections::BTreeMap;

/// What the market's own work weighs.
pub const POST: Weight = Weight::from_parts(7_000_000, 0);
pub const WITHDRAW: Weight = Weight::from_parts(3_000_000, 0);

/// How the market takes to a task.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mood {
    /// It does not want it, for this reason.
    Refuses(&'static str),
    /// It finds that out after it has taken the money.
    RefusesLate(&'static str),
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
    use pensum_primitives::{task::Input, AccountId, Digest, TaskId};

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
        pub follower: Digest,
    }
}

pub use pallet::Open;

fn escrow() -> RuntimeHoldReason {
    pallet::HoldReason::Escrow.into()
}

pub fn escrow_in(asset: Option<AssetId>, who: &AccountId) -> Balance {
    Money::balance_on_hold(asset, &escrow(), who)
}

/// Gives the model of this number a mood.
pub fn set_mood(model: u8, mood: Mood) {
    Moods::mutate(|moods| {
        moods.insert(ModelId(Digest::repeat_byte(model)), mood);
    });
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

    /// The task of a request.
    pub fn task_of(request: Digest) -> TaskId {
        let mut tasks = pallet::Tasks::<Test>::iter();
        tasks.find(|(_, open)| open.follower == request).unwrap().0
    }

    /// What is on hold is what the tasks need.
    pub fn check_escrow() {
        let mut due = BTreeMap::<_, Balance>::new();
        for open in pallet::Tasks::<Test>::iter_values() {
            *due.entry((open.requester, open.terms.asset)).or_default() += open.terms.max_reward;
        }
        for ((who, asset), due) in due {
            assert_eq!(escrow_in(asset, &who), due, "the market's escrow");
        }
    }

    /// Somebody answers the task of a request: half of the escrow is paid, the rest goes back.
    pub fn answer(request: Digest, output: &[u8]) -> IndexedRecord {
        Self::answer_task(Self::task_of(request), output)
    }

    pub fn answer_task(task: TaskId, output: &[u8]) -> IndexedRecord {
        let open = pallet::Tasks::<Test>::take(task).unwrap();
        let price = open.terms.max_reward / 2;
        let (asset, from) = (open.terms.asset, &open.requester);
        if price > 0 {
            Money::transfer_on_hold(asset, &escrow(), from, &SOLVER, price, Exact, Free, Force).unwrap();
        }
        Self::end(task, open, price, Outcome::Answered, output)
    }

    /// Nobody answers.
    pub fn refund(task: TaskId, reason: Reason) -> IndexedRecord {
        let open = pallet::Tasks::<Test>::take(task).unwrap();
        Self::end(task, open, 0, Outcome::Refunded(reason), &[])
    }

    fn end(task: TaskId, open: Open, price: Balance, outcome: Outcome, output: &[u8]) -> IndexedRecord {
        let rest = open.terms.max_reward - price;
        Money::release(open.terms.asset, &escrow(), &open.requester, rest, Exact).unwrap();
        let record = Record {
            task,
            model: open.terms.model,
            requester: open.requester,
            input: open.input.digest(),
            output: sha2_256(output).into(),
            solvers: vec![SOLVER],
            verification: open.terms.verification,
            evidence: Digest::repeat_byte(0xe1),
            upstream: vec![],
            outcome,
            price,
            asset: open.terms.asset,
            posted_at: 1,
            block: System::block_number(),
        };
        let output = Output::try_from(output.to_vec()).unwrap();
        let end = IndexedRecord { record, output };
        Bridge::ended(Follower::Message(open.follower), &end);
        end
    }
}

/// Nothing moves of an asset that is frozen.
fn ensure_moves(open: &Open) -> DispatchResult {
    let moves = Cash::can_withdraw(open.terms.asset, &open.requester, 0) == WithdrawConsequence::Success;
    ensure!(moves, "frozen");
    Ok(())
}

impl Posting for Desk {
    fn check(_: &Terms, _: &[u32]) -> Result<Balance, DispatchError> {
        Err("not asked".into())
    }

    fn post_for(
        requester: &AccountId,
        terms: Terms,
        input: Input,
        upstream: Vec<TaskId>,
        follower: Follower,
    ) -> Result<TaskId, DispatchError> {
        let Follower::Message(follower) = follower else {
            return Err("not a message".into());
        };
        assert!(upstream.is_empty());
        let mood = Moods::get().get(&terms.model).copied();
        if let Some(Mood::Refuses(why)) = mood {
            return Err(why.into());
        }
        ensure!(terms.deadline > System::block_number() + 1, "too soon");
        ensure!(terms.asset.is_none_or(|asset| asset == COIN), "not listed");
        ensure!(terms.max_reward > 0, "worth nothing");
        Money::hold(terms.asset, &escrow(), requester, terms.max_reward)?;
        Cash::transfer(terms.asset, requester, &FEES, Fee::get(), Preserve)?;
        if let Some(Mood::RefusesLate(why)) = mood {
            return Err(why.into());
        }
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
        ensure_moves(&open)?;
        Self::refund(task, Reason::Cancelled);
        Ok(())
    }

    fn accept_for(requester: &AccountId, task: TaskId) -> DispatchResult {
        let open = pallet::Tasks::<Test>::get(task).ok_or("not open")?;
        ensure!(open.requester == *requester, "not yours");
        ensure!(
            matches!(open.terms.verification, Verification::Requester { .. }),
            "not for the requester"
        );
        ensure_moves(&open)?;
        Self::answer_task(task, b"accepted");
        Ok(())
    }

    fn post_weight(_: &Terms, input_len: u32) -> Weight {
        POST.saturating_mul(1 + u64::from(input_len))
    }

    fn withdraw_weight(_: TaskId) -> Weight {
        WITHDRAW
    }
}
