//! A chain with duties, a gateway in memory, and a host that can be killed at any side effect.

mod host;

pub use host::{Fate, Host, Mode};

use crate as pallet_inference_worker;
use frame_support::{derive_impl, traits::Hooks, weights::Weight};
use pensum_primitives::{
    matching::Matching,
    operator::{OperatorId, OperatorSignature, Work, OPERATOR_KEY_TYPE},
    panel::PanelDuty,
    solver::Offer,
    task::{Answer, Duty, Input},
    traits::{
        Assignment, AuctionDuty, AuctionView, Auctions, Audit, BookQuery, Disputes, Duties, Engagement,
        FaultReport, Lot, NoOffer, NotReady, Offers, OperatorSubmit, PanelQuery, PanelView, Panels, Seat,
        Solvers, Standing, Summons,
    },
    verdict::Unable,
    AccountId, AssetId, Balance, BatchId, BlockNumber, Digest, ModelId, SlashId, TaskId,
};
use serde_json::{json, Value};
use sp_core::offchain::{OffchainDbExt, OffchainWorkerExt};
use sp_keystore::{testing::MemoryKeystore, Keystore, KeystoreExt};
use sp_runtime::{traits::IdentityLookup, BuildStorage, DispatchError, DispatchResult, RuntimeAppPublic};
use std::{
    cell::RefCell,
    collections::BTreeSet,
    panic::{catch_unwind, AssertUnwindSafe},
};

#[frame_support::runtime]
mod runtime {
    #[runtime::runtime]
    #[runtime::derive(RuntimeCall, RuntimeEvent, RuntimeError, RuntimeOrigin, RuntimeTask)]
    pub struct Test;

    #[runtime::pallet_index(0)]
    pub type System = frame_system::Pallet<Test>;
    #[runtime::pallet_index(1)]
    pub type Worker = pallet_inference_worker::Pallet<Test>;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = frame_system::mocking::MockBlock<Test>;
    type AccountId = AccountId;
    type Lookup = IdentityLookup<AccountId>;
}

impl crate::Config for Test {
    type Duties = Chain;
    type Panels = Chain;
    type Auctions = Chain;
    type Disputes = Chain;
    type Solvers = Chain;
    type Offers = Chain;
    type Submit = Chain;
}

/// The solver that every operator key works for.
pub const SOLVER: AccountId = AccountId::new([7; 32]);
pub const URL: &str = "http://127.0.0.1:9950";
pub const GENESIS: Digest = sp_core::H256([69; 32]);

/// What the chain holds.
#[derive(Default)]
pub struct Chain {
    pub duties: Vec<Duty>,
    pub seats: Vec<PanelDuty>,
    pub auctions: Vec<AuctionDuty>,
    pub audits: Vec<Audit>,
    /// The solver's offer for every model.
    pub offer: Option<Offer>,
    /// What one unit of the offer is worth in PEN, where that is not one.
    pub rate: Option<Balance>,
    /// What came, in order.
    pub sent: Vec<Sent>,
    /// What the pool refuses aloud.
    pub refuse: bool,
    /// What the pool drops without a word: sheets longer than this.
    pub drop_above: Option<usize>,
    pub operator_is_known: bool,
    host: Option<Host>,
}

/// Something that reached the pool.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Sent {
    Answers(Vec<Answer>),
    Decline(BatchId, Unable),
    Other(Work),
}

thread_local! {
    static CHAIN: RefCell<Chain> = RefCell::default();
}

pub fn chain<R>(change: impl FnOnce(&mut Chain) -> R) -> R {
    CHAIN.with(|chain| change(&mut chain.borrow_mut()))
}

impl Chain {
    fn take(what: Sent) -> DispatchResult {
        let host = chain(|chain| chain.host.clone());
        host.iter().for_each(Host::side_effect);
        chain(|chain| {
            if chain.refuse {
                return Err(DispatchError::Other("refused"));
            }
            if !chain.drops(&what) {
                chain.sent.push(what);
            }
            Ok(())
        })
    }

    /// What the pool drops without a word.
    fn drops(&self, what: &Sent) -> bool {
        let Sent::Answers(sheet) = what else { return false };
        let too_long = self.drop_above.is_some_and(|most| sheet.len() > most);
        let may_leave_some =
            |duty: &Duty| duty.partial_sheets > 0 || duty.answered(sheet).count() == duty.tasks.len();
        too_long
            || !self
                .duties
                .iter()
                .filter(|duty| duty.answered(sheet).next().is_some())
                .all(may_leave_some)
    }

    /// Includes what was sent in a block: the tasks and batches concerned are no duty any more.
    pub fn include(&mut self) -> Vec<Sent> {
        let sent = std::mem::take(&mut self.sent);
        for sent in &sent {
            match sent {
                Sent::Answers(sheet) => {
                    for duty in &mut self.duties {
                        let done: BTreeSet<_> = duty.answered(sheet).collect();
                        duty.tasks.retain(|(task, _)| !done.contains(task));
                        duty.partial_sheets -= u8::from(!done.is_empty() && !duty.tasks.is_empty());
                    }
                }
                Sent::Decline(batch, _) => self.duties.retain(|duty| duty.batch != *batch),
                Sent::Other(_) => {}
            }
        }
        self.duties.retain(|duty| !duty.tasks.is_empty());
        sent
    }
}

trait Answered {
    /// The tasks of it that the sheet answers.
    fn answered<'a>(&'a self, sheet: &'a [Answer]) -> impl Iterator<Item = TaskId> + 'a;
}

impl Answered for Duty {
    fn answered<'a>(&'a self, sheet: &'a [Answer]) -> impl Iterator<Item = TaskId> + 'a {
        let tasks: BTreeSet<_> = self.tasks.iter().map(|(task, _)| *task).collect();
        sheet
            .iter()
            .map(|answer| answer.task)
            .filter(move |task| tasks.contains(task))
    }
}

impl OperatorSubmit for Chain {
    fn submit(operator: OperatorId, work: Work, signature: OperatorSignature) -> DispatchResult {
        assert!(operator.verify(&work.payload(GENESIS, &operator), &signature));
        Self::take(match work {
            Work::Answer(answers) => {
                assert!(
                    answers.is_sorted_by(|a, b| a.task < b.task)
                        && !answers.is_empty()
                        && answers.len() <= 256
                );
                Sent::Answers(answers)
            }
            Work::Decline { batch, reason } => Sent::Decline(batch, reason),
            other => Sent::Other(other),
        })
    }
}

impl Offers for Chain {
    fn price(solver: &AccountId, _: &ModelId, input_len: u32) -> Option<Balance> {
        assert_eq!(solver, &SOLVER);
        chain(|chain| Some(chain.offer?.price(input_len) * chain.rate.unwrap_or(1)))
    }
}

impl Panels for Chain {
    fn prepaid_weight(_: u8, _: u8, _: u32) -> Weight {
        Weight::zero()
    }
    fn longest(_: u8) -> BlockNumber {
        0
    }
    fn summon(_: Summons) -> DispatchResult {
        Ok(())
    }
    fn dismiss(_: BatchId) {}
    fn view(_: BatchId) -> Option<PanelView> {
        None
    }
    fn duties(solver: &AccountId, _: u32) -> Vec<PanelDuty> {
        assert_eq!(solver, &SOLVER);
        chain(|chain| chain.seats.clone())
    }
    fn locked() -> Vec<(AccountId, Balance, u32)> {
        Vec::new()
    }
}

impl Auctions for Chain {
    fn check(_: &Matching, _: Balance, _: BlockNumber) -> DispatchResult {
        Ok(())
    }
    fn prepaid_weight(_: &Matching) -> Weight {
        Weight::zero()
    }
    fn open(_: Lot) -> DispatchResult {
        Ok(())
    }
    fn close(_: BatchId) {}
    fn view(_: BatchId) -> Option<AuctionView> {
        None
    }
    fn open_to(solver: &AccountId, _: u32) -> Vec<AuctionDuty> {
        assert_eq!(solver, &SOLVER);
        chain(|chain| chain.auctions.clone())
    }
    fn locked() -> Vec<(AccountId, Balance)> {
        Vec::new()
    }
}

impl Disputes for Chain {
    fn prepaid_weight(_: &ModelId) -> Weight {
        Weight::zero()
    }
    fn claimed(_: &[TaskId]) {}
    fn ended(_: TaskId) {}
    fn audits(solver: &AccountId, _: u32) -> Vec<Audit> {
        assert_eq!(solver, &SOLVER);
        chain(|chain| chain.audits.clone())
    }
}

impl Duties for Chain {
    fn duties(solver: &AccountId, limit: u32) -> Vec<Duty> {
        assert_eq!(solver, &SOLVER);
        assert!(limit >= 256);
        chain(|chain| chain.duties.clone())
    }
}

impl Solvers for Chain {
    fn of_operator(_: &OperatorId) -> Option<AccountId> {
        chain(|chain| chain.operator_is_known).then_some(SOLVER)
    }

    fn assign(_: BookQuery) -> Result<Assignment, NoOffer> {
        Err(NoOffer::NobodyOffers)
    }

    fn engage(_: &AccountId, _: Engagement) -> Result<Vec<Balance>, NotReady> {
        Err(NotReady::NotEligible)
    }

    fn draw(_: PanelQuery) -> Result<Vec<Seat>, NoOffer> {
        Err(NoOffer::NobodyOffers)
    }

    fn lock(_: &AccountId, _: Balance) -> bool {
        false
    }

    fn unlock(_: &AccountId, _: Balance) {}

    fn standing(_: &AccountId, _: &ModelId, _: Option<AssetId>) -> Option<Standing> {
        None
    }

    fn delegators_share(_: &AccountId, _: Option<AssetId>, _: Balance) -> Option<(AccountId, Balance)> {
        None
    }

    fn agreed(_: &AccountId, _: u32, _: Balance, _: Balance) {}

    fn released(_: &AccountId, _: u32, _: Balance, _: Balance, _: bool) {}

    fn fault(_: &AccountId, _: FaultReport) -> Option<SlashId> {
        None
    }

    fn name_rescuer(_: SlashId, _: &AccountId) {}

    fn locked(_: &AccountId) -> Balance {
        0
    }

    fn in_flight(_: &AccountId) -> u32 {
        0
    }
}

/// A node with one operator key and a gateway.
pub struct Node {
    pub host: Host,
    ext: sp_io::TestExternalities,
}

impl Node {
    pub fn new() -> Self {
        let host = Host::default();
        host.0.lock().now_ms = 1_700_000_000_000;
        host.configure(None);
        let keystore = MemoryKeystore::new();
        keystore.sr25519_generate_new(OPERATOR_KEY_TYPE, None).unwrap();
        let storage = frame_system::GenesisConfig::<Test>::default()
            .build_storage()
            .unwrap();
        let mut ext = sp_io::TestExternalities::from(storage);
        ext.register_extension(OffchainWorkerExt::new(host.clone()));
        ext.register_extension(OffchainDbExt::new(host.clone()));
        ext.register_extension(KeystoreExt::new(keystore));
        chain(|chain| {
            *chain = Chain {
                operator_is_known: true,
                host: Some(host.clone()),
                ..Chain::default()
            };
        });
        Self { host, ext }
    }

    /// Runs the worker at a block, a second after the one before.
    pub fn block(&mut self, now: BlockNumber) {
        self.host.0.lock().now_ms += 1_000;
        self.ext.execute_with(|| Worker::offchain_worker(now.into()));
    }

    /// The same, killed before its `effect`-th side effect. Tells whether it came that far.
    pub fn block_killed_at(&mut self, now: BlockNumber, effect: usize) -> bool {
        self.host.0.lock().kill_in = Some(effect);
        let killed = catch_unwind(AssertUnwindSafe(|| self.block(now))).is_err();
        let mut state = self.host.0.lock();
        assert_eq!(killed, state.killed);
        state.kill_in = None;
        state.killed = false;
        state.requests.clear();
        killed
    }

    /// Calls something that needs the keystore.
    pub fn with_keys<R>(&mut self, call: impl FnOnce() -> R) -> R {
        self.ext.execute_with(call)
    }

    /// How many side effects the worker had so far.
    pub fn effects(&self) -> usize {
        self.host.0.lock().effects
    }

    /// What the worker sent since the last time.
    pub fn sent(&self) -> Vec<Sent> {
        chain(|chain| std::mem::take(&mut chain.sent))
    }

    /// Inputs that the gateway was asked to run since the last time.
    pub fn asked(&self) -> usize {
        let runs = |request: &host::Request| {
            let body: Value = serde_json::from_slice(&request.body).unwrap();
            body["runs"].as_array().unwrap().len()
        };
        self.host.requests().iter().map(runs).sum()
    }
}

pub fn inline(bytes: &[u8]) -> Input {
    Input::Inline(bytes.to_vec().try_into().unwrap())
}

pub fn blob(bytes: &[u8]) -> Input {
    Input::Blob {
        digest: inline(bytes).digest(),
        len: bytes.len() as u32,
    }
}

/// A batch of one model.
pub fn duty(batch: u64, answer_by: BlockNumber, inputs: &[Input]) -> Duty {
    let batch = BatchId(batch);
    let tasks = inputs
        .iter()
        .enumerate()
        .map(|(place, input)| (batch.task(place as u8), input.clone()))
        .collect();
    Duty {
        batch,
        model: Default::default(),
        weights: Digest::repeat_byte(1),
        answer_by,
        traced: false,
        blobs: true,
        partial_sheets: 3,
        tasks,
    }
}

pub fn answer(task: TaskId, output: &[u8], blob: Option<&[u8]>) -> Answer {
    Answer {
        task,
        output: output.to_vec().try_into().unwrap(),
        blob: blob.map(|blob| blob.to_vec().try_into().unwrap()),
        trace: None,
    }
}

/// What the gateway says when nothing is wrong, for tests that change it.
pub fn done_report(id: &[u8], output: &[u8]) -> Vec<u8> {
    let hex = |bytes: &[u8]| format!("0x{}", hex::encode(bytes));
    serde_json::to_vec(&json!({"runs": [{"id": hex(id), "state": "done", "output": hex(output)}]})).unwrap()
}
