//! Answers: replay, compare, settle.

use crate::{
    judge::{self, Judgement, Statement},
    payment::{Bill, Tariff},
    settlement::Answered,
    sheet::by_batch,
    types::{self, Batch, OpenTask, Part, Repairs, Sheet},
    Batches, Config, Error, Event, Inputs, Pallet,
};
use alloc::vec::Vec;
use frame_support::{ensure, weights::Weight};
use pensum_primitives::{
    model::ModelEntry,
    operator::OperatorId,
    solver::Fault,
    task::Answer,
    traits::{FaultReport, Solvers},
    verdict::Reason,
    AccountId, Balance, BatchId,
};
use sp_runtime::DispatchError;

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
            .filter(Part::is_working)
            .ok_or(Error::<T>::NotAssigned)?;
        if !batch.settles_at_once() {
            Self::claim_part(id, batch, part, answers)?;
            return Ok(Weight::zero());
        }
        let inputs = Inputs::<T>::get(id);
        let statements: Vec<Statement> = answers
            .iter()
            .filter_map(|answer| Statement::new(&part, &inputs, answer))
            .collect();
        ensure!(statements.len() == answers.len(), Error::<T>::NotAssigned);

        let mut hand_over_weight = Weight::zero();
        match Self::judge(&batch.model, &statements) {
            None => {
                Self::strike(id, &batch, &part);
                Self::refund_unreplayable(id, &batch, part, &inputs);
            }
            Some((entry, judgement)) => {
                Self::settle_judged(id, &batch, &mut part, &judgement, entry);
                if !judgement.wrong.is_empty() {
                    hand_over_weight = Self::hand_over_weight(&batch, part.count());
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
        entry: ModelEntry,
    ) {
        let solver = part.solver.clone();
        let evidence = entry.weights;
        let tariff = Tariff::from(entry);
        let mut bill = Bill::default();
        for statement in &judgement.agreed {
            let price = part.quote.price(&statement.task, batch.max_reward);
            let answered = Answered {
                task: &statement.task,
                input: Some(statement.input),
                output: &statement.answer.output,
                solvers: &[(solver.clone(), batch.cost(price))],
                evidence,
            };
            Self::settle(id, batch, answered, &tariff, &mut bill);
        }
        for statement in &judgement.unreadable {
            let input = Some(statement.input);
            let reason = Reason::InputUnreadable;
            Self::refund(id, batch, input, &statement.task, reason, 0, &mut bill);
        }
        Self::pay(batch, &tariff, bill);

        let agreed = judge::tasks(&judgement.agreed);
        let unreadable = judge::tasks(&judgement.unreadable);
        Self::reward(part, &agreed, batch.max_reward);
        Self::release_stake(&solver, part, &unreadable, batch.max_reward);
        part.tasks
            .retain(|task| !types::holds(&agreed, task.place) && !types::holds(&unreadable, task.place));
    }

    /// Gives a solver its stake behind tasks back that it answered right, and names it the rescuer of those that failed them.
    pub(crate) fn reward(part: &mut Part, agreed: &[OpenTask], max_reward: Balance) {
        if agreed.is_empty() {
            return;
        }
        let reward = part.price_of(agreed, max_reward);
        T::Solvers::agreed(&part.solver, agreed.len() as u32, types::bond(agreed), reward);
        Self::name_rescuer(&mut part.repairs, &part.solver);
    }

    /// Names whoever answered first the rescuer of all who failed before.
    fn name_rescuer(repairs: &mut Repairs, rescuer: &AccountId) {
        for slash in core::mem::take(repairs) {
            T::Solvers::name_rescuer(slash, rescuer);
        }
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
}
