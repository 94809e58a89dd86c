use alloc::vec::Vec;
use core::cmp::Ordering;

use primitive_types::H256;

use super::{level::at_level, Proof, TreeError, ZERO_HASHES};
use crate::{
    crypto::{parent, Crypto},
    limits::TREE_DEPTH,
    message::MessageId,
};

/// Every leaf of a tree and every node above complete pairs: 64 bytes a leaf. It proves any leaf in the tree as it was after any
/// later leaf, with 32 hashes, so that a relayer needs no proof from the chain.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FullTree {
    /// At level `i` the roots of the complete subtrees of 2^i leaves, from left to right.
    levels: [Vec<H256>; TREE_DEPTH],
}

impl FullTree {
    /// How many leaves there are.
    pub fn count(&self) -> u32 {
        let [leaves, ..] = &self.levels;
        u32::try_from(leaves.len()).unwrap_or(u32::MAX)
    }

    /// Adds a leaf and returns its number. One hash on average.
    pub fn insert<C: Crypto>(&mut self, leaf: MessageId) -> Result<u32, TreeError> {
        let index = self.count();
        let count = index.checked_add(1).ok_or(TreeError::Full)?;
        let mut node = leaf.0;
        let completed = count.trailing_zeros() as usize;
        for (level, nodes) in self
            .levels
            .iter_mut()
            .take(completed.saturating_add(1))
            .enumerate()
        {
            let left = nodes.last().copied();
            nodes.push(node);
            // Below the largest completed subtree the node is a right child, whose sibling was the last one.
            if let (Some(left), true) = (left, level < completed) {
                node = parent::<C>(left, node);
            }
        }
        Ok(index)
    }

    /// The root as it was with the first `leaves` leaves.
    pub fn root<C: Crypto>(&self, leaves: u32) -> Result<H256, TreeError> {
        self.check_size(leaves)?;
        Ok(self.edge::<C>(leaves).last().copied().unwrap_or_default())
    }

    /// The proof of leaf `index` in the tree as it was with the first `leaves` leaves. A checkpoint at `i` is of `i + 1` leaves.
    pub fn prove<C: Crypto>(&self, index: u32, leaves: u32) -> Result<Proof, TreeError> {
        self.check_size(leaves)?;
        if index >= leaves {
            return Err(TreeError::LeafOutside { index, leaves });
        }
        let edge = self.edge::<C>(leaves);
        let mut proof = Proof::default();
        let levels = self.levels.iter().zip(ZERO_HASHES).zip(edge).enumerate();
        for (sibling, (level, ((nodes, zero), partial))) in proof.0.iter_mut().zip(levels) {
            let position = at_level(index, level) ^ 1;
            let complete = at_level(leaves, level);
            *sibling = match position.cmp(&complete) {
                Ordering::Less => nodes.get(position as usize).copied().unwrap_or(zero),
                Ordering::Equal => partial,
                Ordering::Greater => zero,
            };
        }
        Ok(proof)
    }

    /// At each level the root of the one subtree that the first `leaves` leaves fill only in part, and last the root of all: what
    /// is right of the last complete subtree, counting leaves that came later as none.
    fn edge<C: Crypto>(&self, leaves: u32) -> Vec<H256> {
        let mut node = H256::zero();
        let mut edge = Vec::with_capacity(TREE_DEPTH.saturating_add(1));
        edge.push(node);
        for (level, (nodes, zero)) in self.levels.iter().zip(ZERO_HASHES).enumerate() {
            let complete = at_level(leaves, level);
            let left = nodes.get(complete.saturating_sub(1) as usize);
            node = match left {
                Some(left) if complete & 1 == 1 => parent::<C>(*left, node),
                _ => parent::<C>(node, zero),
            };
            edge.push(node);
        }
        edge
    }

    fn check_size(&self, leaves: u32) -> Result<(), TreeError> {
        let count = self.count();
        if leaves > count {
            return Err(TreeError::NotSoLarge { leaves, count });
        }
        Ok(())
    }
}
