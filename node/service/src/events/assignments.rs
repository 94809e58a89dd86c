//! When batches were assigned, and which of their tasks have an answer in the pool.

use pensum_primitives::{AccountId, BatchId, TaskId};
use std::{
    collections::{HashMap, VecDeque},
    time::Instant,
};

/// Most batches remembered: at some ten a second, those of the last hours.
const MAX_BATCHES: usize = 65_536;

/// What is known of a batch.
struct Assignment {
    /// When this node imported the block that assigned it, last.
    since: Option<Instant>,
    /// Whose it is.
    requester: Option<AccountId>,
    /// One bit per task that has an answer in the pool.
    pooled: [u64; 4],
}

/// The batches assigned lately. Forgets the oldest.
#[derive(Default)]
pub(super) struct Assignments {
    batches: HashMap<BatchId, Assignment>,
    order: VecDeque<BatchId>,
}

/// Answers of one batch that were not in the pool before.
pub(super) struct FirstAnswers {
    pub batch: BatchId,
    pub tasks: Vec<TaskId>,
    pub since: Option<Instant>,
}

impl Assignments {
    /// The batch is assigned, or handed over to another solver: all its answers are still to come.
    pub fn assigned(&mut self, batch: BatchId, now: Instant) {
        let assignment = self.entry(batch);
        assignment.since = Some(now);
        assignment.pooled = [0; 4];
    }

    /// The batch's requester is known.
    pub fn belongs_to(&mut self, batch: BatchId, requester: AccountId) {
        self.entry(batch).requester = Some(requester);
    }

    /// Whose the batch is, if known.
    pub fn requester(&self, batch: BatchId) -> Option<&AccountId> {
        self.batches
            .get(&batch)
            .and_then(|assignment| assignment.requester.as_ref())
    }

    /// Answers to these tasks are in the pool. Tells those that are there for the first time, by batch.
    pub fn pooled(&mut self, tasks: &[TaskId]) -> Vec<FirstAnswers> {
        let mut first: Vec<FirstAnswers> = Vec::new();
        for task in tasks {
            let assignment = self.entry(task.batch());
            let (word, bit) = (usize::from(task.place() / 64), 1u64 << (task.place() % 64));
            if assignment.pooled[word] & bit != 0 {
                continue;
            }
            assignment.pooled[word] |= bit;
            let since = assignment.since;
            match first.last_mut().filter(|last| last.batch == task.batch()) {
                Some(last) => last.tasks.push(*task),
                None => first.push(FirstAnswers {
                    batch: task.batch(),
                    tasks: vec![*task],
                    since,
                }),
            }
        }
        first
    }

    fn entry(&mut self, batch: BatchId) -> &mut Assignment {
        if !self.batches.contains_key(&batch) {
            if self.order.len() >= MAX_BATCHES {
                if let Some(oldest) = self.order.pop_front() {
                    self.batches.remove(&oldest);
                }
            }
            self.order.push_back(batch);
        }
        self.batches.entry(batch).or_insert(Assignment {
            since: None,
            requester: None,
            pooled: [0; 4],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_answer_counts_once_per_assignment() {
        let mut assignments = Assignments::default();
        let now = Instant::now();
        assignments.assigned(BatchId(1), now);
        let tasks = [BatchId(1).task(0), BatchId(1).task(255)];
        let first = assignments.pooled(&tasks);
        assert_eq!(
            (first.len(), first[0].tasks.as_slice(), first[0].since),
            (1, &tasks[..], Some(now))
        );
        assert!(assignments.pooled(&tasks).is_empty());
        assignments.assigned(BatchId(1), now);
        assert_eq!(assignments.pooled(&tasks[..1])[0].tasks, tasks[..1]);
    }

    #[test]
    fn answers_of_several_batches_are_told_by_batch() {
        let mut assignments = Assignments::default();
        let first = assignments.pooled(&[BatchId(1).task(0), BatchId(2).task(0), BatchId(2).task(1)]);
        assert_eq!(
            first
                .iter()
                .map(|answers| answers.tasks.len())
                .collect::<Vec<_>>(),
            [1, 2]
        );
        assert_eq!(first[0].since, None);
    }

    #[test]
    fn the_oldest_batches_are_forgotten() {
        let mut assignments = Assignments::default();
        for batch in 0..=MAX_BATCHES as u64 {
            assignments.belongs_to(BatchId(batch), AccountId::new([1; 32]));
        }
        assert_eq!(assignments.batches.len(), MAX_BATCHES);
        assert!(assignments.requester(BatchId(0)).is_none());
        assert!(assignments.requester(BatchId(1)).is_some());
    }
}
