//! Every final message that this node has copied, and how far it is.

use super::{entries::Entries, keys, signer::Records};
use crate::index::Storage;
use codec::{Decode, Encode};
use hyperlane_primitives::{FullTree, IncrementalTree, MessageId, Native};
use parking_lot::Mutex;
use pensum_primitives::{bridge::Dispatched, BlockNumber, Digest};
use std::sync::Arc;

/// Leaves in one page: 8 KiB, so that adding a message rewrites little.
pub(super) const PAGE: u32 = 256;

/// The messages that this chain dispatched, as far as this node has copied them.
#[derive(Clone)]
pub struct Messages {
    pub(super) entries: Entries,
    /// The leaves in memory, made when the first proof is asked for.
    pub(super) tree: Arc<Mutex<FullTree>>,
}

/// Why a message or a proof cannot be shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum MessagesError {
    /// A gap.
    #[error("message {0} left the chain's state before this node copied it")]
    Lost(u32),
    /// A gap among the leaves that a proof is made of.
    #[error("this node has the first {have} leaves of the tree, then some are missing")]
    LeavesLost {
        /// How many there are from the first on.
        have: u32,
    },
    /// An entry that cannot be right.
    #[error("what this node keeps of message {0} contradicts what the chain said")]
    Damaged(u32),
}

/// The runtime's root is not that of the tree that this node made of the same messages.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode)]
pub struct Disagreement {
    /// The first message after which the two differ.
    pub index: u32,
    /// The root after it, as this node computed it.
    pub own: Digest,
    /// The root after it, as the runtime tells it.
    pub told: Digest,
}

/// How far the messages are copied.
#[derive(Clone, PartialEq, Eq, Debug, Default, Encode, Decode)]
pub(super) struct Progress {
    /// The first message that was not looked at yet.
    pub next: u32,
    /// The block in whose state the last one was read.
    pub block: BlockNumber,
    /// How many messages there are from the first on, before the first gap.
    pub whole: u32,
    /// This node's own tree. After a gap it starts from the runtime's, which may be ahead of `next`: what lies between cannot be
    /// computed again.
    pub tree: IncrementalTree,
    /// Where the runtime's roots and this node's own part.
    pub disagreement: Option<Disagreement>,
}

impl Messages {
    /// Over this storage.
    pub fn new(storage: Arc<dyn Storage>) -> Self {
        Self {
            entries: Entries::new(storage),
            tree: Arc::default(),
        }
    }

    /// What validators of this node signed, in the same storage.
    pub(super) fn records(&self) -> Records {
        Records::new(self.entries.clone())
    }

    /// The first message that was not looked at yet, which is how many final ones there are, up to a block or two.
    pub fn next(&self) -> u32 {
        self.progress().next
    }

    /// Where the runtime's roots and this node's own part, if they do.
    pub fn disagreement(&self) -> Option<Disagreement> {
        self.progress().disagreement
    }

    /// A message; none for one that was not dispatched yet in a block that was final when this node last looked.
    pub fn get(&self, index: u32) -> Result<Option<Dispatched>, MessagesError> {
        let next = self.next();
        if index >= next {
            return Ok(None);
        }
        let found: Option<Dispatched> = self
            .entries
            .read(&keys::message(index))
            .map_err(|_| MessagesError::Damaged(index))?;
        match found {
            None => Err(MessagesError::Lost(index)),
            Some(message) if message.index != index => Err(MessagesError::Damaged(index)),
            Some(message) => Ok(Some(message)),
        }
    }

    /// At most `limit` messages from `first` on, in order. It ends before a gap, and refuses to begin in one.
    pub fn list(&self, first: u32, limit: u32) -> Result<Vec<Dispatched>, MessagesError> {
        let mut found = Vec::new();
        for index in first..first.saturating_add(limit) {
            match self.get(index) {
                Ok(Some(message)) => found.push(message),
                Ok(None) => break,
                Err(MessagesError::Lost(_)) if !found.is_empty() => break,
                Err(error) => return Err(error),
            }
        }
        Ok(found)
    }

    /// How far the messages are copied. An unreadable note counts as none: the copy begins anew and finds what lies there.
    pub(super) fn progress(&self) -> Progress {
        self.entries
            .read(keys::PROGRESS)
            .ok()
            .flatten()
            .unwrap_or_default()
    }

    /// Notes how far the messages are copied: after they are, so that a crash in between copies some again, to the same places.
    pub(super) fn save(&self, progress: &Progress) {
        self.entries.write(keys::PROGRESS, progress);
    }

    /// Copies the message at `progress.next`, which `told` must be.
    pub(super) fn add(&self, progress: &mut Progress, told: &Dispatched) {
        progress.check(told);
        self.entries.write(&keys::message(told.index), told);
        if progress.whole == told.index {
            self.add_leaf(told.index, told.id);
            progress.whole = progress.whole.saturating_add(1);
        }
        progress.next = told.index.saturating_add(1);
    }

    fn add_leaf(&self, index: u32, leaf: Digest) {
        let key = keys::leaves(index / PAGE);
        let mut page: Vec<Digest> = self.entries.read(&key).ok().flatten().unwrap_or_default();
        page.truncate((index % PAGE) as usize);
        page.push(leaf);
        self.entries.write(&key, &page);
    }
}

impl Progress {
    /// Compares a message with this node's own tree, and adds it there.
    fn check(&mut self, told: &Dispatched) {
        if self.disagreement.is_some() {
            return;
        }
        let count = self.tree.count();
        if told.index == count {
            // The runtime's id is not taken on trust either.
            if self
                .tree
                .insert::<Native>(MessageId::of::<Native>(&told.message))
                .is_err()
            {
                return;
            }
        } else if told.index.checked_add(1) != Some(count) {
            return;
        }
        let own = self.tree.root::<Native>();
        if own != told.root || MessageId::of::<Native>(&told.message).0 != told.id {
            log::error!(
                "Bridge: after message {} the runtime's root is {:?}, and the tree of the same messages has {own:?}",
                told.index,
                told.root
            );
            self.disagreement = Some(Disagreement {
                index: told.index,
                own,
                told: told.root,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{bridge::fixture::FakeBridge, index::fixture::storage};

    fn copied(messages: u32) -> (Messages, FakeBridge) {
        let (copies, mut bridge) = (Messages::new(storage()), FakeBridge::default());
        let mut progress = Progress::default();
        for block in 1..=messages {
            copies.add(&mut progress, &bridge.dispatch(block));
        }
        copies.save(&progress);
        (copies, bridge)
    }

    #[test]
    fn messages_are_listed_from_any_on() {
        let (copies, bridge) = copied(5);
        assert_eq!(copies.next(), 5);
        assert_eq!(copies.list(0, 256).unwrap(), bridge.messages);
        assert_eq!(copies.list(3, 1).unwrap(), bridge.messages[3..4]);
        assert_eq!(copies.list(5, 256), Ok(vec![]));
        assert_eq!(copies.list(u32::MAX, 256), Ok(vec![]));
        assert_eq!(copies.get(4).unwrap().as_ref(), bridge.messages.last());
        assert_eq!(copies.get(5), Ok(None));
    }

    #[test]
    fn a_list_ends_before_a_gap_and_does_not_begin_in_one() {
        let (copies, mut bridge) = copied(2);
        for block in 3..=6 {
            bridge.dispatch(block);
        }
        let mut progress = copies.progress();
        progress.next = 4;
        copies.add(&mut progress, &bridge.messages[4]);
        copies.save(&progress);
        assert_eq!(copies.list(0, 256).unwrap(), bridge.messages[..2]);
        assert_eq!(copies.list(2, 256), Err(MessagesError::Lost(2)));
        assert_eq!(copies.list(3, 256), Err(MessagesError::Lost(3)));
        assert_eq!(copies.list(4, 256).unwrap(), bridge.messages[4..5]);
        assert_eq!(copies.progress().whole, 2);
    }

    #[test]
    fn a_message_that_is_copied_again_after_a_crash_changes_nothing() {
        let (copies, mut bridge) = copied(3);
        let before = copies.progress();
        let next = bridge.dispatch(9);
        // The message and its leaf are written, the note is not.
        copies.add(&mut before.clone(), &next);
        assert_eq!(copies.next(), 3);
        let mut progress = copies.progress();
        copies.add(&mut progress, &next);
        copies.save(&progress);
        assert_eq!(copies.list(0, 256).unwrap(), bridge.messages);
        assert_eq!(copies.prove(1, 3).unwrap().unwrap().root, next.root);
    }

    #[test]
    fn a_root_that_is_not_the_messages_is_noticed_once() {
        let (copies, mut bridge) = copied(2);
        let mut forged = bridge.dispatch(3);
        forged.root = Digest::repeat_byte(9);
        let mut progress = copies.progress();
        let own = bridge.messages[2].root;
        copies.add(&mut progress, &forged);
        copies.add(&mut progress, &bridge.dispatch(4));
        copies.save(&progress);
        let told = Digest::repeat_byte(9);
        assert_eq!(copies.disagreement(), Some(Disagreement { index: 2, own, told }));
        // What the chain said is still told.
        assert_eq!(copies.get(2).unwrap(), Some(forged));
    }

    #[test]
    fn an_id_that_is_not_the_messages_hash_is_noticed() {
        let (copies, mut bridge) = copied(1);
        let mut forged = bridge.dispatch(2);
        forged.id = Digest::repeat_byte(1);
        let mut progress = copies.progress();
        copies.add(&mut progress, &forged);
        assert_eq!(progress.disagreement.map(|found| found.index), Some(1));
    }

    #[test]
    fn a_damaged_entry_is_told_apart_from_a_missing_one() {
        let (copies, _) = copied(2);
        copies.entries.write(&keys::message(1), &7u8);
        assert_eq!(copies.get(1), Err(MessagesError::Damaged(1)));
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig {
            failure_persistence: None, ..proptest::prelude::ProptestConfig::default()
        })]

        #[test]
        fn damaged_copies_give_no_message_and_no_proof_of_another(
            which in 0..4usize, bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..300),
        ) {
            let (copies, bridge) = copied(3);
            let key = [keys::PROGRESS.to_vec(), keys::message(1), keys::leaves(0), keys::message(2)][which].clone();
            copies.entries.write_bytes(&key, &bytes);
            for (index, message) in (0u32..).zip(&bridge.messages) {
                if let Ok(Some(found)) = copies.get(index) {
                    // Bytes that happen to be another message keep its place: what they say of it is compared with the chain's roots.
                    proptest::prop_assert_eq!(found.index, index);
                }
                if let Ok(Some(proven)) = copies.prove(index, 2) {
                    proptest::prop_assert_eq!(proven.proof.root::<Native>(MessageId(message.id), index), proven.root);
                }
            }
            proptest::prop_assert!(copies.list(0, 256).map_or(true, |found| found.len() <= 3));
            let _ = copies.disagreement();
        }
    }
}
