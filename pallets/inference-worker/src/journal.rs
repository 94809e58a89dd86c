//! What this node sent for an operator and when, kept in its own storage.
//!
//! It is written before anything is sent. A crash in between costs a task some blocks and nothing else: what was not sent
//! is then sent, and what was sent twice the chain takes once.
//!
//! That something was sent says little. The node's pool may drop it without a word: its view of the newest block may not be
//! ready when the worker is, and what came with that block is unknown to the view before. So the first repeat comes at the
//! next block, where an answer on its way is normally included already, and only later ones wait.

use crate::LOG_TARGET;
use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};
use codec::{Decode, Encode};
use pensum_primitives::{
    operator::OperatorId, operator::Work, panel::RoundId, task::Duty, BatchId, BlockNumber, TaskId,
};
use sp_core::offchain::StorageKind;

/// Blocks after which something sent is taken for lost if its duty still stands.
const FIRST_REPEAT_AFTER: BlockNumber = 1;
/// The same from the second time on.
const REPEAT_AFTER: BlockNumber = 3;

const KEY: &[u8] = b"pensum/worker/sent";

/// When something was sent last.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode)]
struct Note {
    at: BlockNumber,
    /// Whether it was sent before that.
    repeated: bool,
}

/// What is sent once for a batch and a round, or for a task.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Encode, Decode)]
pub(crate) enum Name {
    /// Takes the batch from its auction.
    Take(BatchId),
    /// Bids in this round.
    Bid(BatchId, u8),
    /// Reveals the bid of this round.
    RevealBid(BatchId, u8),
    /// Commits in this round, or leaves the panel.
    Commit(BatchId, RoundId),
    /// Reveals in this round.
    Reveal(BatchId, RoundId),
    /// Opens a node of the task's trace.
    Open(TaskId, u16),
}

impl Name {
    /// The name of this work; answers and refusals of batches have their own notes.
    pub(crate) fn of(work: &Work) -> Option<Self> {
        Some(match work {
            Work::Answer(_) | Work::Decline { .. } => return None,
            Work::Take { batch, .. } => Self::Take(*batch),
            Work::Bid { batch, round, .. } => Self::Bid(*batch, *round),
            Work::RevealBid { batch, round, .. } => Self::RevealBid(*batch, *round),
            Work::Commit { batch, round, .. } | Work::Excuse { batch, round, .. } => {
                Self::Commit(*batch, *round)
            }
            Work::Reveal { batch, round, .. } => Self::Reveal(*batch, *round),
            Work::Open { task, step, .. } => Self::Open(*task, step.node),
        })
    }
}

/// What was sent and when.
#[derive(Clone, PartialEq, Eq, Debug, Default, Encode, Decode)]
pub(crate) struct Sent {
    answers: BTreeMap<TaskId, Note>,
    declines: BTreeMap<BatchId, Note>,
    others: BTreeMap<Name, Note>,
}

impl Sent {
    fn key(operator: &OperatorId) -> Vec<u8> {
        (KEY, operator).encode()
    }

    /// What this node sent for the operator.
    pub(crate) fn load(operator: &OperatorId) -> Self {
        let stored = sp_io::offchain::local_storage_get(StorageKind::PERSISTENT, &Self::key(operator));
        let Some(stored) = stored else {
            return Self::default();
        };
        Self::decode(&mut stored.as_slice()).unwrap_or_else(|_| {
            log::warn!(target: LOG_TARGET, "the notes of what was sent are unreadable; all is sent again, which the chain takes once");
            Self::default()
        })
    }

    /// Keeps it for the next block and the next start.
    pub(crate) fn store(&self, operator: &OperatorId) {
        let key = Self::key(operator);
        if *self == Self::default() {
            sp_io::offchain::local_storage_clear(StorageKind::PERSISTENT, &key);
        } else {
            sp_io::offchain::local_storage_set(StorageKind::PERSISTENT, &key, &self.encode());
        }
    }

    /// Forgets what no duty asks for any more. `due` names all that is wanted beside answers.
    pub(crate) fn forget_others(&mut self, duties: &[Duty], due: &BTreeSet<Name>) {
        let batches: BTreeSet<_> = duties.iter().map(|duty| duty.batch).collect();
        let tasks: BTreeSet<_> = duties
            .iter()
            .flat_map(|duty| duty.tasks.iter().map(|(task, _)| *task))
            .collect();
        self.answers.retain(|task, _| tasks.contains(task));
        self.declines.retain(|batch, _| batches.contains(batch));
        self.others.retain(|name, _| due.contains(name));
    }

    /// Notes something that is sent once.
    pub(crate) fn note(&mut self, name: Name, now: BlockNumber) {
        let before = self.others.get(&name).copied();
        self.others.insert(name, Note::after(before, now));
    }

    /// Whether it is on its way.
    pub(crate) fn is_on_its_way(&self, name: Name, now: BlockNumber, until: BlockNumber) -> bool {
        self.others
            .get(&name)
            .is_some_and(|note| note.is_on_its_way(now, until))
    }

    /// Notes an answer.
    pub(crate) fn note_answer(&mut self, task: TaskId, now: BlockNumber) {
        let before = self.answers.get(&task).copied();
        self.answers.insert(task, Note::after(before, now));
    }

    /// Notes the refusal of a batch.
    pub(crate) fn note_decline(&mut self, batch: BatchId, now: BlockNumber) {
        let before = self.declines.get(&batch).copied();
        self.declines.insert(batch, Note::after(before, now));
    }

    /// Whether an answer to the task was sent before, in vain it seems.
    pub(crate) fn was_answered(&self, task: TaskId) -> bool {
        self.answers.contains_key(&task)
    }

    /// Whether an answer to the task is on its way.
    pub(crate) fn answer_is_on_its_way(
        &self,
        task: TaskId,
        now: BlockNumber,
        answer_by: BlockNumber,
    ) -> bool {
        self.answers
            .get(&task)
            .is_some_and(|note| note.is_on_its_way(now, answer_by))
    }

    /// Whether a refusal of the batch is on its way.
    pub(crate) fn decline_is_on_its_way(
        &self,
        batch: BatchId,
        now: BlockNumber,
        answer_by: BlockNumber,
    ) -> bool {
        self.declines
            .get(&batch)
            .is_some_and(|note| note.is_on_its_way(now, answer_by))
    }
}

impl Note {
    fn after(before: Option<Self>, now: BlockNumber) -> Self {
        Self {
            at: now,
            repeated: before.is_some(),
        }
    }

    fn is_on_its_way(&self, now: BlockNumber, answer_by: BlockNumber) -> bool {
        // Something sent in what is the future now was sent on a fork that lost.
        let Some(age) = now.checked_sub(self.at) else {
            return false;
        };
        let patience = if self.repeated {
            REPEAT_AFTER
        } else {
            FIRST_REPEAT_AFTER
        };
        // Close to the deadline nothing is waited for: the next block may be the last.
        age < patience.min(answer_by.saturating_sub(now)).max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on_its_way(
        note: Note,
        now: impl IntoIterator<Item = BlockNumber>,
        answer_by: BlockNumber,
    ) -> Vec<bool> {
        now.into_iter()
            .map(|now| note.is_on_its_way(now, answer_by))
            .collect()
    }

    #[test]
    fn the_first_repeat_comes_at_the_next_block_and_later_ones_after_three() {
        let first = Note::after(None, 10);
        assert_eq!(on_its_way(first, 10..13, 100), [true, false, false]);
        let second = Note::after(Some(first), 11);
        assert_eq!(on_its_way(second, 11..16, 100), [true, true, true, false, false]);
    }

    #[test]
    fn close_to_the_deadline_the_next_block_is_enough() {
        let note = Note {
            at: 10,
            repeated: true,
        };
        assert_eq!(on_its_way(note, 10..12, 11), [true, false]);
        assert_eq!(on_its_way(note, 10..12, 12), [true, false]);
        assert_eq!(on_its_way(note, 10..13, 13), [true, true, false]);
    }

    #[test]
    fn what_was_sent_on_a_lost_fork_is_sent_again() {
        assert!(!Note::after(None, 11).is_on_its_way(10, 100));
    }
}
