//! [`Crypto`] by crates, for processes that are not a runtime: relayers, validators, tests.

use k256::ecdsa::{RecoveryId, Signature, VerifyingKey};
use sha3::{Digest, Keccak256};

use crate::{signature, Crypto};

/// `sha3` and `k256`: pure Rust, so that nothing needs a C compiler.
#[derive(Clone, Copy, Debug)]
pub struct Native;

impl Crypto for Native {
    fn keccak_256(bytes: &[u8]) -> [u8; 32] {
        Keccak256::digest(bytes).into()
    }

    fn secp256k1_recover(bytes: &[u8; 65], digest: &[u8; 32]) -> Option<[u8; 64]> {
        let Some((both, [v])) = bytes.split_first_chunk::<64>() else {
            return None;
        };
        let id = RecoveryId::from_byte(v.checked_sub(signature::RECOVERY_BYTE_EVEN)?)?;
        let scalars = Signature::from_slice(both).ok()?;
        let key = VerifyingKey::recover_from_prehash(digest, &scalars, id).ok()?;
        // The prefix byte says "uncompressed"; Ethereum's addresses are hashes of what follows it.
        key.to_encoded_point(false).as_bytes().last_chunk::<64>().copied()
    }
}
