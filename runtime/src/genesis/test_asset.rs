//! A stable asset for test networks, listed and with a pool: paying in it works from the first block on.

use crate::{
    configs::{treasury_account, Kind},
    constants::money::PEN,
    Balance,
};
use alloc::vec::Vec;
use frame_support::traits::fungible::NativeOrWithId;
use pensum_primitives::AssetId;
use serde_json::{json, Value};
use sp_keyring::Sr25519Keyring;

/// Its id.
pub const ID: AssetId = 1;
/// Digits after its point.
pub const DECIMALS: u8 = 6;
/// A whole unit: one test dollar.
pub const UNIT: Balance = 1_000_000;
/// An account's least balance: a cent.
const MIN_BALANCE: Balance = UNIT / 100;
/// What each well-known account owns.
const ENDOWMENT: Balance = 10_000 * UNIT;
/// The pool's reserves: ten times the PEN that a pool needs whose price counts, and a price other than one, so that whoever takes one
/// for the other sees it.
const POOL: (Balance, Balance) = (100_000 * PEN, 200_000 * UNIT);

/// The asset, and whose it is.
pub struct TestAsset {
    owner: Sr25519Keyring,
}

impl TestAsset {
    /// With this owner, who provides the pool.
    pub const fn of(owner: Sr25519Keyring) -> Self {
        Self { owner }
    }

    /// The PEN that an account has for the pool.
    pub fn native_of(&self, account: Sr25519Keyring) -> Balance {
        if account == self.owner {
            POOL.0
        } else {
            0
        }
    }

    /// The asset, its metadata and who has how much of it. It is sufficient: an account that owns nothing else can exist and pay.
    pub fn assets(&self) -> Value {
        let owner = self.owner.to_account_id();
        let endowed = Sr25519Keyring::well_known().map(|key| {
            let for_pool = if key == self.owner { POOL.1 } else { 0 };
            (ID, key.to_account_id(), ENDOWMENT.saturating_add(for_pool))
        });
        // So that the treasury can take fees that are smaller than what an account must have.
        let treasury = (ID, treasury_account(), MIN_BALANCE);
        let accounts: Vec<_> = endowed.chain([treasury]).collect();
        json!({
            "assets": [(ID, owner, true, MIN_BALANCE)],
            "metadata": [(ID, b"Test dollar", b"tUSD", DECIMALS)],
            "accounts": accounts,
        })
    }

    /// Its pool with PEN.
    pub fn pools(&self) -> Value {
        let (native, asset) = POOL;
        let (one, other): (Kind, Kind) = (NativeOrWithId::Native, NativeOrWithId::WithId(ID));
        json!({ "pools": [(one, other, self.owner.to_account_id(), native, asset)] })
    }

    /// Its listing.
    pub fn rates(&self) -> Value {
        json!({ "listed": [ID], "stable": ID })
    }
}
