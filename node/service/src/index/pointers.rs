//! The pointers: what the index adds to what the runtime wrote.

use super::{keys, Storage};
use crate::metrics::Metrics;
use codec::{Decode, Encode};
use pensum_primitives::{BlockNumber, ModelId, TaskId};
use std::{collections::BTreeMap, sync::Arc};

/// Tasks in one page of a model's list: 2 KiB, so that appending a block rewrites little.
pub(super) const PAGE: u64 = 256;

/// The end of a model's list of tasks.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug, Encode, Decode)]
struct ModelTail {
    /// How many tasks the list has.
    count: u64,
    /// The last block that added to it.
    block: BlockNumber,
    /// How many tasks it had before that block. A block that is indexed again after a crash starts from here, and so writes the
    /// same entries to the same places.
    before: u64,
}

/// The record index of one node.
#[derive(Clone)]
pub struct Index {
    pub(super) storage: Arc<dyn Storage>,
    pub(super) metrics: Metrics,
}

impl Index {
    /// Over this storage.
    pub fn new(storage: Arc<dyn Storage>) -> Self {
        Self {
            storage,
            metrics: Metrics::default(),
        }
    }

    /// One that tells how far it is.
    pub fn measured(self, metrics: Metrics) -> Self {
        metrics.indexed(self.last());
        Self { metrics, ..self }
    }

    /// What lies below, for tests that play the runtime.
    #[cfg(test)]
    pub(crate) fn storage_for_tests(&self) -> &dyn Storage {
        self.storage.as_ref()
    }

    /// The last block whose records are in the index.
    pub fn last(&self) -> BlockNumber {
        self.read(keys::LAST).unwrap_or_default()
    }

    /// The block in which a task ended, if the index knows it.
    pub(super) fn block_of(&self, task: TaskId) -> Option<BlockNumber> {
        self.read(&keys::task(task))
    }

    /// How many tasks of a model have ended with a record in this index.
    pub fn task_count(&self, model: ModelId) -> u64 {
        self.tail(model).count
    }

    /// At most `limit` tasks of a model, in the order in which they ended, from place `from` on.
    pub fn tasks_of(&self, model: ModelId, from: u64, limit: u32) -> Vec<TaskId> {
        let end = from.saturating_add(limit.into()).min(self.task_count(model));
        let mut tasks = Vec::new();
        let mut place = from;
        while place < end {
            let page: Vec<TaskId> = self.read(&keys::page(model, place / PAGE)).unwrap_or_default();
            let in_page = (place % PAGE) as usize;
            let wanted = (end - place) as usize;
            let found = page.get(in_page..).unwrap_or_default();
            if found.is_empty() {
                break;
            }
            tasks.extend(found.iter().take(wanted));
            place += found.len().min(wanted) as u64;
        }
        tasks
    }

    /// Notes that all blocks up to this one are in the index.
    pub(super) fn mark(&self, block: BlockNumber) {
        self.write(keys::LAST, &block);
        self.metrics.indexed(block);
    }

    /// Adds a block's ended tasks, in order. Blocks come in ascending order; the last one may come twice.
    pub(super) fn add(&self, block: BlockNumber, ended: &[(TaskId, ModelId)]) {
        let mut by_model: BTreeMap<ModelId, Vec<TaskId>> = BTreeMap::new();
        for (task, model) in ended {
            self.write(&keys::task(*task), &block);
            by_model.entry(*model).or_default().push(*task);
        }
        for (model, tasks) in by_model {
            self.append(block, model, &tasks);
        }
        self.mark(block);
    }

    fn append(&self, block: BlockNumber, model: ModelId, tasks: &[TaskId]) {
        let tail = self.tail(model);
        let before = if tail.block == block {
            tail.before
        } else {
            tail.count
        };
        let mut place = before;
        let mut rest = tasks;
        while !rest.is_empty() {
            let key = keys::page(model, place / PAGE);
            let mut page: Vec<TaskId> = self.read(&key).unwrap_or_default();
            page.truncate((place % PAGE) as usize);
            let (now, later) = rest.split_at(rest.len().min((PAGE - place % PAGE) as usize));
            page.extend(now);
            self.write(&key, &page);
            place += now.len() as u64;
            rest = later;
        }
        // Last, so that a crash leaves pages that nobody reads instead of a count without pages.
        self.write(
            &keys::tail(model),
            &ModelTail {
                count: place,
                block,
                before,
            },
        );
    }

    fn tail(&self, model: ModelId) -> ModelTail {
        self.read(&keys::tail(model)).unwrap_or_default()
    }

    fn read<T: Decode>(&self, key: &[u8]) -> Option<T> {
        self.storage
            .get(keys::PREFIX, key)
            .and_then(|bytes| T::decode(&mut &bytes[..]).ok())
    }

    fn write(&self, key: &[u8], value: &impl Encode) {
        self.storage.set(keys::PREFIX, key, &value.encode())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::fixture::storage;
    use pensum_primitives::BatchId;

    fn model(byte: u8) -> ModelId {
        ModelId([byte; 32].into())
    }

    fn batch(batch: u64, model: ModelId, tasks: u8) -> Vec<(TaskId, ModelId)> {
        (0..tasks)
            .map(|place| (BatchId(batch).task(place), model))
            .collect()
    }

    #[test]
    fn a_task_points_to_its_block_and_stands_in_its_models_list() {
        let index = Index::new(storage());
        index.add(5, &[batch(1, model(1), 2), batch(2, model(2), 1)].concat());
        assert_eq!(index.last(), 5);
        assert_eq!(index.block_of(BatchId(1).task(1)), Some(5));
        assert_eq!(index.block_of(BatchId(3).task(0)), None);
        assert_eq!(
            index.tasks_of(model(1), 0, 256),
            vec![BatchId(1).task(0), BatchId(1).task(1)]
        );
        assert_eq!(index.tasks_of(model(2), 0, 256), vec![BatchId(2).task(0)]);
    }

    #[test]
    fn a_list_runs_over_pages() {
        let index = Index::new(storage());
        for block in 1..=5 {
            index.add(block, &batch(block.into(), model(1), 200));
        }
        assert_eq!(index.task_count(model(1)), 1000);
        let all: Vec<_> = (1..=5)
            .flat_map(|block| batch(block, model(1), 200))
            .map(|(task, _)| task)
            .collect();
        assert_eq!(index.tasks_of(model(1), 0, 2000), all);
        assert_eq!(index.tasks_of(model(1), 250, 20), all[250..270]);
        assert_eq!(index.tasks_of(model(1), 990, 256), all[990..]);
        assert!(index.tasks_of(model(1), 1000, 256).is_empty());
    }

    #[test]
    fn a_block_that_comes_again_after_a_crash_changes_nothing() {
        let index = Index::new(storage());
        index.add(1, &batch(1, model(1), 250));
        index.add(2, &batch(2, model(1), 20));
        let before = index.tasks_of(model(1), 0, 1000);
        index.add(2, &batch(2, model(1), 20));
        assert_eq!(index.tasks_of(model(1), 0, 1000), before);
        assert_eq!(before.len(), 270);
    }

    #[test]
    fn a_crash_between_page_and_tail_leaves_no_double_entry() {
        let index = Index::new(storage());
        index.add(1, &batch(1, model(1), 3));
        // The page of block 2 is written, its tail is not.
        let page = [batch(1, model(1), 3), batch(2, model(1), 2)].concat();
        let page: Vec<_> = page.into_iter().map(|(task, _)| task).collect();
        index.write(&keys::page(model(1), 0), &page);
        assert_eq!(index.task_count(model(1)), 3);
        index.add(2, &batch(2, model(1), 2));
        assert_eq!(index.tasks_of(model(1), 0, 256), page);
    }
}
