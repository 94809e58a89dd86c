use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use primitive_types::H256;
use scale_info::TypeInfo;

use super::{level::is_odd_at, TreeError, ZERO_HASHES};
use crate::{
    crypto::{parent, Crypto},
    limits::TREE_DEPTH,
    message::MessageId,
};

/// The tree in 1028 bytes: at each level the last left child that waits for its sibling, and the number of leaves. Slots that no
/// leaf has reached are zero here and in Solidity, other slots elsewhere: compare roots, never trees.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct IncrementalTree {
    branch: [H256; TREE_DEPTH],
    count: u32,
}

impl IncrementalTree {
    /// How many leaves there are, which is the number that the next one gets.
    pub const fn count(&self) -> u32 {
        self.count
    }

    /// The number of the last leaf, which is the index of the latest checkpoint. None of an empty tree.
    pub const fn latest_index(&self) -> Option<u32> {
        self.count.checked_sub(1)
    }

    /// Adds a leaf and returns its number. One hash on average, 31 at most.
    pub fn insert<C: Crypto>(&mut self, leaf: MessageId) -> Result<u32, TreeError> {
        let index = self.count;
        let count = index.checked_add(1).ok_or(TreeError::Full)?;
        let mut node = leaf.0;
        // The lowest set bit of the count is the level of the largest subtree that the leaf completes.
        let level = count.trailing_zeros() as usize;
        for left in self.branch.iter().take(level) {
            node = parent::<C>(*left, node);
        }
        if let Some(slot) = self.branch.get_mut(level) {
            *slot = node;
        }
        self.count = count;
        Ok(index)
    }

    /// The root. 32 hashes.
    pub fn root<C: Crypto>(&self) -> H256 {
        self.branch
            .iter()
            .zip(ZERO_HASHES)
            .enumerate()
            .fold(H256::zero(), |node, (level, (left, zero))| {
                if is_odd_at(self.count, level) {
                    parent::<C>(*left, node)
                } else {
                    parent::<C>(node, zero)
                }
            })
    }
}
