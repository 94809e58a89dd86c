//! Balances and the treasury.

use crate::{
    constants::{money, time},
    AccountId, Balance, Balances, BlockNumber, Runtime, RuntimeEvent, RuntimeFreezeReason, RuntimeHoldReason,
    System, Treasury,
};
use frame_support::{
    parameter_types,
    traits::{
        tokens::{imbalance::ResolveTo, PayFromAccount, UnityAssetBalanceConversion},
        ConstU128, ConstU32, VariantCountOf,
    },
    PalletId,
};
use frame_system::{EnsureRoot, EnsureRootWithSuccess};
use sp_runtime::{traits::IdentityLookup, Permill};

impl pallet_balances::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeHoldReason = RuntimeHoldReason;
    type RuntimeFreezeReason = RuntimeFreezeReason;
    type Balance = Balance;
    type DustRemoval = ToTreasury;
    type ExistentialDeposit = ConstU128<{ money::EXISTENTIAL_DEPOSIT }>;
    type AccountStore = System;
    type ReserveIdentifier = [u8; 8];
    type FreezeIdentifier = RuntimeFreezeReason;
    type MaxLocks = ConstU32<50>;
    type MaxReserves = ConstU32<50>;
    type MaxFreezes = VariantCountOf<RuntimeFreezeReason>;
    type WeightInfo = pallet_balances::weights::SubstrateWeight<Runtime>;
    type DoneSlashHandler = ();
}

/// Gives what it gets to the treasury.
pub type ToTreasury = ResolveTo<TreasuryAccount, Balances>;

parameter_types! {
    pub const TreasuryPalletId: PalletId = PalletId(*b"pen/trsy");
    pub const SpendPeriod: BlockNumber = time::HOUR;
    pub const Burn: Permill = Permill::zero();
    pub const PayoutPeriod: BlockNumber = 30 * 24 * time::HOUR;
    pub const MaxSpend: Balance = Balance::MAX;
    pub TreasuryAccount: AccountId = treasury_account();
}

/// The treasury's account.
pub fn treasury_account() -> AccountId {
    Treasury::account_id()
}

impl pallet_treasury::Config for Runtime {
    type Currency = Balances;
    type RejectOrigin = EnsureRoot<AccountId>;
    type RuntimeEvent = RuntimeEvent;
    type SpendPeriod = SpendPeriod;
    type Burn = Burn;
    type PalletId = TreasuryPalletId;
    type BurnDestination = ();
    type WeightInfo = pallet_treasury::weights::SubstrateWeight<Runtime>;
    type SpendFunds = ();
    type MaxApprovals = ConstU32<100>;
    type SpendOrigin = EnsureRootWithSuccess<AccountId, MaxSpend>;
    type AssetKind = ();
    type Beneficiary = AccountId;
    type BeneficiaryLookup = IdentityLookup<AccountId>;
    type Paymaster = PayFromAccount<Balances, TreasuryAccount>;
    type BalanceConverter = UnityAssetBalanceConversion;
    type PayoutPeriod = PayoutPeriod;
    type BlockNumberProvider = System;
}
