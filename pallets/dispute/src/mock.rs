//! A runtime with this pallet and balances, and a market, models and solvers of its own.

mod claims;
mod models;
mod solvers;

pub use claims::{End, Market};
pub use models::*;
pub use solvers::{Staking, SOLVERS};

use crate as pallet_dispute;
use codec::Encode;
use frame_support::{
    derive_impl, parameter_types,
    traits::{fungible::InspectHold, Hooks, VariantCountOf},
    weights::{constants::ParityDbWeight, Weight},
};
use frame_system::EnsureRoot;
use pensum_primitives::{
    operator::OperatorPair, traits::BlockRandomness, AccountId, Balance, BlockNumber, Digest,
};
use sp_core::{ConstU128, ConstU32, ConstU64, Pair};
use sp_io::TestExternalities;
use sp_runtime::{traits::IdentityLookup, BuildStorage};

/// Watches, and challenges.
pub const WATCHER: AccountId = AccountId::new([0xa1; 32]);
/// Watches too.
pub const OTHER: AccountId = AccountId::new([0xa2; 32]);
/// Cannot pay a bond.
pub const POOR: AccountId = AccountId::new([0xa3; 32]);
pub const TREASURY: AccountId = AccountId::new([0xc1; 32]);
/// What everybody but the poor begins with.
pub const RICH: Balance = 1_000_000;
pub const BOND: Balance = 1_000;
pub const OPEN_WINDOW: BlockNumber = 5;

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
    pub type Registry = pallet_attestation_registry::Pallet<Test>;
    #[runtime::pallet_index(3)]
    pub type Dispute = pallet_dispute::Pallet<Test>;
}

parameter_types! {
    pub static ExistentialDeposit: Balance = 10;
    pub const Treasury: AccountId = TREASURY;
    pub const ChallengeBond: Balance = BOND;
    pub static AuditShare: u32 = 0;
    pub const OpenWindow: BlockNumber = OPEN_WINDOW;
    pub static SolverPace: u32 = 2;
    pub static MaxDueBytes: u64 = 1_000_000;
    pub static MaxDrawsPerBlock: u32 = 1_000;
    pub static MaxAuditsPerBlock: u32 = 1_000;
    pub MaxStepWeight: Weight = Weight::from_parts(250_000_000_000, 0);
    pub VerdictWeight: Weight = Weight::from_parts(2_000_000_000, 0);
    pub const OpenPriority: u64 = 1 << 60;
    pub static Randomness: Digest = Digest::zero();
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = frame_system::mocking::MockBlockU32<Test>;
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
    type MaxFreezes = VariantCountOf<RuntimeFreezeReason>;
}

impl pallet_attestation_registry::Config for Test {
    type NativeBalance = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type FlagOrigin = EnsureRoot<AccountId>;
    type DepositBase = ConstU128<0>;
    type DepositPerByte = ConstU128<1>;
    type ActivationDelay = ConstU32<1>;
    type ReclaimDelay = ConstU32<1>;
    type MaxReplayCost = ConstU64<2_000_000>;
    type MaxStepCost = ConstU64<200_000_000>;
    type WeightInfo = pallet_attestation_registry::weights::SubstrateWeight<Test>;
}

/// Another one in every block, or what the test sets.
pub struct Lot;

impl BlockRandomness for Lot {
    fn of_block() -> Digest {
        digest(&(Randomness::get(), System::block_number()).encode())
    }
}

impl pallet_dispute::Config for Test {
    type RuntimeHoldReason = RuntimeHoldReason;
    type NativeBalance = Balances;
    type Models = AllModels;
    type Claims = Market;
    type Solvers = Staking;
    type Randomness = Lot;
    type Treasury = Treasury;
    type ChallengeBond = ChallengeBond;
    type AuditShare = AuditShare;
    type OpenWindow = OpenWindow;
    type SolverPace = SolverPace;
    type MaxDueBytes = MaxDueBytes;
    type MaxDrawsPerBlock = MaxDrawsPerBlock;
    type MaxAuditsPerBlock = MaxAuditsPerBlock;
    type MaxStepWeight = MaxStepWeight;
    type VerdictWeight = VerdictWeight;
    type OpenPriority = OpenPriority;
    type WeightInfo = pallet_dispute::weights::SubstrateWeight<Test>;
}

pub fn solver(number: u8) -> AccountId {
    AccountId::new([number; 32])
}

pub fn operator(number: u8) -> OperatorPair {
    OperatorPair::from_seed_slice(&[number; 32]).unwrap()
}

pub fn bond_of(who: &AccountId) -> Balance {
    Balances::balance_on_hold(&crate::HoldReason::Challenge.into(), who)
}

pub fn run_to(block: BlockNumber) {
    while System::block_number() < block {
        let next = System::block_number() + 1;
        System::set_block_number(next);
        Market::settle();
        Dispute::on_initialize(next);
    }
}

pub fn run_for(blocks: BlockNumber) {
    run_to(System::block_number() + blocks);
}

/// This pallet's events since the last time.
pub fn take_events() -> Vec<crate::Event<Test>> {
    let events = System::events();
    System::reset_events();
    events
        .into_iter()
        .filter_map(|record| match record.event {
            RuntimeEvent::Dispute(event) => Some(event),
            _ => None,
        })
        .collect()
}

/// Builds a chain at block 1.
pub struct ExtBuilder;

impl ExtBuilder {
    pub fn build() -> TestExternalities {
        let mut storage = frame_system::GenesisConfig::<Test>::default()
            .build_storage()
            .unwrap();
        let mut balances: Vec<_> = (1..=SOLVERS).map(|number| (solver(number), RICH)).collect();
        balances.extend([(WATCHER, RICH), (OTHER, RICH), (POOR, BOND - 1)]);
        pallet_balances::GenesisConfig::<Test> {
            balances,
            ..Default::default()
        }
        .assimilate_storage(&mut storage)
        .unwrap();
        let mut ext = TestExternalities::new(storage);
        ext.execute_with(|| System::set_block_number(1));
        ext
    }

    /// Runs a test and checks the invariants at its end.
    pub fn build_and_execute(test: impl FnOnce()) {
        Self::build().execute_with(|| {
            test();
            Dispute::do_try_state().unwrap();
        });
    }
}
