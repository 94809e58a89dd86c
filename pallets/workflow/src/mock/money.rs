//! Money: PEN, and an asset whose issuer can freeze it.

use super::{Assets, AssetsHolder, Balances, RuntimeHoldReason, RuntimeOrigin};
use crate::HoldReason;
use frame_support::traits::{
    fungible::UnionOf,
    fungibles::{Inspect, InspectHold},
};
use pensum_primitives::{asset::PenOrAsset, AccountId, AssetId, Balance};

/// The asset.
pub const COIN: AssetId = 7;
/// All that can pay.
pub const CURRENCIES: [Option<AssetId>; 2] = [None, Some(COIN)];
/// Least balance of an account in it.
pub const LEAST_COINS: Balance = 10;
/// Who issues it.
pub const ISSUER: AccountId = AccountId::new([0xd1; 32]);

/// All money.
pub type Money = UnionOf<Balances, AssetsHolder, PenOrAsset, Option<AssetId>, AccountId>;
/// All money, as far as it moves freely.
pub type Cash = UnionOf<Balances, Assets, PenOrAsset, Option<AssetId>, AccountId>;

/// Budgets of somebody on hold.
pub fn budget_in(asset: Option<AssetId>, who: &AccountId) -> Balance {
    Money::balance_on_hold(asset, &RuntimeHoldReason::from(HoldReason::Budget), who)
}

pub fn budget_of(who: &AccountId) -> Balance {
    budget_in(None, who)
}

/// What somebody holds freely.
pub fn free_in(asset: Option<AssetId>, who: &AccountId) -> Balance {
    Cash::balance(asset, who)
}

pub fn free(who: &AccountId) -> Balance {
    Balances::free_balance(who)
}

/// The issuer stops all movement of the asset, or allows it again.
pub fn freeze(frozen: bool) {
    let issuer = RuntimeOrigin::signed(ISSUER);
    match frozen {
        true => Assets::freeze_asset(issuer, COIN).unwrap(),
        false => Assets::thaw_asset(issuer, COIN).unwrap(),
    }
}
