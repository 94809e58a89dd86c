//! The queue: what is to be done, so much of it in each block.

use crate::{types::Work, weights::WeightInfo, Config, Pallet, Queue, QueueSpan};
use frame_support::{traits::Defensive, weights::Weight};
use pensum_primitives::{follower::Follower, record::IndexedRecord, traits::Followers, verdict::Outcome};
use sp_runtime::traits::Get;

/// What a piece of work brought about.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Moved {
    /// Steps that need not wait any longer.
    pub steps: u32,
    /// Steps of the workflow, if it ended.
    pub ended: u32,
    /// Whether another asset than PEN pays.
    pub in_asset: bool,
}

impl<T: Config> Pallet<T> {
    /// Does what is queued, as far as a block's limit reaches.
    pub(crate) fn work_off() -> Weight {
        let mut weight = T::WeightInfo::look();
        for _ in 0..T::MaxWorkPerBlock::get() {
            let Some(work) = Self::pop() else { break };
            let (moved, itself, in_asset) = match work {
                Work::Post { workflow, step } => (
                    Self::post_step(workflow, step),
                    T::WeightInfo::post(),
                    T::WeightInfo::post_in_asset(),
                ),
                Work::Ended {
                    workflow,
                    task,
                    outcome,
                    output,
                } => (
                    Self::end_step(workflow, task, outcome, output),
                    T::WeightInfo::note(),
                    Weight::zero(),
                ),
            };
            weight = weight
                .saturating_add(itself)
                .saturating_add(T::WeightInfo::move_steps(moved.steps));
            if moved.ended > 0 {
                weight = weight.saturating_add(T::WeightInfo::end(moved.ended));
            }
            if moved.in_asset {
                weight = weight.saturating_add(in_asset);
            }
            if moved.in_asset && moved.ended > 0 {
                weight = weight.saturating_add(T::WeightInfo::move_asset());
            }
        }
        weight
    }

    pub(crate) fn push(work: Work) {
        QueueSpan::<T>::mutate(|span| {
            Queue::<T>::insert(span.next, work);
            span.next = span.next.saturating_add(1);
        });
    }

    fn pop() -> Option<Work> {
        let mut span = QueueSpan::<T>::get();
        while span.first < span.next {
            let work = Queue::<T>::take(span.first).defensive();
            span.first = span.first.saturating_add(1);
            if span.first < span.next {
                QueueSpan::<T>::put(span);
            } else {
                // Nothing is left behind; the next queue begins at 0 again.
                QueueSpan::<T>::kill();
            }
            if work.is_some() {
                return work;
            }
        }
        None
    }
}

impl<T: Config> Followers for Pallet<T> {
    fn ended(follower: Follower, end: &IndexedRecord) {
        let Follower::Workflow(workflow) = follower else {
            return;
        };
        let outcome = end.record.outcome;
        Self::push(Work::Ended {
            workflow,
            task: end.record.task,
            outcome,
            output: (outcome == Outcome::Answered).then(|| end.output.clone()),
        });
    }
}
