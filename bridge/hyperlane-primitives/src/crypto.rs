//! The two operations that this crate does not do itself, because a runtime must leave them to its host.

use primitive_types::H256;

/// Hashing and public key recovery. [`Native`](crate::Native) does both with crates; a pallet implements the trait with
/// `sp_io::hashing::keccak_256` and `sp_io::crypto::secp256k1_ecdsa_recover`, which have these very shapes.
pub trait Crypto {
    /// keccak-256, as Ethereum uses it (not SHA3-256).
    fn keccak_256(bytes: &[u8]) -> [u8; 32];

    /// The public key, without its prefix byte, whose secret signed `digest`; `None` where there is none. It is only asked about
    /// signatures whose form [`Signature::check`](crate::Signature::check) has accepted, so what it does with others is of no
    /// consequence.
    fn secp256k1_recover(signature: &[u8; 65], digest: &[u8; 32]) -> Option<[u8; 64]>;
}

/// keccak-256 of what the parts make when put one after the other.
pub(crate) fn keccak<C: Crypto>(parts: &[&[u8]]) -> H256 {
    match parts {
        [whole] => H256(C::keccak_256(whole)),
        _ => H256(C::keccak_256(&parts.concat())),
    }
}

/// The parent of two nodes of the Merkle tree: without a detour over the heap, since a root takes 32 of them.
pub(crate) fn parent<C: Crypto>(left: H256, right: H256) -> H256 {
    let mut both = [0; 64];
    let (first, second) = both.split_at_mut(32);
    first.copy_from_slice(&left.0);
    second.copy_from_slice(&right.0);
    H256(C::keccak_256(&both))
}
