//! Status: where live tasks stand and what happens next.

use crate::{
    limits::{MAX_HANDOVERS, MAX_SCAN, MAX_TASKS},
    settlement::digest_of,
    types::{Batch, Inputs as BatchInputs, OpenTask, Part},
    Batches, Config, Inputs, Pallet,
};
use alloc::{format, string::String, vec::Vec};
use pensum_primitives::{
    task::{TaskState, TaskStatus},
    BatchId, BlockNumber, ModelId, TaskId,
};
use sp_runtime::traits::Get;

impl<T: Config> Pallet<T> {
    /// A live task; none for one that has ended or was never posted.
    pub fn task_status(task: TaskId) -> Option<TaskStatus> {
        let id = task.batch();
        let batch = Batches::<T>::get(id)?;
        let part = batch.part_with(task.place())?;
        let open = part.task(task.place())?;
        Some(Self::status(id, &batch, part, open, &Inputs::<T>::get(id)))
    }

    /// Live tasks after `after`, batch by batch in the order of the batches' keys; at most `limit`, itself at most 256. Stops
    /// after [`MAX_SCAN`] batches whatever it found.
    pub fn open_tasks(after: Option<TaskId>, model: Option<ModelId>, limit: u32) -> Vec<TaskStatus> {
        let limit = limit.min(MAX_TASKS) as usize;
        let rest_of_first = after
            .and_then(|after| Batches::<T>::get(after.batch()).map(|batch| (after.batch(), batch)))
            .into_iter();
        let others = match after {
            Some(after) => Batches::<T>::iter_from(Batches::<T>::hashed_key_for(after.batch())),
            None => Batches::<T>::iter(),
        };
        rest_of_first
            .chain(others)
            .take(MAX_SCAN)
            .filter(|(_, batch)| model.is_none_or(|model| batch.model == model))
            .flat_map(|(id, batch)| Self::statuses(id, &batch))
            .filter(|status| after.is_none_or(|after| status.batch != after.batch() || status.task > after))
            .take(limit)
            .collect()
    }

    fn statuses(id: BatchId, batch: &Batch) -> Vec<TaskStatus> {
        let inputs = Inputs::<T>::get(id);
        let mut statuses: Vec<TaskStatus> = batch
            .parts
            .iter()
            .flat_map(|part| part.tasks.iter().map(move |task| (part, task)))
            .map(|(part, task)| Self::status(id, batch, part, task, &inputs))
            .collect();
        statuses.sort_by_key(|status| status.task);
        statuses
    }

    fn status(id: BatchId, batch: &Batch, part: &Part, task: &OpenTask, inputs: &BatchInputs) -> TaskStatus {
        TaskStatus {
            task: id.task(task.place),
            batch: id,
            model: batch.model,
            requester: batch.requester.clone(),
            state: TaskState::Assigned,
            solver: Some(part.solver.clone()),
            price: part.quote.price(task, batch.max_reward),
            max_reward: batch.max_reward,
            input: inputs
                .get(usize::from(task.place))
                .map(digest_of)
                .unwrap_or_default(),
            verification: batch.verification,
            posted_at: batch.posted_at,
            answer_by: part.answer_by,
            deadline: batch.deadline,
            failed_solvers: batch.failed.len() as u32,
            next: next(batch, part, Self::now(), T::MinDeadline::get()),
        }
    }
}

/// What happens next, in one sentence.
fn next(batch: &Batch, part: &Part, now: BlockNumber, min_deadline: BlockNumber) -> String {
    let answer_by = part.answer_by;
    if part.is_overdue(now) {
        return format!(
            "The solver's time ran out at block {answer_by}; the task moves on within a few blocks."
        );
    }
    let may_move = batch.deadline >= answer_by.saturating_add(1).saturating_add(min_deadline);
    let otherwise = if may_move && batch.can_hand_over() {
        let left = (MAX_HANDOVERS as usize).saturating_sub(batch.failed.len());
        format!("is slashed and the task goes to the next solver (up to {left} more)")
    } else {
        String::from("is slashed and the escrow comes back")
    };
    format!("The solver answers by block {answer_by}, or it {otherwise}.")
}
