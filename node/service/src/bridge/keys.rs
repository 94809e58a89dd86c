//! Keys of what the bridge keeps. They lie under a prefix of their own, which no off-chain worker and no runtime can write to.

use codec::Encode;
use hyperlane_primitives::H160;

/// Prefix of every entry in the off-chain storage.
pub(super) const PREFIX: &[u8] = b"pensum/bridge/1/";

/// How far the messages are copied: `Progress`.
pub(super) const PROGRESS: &[u8] = b"progress";

/// A message: `Dispatched`.
pub(super) fn message(index: u32) -> Vec<u8> {
    (*b"mess", index).encode()
}

/// A page of the tree's leaves: `Vec<Digest>`.
pub(super) fn leaves(page: u32) -> Vec<u8> {
    (*b"leaf", page).encode()
}

/// What a validator signed at an index: `Signed`.
pub(super) fn signed(validator: H160, index: u32) -> Vec<u8> {
    (*b"sign", validator, index).encode()
}
