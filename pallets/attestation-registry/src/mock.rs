//! A runtime with this pallet and balances.

use crate as pallet_attestation_registry;
use frame_support::{
    derive_impl, parameter_types,
    traits::{Hooks, VariantCountOf},
};
use frame_system::EnsureRoot;
use pensum_primitives::{AccountId, Balance, BlockNumber};
use sp_core::ConstU64;
use sp_io::TestExternalities;
use sp_runtime::{traits::IdentityLookup, BuildStorage};

/// Publishes models.
pub const ALICE: AccountId = AccountId::new([1; 32]);
/// Publishes models too.
pub const BOB: AccountId = AccountId::new([2; 32]);
/// Cannot pay a deposit.
pub const POOR: AccountId = AccountId::new([3; 32]);
/// What Alice and Bob begin with.
pub const ENDOWMENT: Balance = 1_000_000_000;

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
    pub type Registry = pallet_attestation_registry::Pallet<Test>;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = Block;
    type AccountId = AccountId;
    type Lookup = IdentityLookup<AccountId>;
    type AccountData = pallet_balances::AccountData<Balance>;
}

parameter_types! {
    pub const ExistentialDeposit: Balance = 1;
    pub const DepositBase: Balance = 1_000;
    pub const DepositPerByte: Balance = 10;
    pub const ActivationDelay: BlockNumber = 10;
    pub const ReclaimDelay: BlockNumber = 20;
    pub static MaxStepCost: u64 = 10_000_000;
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
    type DepositBase = DepositBase;
    type DepositPerByte = DepositPerByte;
    type ActivationDelay = ActivationDelay;
    type ReclaimDelay = ReclaimDelay;
    type MaxReplayCost = ConstU64<2_000_000>;
    type MaxStepCost = MaxStepCost;
    type WeightInfo = pallet_attestation_registry::weights::SubstrateWeight<Test>;
}

/// Builds a chain at block 1.
pub struct ExtBuilder;

impl ExtBuilder {
    /// The chain's storage.
    pub fn build() -> TestExternalities {
        let mut storage = frame_system::GenesisConfig::<Test>::default()
            .build_storage()
            .unwrap();
        pallet_balances::GenesisConfig::<Test> {
            balances: vec![(ALICE, ENDOWMENT), (BOB, ENDOWMENT), (POOR, 100)],
            ..Default::default()
        }
        .assimilate_storage(&mut storage)
        .unwrap();
        let mut ext = TestExternalities::new(storage);
        ext.execute_with(|| {
            System::set_block_number(1);
            Registry::on_initialize(1);
        });
        ext
    }

    /// Runs a test and then checks the invariants.
    pub fn build_and_execute(test: impl FnOnce()) {
        Self::build().execute_with(|| {
            test();
            Registry::do_try_state().unwrap();
        });
    }
}

/// Ends the block under construction and begins the next one, and so on until the next one is `block`.
pub fn run_to(block: BlockNumber) {
    while System::block_number() < block {
        Registry::on_finalize(System::block_number());
        System::set_block_number(System::block_number() + 1);
        Registry::on_initialize(System::block_number());
    }
}
