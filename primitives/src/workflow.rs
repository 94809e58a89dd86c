//! Workflows: several tasks posted at once, of which some read what others answered.

use crate::{
    matching::Matching,
    task::{Input, Output},
    verdict::Reason,
    verification::Verification,
    Balance, BlockNumber, ModelId, TaskId,
};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_core::{bounded::BoundedVec, ConstU32};

/// Most steps of a workflow.
pub const MAX_STEPS: u32 = 32;
/// Most steps on one path from the first to the last: what a requester waits for, one after the other.
pub const MAX_DEPTH: u32 = 8;
/// Most values that a condition accepts.
pub const MAX_ACCEPTED: u32 = 32;

/// A workflow's id.
pub type WorkflowId = u64;

/// Where a step's input comes from.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum Source {
    /// It is given.
    Given(Input),
    /// It is the answer of an earlier step.
    Output(u8),
}

/// Under which answer of an earlier step a step runs.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Condition {
    /// The earlier step.
    pub step: u8,
    /// The answers with which this one runs; with any other it is skipped.
    pub accepted: BoundedVec<BoundedVec<u8, ConstU32<64>>, ConstU32<MAX_ACCEPTED>>,
}

impl Condition {
    /// Whether this answer is among the accepted ones.
    pub fn accepts(&self, output: &Output) -> bool {
        self.accepted
            .iter()
            .any(|accepted| accepted.as_slice() == output.as_slice())
    }
}

/// One step: a task still to be posted.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Step {
    /// The model.
    pub model: ModelId,
    /// What it reads. Steps name earlier steps only, so that there is no cycle.
    pub source: Source,
    /// Whether it runs at all.
    pub condition: Option<Condition>,
    /// Most that the task may cost, in units of the workflow's asset.
    pub max_reward: Balance,
    /// Blocks from its posting to its deadline.
    pub patience: BlockNumber,
    /// How its solver is chosen.
    pub matching: Matching,
    /// How its answer is verified.
    pub verification: Verification,
    /// Least reputation of its solver, in parts per million.
    pub min_reputation: u32,
    /// Take the model even if it is flagged.
    pub allow_flagged: bool,
}

/// Where a step stands.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    Debug,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    /// It waits for earlier steps.
    Waiting,
    /// All it waits for is there; it is posted in one of the next blocks, or skipped where its condition is not met.
    Ready,
    /// It is posted as this task.
    Posted(TaskId),
    /// Its task was answered.
    Answered(TaskId),
    /// It has no answer.
    Failed(StepFailure),
    /// Its condition was not met, or a step whose answer it needs was skipped.
    Skipped,
}

/// Why a step has no answer.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    Debug,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum StepFailure {
    /// Its task was refunded.
    Refunded(TaskId, Reason),
    /// A step whose answer it needs failed.
    Upstream(u8),
    /// The market refused to post it: no offer within its cap, an input of the wrong shape, a model flagged since.
    NotPosted,
    /// The rest of the budget does not cover it.
    BudgetSpent,
    /// The requester cancelled the workflow.
    Cancelled,
}

/// What RPC tells about a workflow.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub struct WorkflowView {
    /// Its id.
    pub id: WorkflowId,
    /// Who asked.
    pub requester: crate::AccountId,
    /// What is left of its budget, in units of `asset`.
    #[serde(with = "crate::json::amount")]
    pub budget: Balance,
    /// The asset that pays for all its steps; none is PEN.
    pub asset: Option<crate::AssetId>,
    /// Where each step stands.
    pub steps: Vec<StepState>,
}
