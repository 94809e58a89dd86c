//! Hashing and recovery by the host, and the address of a key.

use hyperlane_primitives::{Crypto, H160, H256};
use k256::ecdsa::VerifyingKey;
use pensum_primitives::bridge::CheckpointId;

/// The host's functions.
pub struct Host;

impl Crypto for Host {
    fn keccak_256(bytes: &[u8]) -> [u8; 32] {
        sp_io::hashing::keccak_256(bytes)
    }

    fn secp256k1_recover(signature: &[u8; 65], digest: &[u8; 32]) -> Option<[u8; 64]> {
        sp_io::crypto::secp256k1_ecdsa_recover(signature, digest).ok()
    }
}

/// The address by which contracts know a key; none of bytes that are no key. The host has no function for this, so it takes some
/// hundred microseconds of wasm.
pub fn address_of(key: &CheckpointId) -> Option<H160> {
    let bytes: &[u8] = key.as_ref();
    // SEC1 knows a third form of 33 bytes, by which one key would have two names.
    if !matches!(bytes.first(), Some(2 | 3)) {
        return None;
    }
    let point = VerifyingKey::from_sec1_bytes(bytes).ok()?.to_encoded_point(false);
    // The first byte says "uncompressed"; the address is of what follows it.
    let coordinates = point.as_bytes().last_chunk::<64>()?;
    Some(H256(Host::keccak_256(coordinates)).into())
}
