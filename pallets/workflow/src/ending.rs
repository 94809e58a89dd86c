//! Ending: of steps, and with the last of them of the workflow.

use crate::{
    queue::Moved,
    types::{Work, Workflow},
    Answers, Config, Event, HoldReason, Owned, Pallet, Plans, Workflows,
};
use frame_support::{
    defensive,
    traits::{
        fungibles::hold::Mutate,
        tokens::{Fortitude::Force, Precision::Exact},
        Defensive,
    },
};
use pensum_primitives::{
    task::Output,
    verdict::Outcome,
    workflow::{StepFailure, StepState, WorkflowId},
    TaskId,
};

impl<T: Config> Pallet<T> {
    /// Takes note of an ended task.
    pub(crate) fn end_step(id: WorkflowId, task: TaskId, outcome: Outcome, output: Option<Output>) -> Moved {
        let Some(mut workflow) = Workflows::<T>::get(id).defensive() else {
            return Moved::default();
        };
        let Some(step) = workflow.running_as(task).defensive() else {
            return Moved::default();
        };
        let state = match outcome {
            Outcome::Answered => StepState::Answered(task),
            Outcome::Refunded(reason) => StepState::Failed(StepFailure::Refunded(task, reason)),
        };
        workflow.set(step, state);
        if outcome == Outcome::Answered && workflow.is_needed(step) {
            Answers::<T>::insert(id, step, output.unwrap_or_default());
        }
        Self::deposit_event(Event::StepEnded {
            workflow: id,
            step,
            state,
        });
        Self::go_on(id, workflow)
    }

    /// Moves on every step that need not wait any longer, and stores the workflow.
    pub(crate) fn go_on(id: WorkflowId, mut workflow: Workflow) -> Moved {
        let moved = workflow.advance();
        for (step, state) in &moved {
            if *state == StepState::Ready {
                Self::push(Work::Post {
                    workflow: id,
                    step: *step,
                });
            } else {
                Plans::<T>::remove(id, step);
                Self::deposit_event(Event::StepEnded {
                    workflow: id,
                    step: *step,
                    state: *state,
                });
            }
        }
        Moved {
            steps: moved.len() as u32,
            in_asset: workflow.asset.is_some(),
            ended: Self::put(id, workflow),
        }
    }

    /// Stores a workflow, or ends it with its last step; then it returns how many steps it had.
    pub(crate) fn put(id: WorkflowId, mut workflow: Workflow) -> u32 {
        // What can be posted no more needs no budget; its requester need not wait for what runs.
        if workflow.unposted().next().is_none() {
            Self::release_budget(id, &mut workflow);
        }
        if !workflow.is_over() {
            Workflows::<T>::insert(id, workflow);
            return 0;
        }
        Workflows::<T>::remove(id);
        Owned::<T>::remove(&workflow.requester, id);
        for step in workflow.kept_answers() {
            Answers::<T>::remove(id, step);
        }
        let count = workflow.steps.len() as u32;
        Self::deposit_event(Event::WorkflowEnded {
            workflow: id,
            steps: workflow.states(),
            requester: workflow.requester,
        });
        count
    }

    fn release_budget(id: WorkflowId, workflow: &mut Workflow) {
        let (requester, asset, amount) = (workflow.requester.clone(), workflow.asset, workflow.budget);
        if amount == 0 {
            return;
        }
        workflow.budget = 0;
        if Self::release(&requester, asset, amount) {
            Self::deposit_event(Event::BudgetReleased {
                workflow: id,
                requester,
                amount,
                asset,
            });
        } else if let Some(asset) = asset {
            Self::strand(id, requester, asset, amount);
        } else {
            // Only where account and budget together are below the existential deposit. Left on hold it would stay there for ever.
            let reason = HoldReason::Budget.into();
            if T::Currencies::burn_held(None, &reason, &requester, amount, Exact, Force).is_err() {
                defensive!("the budget of a live workflow is on hold");
            }
            Self::deposit_event(Event::BudgetBurned {
                workflow: id,
                requester,
                amount,
            });
        }
    }
}
