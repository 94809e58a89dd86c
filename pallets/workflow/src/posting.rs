//! Posting: a ready step becomes a task.

use crate::{
    queue::Moved, types::Workflow, Answers, Config, Error, Event, HoldReason, Pallet, Plans, Workflows,
};
use alloc::vec::Vec;
use frame_support::{
    ensure,
    storage::with_storage_layer,
    traits::{
        fungibles::{hold::Mutate, Inspect},
        tokens::Precision::Exact,
        Defensive,
    },
    BoundedVec,
};
use pensum_primitives::{
    follower::Follower,
    task::Input,
    traits::Posting,
    workflow::{Source, Step, StepFailure, StepState, WorkflowId},
    Balance, TaskId,
};
use sp_runtime::DispatchError;

impl<T: Config> Pallet<T> {
    /// Posts a ready step, or skips it where its condition is not met.
    pub(crate) fn post_step(id: WorkflowId, place: u8) -> Moved {
        // A workflow that was cancelled since has no such step any more, or has ended.
        let Some(mut workflow) = Workflows::<T>::get(id) else {
            return Moved::default();
        };
        if workflow.state(place) != Some(StepState::Ready) {
            return Moved::default();
        }
        let state = match Plans::<T>::take(id, place).defensive() {
            Some(step) => Self::attempt(id, place, &mut workflow, step),
            None => StepState::Failed(StepFailure::NotPosted),
        };
        workflow.set(place, state);
        if !matches!(state, StepState::Posted(_)) {
            Self::deposit_event(Event::StepEnded {
                workflow: id,
                step: place,
                state,
            });
        }
        Self::go_on(id, workflow)
    }

    fn attempt(id: WorkflowId, place: u8, workflow: &mut Workflow, step: Step) -> StepState {
        if let Some(condition) = &step.condition {
            if !condition.accepts(&Answers::<T>::get(id, condition.step)) {
                return StepState::Skipped;
            }
        }
        let input = match &step.source {
            Source::Given(input) => input.clone(),
            // An answer is never longer than an input may be.
            Source::Output(from) => Input::Inline(BoundedVec::truncate_from(
                Answers::<T>::get(id, *from).into_inner(),
            )),
        };
        let refused = |error| {
            Self::deposit_event(Event::StepRefused {
                workflow: id,
                step: place,
                error,
            });
            StepState::Failed(StepFailure::NotPosted)
        };
        let cost = match Self::quote(&step, workflow.asset, input.len()) {
            Ok(cost) => cost,
            Err(error) => return refused(error),
        };
        let Some(rest) = workflow.budget.checked_sub(cost) else {
            return StepState::Failed(StepFailure::BudgetSpent);
        };
        match Self::post_within(id, place, workflow, &step, input, cost) {
            Ok(task) => {
                workflow.budget = rest;
                Self::deposit_event(Event::StepPosted {
                    workflow: id,
                    step: place,
                    task,
                    cost,
                });
                StepState::Posted(task)
            }
            Err(error) => refused(error),
        }
    }

    /// Hands what the task costs from the budget to the market. Both happen, or neither; and the market gets no more than that,
    /// whatever else the requester owns.
    fn post_within(
        id: WorkflowId,
        place: u8,
        workflow: &Workflow,
        step: &Step,
        input: Input,
        cost: Balance,
    ) -> Result<TaskId, DispatchError> {
        let (requester, asset) = (&workflow.requester, workflow.asset);
        with_storage_layer(|| {
            let before = T::Currencies::balance(asset, requester);
            T::Currencies::release(asset, &HoldReason::Budget.into(), requester, cost, Exact)?;
            let terms = Self::terms(step, asset);
            let follower = Follower::Workflow(id);
            let task = T::Posting::post_for(requester, terms, input, upstream(workflow, place), follower)?;
            ensure!(
                T::Currencies::balance(asset, requester) >= before,
                Error::<T>::DearerThanQuoted
            );
            Ok(task)
        })
    }
}

/// The tasks whose answers the step needed.
fn upstream(workflow: &Workflow, place: u8) -> Vec<TaskId> {
    let needs = workflow
        .steps
        .get(usize::from(place))
        .map(|progress| progress.needs());
    let mut tasks: Vec<TaskId> = needs
        .into_iter()
        .flatten()
        .filter_map(|need| match workflow.state(need) {
            Some(StepState::Answered(task)) => Some(task),
            _ => None,
        })
        .collect();
    tasks.dedup();
    tasks
}
