//! What the off-chain worker and the node ask: duties, and which tasks a transaction answers.

use crate::{limits::MAX_SHEETS, Assigned, Batches, Call, Config, Inputs, Pallet};
use alloc::vec::Vec;
use pensum_primitives::{
    task::Duty,
    traits::{Duties, Models},
    AccountId, BatchId, TaskId,
};

impl<T: Config> Pallet<T> {
    /// The tasks that this call answers; empty for any other call.
    pub fn tasks_answered(call: &Call<T>) -> Vec<TaskId> {
        match call {
            Call::answer { answers, .. } => answers.iter().map(|answer| answer.task).collect(),
            _ => Vec::new(),
        }
    }

    /// The first batch id not yet used.
    pub fn next_batch() -> BatchId {
        crate::NextBatch::<T>::get()
    }

    fn duty(solver: &AccountId, id: BatchId) -> Option<Duty> {
        let batch = Batches::<T>::get(id)?;
        let part = batch.part_of(solver)?;
        let inputs = Inputs::<T>::get(id);
        Some(Duty {
            batch: id,
            model: batch.model,
            weights: T::Models::entry(&batch.model)?.weights,
            answer_by: part.answer_by,
            partial_sheets: MAX_SHEETS.saturating_sub(1).saturating_sub(part.sheets),
            tasks: part
                .tasks
                .iter()
                .filter_map(|task| Some((id.task(task.place), inputs.get(usize::from(task.place))?.clone())))
                .collect(),
        })
    }
}

impl<T: Config> Duties for Pallet<T> {
    fn duties(solver: &AccountId, limit: u32) -> Vec<Duty> {
        let mut duties = Vec::new();
        let mut tasks = 0u32;
        for duty in Assigned::<T>::iter_key_prefix(solver).filter_map(|id| Self::duty(solver, id)) {
            tasks = tasks.saturating_add(duty.tasks.len() as u32);
            if tasks > limit && !duties.is_empty() {
                break;
            }
            duties.push(duty);
        }
        duties
    }
}
