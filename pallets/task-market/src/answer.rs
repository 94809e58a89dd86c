//! Answers: replay, compare, settle.

use crate::{
    judge::{self, Claim, Judgement},
    settlement::{Answered, Bill},
    types::{self, Batch, OpenTask, Part, Sheet},
    weights::WeightInfo,
    Batches, Config, Error, Event, Inputs, Pallet,
};
use alloc::vec::Vec;
use frame_support::{ensure, weights::Weight};
use pensum_primitives::{
    model::ModelEntry,
    operator::OperatorId,
    solver::Fault,
    task::Answer,
    traits::{FaultReport, Models, Solvers},
    verdict::Reason,
    AccountId, Balance, BatchId,
};
use sp_runtime::{DispatchError, SaturatedConversion};

impl<T: Config> Pallet<T> {
    /// Judges and settles a sheet whose due the authorisation has checked in this very block. Returns its weight.
    pub(crate) fn do_answer(operator: &OperatorId, answers: &Sheet) -> Result<Weight, DispatchError> {
        let solver = T::Solvers::of_operator(operator).ok_or(Error::<T>::NotAssigned)?;
        let mut weight = Self::replay_weight(answers);
        for answers in by_batch(answers) {
            weight = weight.saturating_add(Self::answer_part(&solver, answers)?);
        }
        Ok(weight)
    }

    /// Settles the answers to one batch. Returns the weight of a hand-over if there was one.
    fn answer_part(solver: &AccountId, answers: &[Answer]) -> Result<Weight, DispatchError> {
        let id = answers.first().ok_or(Error::<T>::BatchNotOpen)?.task.batch();
        let mut batch = Batches::<T>::get(id).ok_or(Error::<T>::BatchNotOpen)?;
        let mut part = batch
            .take_part(|part| part.solver == *solver)
            .ok_or(Error::<T>::NotAssigned)?;
        let inputs = Inputs::<T>::get(id);
        let claims: Vec<Claim> = answers
            .iter()
            .filter_map(|answer| Claim::new(&part, &inputs, answer))
            .collect();
        ensure!(claims.len() == answers.len(), Error::<T>::NotAssigned);

        let mut hand_over_weight = Weight::zero();
        match Self::judge(&batch.model, &claims) {
            None => {
                Self::strike(id, &batch, &part);
                Self::refund_unreplayable(id, &batch, part, &inputs);
            }
            Some((entry, judgement)) => {
                Self::settle_judged(id, &batch, &mut part, &judgement, &entry);
                if !judgement.wrong.is_empty() {
                    hand_over_weight = T::WeightInfo::hand_over(1, part.count());
                    Self::strike(id, &batch, &part);
                    Self::report_wrong(id, &mut batch, part, &judgement);
                } else if part.tasks.is_empty() {
                    Self::strike(id, &batch, &part);
                } else {
                    part.sheets = part.sheets.saturating_add(1);
                    batch.parts.force_push(part);
                }
            }
        }
        Self::put(id, batch);
        Ok(hand_over_weight)
    }

    /// Ends the tasks that were answered right and those that nobody can answer, and takes them out of the part.
    fn settle_judged(
        id: BatchId,
        batch: &Batch,
        part: &mut Part,
        judgement: &Judgement<'_>,
        entry: &ModelEntry,
    ) {
        let solver = part.solver.clone();
        let mut bill = Bill::default();
        for claim in &judgement.agreed {
            let answered = Answered {
                task: &claim.task,
                solver: &solver,
                input: claim.input,
                output: &claim.answer.output,
                price: part.quote.price(&claim.task, batch.max_reward),
            };
            Self::settle(id, batch, answered, entry, &mut bill);
        }
        for claim in &judgement.unreadable {
            Self::refund(
                id,
                batch,
                Some(claim.input),
                &claim.task,
                Reason::InputUnreadable,
                0,
                &mut bill,
            );
        }
        Self::pay(&batch.requester, Some(&solver), Some(&entry.publisher), bill);

        let agreed = judge::tasks(&judgement.agreed);
        let unreadable = judge::tasks(&judgement.unreadable);
        if !agreed.is_empty() {
            let reward = part.price_of(&agreed, batch.max_reward);
            T::Solvers::agreed(&solver, agreed.len() as u32, types::bond(&agreed), reward);
            for slash in core::mem::take(&mut part.repairs) {
                T::Solvers::name_rescuer(slash, &solver);
            }
        }
        Self::release_stake(&solver, part, &unreadable, batch.max_reward);
        part.tasks
            .retain(|task| !types::holds(&agreed, task.place) && !types::holds(&unreadable, task.place));
    }

    /// Reports wrong answers as one fault and hands over all that the solver still held of the batch.
    fn report_wrong(id: BatchId, batch: &mut Batch, part: Part, judgement: &Judgement<'_>) {
        let wrong = judge::tasks(&judgement.wrong);
        let spared: Vec<OpenTask> = part
            .tasks
            .iter()
            .filter(|task| !types::holds(&wrong, task.place))
            .copied()
            .collect();
        let Some(first) = types::ids(id, &wrong).next() else {
            return;
        };
        let slash = T::Solvers::fault(
            &part.solver,
            FaultReport {
                task: first,
                fault: Fault::Wrong,
                bond: types::bond(&wrong),
                tasks: wrong.len() as u32,
                reward: part.price_of(&wrong, batch.max_reward),
                harmed: batch.requester.clone(),
                evidence: judgement.evidence,
            },
        );
        Self::release_stake(&part.solver, &part, &spared, batch.max_reward);
        for task in types::ids(id, &wrong) {
            Self::deposit_event(Event::AnswerRejected {
                task,
                solver: part.solver.clone(),
            });
        }
        Self::deposit_event(Event::AssignmentFailed {
            batch: id,
            solver: part.solver.clone(),
            slash,
        });
        Self::hand_over(id, batch, part, slash, Self::now());
    }

    /// Refunds a part whose model left the chain, rather than let it time out on an innocent solver.
    fn refund_unreplayable(id: BatchId, batch: &Batch, part: Part, inputs: &types::Inputs) {
        log::warn!(target: "pensum::market", "model {} of batch {id} cannot be replayed any more", batch.model);
        Self::release_stake(&part.solver, &part, &part.tasks, batch.max_reward);
        Self::refund_all(id, batch, inputs, &part.tasks, Reason::ModelGone);
    }

    /// Gives a solver its stake behind some of its tasks back, through nobody's fault.
    pub(crate) fn release_stake(solver: &AccountId, part: &Part, tasks: &[OpenTask], max_reward: Balance) {
        if !tasks.is_empty() {
            let reward = part.price_of(tasks, max_reward);
            T::Solvers::released(solver, tasks.len() as u32, types::bond(tasks), reward, false);
        }
    }

    /// Upper bound of the weight of answering this sheet, without its authorisation: settling and replaying it, and handing
    /// over every part in it. Answers to nothing that lives weigh nothing: they never get into a block.
    pub(crate) fn answer_weight(answers: &Sheet) -> Weight {
        Self::sheet_weight_with(answers, |batch| T::WeightInfo::hand_over(1, batch.tasks()))
    }

    /// Weight of replaying and settling this sheet, if all of it is right.
    fn replay_weight(answers: &Sheet) -> Weight {
        Self::sheet_weight_with(answers, |_| Weight::zero())
    }

    /// Reads the batches and their models, which validation and dispatch read again from the cache.
    fn sheet_weight_with(answers: &Sheet, of_batch: impl Fn(&Batch) -> Weight) -> Weight {
        by_batch(answers).fold(Weight::zero(), |weight, answers| {
            let Some(batch) = answers
                .first()
                .and_then(|answer| Batches::<T>::get(answer.task.batch()))
            else {
                return weight;
            };
            let entry = T::Models::entry(&batch.model);
            let lens = answers
                .iter()
                .filter_map(|answer| batch.part_with(answer.task.place())?.task(answer.task.place()))
                .map(|task| task.len);
            let work = lens.fold(0, |work: u64, len| {
                work.saturating_add(entry.as_ref().map_or(0, |entry| entry.cost(len)))
            });
            weight
                .saturating_add(T::WeightInfo::answer(1, answers.len().saturated_into()))
                .saturating_add(T::WeightInfo::load_graph(1))
                .saturating_add(T::WeightInfo::replay(work))
                .saturating_add(of_batch(&batch))
        })
    }
}

/// The answers of a sheet, batch by batch.
pub(crate) fn by_batch(answers: &[Answer]) -> impl Iterator<Item = &[Answer]> {
    answers.chunk_by(|one, next| one.task.batch() == next.task.batch())
}
