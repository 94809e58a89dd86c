//! What is stored of live workflows.

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{traits::ConstU32, BoundedVec};
use pensum_primitives::{
    task::Output,
    verdict::Outcome,
    workflow::{Source, Step, StepFailure, StepState, WorkflowId, MAX_STEPS},
    AccountId, AssetId, Balance, TaskId,
};
use scale_info::TypeInfo;

/// The steps of a workflow, in order.
pub type Steps = BoundedVec<Step, ConstU32<MAX_STEPS>>;
/// Where each step stands, in order.
pub type StepStates = BoundedVec<StepState, ConstU32<MAX_STEPS>>;

/// A live workflow. What its steps ask for lies in cold storage.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Workflow {
    /// Who asked, and whose budget it is.
    pub requester: AccountId,
    /// What is left of the budget, and on hold, in units of `asset`.
    #[codec(compact)]
    pub budget: Balance,
    /// The asset that pays for all its steps; none is PEN.
    pub asset: Option<AssetId>,
    /// The steps, in order.
    pub steps: BoundedVec<Progress, ConstU32<MAX_STEPS>>,
}

/// What is hot of a step.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Progress {
    /// Where it stands.
    pub state: StepState,
    /// The step on whose answer it depends whether it runs.
    pub condition: Option<u8>,
    /// The step whose answer it reads.
    pub source: Option<u8>,
}

impl From<&Step> for Progress {
    fn from(step: &Step) -> Self {
        Self {
            state: StepState::Waiting,
            condition: step.condition.as_ref().map(|condition| condition.step),
            source: match step.source {
                Source::Given(_) => None,
                Source::Output(from) => Some(from),
            },
        }
    }
}

impl Progress {
    /// The steps whose answers it needs.
    pub fn needs(self) -> impl Iterator<Item = u8> {
        self.condition.into_iter().chain(self.source)
    }
}

/// Whether a step is still to be posted.
pub const fn is_unposted(state: &StepState) -> bool {
    matches!(state, StepState::Waiting | StepState::Ready)
}

impl Workflow {
    /// A workflow none of whose steps has begun.
    pub fn new(requester: AccountId, budget: Balance, asset: Option<AssetId>, steps: &Steps) -> Self {
        Self {
            requester,
            budget,
            asset,
            steps: BoundedVec::truncate_from(steps.iter().map(Progress::from).collect()),
        }
    }

    /// Where a step stands.
    pub fn state(&self, step: u8) -> Option<StepState> {
        self.steps.get(usize::from(step)).map(|progress| progress.state)
    }

    /// Where all steps stand.
    pub fn states(&self) -> StepStates {
        BoundedVec::truncate_from(self.steps.iter().map(|progress| progress.state).collect())
    }

    /// Puts a step somewhere else.
    pub fn set(&mut self, step: u8, state: StepState) {
        if let Some(progress) = self.steps.get_mut(usize::from(step)) {
            progress.state = state;
        }
    }

    /// The steps with their places.
    pub fn places(&self) -> impl Iterator<Item = (u8, &Progress)> {
        (0..=u8::MAX).zip(&self.steps)
    }

    /// The step that runs as this task.
    pub fn running_as(&self, task: TaskId) -> Option<u8> {
        self.places()
            .find(|(_, progress)| progress.state == StepState::Posted(task))
            .map(|(place, _)| place)
    }

    /// The tasks that run.
    pub fn running(&self) -> impl Iterator<Item = TaskId> + '_ {
        self.steps.iter().filter_map(|progress| match progress.state {
            StepState::Posted(task) => Some(task),
            _ => None,
        })
    }

    /// The steps that are still to be posted.
    pub fn unposted(&self) -> impl Iterator<Item = u8> + '_ {
        self.places()
            .filter(|(_, progress)| is_unposted(&progress.state))
            .map(|(place, _)| place)
    }

    /// Whether a step that is still to be posted needs the answer of this one.
    pub fn is_needed(&self, step: u8) -> bool {
        self.steps
            .iter()
            .any(|progress| is_unposted(&progress.state) && progress.needs().any(|need| need == step))
    }

    /// Steps whose answers may be kept for others.
    pub fn kept_answers(&self) -> impl Iterator<Item = u8> + '_ {
        self.places()
            .filter(|(place, progress)| {
                let named = self
                    .steps
                    .iter()
                    .any(|other| other.needs().any(|need| need == *place));
                named && matches!(progress.state, StepState::Answered(_))
            })
            .map(|(place, _)| place)
    }

    /// Whether no step lives any more.
    pub fn is_over(&self) -> bool {
        self.unposted().next().is_none() && self.running().next().is_none()
    }

    /// Moves every waiting step on that need not wait any longer, and returns which and whereto. One pass is enough, since steps
    /// name earlier ones only.
    pub fn advance(&mut self) -> Vec<(u8, StepState)> {
        let mut moved = Vec::new();
        for place in 0..self.steps.len() as u8 {
            let Some(progress) = self.steps.get(usize::from(place)).copied() else {
                continue;
            };
            if progress.state != StepState::Waiting {
                continue;
            }
            let state = self.after_waiting(progress);
            if state != StepState::Waiting {
                self.set(place, state);
                moved.push((place, state));
            }
        }
        moved
    }

    /// Where a waiting step comes to. One that cannot run is not kept waiting for what else it needs.
    fn after_waiting(&self, progress: Progress) -> StepState {
        let mut answered = true;
        for need in progress.needs() {
            match self.state(need) {
                Some(StepState::Answered(_)) => (),
                Some(StepState::Skipped) => return StepState::Skipped,
                Some(StepState::Failed(_)) => return StepState::Failed(StepFailure::Upstream(need)),
                _ => answered = false,
            }
        }
        if answered {
            StepState::Ready
        } else {
            StepState::Waiting
        }
    }
}

/// What is to be done in one of the next blocks.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum Work {
    /// A ready step is to be posted, or skipped where its condition is not met.
    Post {
        /// Its workflow.
        workflow: WorkflowId,
        /// The step.
        step: u8,
    },
    /// A task has ended.
    Ended {
        /// The workflow that posted it.
        workflow: WorkflowId,
        /// The task.
        task: TaskId,
        /// How it ended.
        outcome: Outcome,
        /// Its answer, if it was answered.
        output: Option<Output>,
    },
}

/// The places of the queue that are taken: from `first` on, up to and without `next`.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, Default, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Span {
    /// What is done next.
    pub first: u64,
    /// The first free place.
    pub next: u64,
}
