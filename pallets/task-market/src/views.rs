//! What the off-chain worker, the node and those who check answers ask.

use crate::{
    limits::{MAX_SHEETS, MAX_TASKS},
    types::ClaimedAnswer,
    Assigned, Batches, Call, ClaimedAnswers, Config, Inputs, Pallet,
};
use alloc::vec::Vec;
use pensum_primitives::{
    task::{ClaimView, Duty, Trace},
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

    /// The traces of the answers that this call brings.
    pub fn traces_in(call: &Call<T>) -> Vec<(TaskId, Trace)> {
        match call {
            Call::answer { answers, .. } => answers
                .iter()
                .filter_map(|answer| Some((answer.task, answer.trace.clone()?)))
                .collect(),
            _ => Vec::new(),
        }
    }

    /// The answer to a task whose window is open.
    pub fn claim_view(task: TaskId) -> Option<ClaimView> {
        Self::view_of(task, ClaimedAnswers::<T>::get(task)?)
    }

    /// Answers whose window is open, after `after`, in order of their keys; at most `limit`, itself at most 256.
    pub fn claims(after: Option<TaskId>, limit: u32) -> Vec<ClaimView> {
        let claims = match after {
            Some(after) => ClaimedAnswers::<T>::iter_from(ClaimedAnswers::<T>::hashed_key_for(after)),
            None => ClaimedAnswers::<T>::iter(),
        };
        claims
            .filter_map(|(task, claimed)| Self::view_of(task, claimed))
            .take(limit.min(MAX_TASKS) as usize)
            .collect()
    }

    fn view_of(task: TaskId, claimed: ClaimedAnswer) -> Option<ClaimView> {
        let id = task.batch();
        let batch = Batches::<T>::get(id)?;
        Some(ClaimView {
            task,
            weights: T::Models::entry(&batch.model)?.weights,
            solver: batch.part_with(task.place())?.solver.clone(),
            model: batch.model,
            input: Inputs::<T>::get(id).get(usize::from(task.place()))?.clone(),
            output: claimed.output,
            trace: claimed.trace,
            claimed_at: claimed.claimed_at,
            until: claimed.until,
        })
    }

    /// The first batch id not yet used.
    pub fn next_batch() -> BatchId {
        crate::NextBatch::<T>::get()
    }

    fn duty(solver: &AccountId, id: BatchId) -> Option<Duty> {
        let batch = Batches::<T>::get(id)?;
        let part = batch.part_of(solver).filter(|part| part.is_working())?;
        let inputs = Inputs::<T>::get(id);
        Some(Duty {
            batch: id,
            model: batch.model,
            weights: T::Models::entry(&batch.model)?.weights,
            answer_by: part.answer_by,
            traced: batch.verification.is_traced(),
            blobs: batch.settles_at_once(),
            partial_sheets: match batch.settles_at_once() {
                true => MAX_SHEETS.saturating_sub(1).saturating_sub(part.sheets),
                false => 0,
            },
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
