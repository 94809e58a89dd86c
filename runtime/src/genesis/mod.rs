//! Genesis data: all that makes one network differ from another.

mod checkpoint_keys;
mod development;
mod local_testnet;
mod test_asset;

use crate::{
    constants::{bridge, money::PEN, staking, time},
    AccountId, Balance, SessionKeys,
};
use alloc::{string::ToString, vec::Vec};
use pensum_primitives::bridge::Domain;
use serde_json::{json, Value};
use sp_consensus_babe::{AllowedSlots, BabeEpochConfiguration};
use sp_genesis_builder::{PresetId, DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET};
use sp_keyring::Sr25519Keyring;

/// How slots are given to authors.
pub const BABE_EPOCH: BabeEpochConfiguration = BabeEpochConfiguration {
    c: time::PRIMARY_PROBABILITY,
    allowed_slots: AllowedSlots::PrimaryAndSecondaryVRFSlots,
};

/// What each validator of a preset bonds.
const VALIDATOR_BOND: Balance = 10_000 * PEN;
/// What each well-known development account owns.
const ENDOWMENT: Balance = 1_000_000 * PEN;

/// The names of the presets.
pub fn names() -> Vec<PresetId> {
    [DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET]
        .map(PresetId::from)
        .to_vec()
}

/// A preset as a JSON patch, by name.
pub fn preset(id: &PresetId) -> Option<Vec<u8>> {
    let patch = match id.as_ref() {
        DEV_RUNTIME_PRESET => development::genesis(),
        LOCAL_TESTNET_RUNTIME_PRESET => local_testnet::genesis(),
        _ => return None,
    };
    Some(patch.to_string().into_bytes())
}

/// A validator whose account and session keys all come from one well-known development key.
struct Validator {
    account: AccountId,
    keys: SessionKeys,
}

impl Validator {
    fn well_known(sr: Sr25519Keyring, ed: sp_keyring::Ed25519Keyring) -> Self {
        Self {
            account: sr.to_account_id(),
            keys: SessionKeys {
                grandpa: ed.public().into(),
                babe: sr.public().into(),
                authority_discovery: sr.public().into(),
                hyperlane: checkpoint_keys::checkpoint_key(sr),
            },
        }
    }
}

/// The patch of a test network: `validators` at work, every well-known account endowed with PEN and
/// test dollars, Alice with the sudo key. Other chains know it as `domain`.
fn test_network(domain: Domain, validators: Vec<Validator>) -> Value {
    let test_asset = test_asset::TestAsset::of(Sr25519Keyring::Alice);
    let endowed: Vec<(AccountId, Balance)> = Sr25519Keyring::well_known()
        .map(|key| {
            let endowment = ENDOWMENT.saturating_add(test_asset.native_of(key));
            (key.to_account_id(), endowment)
        })
        .collect();
    let keys: Vec<_> = validators
        .iter()
        .map(|v| (&v.account, &v.account, &v.keys))
        .collect();
    let stakers: Vec<_> = validators
        .iter()
        .map(|v| (&v.account, VALIDATOR_BOND, "Validator"))
        .collect();
    json!({
        "balances": { "balances": endowed },
        "assets": test_asset.assets(),
        "assetConversion": test_asset.pools(),
        "rates": test_asset.rates(),
        "hyperlane": { "domain": domain.0, "ismDelay": bridge::ISM_DELAY },
        "session": { "keys": keys },
        "babe": { "epochConfig": BABE_EPOCH },
        "staking": {
            "validatorCount": validators.len(),
            "maxValidatorCount": staking::MAX_VALIDATORS,
            "maxNominatorCount": staking::MAX_VOTERS,
            "minNominatorBond": PEN,
            "minValidatorBond": 100 * PEN,
            "slashRewardFraction": 100_000_000,
            "stakers": stakers,
        },
        "stakingClient": { "operatingMode": "Active", "validatorSetAppliedAt": 0 },
        "sudo": { "key": Sr25519Keyring::Alice.to_account_id() },
    })
}
