//! Convictions: claimed answers that are proven wrong, not opened, or void because the model is broken.

use crate::{
    types::{Batch, OpenTask, OpenTasks, Part},
    Batches, ClaimedAnswers, Config, Event, Inputs, Pallet,
};
use pensum_primitives::{
    solver::Fault,
    traits::{Claim, Claims, FaultReport, Solvers},
    verdict::Reason,
    AccountId, BatchId, BlockNumber, Digest, SlashId, TaskId,
};

impl<T: Config> Claims for Pallet<T> {
    fn claim(task: TaskId) -> Option<Claim> {
        let claimed = ClaimedAnswers::<T>::get(task)?;
        let trace = claimed.trace?;
        let batch = Batches::<T>::get(task.batch())?;
        let part = batch.part_with(task.place())?;
        let price = part.quote.price(part.task(task.place())?, batch.max_reward);
        Some(Claim {
            solver: part.solver.clone(),
            model: batch.model,
            input: Inputs::<T>::get(task.batch())
                .get(usize::from(task.place()))?
                .clone(),
            trace,
            until: claimed.until,
            price,
        })
    }

    fn convict(task: TaskId, fault: Fault, prover: Option<&AccountId>, evidence: Digest) {
        let Some(Disproven {
            id,
            mut batch,
            part,
            task,
        }) = Self::take_disproven(task)
        else {
            return;
        };
        let slash = Self::report(id, &batch, &part, &task, fault, evidence);
        // Whoever proved it has the rescuer's share. Where an audit found it the treasury has it, and not whoever answers the task
        // next: that answer is unproven too, and in simulation the share made up half of what audits take from cheaters.
        if let (Some(slash), Some(prover)) = (slash, prover) {
            T::Solvers::name_rescuer(slash, prover);
        }
        let taken = Part {
            tasks: only(task),
            ..part
        };
        Self::hand_over(id, &mut batch, taken, None, Self::now());
        Self::put(id, batch);
    }

    fn void(task: TaskId) {
        if let Some(Disproven {
            id,
            batch,
            part,
            task,
        }) = Self::take_disproven(task)
        {
            Self::release_stake(&part.solver, &part, &[task], batch.max_reward);
            Self::refund_all(id, &batch, &Inputs::<T>::get(id), &[task], Reason::ModelBroken);
            Self::put(id, batch);
        }
    }

    fn postpone(task: TaskId, until: BlockNumber) {
        ClaimedAnswers::<T>::mutate_extant(task, |claimed| {
            if claimed.trace.is_some() && claimed.until < until {
                claimed.until = until;
                Self::deposit_event(Event::ClaimPostponed {
                    task,
                    settles_at: until.saturating_add(1),
                });
            }
        });
    }
}

/// A task whose claimed answer does not count, taken out of its part.
struct Disproven {
    id: BatchId,
    batch: Batch,
    /// The part that held it; it lives on in the batch with its other tasks, if it has any.
    part: Part,
    task: OpenTask,
}

impl<T: Config> Pallet<T> {
    /// Takes a claimed task that can be disproven out of its part, and forgets its answer.
    fn take_disproven(task: TaskId) -> Option<Disproven> {
        let (id, place) = (task.batch(), task.place());
        let claimed = ClaimedAnswers::<T>::get(task).filter(|claimed| claimed.trace.is_some())?;
        let mut batch = Batches::<T>::get(id)?;
        let part = batch.take_part(|part| part.task(place).is_some())?;
        let task = *part.task(place)?;
        let mut rest = part.clone();
        rest.tasks.retain(|other| other.place != place);
        if rest.tasks.is_empty() {
            Self::strike(id, &batch, &part);
        } else {
            batch.parts.force_push(rest);
        }
        Self::end_claim(id.task(place), &claimed);
        Some(Disproven {
            id,
            batch,
            part,
            task,
        })
    }

    /// Reports the fault of a claimed answer.
    pub(crate) fn report(
        id: BatchId,
        batch: &Batch,
        part: &Part,
        task: &OpenTask,
        fault: Fault,
        evidence: Digest,
    ) -> Option<SlashId> {
        let task_id = id.task(task.place);
        let slash = T::Solvers::fault(
            &part.solver,
            FaultReport {
                task: task_id,
                fault,
                bond: task.bond,
                tasks: 1,
                reward: part.quote.price(task, batch.max_reward),
                harmed: batch.requester.clone(),
                evidence,
            },
        );
        Self::deposit_event(Event::AnswerRejected {
            task: task_id,
            solver: part.solver.clone(),
        });
        Self::deposit_event(Event::AssignmentFailed {
            batch: id,
            solver: part.solver.clone(),
            slash,
        });
        slash
    }
}

/// One task on its own.
fn only(task: OpenTask) -> OpenTasks {
    OpenTasks::truncate_from(alloc::vec![task])
}
