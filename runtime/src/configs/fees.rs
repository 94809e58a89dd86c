//! Fees: what weight and bytes cost, in what it can be paid, and who gets it.

use super::{
    assets::{Kind, Native, NativeAndAssets},
    money::TreasuryAccount,
};
use crate::{
    constants::fee, AccountId, AssetConversion, Authorship, Balance, Balances, Runtime, RuntimeEvent,
    TransactionPayment,
};
use alloc::vec;
use frame_support::{
    parameter_types,
    traits::{
        fungible::{self, Balanced, NativeOrWithId},
        fungibles::{self, Balanced as _},
        tokens::{Fortitude::Polite, Precision::Exact, Preservation::Preserve},
        ConstU128, ConstU8, Imbalance, OnUnbalanced,
    },
    weights::{
        ConstantMultiplier, Weight, WeightToFeeCoefficient, WeightToFeeCoefficients, WeightToFeePolynomial,
    },
};
use pallet_asset_conversion::{Error as PoolError, QuotePrice, SwapCredit};
use pallet_asset_conversion_tx_payment::SwapAssetAdapter;
use pallet_task_market::prepay::Prepay;
use pallet_transaction_payment::{FungibleAdapter, Multiplier, TargetedFeeAdjustment};
use pensum_primitives::AssetId;
use smallvec::smallvec;
use sp_runtime::{DispatchError, FixedPointNumber, Perquintill};

/// PEN that was withdrawn and is not paid in yet.
type Credit = fungible::Credit<AccountId, Balances>;
/// The same, as what comes out of a pool.
type SwappedCredit = fungibles::Credit<AccountId, NativeAndAssets>;

/// Money on its way, under either of the SDK's two types for it.
trait InTransit: Sized {
    /// How much it is.
    fn amount(&self) -> Balance;
    /// So much of it, and the rest.
    fn split_at(self, amount: Balance) -> (Self, Self);
    /// Both together.
    fn and(self, other: Self) -> Self;
    /// Pays it in; gives it back where the account cannot take it.
    fn pay_to(self, who: &AccountId) -> Result<(), Self>;
}

impl InTransit for Credit {
    fn amount(&self) -> Balance {
        self.peek()
    }

    fn split_at(self, amount: Balance) -> (Self, Self) {
        self.split(amount)
    }

    fn and(self, other: Self) -> Self {
        self.merge(other)
    }

    fn pay_to(self, who: &AccountId) -> Result<(), Self> {
        Balances::resolve(who, self)
    }
}

impl InTransit for SwappedCredit {
    fn amount(&self) -> Balance {
        self.peek()
    }

    fn split_at(self, amount: Balance) -> (Self, Self) {
        self.split(amount)
    }

    fn and(self, other: Self) -> Self {
        // Only credits of different assets do not merge, and these are PEN. Were it otherwise, the first would be paid in and
        // the other burnt by its own rules.
        self.merge(other).unwrap_or_else(|(first, _)| first)
    }

    fn pay_to(self, who: &AccountId) -> Result<(), Self> {
        NativeAndAssets::resolve(who, self)
    }
}

/// Pays a fee to the block's author and to the treasury, and a tip, if there is one, to the author. What a new author account cannot
/// take goes to the treasury.
fn share_out<Money: InTransit>(fees: Money, tip: Option<Money>) {
    let for_author = fee::AUTHOR_SHARE * fees.amount();
    let (mut author_part, mut treasury_part) = fees.split_at(for_author);
    if let Some(tip) = tip {
        author_part = author_part.and(tip);
    }
    let refused = match Authorship::author() {
        Some(author) => author_part.pay_to(&author).err(),
        None => Some(author_part),
    };
    if let Some(rest) = refused {
        treasury_part = treasury_part.and(rest);
    }
    // The treasury takes everything but less than the existential deposit before it exists: that is burnt, as dust is.
    drop(treasury_part.pay_to(&TreasuryAccount::get()));
}

/// Splits inclusion fees between the block's author and the treasury; tips go to the author whole.
pub struct FeesToAuthorAndTreasury;

impl OnUnbalanced<Credit> for FeesToAuthorAndTreasury {
    fn on_unbalanceds(mut fees_then_tips: impl Iterator<Item = Credit>) {
        if let Some(fees) = fees_then_tips.next() {
            share_out(fees, fees_then_tips.next());
        }
    }

    // What is prepaid comes alone. The trait's own method would drop it, and so burn it.
    fn on_nonzero_unbalanced(fee: Credit) {
        share_out(fee, None);
    }
}

impl OnUnbalanced<SwappedCredit> for FeesToAuthorAndTreasury {
    fn on_unbalanceds(mut fees_then_tips: impl Iterator<Item = SwappedCredit>) {
        if let Some(fees) = fees_then_tips.next() {
            share_out(fees, fees_then_tips.next());
        }
    }

    fn on_nonzero_unbalanced(fee: SwappedCredit) {
        share_out(fee, None);
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

impl pallet_asset_conversion_tx_payment::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type AssetId = Kind;
    type OnChargeAssetTransaction =
        SwapAssetAdapter<Native, NativeAndAssets, AssetConversion, FeesToAuthorAndTreasury>;
    type WeightInfo = pallet_asset_conversion_tx_payment::weights::SubstrateWeight<Runtime>;
}

/// Prices weight as a transaction's is priced now, congestion included, and takes the fee in PEN or in any asset that has a pool: as much
/// of it as the pool takes for exactly the fee.
pub struct PrepaidFees;

impl Prepay for PrepaidFees {
    fn fee(weight: Weight, asset: Option<AssetId>) -> Result<Balance, DispatchError> {
        let fee = TransactionPayment::weight_to_fee(weight);
        match asset {
            Some(asset) if fee > 0 => quote(asset, fee),
            _ => Ok(fee),
        }
    }

    fn charge(who: &AccountId, weight: Weight, asset: Option<AssetId>) -> Result<Balance, DispatchError> {
        let fee = TransactionPayment::weight_to_fee(weight);
        match asset {
            Some(asset) if fee > 0 => charge_in_asset(who, asset, fee),
            _ => {
                FeesToAuthorAndTreasury::on_unbalanced(Balances::withdraw(
                    who, fee, Exact, Preserve, Polite,
                )?);
                Ok(fee)
            }
        }
    }
}

/// How much of an asset its pool takes for a fee in PEN.
fn quote(asset: AssetId, fee: Balance) -> Result<Balance, DispatchError> {
    let quote = <AssetConversion as QuotePrice>::quote_price_tokens_for_exact_tokens(
        NativeOrWithId::WithId(asset),
        NativeOrWithId::Native,
        fee,
        true,
    );
    Ok(quote
        .filter(|quote| *quote > 0)
        .ok_or(PoolError::<Runtime>::PoolEmpty)?)
}

/// Swaps as much of an asset as a fee in PEN takes, and pays the fee. Returns what it took.
fn charge_in_asset(who: &AccountId, asset: AssetId, fee: Balance) -> Result<Balance, DispatchError> {
    let kind: Kind = NativeOrWithId::WithId(asset);
    let most = quote(asset, fee)?;
    let taken = NativeAndAssets::withdraw(kind.clone(), who, most, Exact, Preserve, Polite)?;
    let path = vec![kind, NativeOrWithId::Native];
    let swapped = <AssetConversion as SwapCredit<AccountId>>::swap_tokens_for_exact_tokens(path, taken, fee);
    let (paid, change) = swapped.map_err(|(taken, error)| {
        // The call fails and is undone; until then nothing is missing.
        drop(NativeAndAssets::resolve(who, taken));
        error
    })?;
    let change_amount = change.peek();
    if change_amount > 0 {
        // The pool was asked in the same state, so there is none but in theory.
        drop(NativeAndAssets::resolve(who, change));
    }
    FeesToAuthorAndTreasury::on_unbalanced(paid);
    Ok(most.saturating_sub(change_amount))
}
