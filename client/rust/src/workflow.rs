//! Workflows: from a file to a chain, and followed to their end.

mod file;
mod follow;

pub use file::{Plan, WorkflowFile};
pub use follow::{task_of, StepEnd};

use crate::{
    asset::{Fee, Money},
    call,
    event::{WorkflowCancelled, WorkflowStarted},
    input::Input,
    view::Model,
    AssetId, BlockNumber, Chain, Error, Key,
};
use pensum_primitives::{matching::Matching, verification::Verification};
use serde::Serialize;
use std::time::Duration;

/// Where a step's input comes from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Source {
    /// It is given.
    Given(Input),
    /// It is the answer of an earlier step, by its place.
    Output(u8),
}

/// One step, with its model.
#[derive(Clone, PartialEq, Debug)]
pub struct Step {
    /// Its name in the file; the chain knows its place only.
    pub name: String,
    /// The model.
    pub model: Model,
    /// What it reads.
    pub source: Source,
    /// The earlier step on whose answer it depends, and the answers with which it runs.
    pub condition: Option<(u8, Vec<Vec<u8>>)>,
    /// Most that the task may cost, in what pays for the workflow.
    pub max_reward: Money,
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

/// A workflow that began.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Started {
    /// Its id.
    pub workflow: u64,
    /// What is held for it, in units of `asset`.
    pub budget: Money,
    /// The asset that pays for all of it; none is PEN.
    pub asset: Option<AssetId>,
    /// The inclusion fee.
    #[serde(flatten)]
    pub fee: Fee,
    /// The block.
    pub block: BlockNumber,
}

/// A workflow that was cancelled.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Stopped {
    /// Its id.
    pub workflow: u64,
    /// How many steps will not be posted any more.
    pub steps: u32,
    /// How many of its tasks the market has cancelled.
    pub tasks: u32,
    /// The inclusion fee.
    #[serde(flatten)]
    pub fee: Fee,
    /// The block.
    pub block: BlockNumber,
}

impl Chain {
    /// Starts a workflow.
    pub async fn run_workflow(
        &self,
        requester: &Key,
        plan: &Plan,
        patience: Duration,
    ) -> Result<Started, Error> {
        let call = call::run_workflow(&plan.steps, &plan.budget);
        let included = self.send(requester, &call, patience).await?;
        let started: WorkflowStarted = included.event()?;
        Ok(Started {
            workflow: started.workflow,
            budget: plan.budget.clone(),
            asset: plan.budget.currency.id(),
            fee: included.fee,
            block: included.block,
        })
    }

    /// Cancels a workflow.
    pub async fn cancel_workflow(
        &self,
        requester: &Key,
        id: u64,
        patience: Duration,
    ) -> Result<Stopped, Error> {
        let included = self.send(requester, &call::cancel_workflow(id), patience).await?;
        let cancelled: WorkflowCancelled = included.event()?;
        Ok(Stopped {
            workflow: id,
            steps: cancelled.steps,
            tasks: cancelled.tasks,
            fee: included.fee,
            block: included.block,
        })
    }
}
