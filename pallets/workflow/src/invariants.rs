//! Invariants, checked after every test, in the property test and by `try-runtime`.

use crate::{
    types::{is_unposted, Work, Workflow},
    Answers, Config, HoldReason, NextWorkflow, Owned, Pallet, Plans, Queue, QueueSpan, Stranded, Workflows,
};
use alloc::collections::{BTreeMap, BTreeSet};
use frame_support::{ensure, traits::fungibles::InspectHold};
use pensum_primitives::{
    workflow::{StepState, WorkflowId},
    AccountId, AssetId, Balance, TaskId,
};
use sp_runtime::TryRuntimeError;

/// What the queue holds.
#[derive(Default)]
struct Queued {
    posts: BTreeSet<(WorkflowId, u8)>,
    ended: BTreeSet<(WorkflowId, TaskId)>,
}

impl<T: Config> Pallet<T> {
    /// 1. What is on hold for each requester in each asset is exactly what is left of the budgets of its live workflows and what is
    ///    stranded, and a workflow of which nothing is left to be posted has no budget.
    /// 2. Nothing can be stuck: every ready step stands in the queue, every waiting one waits for a step that lives, and a live
    ///    workflow has a live step.
    /// 3. The queue has no gaps and nothing outside its span, names nothing twice, and each ended task in it is one that its
    ///    workflow knows as running.
    /// 4. Nothing is left behind and nothing is missing: plans exist for the steps still to be posted and no others, answers for
    ///    answered steps of live workflows only, and for each that a step still to be posted needs.
    /// 5. The requesters' lists name the live workflows and nothing else.
    /// 6. Workflow ids are used once.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let queued = Self::check_queue()?;
        let mut budgets = BTreeMap::<(AccountId, Option<AssetId>), Balance>::new();
        let (mut plans, mut live) = (0, 0);
        for (id, workflow) in Workflows::<T>::iter() {
            ensure!(
                id < NextWorkflow::<T>::get(),
                "a workflow has an id that is still to come"
            );
            ensure!(!workflow.is_over(), "a live workflow has a live step");
            ensure!(
                Owned::<T>::contains_key(&workflow.requester, id),
                "a workflow is not in its requester's list"
            );
            Self::check_steps(id, &workflow, &queued)?;
            plans = workflow.unposted().count().saturating_add(plans);
            ensure!(
                workflow.budget == 0 || workflow.unposted().next().is_some(),
                "a budget outlived its use"
            );
            let sum = budgets.entry((workflow.requester, workflow.asset)).or_default();
            *sum = sum.saturating_add(workflow.budget);
            live = 1usize.saturating_add(live);
        }
        ensure!(
            Owned::<T>::iter_keys().count() == live,
            "a list names what does not live"
        );
        ensure!(
            Plans::<T>::iter_keys().count() == plans,
            "a plan outlived its step"
        );
        for (id, step) in Answers::<T>::iter_keys() {
            let state = Workflows::<T>::get(id).and_then(|workflow| workflow.state(step));
            ensure!(
                matches!(state, Some(StepState::Answered(_))),
                "an answer without its step"
            );
        }
        for (requester, asset, amount) in Stranded::<T>::iter() {
            ensure!(amount > 0, "nothing is stranded");
            let sum = budgets.entry((requester, Some(asset))).or_default();
            *sum = sum.saturating_add(amount);
        }
        for ((requester, asset), sum) in budgets {
            let on_hold = T::Currencies::balance_on_hold(asset, &HoldReason::Budget.into(), &requester);
            ensure!(
                on_hold == sum,
                "what is on hold is not what is left of the budgets"
            );
        }
        Ok(())
    }

    fn check_queue() -> Result<Queued, TryRuntimeError> {
        let span = QueueSpan::<T>::get();
        let length = span.next.saturating_sub(span.first);
        ensure!(
            Queue::<T>::iter_keys().count() as u64 == length,
            "the queue has gaps"
        );
        let mut queued = Queued::default();
        for (place, work) in Queue::<T>::iter() {
            ensure!(
                (span.first..span.next).contains(&place),
                "work outside the queue's span"
            );
            match work {
                Work::Post { workflow, step } => {
                    ensure!(queued.posts.insert((workflow, step)), "a step is queued twice");
                }
                Work::Ended { workflow, task, .. } => {
                    ensure!(queued.ended.insert((workflow, task)), "a task ended twice");
                    let runs = Workflows::<T>::get(workflow).and_then(|workflow| workflow.running_as(task));
                    ensure!(runs.is_some(), "a task ended that does not run");
                }
            }
        }
        Ok(queued)
    }

    fn check_steps(id: WorkflowId, workflow: &Workflow, queued: &Queued) -> Result<(), TryRuntimeError> {
        let lives = |step| {
            let state = workflow.state(step);
            state.is_some_and(|state| is_unposted(&state) || matches!(state, StepState::Posted(_)))
        };
        for (place, progress) in workflow.places() {
            ensure!(
                progress.needs().all(|need| need < place),
                "a step names one that is not before it"
            );
            ensure!(
                is_unposted(&progress.state) == Plans::<T>::contains_key(id, place),
                "a plan without its step, or a step without its plan"
            );
            match progress.state {
                StepState::Waiting => {
                    ensure!(progress.needs().any(lives), "a step waits for nothing that lives");
                }
                StepState::Ready => {
                    ensure!(
                        queued.posts.contains(&(id, place)),
                        "a ready step is not in the queue"
                    );
                }
                _ => continue,
            }
            for need in progress.needs() {
                let answered = matches!(workflow.state(need), Some(StepState::Answered(_)));
                ensure!(
                    !answered || Answers::<T>::contains_key(id, need),
                    "an answer is missing that a step needs"
                );
            }
        }
        Ok(())
    }
}
