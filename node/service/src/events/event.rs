//! Events and who wants them.

use pensum_primitives::{task::TaskNotice, AccountId, BatchId, BlockNumber, Digest, TaskId};
use serde::Serialize;

/// One event.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Event {
    /// What happened.
    #[serde(flatten)]
    pub what: EventKind,
    /// The block in which it happened; for an answer in the pool, the best block at that moment.
    pub block: BlockNumber,
    /// That block's hash.
    pub block_hash: Digest,
    /// Whose task it is, where one is concerned and its requester is known.
    #[serde(skip)]
    pub requester: Option<AccountId>,
}

/// What happened.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(untagged)]
pub enum EventKind {
    /// On chain.
    Notice(TaskNotice),
    /// At this node.
    Node(NodeEvent),
}

/// What happened at this node.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum NodeEvent {
    /// Answers of one batch arrived in this node's pool, for the first time since the batch was assigned.
    AnswerPooled {
        /// The tasks they answer.
        tasks: Vec<TaskId>,
        /// Milliseconds since this node imported the block that assigned the batch; unknown if that was before it started.
        ms_since_import: Option<f64>,
    },
    /// A block and all before it are final.
    Finalized,
    /// A block left the best chain: what it was told to contain did not happen.
    Retracted,
    /// The subscriber was too slow and missed events. Ask `task_status` for the tasks it waits for.
    Missed {
        /// How many.
        events: u64,
    },
}

impl Event {
    /// Whether it concerns all tasks.
    pub fn concerns_all(&self) -> bool {
        match &self.what {
            EventKind::Notice(_) | EventKind::Node(NodeEvent::AnswerPooled { .. }) => false,
            EventKind::Node(NodeEvent::Finalized | NodeEvent::Retracted | NodeEvent::Missed { .. }) => true,
        }
    }

    /// Whether it concerns one of these tasks, which are in ascending order: every event is compared with what every subscriber
    /// wants, so this must not walk the list.
    pub fn concerns_any(&self, sorted: &[TaskId]) -> bool {
        // Whether one of `count` consecutive ids is wanted.
        let among = |first: TaskId, count: u64| {
            let place = sorted.partition_point(|task| *task < first);
            let next = sorted.get(place);
            next.is_some_and(|task| task.0.saturating_sub(first.0) < count)
        };
        match &self.what {
            EventKind::Notice(
                TaskNotice::Posted { first, tasks, .. } | TaskNotice::Opened { first, tasks, .. },
            ) => among(*first, u64::from(*tasks)),
            EventKind::Notice(TaskNotice::HandedOver { batch, .. }) => {
                among(batch.task(0), u64::from(u8::MAX).saturating_add(1))
            }
            EventKind::Notice(
                TaskNotice::Claimed { task, .. }
                | TaskNotice::Answered { task, .. }
                | TaskNotice::Refunded { task, .. },
            ) => among(*task, 1),
            EventKind::Node(NodeEvent::AnswerPooled { tasks, .. }) => {
                tasks.iter().any(|task| among(*task, 1))
            }
            EventKind::Node(_) => true,
        }
    }
}

/// The batch that a notice is about.
pub(super) fn batch_of(notice: &TaskNotice) -> BatchId {
    match notice {
        TaskNotice::Posted { first, .. } | TaskNotice::Opened { first, .. } => first.batch(),
        TaskNotice::HandedOver { batch, .. } => *batch,
        TaskNotice::Claimed { task, .. }
        | TaskNotice::Answered { task, .. }
        | TaskNotice::Refunded { task, .. } => task.batch(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(what: EventKind) -> Event {
        Event {
            what,
            block: 7,
            block_hash: Digest::repeat_byte(1),
            requester: None,
        }
    }

    #[test]
    fn a_notice_is_flat_json_with_its_block() {
        let posted = TaskNotice::Posted {
            first: TaskId(256),
            tasks: 2,
            requester: AccountId::new([1; 32]),
            solver: AccountId::new([2; 32]),
        };
        let json = serde_json::to_value(event(EventKind::Notice(posted))).unwrap();
        assert_eq!(json["kind"], "posted");
        assert_eq!(
            (&json["first"], &json["tasks"], &json["block"]),
            (&256.into(), &2.into(), &7.into())
        );
        assert!(json["block_hash"].as_str().unwrap().starts_with("0x0101"));
        assert!(json["requester"].is_string());
    }

    #[test]
    fn the_nodes_own_events_are_flat_json_too() {
        let pooled = NodeEvent::AnswerPooled {
            tasks: vec![TaskId(256)],
            ms_since_import: Some(1.5),
        };
        let json = serde_json::to_value(event(EventKind::Node(pooled))).unwrap();
        assert_eq!(
            (&json["kind"], &json["ms_since_import"], &json["tasks"][0]),
            (&"answer_pooled".into(), &1.5.into(), &256.into())
        );
        let json = serde_json::to_value(event(EventKind::Node(NodeEvent::Finalized))).unwrap();
        assert_eq!(json["kind"], "finalized");
    }

    #[test]
    fn a_posting_concerns_exactly_its_tasks() {
        let posted = event(EventKind::Notice(TaskNotice::Posted {
            first: TaskId(256),
            tasks: 2,
            requester: AccountId::new([1; 32]),
            solver: AccountId::new([2; 32]),
        }));
        let concerns =
            |tasks: &[u64]| posted.concerns_any(&tasks.iter().copied().map(TaskId).collect::<Vec<_>>());
        assert!(!concerns(&[255]) && !concerns(&[258]) && !concerns(&[]) && !concerns(&[255, 258]));
        assert!(concerns(&[256]) && concerns(&[257]) && concerns(&[1, 257, 900]));
        assert!(!posted.concerns_all());
    }

    #[test]
    fn a_hand_over_concerns_the_whole_batch_and_no_other() {
        let handed_over = event(EventKind::Notice(TaskNotice::HandedOver {
            batch: BatchId(3),
            from: AccountId::new([1; 32]),
            to: AccountId::new([2; 32]),
        }));
        for (task, concerned) in [
            (BatchId(3).task(0), true),
            (BatchId(3).task(255), true),
            (BatchId(2).task(255), false),
            (BatchId(4).task(0), false),
        ] {
            assert_eq!(handed_over.concerns_any(&[task]), concerned, "{task}");
        }
    }
}
