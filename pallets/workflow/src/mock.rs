//! A runtime with a market that does what the test says, and the people in it.

mod market;
mod money;
mod plans;

pub use market::{pallet as pallet_desk, *};
pub use money::*;
pub use plans::*;

use crate::{self as pallet_workflow, SubstrateWeight};
use frame_support::{
    derive_impl, parameter_types,
    traits::{AsEnsureOriginWithArg, ConstU32, Hooks},
    weights::constants::ParityDbWeight,
};
use frame_system::{EnsureRoot, EnsureSigned};
use pensum_primitives::{
    workflow::{StepState, WorkflowId},
    AccountId, AssetId, Balance, BlockNumber, ModelId,
};
use sp_io::TestExternalities;
use sp_runtime::{traits::IdentityLookup, BuildStorage};
use std::collections::BTreeMap;

/// Asks.
pub const REQUESTER: AccountId = AccountId::new([0xa1; 32]);
/// Asks too.
pub const OTHER: AccountId = AccountId::new([0xa2; 32]);
/// Owns the existential deposit and no more.
pub const POOR: AccountId = AccountId::new([0xa3; 32]);
/// Answers.
pub const SOLVER: AccountId = AccountId::new([0xb1; 32]);
/// Has prepaid fees.
pub const FEES: AccountId = AccountId::new([0xc1; 32]);
/// What the requesters begin with.
pub const RICH: Balance = 100_000_000;
/// Least balance of an account.
pub const EXISTENTIAL_DEPOSIT: Balance = 100;

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
    pub type Workflows = pallet_workflow::Pallet<Test>;
    #[runtime::pallet_index(4)]
    pub type Assets = pallet_assets::Pallet<Test>;
    #[runtime::pallet_index(5)]
    pub type AssetsHolder = pallet_assets_holder::Pallet<Test>;
}

parameter_types! {
    pub const ExistentialDeposit: Balance = EXISTENTIAL_DEPOSIT;
    pub static MaxWorkPerBlock: u32 = 1_000;
    /// The prepaid fee of a task.
    pub static Fee: Balance = 1_000;
    /// How the market takes to tasks of a model; to others it is willing.
    pub static Moods: BTreeMap<ModelId, Mood> = BTreeMap::new();
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

impl pallet_workflow::Config for Test {
    type RuntimeHoldReason = RuntimeHoldReason;
    type Currencies = Money;
    type Posting = Desk;
    type Models = Catalogue;
    type MaxWorkPerBlock = MaxWorkPerBlock;
    type WeightInfo = SubstrateWeight<Test>;
}

pub type Error = crate::Error<Test>;
pub type Event = crate::Event<Test>;

/// Where the steps of a live workflow stand.
pub fn states(id: WorkflowId) -> Vec<StepState> {
    Workflows::view(id).unwrap().steps
}

/// The task as which a step runs.
pub fn task(id: WorkflowId, step: usize) -> pensum_primitives::TaskId {
    match states(id)[step] {
        StepState::Posted(task) => task,
        other => panic!("step {step} is {other:?}"),
    }
}

/// How the steps of an ended workflow ended, as its event tells.
pub fn ended(id: WorkflowId) -> Option<Vec<StepState>> {
    events().into_iter().find_map(|event| match event {
        Event::WorkflowEnded { workflow, steps, .. } if workflow == id => Some(steps.into_inner()),
        _ => None,
    })
}

/// Makes a block; events of former blocks stay.
pub fn next_block() {
    let next = System::block_number() + 1;
    System::set_block_number(next);
    Workflows::on_initialize(next);
}

pub fn run_for(blocks: BlockNumber) {
    (0..blocks).for_each(|_| next_block());
}

pub fn events() -> Vec<Event> {
    System::events()
        .into_iter()
        .filter_map(|record| match record.event {
            RuntimeEvent::Workflows(event) => Some(event),
            _ => None,
        })
        .collect()
}

/// Whether nothing of workflows is left in state but the count of their ids.
pub fn is_empty() -> bool {
    crate::Workflows::<Test>::iter_keys().count() == 0
        && crate::Plans::<Test>::iter_keys().count() == 0
        && crate::Answers::<Test>::iter_keys().count() == 0
        && crate::Owned::<Test>::iter_keys().count() == 0
        && crate::Queue::<Test>::iter_keys().count() == 0
        && !crate::QueueSpan::<Test>::exists()
        && crate::Stranded::<Test>::iter_keys().count() == 0
}

/// A chain at block 1.
#[derive(Default)]
pub struct ExtBuilder;

impl ExtBuilder {
    pub fn build(self) -> TestExternalities {
        // One test may build several chains in its thread.
        MaxWorkPerBlock::set(1_000);
        Fee::set(1_000);
        Moods::set(BTreeMap::new());
        let mut storage = frame_system::GenesisConfig::<Test>::default()
            .build_storage()
            .unwrap();
        let mut balances: Vec<_> = [REQUESTER, OTHER, SOLVER, FEES].map(|who| (who, RICH)).into();
        balances.push((POOR, EXISTENTIAL_DEPOSIT));
        pallet_balances::GenesisConfig::<Test> {
            balances,
            ..Default::default()
        }
        .assimilate_storage(&mut storage)
        .unwrap();
        pallet_assets::GenesisConfig::<Test> {
            assets: vec![(COIN, ISSUER, true, LEAST_COINS)],
            accounts: [REQUESTER, OTHER, SOLVER, FEES]
                .map(|who| (COIN, who, RICH))
                .into(),
            ..Default::default()
        }
        .assimilate_storage(&mut storage)
        .unwrap();
        let mut ext = TestExternalities::new(storage);
        ext.execute_with(|| System::set_block_number(1));
        ext
    }

    /// Runs a test, checks the invariants, ends every task, and checks that nothing is left.
    pub fn build_and_execute(self, test: impl FnOnce()) {
        self.build().execute_with(|| {
            test();
            check();
            end_all();
            check();
            assert!(is_empty(), "something outlived its tasks");
            for who in [REQUESTER, OTHER, POOR] {
                assert_eq!(CURRENCIES.map(|asset| budget_in(asset, &who)), [0, 0]);
            }
        });
    }
}

/// Refunds every task that is left until there is none.
pub fn end_all() {
    MaxWorkPerBlock::set(1_000);
    for _ in 0..=2 * pensum_primitives::workflow::MAX_DEPTH {
        for task in Desk::open() {
            Desk::refund(task, pensum_primitives::verdict::Reason::DeadlinePassed);
        }
        run_for(1);
    }
}

/// The invariants of this pallet, and of money.
pub fn check() {
    Workflows::do_try_state().unwrap();
    for (who, asset) in [REQUESTER, OTHER, POOR]
        .into_iter()
        .flat_map(|who| CURRENCIES.map(|asset| (who.clone(), asset)))
    {
        assert_eq!(
            escrow_in(asset, &who),
            Desk::due(asset, &who),
            "the market's escrow"
        );
        let budgets: Balance = crate::Workflows::<Test>::iter_values()
            .filter(|workflow| workflow.requester == who && workflow.asset == asset)
            .map(|workflow| workflow.budget)
            .sum();
        let stranded = asset.map_or(0, |asset| crate::Stranded::<Test>::get(&who, asset));
        assert_eq!(budget_in(asset, &who), budgets + stranded, "budgets on hold");
    }
}
