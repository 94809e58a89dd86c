//! Turns blocks and transactions into events.

use super::{
    assignments::Assignments,
    event::{batch_of, Event, EventKind, NodeEvent},
    imports::Imports,
    Events,
};
use crate::{
    chain::{BlockRef, Chain},
    metrics::Metrics,
};
use pensum_primitives::{task::TaskNotice, AccountId, BatchId, Digest, TaskId};
use sp_runtime::OpaqueExtrinsic;
use std::{sync::Arc, time::Instant};

/// A block that this node imported.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Imported {
    /// The block.
    pub block: BlockRef,
    /// Whether it is the head of the best chain now.
    pub is_best: bool,
    /// Blocks that left the best chain through it.
    pub retracted: Vec<BlockRef>,
    /// Blocks before it that entered the best chain through it.
    pub enacted: Vec<BlockRef>,
}

/// Turns blocks and transactions into events. Knows no streams, so that tests tell it what happens and when.
pub struct Follower {
    chain: Arc<dyn Chain>,
    events: Events,
    metrics: Metrics,
    assignments: Assignments,
    imports: Imports,
}

impl Follower {
    /// One that tells `events`.
    pub fn new(chain: Arc<dyn Chain>, events: Events, metrics: Metrics) -> Self {
        Self {
            chain,
            events,
            metrics,
            assignments: Assignments::default(),
            imports: Imports::default(),
        }
    }

    /// A block was imported at `now`.
    pub fn imported(&mut self, imported: &Imported, now: Instant) {
        self.imports.imported(imported.block.hash, now);
        if !imported.is_best {
            return;
        }
        for block in &imported.retracted {
            self.tell(*block, EventKind::Node(NodeEvent::Retracted), None);
        }
        for block in imported.enacted.iter().chain([&imported.block]) {
            match self.chain.notices(block.hash) {
                Ok(notices) => notices
                    .into_iter()
                    .for_each(|notice| self.noticed(*block, notice, now)),
                Err(error) => log::warn!("The notices of block {} cannot be read: {error}", block.number),
            }
        }
    }

    /// A transaction became ready in the pool at `now`.
    pub fn pooled(&mut self, transaction: OpaqueExtrinsic, now: Instant) {
        if !may_answer(&transaction) {
            return;
        }
        let best = self.chain.best();
        let tasks = match self.chain.answered_by(best.hash, transaction) {
            Ok(tasks) => tasks,
            Err(error) => return log::warn!("A transaction in the pool cannot be read: {error}"),
        };
        for answers in self.assignments.pooled(&tasks) {
            let age = answers.since.map(|since| now.saturating_duration_since(since));
            if let Some(age) = age {
                self.metrics.pooled(age);
            }
            let requester = self.requester(answers.batch, answers.tasks.first().copied(), best.hash);
            let ms_since_import = age.map(|age| (age.as_secs_f64() * 1e6).round() / 1e3);
            let pooled = NodeEvent::AnswerPooled {
                tasks: answers.tasks,
                ms_since_import,
            };
            self.tell(best, EventKind::Node(pooled), requester);
        }
    }

    /// Blocks became final at `now`, in ascending order; `last` is the last of them.
    pub fn finalized(&mut self, blocks: &[Digest], last: BlockRef, now: Instant) {
        for block in blocks {
            if let Some(age) = self.imports.take_age(block, now) {
                self.metrics.finalized(age);
            }
        }
        self.tell(last, EventKind::Node(NodeEvent::Finalized), None);
    }

    fn noticed(&mut self, block: BlockRef, notice: TaskNotice, now: Instant) {
        self.metrics.noticed(&notice);
        let batch = batch_of(&notice);
        match &notice {
            TaskNotice::Posted { requester, .. } => {
                self.assignments.assigned(batch, now);
                self.assignments.belongs_to(batch, requester.clone());
            }
            TaskNotice::HandedOver { .. } => self.assignments.assigned(batch, now),
            TaskNotice::Opened { requester, .. } => self.assignments.belongs_to(batch, requester.clone()),
            TaskNotice::Claimed { .. } | TaskNotice::Answered { .. } | TaskNotice::Refunded { .. } => {}
        }
        let task = match &notice {
            TaskNotice::Claimed { task, .. }
            | TaskNotice::Answered { task, .. }
            | TaskNotice::Refunded { task, .. } => Some(*task),
            // Any task of the batch has its requester; the first place may have been answered before.
            TaskNotice::Opened { .. } | TaskNotice::Posted { .. } | TaskNotice::HandedOver { .. } => None,
        };
        // A task that ended in this block was alive in the one before.
        let before = self.chain.parent(block.hash).ok().flatten().unwrap_or(block);
        let requester = self.requester(batch, task, before.hash);
        self.tell(block, EventKind::Notice(notice), requester);
    }

    /// Whose the batch is: remembered, or else read from a task that is alive `at` a block.
    fn requester(&mut self, batch: BatchId, task: Option<TaskId>, at: Digest) -> Option<AccountId> {
        if let Some(requester) = self.assignments.requester(batch) {
            return Some(requester.clone());
        }
        let status = self.chain.task_status(at, task?).ok().flatten()?;
        self.assignments.belongs_to(batch, status.requester.clone());
        Some(status.requester)
    }

    fn tell(&self, block: BlockRef, what: EventKind, requester: Option<AccountId>) {
        self.events.tell(Event {
            what,
            block: block.number,
            block_hash: block.hash,
            requester,
        });
    }
}

/// Whether a transaction can be an answer: answers are general transactions, with neither signer nor inherent. The two high
/// bits of a transaction's first byte say so, which spares a runtime call for every transfer.
fn may_answer(transaction: &OpaqueExtrinsic) -> bool {
    const TYPE: u8 = 0b1100_0000;
    const GENERAL: u8 = 0b0100_0000;
    transaction
        .inner()
        .first()
        .is_some_and(|first| first & TYPE == GENERAL)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::fixture::{status, FakeChain};
    use codec::Encode;
    use pensum_primitives::verdict::Reason;
    use std::time::Duration;

    const REQUESTER: AccountId = AccountId::new([2; 32]);
    const SOLVER: AccountId = AccountId::new([3; 32]);

    fn posted(batch: u64, tasks: u32) -> TaskNotice {
        TaskNotice::Posted {
            first: BatchId(batch).task(0),
            tasks,
            requester: REQUESTER,
            solver: SOLVER,
        }
    }

    fn answered(task: TaskId) -> TaskNotice {
        TaskNotice::Answered {
            task,
            solver: SOLVER,
            output: vec![1],
            price: 5,
            asset: None,
        }
    }

    fn answer(byte: u8) -> OpaqueExtrinsic {
        OpaqueExtrinsic::from_blob(vec![0x45, byte])
    }

    fn best(chain: &FakeChain, number: u32) -> Imported {
        Imported {
            block: chain.block(number),
            is_best: true,
            retracted: vec![],
            enacted: vec![],
        }
    }

    fn drain(receiver: &mut tokio::sync::broadcast::Receiver<Event>) -> Vec<Event> {
        std::iter::from_fn(|| receiver.try_recv().ok()).collect()
    }

    fn follower(chain: FakeChain) -> (Follower, tokio::sync::broadcast::Receiver<Event>) {
        let events = Events::default();
        let receiver = events.subscribe();
        (
            Follower::new(Arc::new(chain), events, Metrics::default()),
            receiver,
        )
    }

    #[test]
    fn a_best_block_tells_its_notices_in_order() {
        let mut chain = FakeChain::new(5, 4);
        chain
            .notices
            .insert(5, vec![posted(1, 2), answered(BatchId(0).task(0))]);
        let import = best(&chain, 5);
        let (mut follower, mut receiver) = follower(chain);
        follower.imported(&import, Instant::now());
        let events = drain(&mut receiver);
        assert_eq!(events[0].what, EventKind::Notice(posted(1, 2)));
        assert_eq!((events[0].block, &events[0].requester), (5, &Some(REQUESTER)));
        assert_eq!(events[1].what, EventKind::Notice(answered(BatchId(0).task(0))));
    }

    #[test]
    fn a_fork_tells_nothing_until_it_is_best() {
        let mut chain = FakeChain::new(5, 3);
        chain.notices.insert(4, vec![posted(1, 1)]);
        let (fork, reorg) = (
            Imported {
                is_best: false,
                ..best(&chain, 4)
            },
            Imported {
                retracted: vec![chain.block(3)],
                enacted: vec![chain.block(4)],
                ..best(&chain, 5)
            },
        );
        let (mut follower, mut receiver) = follower(chain);
        follower.imported(&fork, Instant::now());
        assert!(drain(&mut receiver).is_empty());
        follower.imported(&reorg, Instant::now());
        let events = drain(&mut receiver);
        assert_eq!(
            (&events[0].what, events[0].block),
            (&EventKind::Node(NodeEvent::Retracted), 3)
        );
        assert_eq!(
            (&events[1].what, events[1].block),
            (&EventKind::Notice(posted(1, 1)), 4)
        );
    }

    #[test]
    fn an_answer_in_the_pool_tells_how_long_it_took() {
        let mut chain = FakeChain::new(5, 4);
        chain.notices.insert(5, vec![posted(1, 2)]);
        let tasks = vec![BatchId(1).task(0), BatchId(1).task(1)];
        chain.answers.insert(answer(1).encode(), tasks.clone());
        let import = best(&chain, 5);
        let (mut follower, mut receiver) = follower(chain);
        let then = Instant::now();
        follower.imported(&import, then);
        drain(&mut receiver);
        follower.pooled(answer(1), then + Duration::from_micros(6_500));
        follower.pooled(answer(1), then + Duration::from_millis(90));
        let events = drain(&mut receiver);
        assert_eq!(events.len(), 1);
        assert_eq!(
            events[0].what,
            EventKind::Node(NodeEvent::AnswerPooled {
                tasks,
                ms_since_import: Some(6.5)
            })
        );
        assert_eq!(events[0].requester, Some(REQUESTER));
    }

    #[test]
    fn a_handed_over_batch_is_timed_from_its_hand_over() {
        let mut chain = FakeChain::new(6, 4);
        let over = TaskNotice::HandedOver {
            batch: BatchId(1),
            from: SOLVER,
            to: REQUESTER,
        };
        chain.notices.insert(5, vec![posted(1, 1)]);
        chain.notices.insert(6, vec![over]);
        chain.answers.insert(answer(1).encode(), vec![BatchId(1).task(0)]);
        let imports = [best(&chain, 5), best(&chain, 6)];
        let (mut follower, mut receiver) = follower(chain);
        let then = Instant::now();
        follower.imported(&imports[0], then);
        follower.imported(&imports[1], then + Duration::from_secs(1));
        drain(&mut receiver);
        follower.pooled(answer(1), then + Duration::from_millis(1_010));
        let EventKind::Node(NodeEvent::AnswerPooled { ms_since_import, .. }) = &drain(&mut receiver)[0].what
        else {
            panic!("an answer in the pool is told");
        };
        assert_eq!(*ms_since_import, Some(10.0));
    }

    #[test]
    fn only_general_transactions_are_looked_at() {
        let mut chain = FakeChain::new(5, 4);
        let signed = OpaqueExtrinsic::from_blob(vec![0x84, 1]);
        for transaction in [&signed, &OpaqueExtrinsic::from_blob(vec![]), &answer(1)] {
            chain
                .answers
                .insert(transaction.encode(), vec![BatchId(1).task(0)]);
        }
        let (mut follower, mut receiver) = follower(chain);
        follower.pooled(signed, Instant::now());
        follower.pooled(OpaqueExtrinsic::from_blob(vec![]), Instant::now());
        assert!(drain(&mut receiver).is_empty());
        follower.pooled(answer(1), Instant::now());
        assert_eq!(drain(&mut receiver).len(), 1);
    }

    #[test]
    fn the_requester_of_a_task_posted_before_the_start_is_read_from_the_chain() {
        let mut chain = FakeChain::new(5, 4);
        let task = BatchId(1).task(0);
        chain.live.insert(task, status(task));
        chain.notices.insert(
            5,
            vec![TaskNotice::Refunded {
                task,
                reason: Reason::NobodyLeft,
            }],
        );
        let import = best(&chain, 5);
        let (mut follower, mut receiver) = follower(chain);
        follower.imported(&import, Instant::now());
        assert_eq!(drain(&mut receiver)[0].requester, Some(REQUESTER));
    }

    #[test]
    fn finality_is_told_once_per_notification() {
        let chain = FakeChain::new(9, 4);
        let blocks: Vec<_> = (5..=7).map(|number| chain.block(number)).collect();
        let (mut follower, mut receiver) = follower(chain);
        let hashes: Vec<_> = blocks.iter().map(|block| block.hash).collect();
        follower.finalized(&hashes, blocks[2], Instant::now());
        let events = drain(&mut receiver);
        assert_eq!(events.len(), 1);
        assert_eq!(
            (&events[0].what, events[0].block),
            (&EventKind::Node(NodeEvent::Finalized), 7)
        );
    }
}
