//! Those who are told: of claimed answers, and of tasks that have ended.

use codec::{Decode, Encode};
use frame_support::{storage_alias, weights::Weight};
use pensum_primitives::{
    follower::Follower,
    record::IndexedRecord,
    task::Output,
    traits::{Audit, Disputes, Followers},
    verdict::Outcome,
    AccountId, ModelId, TaskId,
};

/// What an audit takes, times its probability.
pub const AUDIT_WEIGHT: Weight = Weight::from_parts(2_000_000_000, 0);

#[storage_alias]
pub type Open = StorageValue<Watch, Vec<TaskId>, frame_support::pallet_prelude::ValueQuery>;

/// Notes which answers can be disproven.
pub struct Watch;

impl Disputes for Watch {
    fn prepaid_weight(_: &ModelId) -> Weight {
        AUDIT_WEIGHT
    }

    fn claimed(tasks: &[TaskId]) {
        Open::mutate(|open| open.extend_from_slice(tasks));
    }

    fn ended(task: TaskId) {
        Open::mutate(|open| {
            let place = open.iter().position(|other| *other == task);
            open.remove(place.expect("each claim ends once"))
        });
    }

    fn audits(_: &AccountId, _: u32) -> Vec<Audit> {
        Vec::new()
    }
}

/// What a workflow is told.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
pub struct Told {
    pub follower: Follower,
    pub task: TaskId,
    pub outcome: Outcome,
    pub output: Option<Output>,
}

#[storage_alias]
pub type Heard = StorageValue<Listener, Vec<Told>, frame_support::pallet_prelude::ValueQuery>;

/// Notes which tasks have ended.
pub struct Listener;

impl Followers for Listener {
    fn ended(follower: Follower, end: &IndexedRecord) {
        let outcome = end.record.outcome;
        Heard::append(Told {
            follower,
            task: end.record.task,
            outcome,
            output: (outcome == Outcome::Answered).then(|| end.output.clone()),
        });
    }
}
