//! What a validator signs: the tree of one chain after one of its messages.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use primitive_types::H256;
use scale_info::TypeInfo;

use crate::{
    address::Address,
    crypto::{keccak, Crypto},
    digest::{domain_hash, eip191},
    domain::Domain,
    message::MessageId,
};

const PURPOSE: &[u8] = b"HYPERLANE";

/// The root of a chain's tree right after the leaf `index`, which is `message_id`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Checkpoint {
    /// The chain of the tree.
    pub origin: Domain,
    /// The contract, or here the pallet, that keeps the tree.
    pub merkle_tree_hook: Address,
    /// The root.
    pub root: H256,
    /// The number of the last leaf, counted from 0.
    pub index: u32,
    /// The last leaf itself.
    pub message_id: MessageId,
}

impl Checkpoint {
    /// Which tree of which chain.
    pub fn domain_hash<C: Crypto>(&self) -> H256 {
        domain_hash::<C>(self.origin, self.merkle_tree_hook, PURPOSE)
    }

    /// Which state of it.
    pub fn signing_hash<C: Crypto>(&self) -> H256 {
        keccak::<C>(&[
            &self.domain_hash::<C>().0,
            &self.root.0,
            &self.index.to_be_bytes(),
            &self.message_id.0 .0,
        ])
    }

    /// What is signed.
    pub fn digest<C: Crypto>(&self) -> H256 {
        eip191::<C>(self.signing_hash::<C>())
    }
}
