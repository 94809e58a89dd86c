//! Money beside PEN: assets, what they are worth, and the fee that is prepaid in them.

use super::{
    Assets, AssetsHolder, Balances, FeeAccount, Market, RuntimeHoldReason, RuntimeOrigin, Test, Weight, FEES,
    OTHER, REQUESTER,
};
use crate::{
    prepay::{Prepay, PrepayAsFee},
    HoldReason, Stranded,
};
use frame_support::{
    parameter_types,
    traits::{
        fungible::UnionOf,
        fungibles::{Inspect, InspectHold, Mutate},
        tokens::{imbalance::ResolveTo, Preservation::Preserve},
    },
};
use pensum_primitives::{asset::PenOrAsset, task::Terms, traits::Rates, AccountId, AssetId, Balance};
use sp_runtime::{traits::Convert, DispatchError};

/// An asset of which each unit is worth two and a half of PEN.
pub const COIN: AssetId = 7;
/// An asset whose units are large.
pub const GOLD: AssetId = 8;
/// An asset that is worth next to nothing.
pub const SAND: AssetId = 9;
/// An asset that is not listed.
pub const UNLISTED: AssetId = 10;
/// What a unit of gold is worth.
pub const GOLD_WORTH: Balance = 30_000;
/// Least balance of an account in coins.
pub const LEAST_COINS: Balance = 10;
/// What solvers begin with of each asset: an account that cannot receive one is no use to it.
pub const POCKET_MONEY: Balance = 1_000;
/// Price cap of most tests in coins: worth as much as that in PEN.
pub const COINS: Balance = super::MAX_REWARD * 2 / 5;
/// Issues the assets, and can freeze them.
pub const ISSUER: AccountId = AccountId::new([0xd1; 32]);

parameter_types! {
    /// Whether there are rates.
    pub static RatesKnown: bool = true;
}

/// All money.
pub type Money = UnionOf<Balances, AssetsHolder, PenOrAsset, Option<AssetId>, AccountId>;
/// All money, as far as it moves freely.
pub type Cash = UnionOf<Balances, Assets, PenOrAsset, Option<AssetId>, AccountId>;

/// Rates that do not move.
pub struct Fixed;

impl Rates for Fixed {
    fn worth(asset: AssetId, amount: Balance) -> Result<Balance, DispatchError> {
        match asset {
            _ if !RatesKnown::get() => Err(DispatchError::Unavailable),
            COIN => Ok(amount * 5 / 2),
            GOLD => Ok(amount * GOLD_WORTH),
            SAND => Ok(amount / 1_000_000),
            _ => Err(DispatchError::CannotLookup),
        }
    }

    fn stable() -> Option<(Balance, Balance)> {
        RatesKnown::get().then_some((5, 2))
    }
}

/// One unit for a microsecond.
pub struct Microseconds;

impl Convert<Weight, Balance> for Microseconds {
    fn convert(weight: Weight) -> Balance {
        u128::from(weight.ref_time() / 1_000_000)
    }
}

type NativeFee = PrepayAsFee<Balances, Microseconds, ResolveTo<FeeAccount, Balances>>;

/// Takes as much of an asset as is worth the fee.
pub struct FeeInKind;

impl Prepay for FeeInKind {
    fn fee(weight: Weight, asset: Option<AssetId>) -> Result<Balance, DispatchError> {
        let fee = NativeFee::fee(weight, None)?;
        let Some(asset) = asset else { return Ok(fee) };
        let thousand = Fixed::worth(asset, 1_000)?;
        Ok((fee * 1_000).div_ceil(thousand))
    }

    fn charge(who: &AccountId, weight: Weight, asset: Option<AssetId>) -> Result<Balance, DispatchError> {
        let Some(id) = asset else {
            return NativeFee::charge(who, weight, None);
        };
        let fee = Self::fee(weight, asset)?;
        <Assets as Mutate<_>>::transfer(id, who, &FEES, fee, Preserve)
    }
}

/// What somebody holds freely of an asset.
pub fn coins(asset: AssetId, who: &AccountId) -> Balance {
    <Assets as Inspect<_>>::balance(asset, who)
}

/// What is on hold for live tasks of somebody in an asset.
pub fn escrow_in(asset: AssetId, who: &AccountId) -> Balance {
    AssetsHolder::balance_on_hold(asset, &RuntimeHoldReason::from(HoldReason::Escrow), who)
}

/// The issuer stops all movement of an asset, or allows it again.
pub fn freeze(asset: AssetId, frozen: bool) {
    let issuer = RuntimeOrigin::signed(ISSUER);
    match frozen {
        true => Assets::freeze_asset(issuer, asset).unwrap(),
        false => Assets::thaw_asset(issuer, asset).unwrap(),
    }
}

/// The issuer keeps somebody from receiving an asset, or allows it again.
pub fn block(asset: AssetId, who: &AccountId, blocked: bool) {
    let issuer = RuntimeOrigin::signed(ISSUER);
    match blocked {
        true => Assets::block(issuer, asset, who.clone()).unwrap(),
        false => Assets::thaw(issuer, asset, who.clone()).unwrap(),
    }
}

/// How much of each asset there is.
pub fn issued_assets() -> [Balance; 3] {
    [COIN, GOLD, SAND].map(Assets::total_issuance)
}

/// The same terms with so much of an asset as is worth as much, rounded up.
pub fn in_kind(asset: Option<AssetId>, terms: Terms) -> Terms {
    let max_reward = match asset {
        Some(COIN) => (terms.max_reward * 2).div_ceil(5),
        Some(_) => terms.max_reward.div_ceil(GOLD_WORTH),
        None => terms.max_reward,
    };
    Terms {
        max_reward,
        asset,
        ..terms
    }
}

/// What is on hold for somebody that it could not receive.
pub fn stranded_for(payee: &AccountId, asset: AssetId) -> Balance {
    [REQUESTER, OTHER]
        .map(|requester| Stranded::<Test>::get((payee, requester, asset)))
        .iter()
        .sum()
}

/// Whoever can receive what is stranded for it, does.
pub fn collect_all() {
    for (payee, requester, asset) in Stranded::<Test>::iter_keys().collect::<Vec<_>>() {
        let before = coins(asset, &payee);
        let due = Stranded::<Test>::get((&payee, &requester, asset));
        let call = Market::collect(RuntimeOrigin::signed(OTHER), payee.clone(), requester, asset);
        let got = if call.is_ok() { due } else { 0 };
        assert_eq!(coins(asset, &payee), before + got);
    }
}
