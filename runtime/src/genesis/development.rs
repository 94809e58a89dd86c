//! One validator, Alice: blocks and finality from the first second.

use super::{test_network, Validator};
use crate::constants::bridge::domain;
use alloc::vec;
use serde_json::Value;
use sp_keyring::{Ed25519Keyring, Sr25519Keyring};

/// The preset `development`.
pub fn genesis() -> Value {
    test_network(
        domain::DEVELOPMENT,
        vec![Validator::well_known(
            Sr25519Keyring::Alice,
            Ed25519Keyring::Alice,
        )],
    )
}
