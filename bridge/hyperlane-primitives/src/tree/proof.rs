use alloc::vec::Vec;

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use primitive_types::H256;
use scale_info::TypeInfo;

use super::level::is_odd_at;
use crate::{
    bytes::Reader,
    crypto::{parent, Crypto},
    limits::TREE_DEPTH,
    message::MessageId,
};

/// Bytes of a proof.
pub const PROOF_BYTES: usize = 1024;

/// The siblings of a leaf's ancestors, from the leaf up.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Proof(pub [H256; TREE_DEPTH]);

impl Proof {
    /// The root of the tree in which `leaf` has the number `index` and these siblings. 32 hashes.
    pub fn root<C: Crypto>(&self, leaf: MessageId, index: u32) -> H256 {
        self.0.iter().enumerate().fold(leaf.0, |node, (level, sibling)| {
            if is_odd_at(index, level) {
                parent::<C>(*sibling, node)
            } else {
                parent::<C>(node, *sibling)
            }
        })
    }

    /// The siblings one after the other.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(|sibling| sibling.0).collect()
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let mut siblings = [H256::zero(); TREE_DEPTH];
        for sibling in &mut siblings {
            *sibling = reader.hash()?;
        }
        Some(Self(siblings))
    }
}
