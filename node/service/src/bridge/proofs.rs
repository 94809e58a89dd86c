//! Proofs that a message is a leaf of the tree.

use super::{keys, messages::PAGE, Messages, MessagesError};
use hyperlane_primitives::{FullTree, MessageId, Native, Proof};
use pensum_primitives::Digest;

/// A leaf's siblings in the tree as it was after some message, and that tree's root.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ProvenLeaf {
    /// The root, as the chain's state said it.
    pub root: Digest,
    /// The siblings, from the leaf up.
    pub proof: Proof,
}

impl Messages {
    /// The proof of `leaf`, not after `index`, in the tree right after message `index`; none where that is not final yet. What is
    /// proven is compared with the root that the chain said, so that a damaged storage gives no wrong proof.
    pub fn prove(&self, leaf: u32, index: u32) -> Result<Option<ProvenLeaf>, MessagesError> {
        let progress = self.progress();
        if index >= progress.next {
            return Ok(None);
        }
        if index >= progress.whole {
            return Err(MessagesError::LeavesLost { have: progress.whole });
        }
        let damaged = MessagesError::Damaged(index);
        let root = self.get(index)?.ok_or(damaged)?.root;
        let leaves = index.checked_add(1).ok_or(damaged)?;
        let mut tree = self.tree.lock();
        self.grow(&mut tree, leaves)?;
        if tree.root::<Native>(leaves) != Ok(root) {
            // Read anew next time: the fault may have been a passing one of the disk.
            *tree = FullTree::default();
            return Err(damaged);
        }
        let proof = tree.prove::<Native>(leaf, leaves).map_err(|_| damaged)?;
        Ok(Some(ProvenLeaf { root, proof }))
    }

    /// Reads leaves until the tree has so many.
    fn grow(&self, tree: &mut FullTree, leaves: u32) -> Result<(), MessagesError> {
        while tree.count() < leaves {
            let index = tree.count();
            let damaged = MessagesError::Damaged(index);
            let page: Option<Vec<Digest>> = self
                .entries
                .read(&keys::leaves(index / PAGE))
                .map_err(|_| damaged)?;
            let page = page.unwrap_or_default();
            let rest = page.get((index % PAGE) as usize..).unwrap_or_default();
            if rest.is_empty() {
                return Err(damaged);
            }
            let wanted = (leaves - index) as usize;
            for leaf in rest.iter().take(wanted) {
                tree.insert::<Native>(MessageId(*leaf)).map_err(|_| damaged)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        bridge::{fixture::FakeBridge, messages::Progress},
        index::fixture::storage,
    };

    fn copied(messages: u32) -> (Messages, FakeBridge) {
        let (copies, mut bridge) = (Messages::new(storage()), FakeBridge::default());
        let mut progress = Progress::default();
        for _ in 0..messages {
            copies.add(&mut progress, &bridge.dispatch(1));
        }
        copies.save(&progress);
        (copies, bridge)
    }

    #[test]
    fn a_proof_is_that_of_the_full_tree_and_leads_to_the_chains_root() {
        let (copies, bridge) = copied(600);
        let mut tree = FullTree::default();
        for message in &bridge.messages {
            tree.insert::<Native>(MessageId(message.id)).unwrap();
        }
        // Not in order, so that the tree in memory both grows and is asked for its past.
        for (leaf, index) in [(0, 0), (255, 256), (7, 599), (7, 40), (599, 599), (256, 511)] {
            let proven = copies.prove(leaf, index).unwrap().unwrap();
            assert_eq!(proven.proof, tree.prove::<Native>(leaf, index + 1).unwrap());
            assert_eq!(proven.root, bridge.messages[index as usize].root);
            let id = MessageId(bridge.messages[leaf as usize].id);
            assert_eq!(proven.proof.root::<Native>(id, leaf), proven.root);
        }
    }

    #[test]
    fn what_is_not_final_yet_has_no_proof() {
        let (copies, _) = copied(3);
        assert_eq!(copies.prove(0, 3), Ok(None));
    }

    #[test]
    fn without_early_leaves_only_what_was_before_them_is_proven() {
        let (copies, mut bridge) = copied(3);
        for _ in 0..3 {
            bridge.dispatch(2);
        }
        let mut progress = copies.progress();
        progress.next = 5;
        copies.add(&mut progress, &bridge.messages[5]);
        copies.save(&progress);
        assert!(copies.prove(1, 2).unwrap().is_some());
        for index in 3..=5 {
            assert_eq!(copies.prove(1, index), Err(MessagesError::LeavesLost { have: 3 }));
        }
    }

    #[test]
    fn a_damaged_leaf_gives_no_proof_until_it_is_repaired() {
        let (copies, bridge) = copied(3);
        let mut page: Vec<Digest> = bridge.messages.iter().map(|message| message.id).collect();
        page[1] = Digest::zero();
        copies.entries.write(&keys::leaves(0), &page);
        assert_eq!(copies.prove(0, 2), Err(MessagesError::Damaged(2)));
        page[1] = bridge.messages[1].id;
        copies.entries.write(&keys::leaves(0), &page);
        assert!(copies.prove(0, 2).unwrap().is_some());
        copies.entries.write(&keys::leaves(0), &Vec::<Digest>::new());
        // The leaves in memory were checked against the chain's root: they stay good.
        assert!(copies.prove(0, 2).unwrap().is_some());
    }
}
