//! What a pallet passes.

use hyperlane_primitives::Crypto;

/// Substrate's host, whose functions have the trait's shapes.
pub struct Host;

impl Crypto for Host {
    fn keccak_256(bytes: &[u8]) -> [u8; 32] {
        sp_io::hashing::keccak_256(bytes)
    }

    fn secp256k1_recover(signature: &[u8; 65], digest: &[u8; 32]) -> Option<[u8; 64]> {
        sp_io::crypto::secp256k1_ecdsa_recover(signature, digest).ok()
    }
}
