//! Money: PEN, a coin that comes by warp routes, and a stone that makes no account.

use super::{Assets, AssetsHolder, Balances, CoinWorth, Desk, Post, RuntimeOrigin, Test, RICH};
use frame_support::traits::{
    fungible::UnionOf,
    fungibles::{Inspect, Mutate},
};
use pensum_primitives::{asset::PenOrAsset, traits::Rates, AccountId, AssetId, Balance};
use sp_runtime::DispatchError;
use std::collections::BTreeMap;

/// The asset that has routes, and pays.
pub const COIN: AssetId = 7;
/// An asset that makes no account where there is none, and does not pay.
pub const STONE: AssetId = 8;
/// Least balance of an account in either.
pub const LEAST_COINS: Balance = 10;
/// Who issues them.
pub const ISSUER: AccountId = AccountId::new([0xd1; 32]);
/// Coins that never came by a route.
pub const LOCAL_COINS: Balance = 4 * RICH;

/// All money, on hold.
pub type Money = UnionOf<Balances, AssetsHolder, PenOrAsset, Option<AssetId>, AccountId>;
/// All money, as far as it moves freely.
pub type Cash = UnionOf<Balances, Assets, PenOrAsset, Option<AssetId>, AccountId>;

/// What somebody holds freely.
pub fn free_in(asset: Option<AssetId>, who: &AccountId) -> Balance {
    Cash::balance(asset, who)
}

pub fn coins(who: &AccountId) -> Balance {
    free_in(Some(COIN), who)
}

pub fn give_pen(who: &AccountId, amount: Balance) {
    Cash::mint_into(None, who, amount).unwrap();
}

/// The issuer stops all movement of coins, or allows it again.
pub fn freeze(frozen: bool) {
    let issuer = RuntimeOrigin::signed(ISSUER);
    // Nothing to thaw is as good as thawed.
    let _ = match frozen {
        true => Assets::freeze_asset(issuer, COIN),
        false => Assets::thaw_asset(issuer, COIN),
    };
}

/// One coin is worth so much PEN.
pub struct Exchange;

impl Rates for Exchange {
    fn worth(asset: AssetId, amount: Balance) -> Result<Balance, DispatchError> {
        if asset != COIN {
            return Err("not listed".into());
        }
        let worth = CoinWorth::get().ok_or("no rate")?;
        amount.checked_mul(worth).ok_or("too much".into())
    }

    fn stable() -> Option<(Balance, Balance)> {
        None
    }
}

/// What routes owe, by asset.
pub fn outstanding() -> BTreeMap<AssetId, Balance> {
    let mut sums = BTreeMap::new();
    for (asset, _, route) in crate::Routes::<Test>::iter() {
        *sums.entry(asset).or_default() += route.outstanding;
    }
    sums
}

/// What routes owe is what came by them less what went, each as the messages say; it is what they have minted, and what waits. What is on
/// hold is what the market holds.
pub fn check_money() {
    for (asset, domain, route) in crate::Routes::<Test>::iter() {
        let (came, went) = Post::moved(asset, domain);
        assert_eq!(route.outstanding, came - went, "asset {asset}, domain {domain}");
    }
    for (asset, local) in [(COIN, LOCAL_COINS), (STONE, 0)] {
        let waits: Balance = crate::Uncredited::<Test>::iter()
            .filter(|(_, of, _)| *of == asset)
            .map(|(_, _, amount)| amount)
            .sum();
        assert_eq!(
            Cash::total_issuance(Some(asset)) + waits,
            outstanding().get(&asset).copied().unwrap_or_default() + local,
            "issuance of {asset}"
        );
    }
    Desk::check_escrow();
}
