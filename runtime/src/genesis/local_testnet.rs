//! Four validators on one machine: Alice, Bob, Charlie and Dave; one may be down and finality goes on.

use super::{test_network, Validator};
use crate::constants::bridge::domain;
use alloc::vec;
use serde_json::Value;
use sp_keyring::{Ed25519Keyring, Sr25519Keyring};

/// The preset `local_testnet`.
pub fn genesis() -> Value {
    test_network(
        domain::LOCAL_TESTNET,
        vec![
            Validator::well_known(Sr25519Keyring::Alice, Ed25519Keyring::Alice),
            Validator::well_known(Sr25519Keyring::Bob, Ed25519Keyring::Bob),
            Validator::well_known(Sr25519Keyring::Charlie, Ed25519Keyring::Charlie),
            Validator::well_known(Sr25519Keyring::Dave, Ed25519Keyring::Dave),
        ],
    )
}
