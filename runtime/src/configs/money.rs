//! Balances, assets, fees and the treasury.

use crate::{
    constants::{fee, money, time},
    AccountId, AssetsHolder, Authorship, Balance, Balances, BlockNumber, Runtime, RuntimeEvent,
    RuntimeFreezeReason, RuntimeHoldReason, System, Treasury,
};
use frame_support::{
    parameter_types,
    traits::{
        fungible::{Balanced, Credit},
        tokens::{imbalance::ResolveTo, PayFromAccount, UnityAssetBalanceConversion},
        AsEnsureOriginWithArg, ConstU128, ConstU32, ConstU8, Imbalance, OnUnbalanced, VariantCountOf,
    },
    weights::{ConstantMultiplier, WeightToFeeCoefficient, WeightToFeeCoefficients, WeightToFeePolynomial},
    PalletId,
};
use frame_system::{EnsureRoot, EnsureRootWithSuccess, EnsureSigned};
use pallet_transaction_payment::{FungibleAdapter, Multiplier, TargetedFeeAdjustment};
use smallvec::smallvec;
use sp_runtime::{traits::IdentityLookup, FixedPointNumber, Permill, Perquintill};

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

/// Splits inclusion fees between the block's author and the treasury; tips go to the author whole.
pub struct FeesToAuthorAndTreasury;

impl OnUnbalanced<Credit<AccountId, Balances>> for FeesToAuthorAndTreasury {
    fn on_unbalanceds(mut fees_then_tips: impl Iterator<Item = Credit<AccountId, Balances>>) {
        if let Some(fees) = fees_then_tips.next() {
            author_and_treasury(fees, fees_then_tips.next());
        }
    }

    // What is prepaid comes alone. The trait's own method would drop it, and so burn it.
    fn on_nonzero_unbalanced(fee: Credit<AccountId, Balances>) {
        author_and_treasury(fee, None);
    }
}

/// Pays a fee, and a tip if there is one. What a new author account cannot take goes to the treasury.
pub fn author_and_treasury(fees: Credit<AccountId, Balances>, tip: Option<Credit<AccountId, Balances>>) {
    let for_author = fee::AUTHOR_SHARE * fees.peek();
    let (mut author_part, treasury_part) = fees.split(for_author);
    if let Some(tip) = tip {
        author_part.subsume(tip);
    }
    ToTreasury::on_unbalanced(treasury_part);
    match Authorship::author() {
        Some(author) => {
            if let Err(rest) = Balances::resolve(&author, author_part) {
                ToTreasury::on_unbalanced(rest);
            }
        }
        None => ToTreasury::on_unbalanced(author_part),
    }
}

/// The fee of weight: linear.
pub struct WeightFee;

impl WeightToFeePolynomial for WeightFee {
    type Balance = Balance;

    fn polynomial() -> WeightToFeeCoefficients<Balance> {
        smallvec![WeightToFeeCoefficient {
            coeff_integer: 0,
            coeff_frac: fee::PER_PICOSECOND,
            negative: false,
            degree: 1
        }]
    }
}

parameter_types! {
    pub const TargetBlockFullness: Perquintill = Perquintill::from_percent(25);
    pub AdjustmentVariable: Multiplier = Multiplier::saturating_from_rational(75, 1_000_000);
    pub MinimumMultiplier: Multiplier = Multiplier::saturating_from_rational(1, 10);
    pub MaximumMultiplier: Multiplier = Multiplier::saturating_from_integer(1_000);
}

impl pallet_transaction_payment::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type OnChargeTransaction = FungibleAdapter<Balances, FeesToAuthorAndTreasury>;
    type WeightToFee = WeightFee;
    type LengthToFee = ConstantMultiplier<Balance, ConstU128<{ fee::PER_BYTE }>>;
    type FeeMultiplierUpdate = TargetedFeeAdjustment<
        Self,
        TargetBlockFullness,
        AdjustmentVariable,
        MinimumMultiplier,
        MaximumMultiplier,
    >;
    type OperationalFeeMultiplier = ConstU8<{ fee::OPERATIONAL_MULTIPLIER }>;
    type WeightInfo = pallet_transaction_payment::weights::SubstrateWeight<Runtime>;
}

impl pallet_assets::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type Balance = Balance;
    type RemoveItemsLimit = ConstU32<1_000>;
    type AssetId = u32;
    type AssetIdParameter = codec::Compact<u32>;
    type ReserveData = ();
    type Currency = Balances;
    type CreateOrigin = AsEnsureOriginWithArg<EnsureSigned<AccountId>>;
    type ForceOrigin = EnsureRoot<AccountId>;
    type AssetDeposit = ConstU128<{ money::deposit(10, 1_000) }>;
    type AssetAccountDeposit = ConstU128<{ money::deposit(1, 16) }>;
    type MetadataDepositBase = ConstU128<{ money::deposit(1, 68) }>;
    type MetadataDepositPerByte = ConstU128<{ money::deposit(0, 1) }>;
    type ApprovalDeposit = ConstU128<{ money::deposit(1, 0) }>;
    type StringLimit = ConstU32<50>;
    type Freezer = ();
    type Holder = AssetsHolder;
    type Extra = ();
    type CallbackHandle = ();
    type AssetIdAllocator = ();
    type WeightInfo = pallet_assets::weights::SubstrateWeight<Runtime>;
}

impl pallet_assets_holder::Config for Runtime {
    type RuntimeHoldReason = RuntimeHoldReason;
    type RuntimeEvent = RuntimeEvent;
}

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
