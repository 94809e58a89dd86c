//! A runtime with a market and a mailbox that do what the test says, and the people around it.

mod mailbox;
mod market;
mod money;
mod remote;

pub use mailbox::{pallet as pallet_post, *};
pub use market::{pallet as pallet_desk, *};
pub use money::*;
pub use remote::*;

use crate::{self as pallet_task_bridge, types::BatchState, SubstrateWeight};
use frame_support::{
    derive_impl, parameter_types,
    traits::{AsEnsureOriginWithArg, ConstU32, ConstU64, Hooks},
    weights::constants::ParityDbWeight,
};
use frame_system::{EnsureRoot, EnsureSigned};
use pensum_primitives::{verdict::Reason, AccountId, AssetId, Balance, BlockNumber, ModelId};
use pensum_task_abi::Refusal;
use sp_io::TestExternalities;
use sp_runtime::{
    traits::{Convert, IdentityLookup},
    BuildStorage, DispatchError,
};
use std::collections::{BTreeMap, BTreeSet};

/// Owns PEN and coins of this chain.
pub const LOCAL: AccountId = AccountId::new([0xa1; 32]);
/// Answers.
pub const SOLVER: AccountId = AccountId::new([0xb1; 32]);
/// Has prepaid fees.
pub const FEES: AccountId = AccountId::new([0xc1; 32]);
/// Has what is paid for gas.
pub const RELAYER: AccountId = AccountId::new([0xc2; 32]);
/// What these begin with.
pub const RICH: Balance = 100_000_000;
/// Least balance of an account.
pub const EXISTENTIAL_DEPOSIT: Balance = 100;
/// Blocks until it is tried again.
pub const RETRY_AFTER: BlockNumber = 5;
/// Blocks for which a batch is open.
pub const BATCH_PERIOD: BlockNumber = 10;
/// Gas of results, roots, shares of roots, and transfers.
pub const RESULT_GAS: u64 = 100_000;
pub const ROOT_GAS: u64 = 80_000;
pub const SHARE_GAS: u64 = 10_000;
pub const TRANSFER_GAS: u64 = 60_000;

type Block = frame_system::mocking::MockBlockU32<Test>;

#[frame_support::runtime]
mod runtime {
    #[runtime::runtime]
    #[runtime::derive(
        RuntimeCall,
        RuntimeEvent,
        RuntimeError,
        RuntimeOrigin,
        RuntimeHoldReason,
        RuntimeFreezeReason,
        RuntimeTask
    )]
    pub struct Test;

    #[runtime::pallet_index(0)]
    pub type System = frame_system::Pallet<Test>;
    #[runtime::pallet_index(1)]
    pub type Balances = pallet_balances::Pallet<Test>;
    #[runtime::pallet_index(2)]
    pub type Desk = pallet_desk::Pallet<Test>;
    #[runtime::pallet_index(3)]
    pub type Post = pallet_post::Pallet<Test>;
    #[runtime::pallet_index(4)]
    pub type Assets = pallet_assets::Pallet<Test>;
    #[runtime::pallet_index(5)]
    pub type AssetsHolder = pallet_assets_holder::Pallet<Test>;
    #[runtime::pallet_index(6)]
    pub type Bridge = pallet_task_bridge::Pallet<Test>;
}

parameter_types! {
    pub const ExistentialDeposit: Balance = EXISTENTIAL_DEPOSIT;
    pub static MaxWorkPerBlock: u32 = 1_000;
    pub static KeptResults: u32 = 1_000;
    /// The prepaid fee of a task.
    pub static Fee: Balance = 1_000;
    /// How the market takes to tasks of a model; to others it is willing.
    pub static Moods: BTreeMap<ModelId, Mood> = BTreeMap::new();
    /// What a thousand gas cost elsewhere.
    pub static GasPrice: Option<Balance> = Some(1);
    /// Chains to which the mailbox sends nothing.
    pub static Unreachable: BTreeSet<u32> = BTreeSet::new();
    /// What a coin is worth in PEN.
    pub static CoinWorth: Option<Balance> = Some(2);
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = Block;
    type AccountId = AccountId;
    type Lookup = IdentityLookup<AccountId>;
    type AccountData = pallet_balances::AccountData<Balance>;
    type DbWeight = ParityDbWeight;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
    type Balance = Balance;
    type AccountStore = System;
    type ExistentialDeposit = ExistentialDeposit;
}

impl pallet_assets::Config for Test {
    type RuntimeEvent = RuntimeEvent;
    type Balance = Balance;
    type RemoveItemsLimit = ConstU32<1>;
    type AssetId = AssetId;
    type AssetIdParameter = AssetId;
    type ReserveData = ();
    type Currency = Balances;
    type CreateOrigin = AsEnsureOriginWithArg<EnsureSigned<AccountId>>;
    type ForceOrigin = EnsureRoot<AccountId>;
    type AssetDeposit = ();
    type AssetAccountDeposit = ();
    type MetadataDepositBase = ();
    type MetadataDepositPerByte = ();
    type ApprovalDeposit = ();
    type StringLimit = ConstU32<8>;
    type Freezer = ();
    type Holder = AssetsHolder;
    type Extra = ();
    type CallbackHandle = ();
    type AssetIdAllocator = ();
    type WeightInfo = ();
}

impl pallet_assets_holder::Config for Test {
    type RuntimeHoldReason = RuntimeHoldReason;
    type RuntimeEvent = RuntimeEvent;
}

impl pallet_desk::Config for Test {}
impl pallet_post::Config for Test {}

/// What the market's errors mean to a contract.
pub struct Meanings;

impl Convert<DispatchError, Refusal> for Meanings {
    fn convert(error: DispatchError) -> Refusal {
        match error {
            DispatchError::Other("not listed") => Refusal::UnknownAsset,
            DispatchError::Other("no rate") => Refusal::NoRate,
            DispatchError::Other("unknown model") => Refusal::UnknownModel,
            DispatchError::Other("nobody is free") => Refusal::NoSolver,
            DispatchError::Token(_) | DispatchError::Module(_) => Refusal::CannotPay,
            _ => Refusal::BadTerms,
        }
    }
}

impl pallet_task_bridge::Config for Test {
    type AdminOrigin = EnsureRoot<AccountId>;
    type Mailbox = Post;
    type Posting = Desk;
    type Currencies = Cash;
    type Rates = Exchange;
    type Refusals = Meanings;
    type MaxWorkPerBlock = MaxWorkPerBlock;
    type RetryAfter = ConstU32<RETRY_AFTER>;
    type BatchPeriod = ConstU32<BATCH_PERIOD>;
    type KeptResults = KeptResults;
    type ResultGas = ConstU64<RESULT_GAS>;
    type RootGas = ConstU64<ROOT_GAS>;
    type ShareGas = ConstU64<SHARE_GAS>;
    type TransferGas = ConstU64<TRANSFER_GAS>;
    type WeightInfo = SubstrateWeight<Test>;
}

pub type Error = crate::Error<Test>;
pub type Event = crate::Event<Test>;

/// Makes a block; events of former blocks stay.
pub fn next_block() {
    let next = System::block_number() + 1;
    System::set_block_number(next);
    Bridge::on_initialize(next);
}

pub fn run_for(blocks: BlockNumber) {
    (0..blocks).for_each(|_| next_block());
}

pub fn events() -> Vec<Event> {
    System::events()
        .into_iter()
        .filter_map(|record| match record.event {
            RuntimeEvent::Bridge(event) => Some(event),
            _ => None,
        })
        .collect()
}

/// An error as storage keeps it: without its text.
pub fn stored(error: impl Into<DispatchError>) -> DispatchError {
    use codec::{Decode, Encode};
    DispatchError::decode(&mut &error.into().encode()[..]).unwrap()
}

pub fn last_event() -> Event {
    events().pop().unwrap()
}

/// A chain at block 1 that takes everybody's intents from two chains, with a route for coins to each and a registry on each.
#[derive(Default)]
pub struct ExtBuilder;

impl ExtBuilder {
    pub fn build(self) -> TestExternalities {
        // One test may build several chains in its thread.
        MaxWorkPerBlock::set(1_000);
        KeptResults::set(1_000);
        Fee::set(1_000);
        Moods::set(BTreeMap::new());
        GasPrice::set(Some(1));
        Unreachable::set(BTreeSet::new());
        CoinWorth::set(Some(2));
        let mut storage = frame_system::GenesisConfig::<Test>::default()
            .build_storage()
            .unwrap();
        pallet_balances::GenesisConfig::<Test> {
            balances: [LOCAL, SOLVER, FEES, RELAYER].map(|who| (who, RICH)).into(),
            ..Default::default()
        }
        .assimilate_storage(&mut storage)
        .unwrap();
        pallet_assets::GenesisConfig::<Test> {
            assets: vec![
                (COIN, ISSUER, true, LEAST_COINS),
                (STONE, ISSUER, false, LEAST_COINS),
            ],
            accounts: [LOCAL, SOLVER, FEES, RELAYER].map(|who| (COIN, who, RICH)).into(),
            ..Default::default()
        }
        .assimilate_storage(&mut storage)
        .unwrap();
        let mut ext = TestExternalities::new(storage);
        ext.execute_with(|| {
            System::set_block_number(1);
            for domain in [EVM, OTHER_EVM] {
                open_up(domain);
            }
        });
        ext
    }

    /// Runs a test, checks the invariants, lets everything end, and checks that nothing is left.
    pub fn build_and_execute(self, test: impl FnOnce()) {
        self.build().execute_with(|| {
            test();
            check();
            end_all();
            check();
        });
    }
}

/// Ends every task that is left, and has everything sent that waits.
pub fn end_all() {
    MaxWorkPerBlock::set(1_000);
    Unreachable::set(BTreeSet::new());
    freeze(false);
    for domain in [EVM, OTHER_EVM] {
        crate::Registries::<Test>::insert(pensum_primitives::bridge::Domain(domain), REGISTRY);
    }
    for task in Desk::open() {
        Desk::refund(task, Reason::DeadlinePassed);
    }
    run_for(BATCH_PERIOD + 2 * RETRY_AFTER + 3);
    assert_eq!(crate::Requests::<Test>::iter_keys().count(), 0, "a request");
    assert_eq!(crate::Endings::<Test>::iter_keys().count(), 0, "an ending");
    assert!(!crate::QueueSpan::<Test>::exists(), "something queued");
    assert!(!crate::RetriesSpan::<Test>::exists(), "something tried again");
    assert!(!crate::ClosingsSpan::<Test>::exists(), "an open batch");
    for batch in crate::Batches::<Test>::iter_values() {
        assert!(matches!(batch.state, BatchState::Sent { .. }), "an unsent batch");
    }
}

/// The invariants of this pallet, of the market's tasks and of money.
pub fn check() {
    Bridge::do_try_state().unwrap();
    let open: BTreeSet<_> = crate::Requests::<Test>::iter()
        .filter(|(id, _)| !crate::Endings::<Test>::contains_key(id))
        .map(|(id, request)| (request.task.unwrap(), id, request.remote.account()))
        .collect();
    let tasks: BTreeSet<_> = Desk::open()
        .into_iter()
        .map(|task| (task, Desk::task(task).follower, Desk::task(task).requester))
        .collect();
    assert_eq!(open, tasks, "open requests and tasks that follow them");
    check_money();
}
