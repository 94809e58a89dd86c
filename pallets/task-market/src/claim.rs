//! Claimed answers: kept until their window has passed, then settled.

use crate::{
    payment::Bill,
    settlement::{Answered, Ground},
    types::{Batch, ClaimedAnswer, OpenTask, Part, PartState},
    Agenda, Batches, ClaimedAnswers, Config, Error, Event, Inputs, Pallet,
};
use alloc::vec::Vec;
use codec::Encode;
use frame_support::{ensure, traits::Defensive};
use pensum_primitives::{
    task::{Answer, Trace},
    traits::Disputes,
    BatchId, BlockNumber, Digest, TaskId,
};
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
    /// Keeps the answers to all tasks of a part that was taken out of its batch, and puts it back as claimed.
    pub(crate) fn claim_part(
        id: BatchId,
        mut batch: Batch,
        mut part: Part,
        answers: &[Answer],
    ) -> DispatchResult {
        let all = answers.len() == part.tasks.len()
            && answers
                .iter()
                .all(|answer| part.task(answer.task.place()).is_some());
        ensure!(all, Error::<T>::NotAssigned);
        Self::strike(id, &batch, &part);
        let claimed_at = Self::now();
        let until = claimed_at.saturating_add(batch.verification.window());
        for answer in answers {
            let trace = answer.trace.as_ref().map(digest_of);
            ClaimedAnswers::<T>::insert(
                answer.task,
                ClaimedAnswer {
                    output: answer.output.clone(),
                    trace,
                    claimed_at,
                    until,
                },
            );
            Self::deposit_event(Event::TaskClaimed {
                task: answer.task,
                solver: part.solver.clone(),
                output: answer.output.clone(),
                trace,
                settles_at: until.saturating_add(1),
            });
        }
        part.state = PartState::Claimed;
        Self::schedule(id, &mut batch, part, until);
        if batch.verification.is_traced() {
            let tasks: Vec<TaskId> = answers.iter().map(|answer| answer.task).collect();
            T::Disputes::claimed(&tasks);
        }
        Batches::<T>::insert(id, batch);
        Ok(())
    }

    /// Puts a claimed part that was taken out of its batch and the agenda back, to be looked at when this block has passed.
    pub(crate) fn schedule(id: BatchId, batch: &mut Batch, mut part: Part, until: BlockNumber) {
        part.answer_by = until;
        Agenda::<T>::insert(until, id, ());
        batch.parts.force_push(part);
    }

    /// Settles the answers whose window has passed, of a part that was taken out of its batch and the agenda. Puts the part back
    /// if some are postponed.
    pub(crate) fn settle_claims(id: BatchId, batch: &mut Batch, mut part: Part, now: BlockNumber) {
        let (due, open): (Vec<_>, Vec<_>) = part
            .tasks
            .iter()
            .filter_map(|task| {
                let claimed = ClaimedAnswers::<T>::get(id.task(task.place)).defensive()?;
                Some((*task, claimed))
            })
            .partition(|(_, claimed)| claimed.until < now);
        let settled = due.into_iter().map(|(task, claimed)| {
            let evidence = claimed.trace.unwrap_or_else(|| Ground::WindowPassed.digest());
            (task, claimed, evidence)
        });
        Self::settle_answers(id, batch, &mut part, settled.collect());
        let next = open.iter().map(|(_, claimed)| claimed.until).min();
        if let Some(until) = next {
            Self::schedule(id, batch, part, until);
        }
    }

    /// Pays for answers that proved good, each with the evidence for it, and takes their tasks out of the part.
    pub(crate) fn settle_answers(
        id: BatchId,
        batch: &Batch,
        part: &mut Part,
        answers: Vec<(OpenTask, ClaimedAnswer, Digest)>,
    ) {
        let inputs = Inputs::<T>::get(id);
        let tariff = Self::tariff(&batch.model);
        let mut bill = Bill::default();
        for (task, claimed, evidence) in &answers {
            let price = part.quote.price(task, batch.max_reward);
            let answered = Answered {
                task,
                input: inputs.get(usize::from(task.place)),
                output: &claimed.output,
                solvers: &[(part.solver.clone(), batch.cost(price))],
                evidence: *evidence,
            };
            Self::settle(id, batch, answered, &tariff, &mut bill);
            Self::end_claim(id.task(task.place), claimed);
        }
        Self::pay(batch, &tariff, bill);
        let tasks: Vec<OpenTask> = answers.into_iter().map(|(task, _, _)| task).collect();
        Self::reward(part, &tasks, batch.max_reward);
        part.tasks.retain(|task| !crate::types::holds(&tasks, task.place));
    }

    /// Forgets a claimed answer, and has whoever audits it forget it too.
    pub(crate) fn end_claim(task: TaskId, claimed: &ClaimedAnswer) {
        ClaimedAnswers::<T>::remove(task);
        if claimed.trace.is_some() {
            T::Disputes::ended(task);
        }
    }
}

/// Digest of a trace. As `trace_digest`, but hashed by the host.
fn digest_of(trace: &Trace) -> Digest {
    sp_io::hashing::blake2_256(&trace.encode()).into()
}
