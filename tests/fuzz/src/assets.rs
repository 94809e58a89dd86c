//! The assets with which requesters can pay beside PEN: how they come to be, and what amounts of them are worth in the beginning.

use crate::people::{endowments, market_maker};
use frame_support::traits::fungible::NativeOrWithId;
use pensum_primitives::{AssetId, Balance};
use pensum_runtime::{
    configs::Kind,
    constants::money::{MILLI, PEN},
};
use serde_json::{json, Value};

/// The test dollar of the preset: half a PEN, and a millionth of it can be paid.
pub const DOLLAR: AssetId = 1;
/// A coin of two PEN that cannot be divided, and that only accounts with PEN can have.
pub const COIN: AssetId = 2;
/// An asset that does not exist.
pub const UNKNOWN: AssetId = 9;

/// Smallest units of a dollar.
const UNIT: Balance = 1_000_000;
/// PEN and coins in the coins' pool: twice what a pool needs whose price counts.
const POOL: (Balance, Balance) = (20_000 * PEN, 10_000);

/// About what an amount of PEN is in an asset, at least one unit of it.
pub fn in_asset(amount: Balance, asset: Option<AssetId>) -> Balance {
    let units = match asset {
        None | Some(UNKNOWN) => return amount,
        Some(COIN) => amount / (2 * PEN),
        _ => amount / (PEN / 2 / UNIT),
    };
    units.max(amount.min(1))
}

/// What an account with PEN also has of each asset.
fn wealth(native: Balance) -> [(AssetId, Balance); 2] {
    // Who is poor in PEN is not in dollars.
    let coins = if native > 60 * MILLI { 1_000 } else { 3 };
    [(DOLLAR, 1_000 * UNIT), (COIN, coins)]
}

/// Adds the coin, its pool, and what everybody has of both, to the patch of a preset.
pub fn endow(patch: &mut Value) {
    let owner = market_maker();
    push(&mut patch["assets"]["assets"], json!([COIN, owner, false, 1]));
    push(
        &mut patch["assets"]["metadata"],
        json!([COIN, b"Coin", b"COIN", 0]),
    );
    let maker = market_maker();
    for (who, native) in endowments().into_iter().filter(|(who, _)| *who != maker) {
        for (asset, amount) in wealth(native) {
            push(&mut patch["assets"]["accounts"], json!([asset, who, amount]));
        }
    }
    for (asset, amount) in [(DOLLAR, 1_000_000 * UNIT), (COIN, 100_000)] {
        push(&mut patch["assets"]["accounts"], json!([asset, owner, amount]));
    }
    let (one, other): (Kind, Kind) = (NativeOrWithId::Native, NativeOrWithId::WithId(COIN));
    let pool = json!([one, other, owner, POOL.0, POOL.1]);
    push(&mut patch["assetConversion"]["pools"], pool);
    push(&mut patch["rates"]["listed"], json!(COIN));
}

fn push(array: &mut Value, entry: Value) {
    array
        .as_array_mut()
        .expect("the preset has these lists")
        .push(entry);
}
