//! Notices: what events tell subscribers.

use crate::{Config, Event};
use pensum_primitives::task::TaskNotice;

impl<T: Config> Event<T> {
    /// What this event tells subscribers about tasks; nothing for the others.
    pub fn notice(&self) -> Option<TaskNotice> {
        Some(match self {
            Self::TasksPosted {
                first,
                tasks,
                requester,
                solver,
                ..
            } => TaskNotice::Posted {
                first: *first,
                tasks: *tasks,
                requester: requester.clone(),
                solver: solver.clone(),
            },
            Self::BatchOpened {
                first,
                tasks,
                requester,
                ..
            } => TaskNotice::Opened {
                first: *first,
                tasks: *tasks,
                requester: requester.clone(),
            },
            Self::BatchAwarded {
                batch,
                places,
                requester,
                solver,
                ..
            } => TaskNotice::Posted {
                first: batch.task(places.first().copied().unwrap_or_default()),
                tasks: places.len() as u32,
                requester: requester.clone(),
                solver: solver.clone(),
            },
            Self::TaskClaimed {
                task,
                solver,
                output,
                settles_at,
                ..
            } => TaskNotice::Claimed {
                task: *task,
                solver: solver.clone(),
                output: output.to_vec(),
                settles_at: *settles_at,
            },
            Self::BatchHandedOver { batch, from, to, .. } => TaskNotice::HandedOver {
                batch: *batch,
                from: from.clone(),
                to: to.clone(),
            },
            Self::TaskAnswered {
                task,
                solver,
                price,
                asset,
                output,
            } => TaskNotice::Answered {
                task: *task,
                solver: solver.clone(),
                output: output.to_vec(),
                price: *price,
                asset: *asset,
            },
            Self::TaskRefunded { task, reason, .. } => TaskNotice::Refunded {
                task: *task,
                reason: *reason,
            },
            _ => return None,
        })
    }
}
