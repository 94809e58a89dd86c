//! Keys and what they sign.

use crate::{address_of, Host};
use hyperlane_primitives::{Checkpoint, Signature, SignatureBytes, H160, H256};
use k256::ecdsa::SigningKey;
use pensum_primitives::bridge::CheckpointId;
use sp_core::ecdsa;

/// The checkpoint key of a validator of this chain.
pub fn key(number: u8) -> SigningKey {
    SigningKey::from_slice(&[number; 32]).unwrap()
}

/// The key of a validator of the chain abroad. None of this chain's.
pub fn abroad_key(number: u8) -> SigningKey {
    SigningKey::from_slice(&[0x80 + number; 32]).unwrap()
}

pub fn public(key: &SigningKey) -> CheckpointId {
    let point = key.verifying_key().to_encoded_point(true);
    ecdsa::Public::from_raw(point.as_bytes().try_into().unwrap()).into()
}

pub fn address(key: &SigningKey) -> H160 {
    address_of(&public(key)).unwrap()
}

pub fn sign(key: &SigningKey, digest: H256) -> Signature {
    let (signature, id) = key.sign_prehash_recoverable(&digest.0).unwrap();
    let mut bytes: SignatureBytes = [id.to_byte(); 65];
    bytes[..64].copy_from_slice(&signature.to_bytes());
    Signature::from_recoverable(bytes).unwrap()
}

pub fn sign_checkpoint(key: &SigningKey, checkpoint: &Checkpoint) -> Signature {
    sign(key, checkpoint.digest::<Host>())
}

/// The other signature of the same key, with a high s: hosts take it, contracts do not.
pub fn other_form(signature: Signature) -> Signature {
    let parsed = k256::ecdsa::Signature::from_slice(&signature.0[..64]).unwrap();
    let (r, s) = parsed.split_scalars();
    let high = k256::ecdsa::Signature::from_scalars(r.to_bytes(), (-*s).to_bytes()).unwrap();
    let mut bytes = signature.0;
    bytes[..64].copy_from_slice(&high.to_bytes());
    bytes[64] = 55 - bytes[64];
    Signature(bytes)
}
