//! Following a workflow: the chain forgets it when it ends, and its last event tells how.

use super::Started;
use crate::{chain::At, event::WorkflowEnded, view::TaskStatus, BlockNumber, Chain, Error, TaskId};
use pensum_primitives::workflow::{StepFailure, StepState};
use serde_json::json;
use std::time::Duration;
use subxt::utils::Static;
use tokio::time::{sleep, Instant};

/// How often the node is asked.
const ASK_EVERY: Duration = Duration::from_millis(700);
/// How far before the last look the end is searched for: a reorganisation can put it into an earlier block.
const LOOK_BACK: BlockNumber = 8;

/// The end of one step.
#[derive(Clone, PartialEq, Debug)]
pub struct StepEnd {
    /// How: `Answered`, `Failed` or `Skipped`.
    pub state: StepState,
    /// Its task, where it was posted, as it ended.
    pub task: Option<TaskStatus>,
}

impl Chain {
    /// Waits until a workflow has ended, and tells `hear` where its steps stand whenever that changes.
    pub async fn workflow_ended(
        &self,
        started: &Started,
        patience: Duration,
        mut hear: impl FnMut(&[StepState]),
    ) -> Result<Vec<StepEnd>, Error> {
        let until = Instant::now() + patience;
        let (mut seen, mut from) = (Vec::new(), started.block);
        loop {
            let best = self.best_number().await?;
            match self.rpc.workflow(started.workflow).await {
                Ok(view) => {
                    if view.steps != seen {
                        hear(&view.steps);
                        seen = view.steps;
                    }
                    from = best.saturating_sub(LOOK_BACK).max(started.block);
                }
                Err(error) if error.code == "rpc.UnknownWorkflow" => {
                    if let Some(ended) = self.last_event(started.workflow, from).await? {
                        return self.ends(ended).await;
                    }
                }
                Err(error) => return Err(error),
            }
            if Instant::now() >= until {
                return Err(Error::timed_out(
                    "workflow.NotEnded",
                    format!(
                        "Workflow {} has not ended after {} s.",
                        started.workflow,
                        patience.as_secs()
                    ),
                    "It goes on without you: see `pensum workflow status`, or raise --timeout.",
                ));
            }
            sleep(ASK_EVERY).await;
        }
    }

    async fn last_event(&self, id: u64, from: BlockNumber) -> Result<Option<WorkflowEnded>, Error> {
        for number in from..=self.best_number().await? {
            let hash = self.rpc.request("chain_getBlockHash", json!([number])).await?;
            let at: At = self.at(hash).await?;
            let ended: Vec<WorkflowEnded> = self.events_at(&at).await?;
            if let Some(ended) = ended.into_iter().find(|ended| ended.workflow == id) {
                return Ok(Some(ended));
            }
        }
        Ok(None)
    }

    async fn ends(&self, ended: WorkflowEnded) -> Result<Vec<StepEnd>, Error> {
        let mut ends = Vec::new();
        for Static(state) in ended.steps {
            let task = match task_of(&state) {
                Some(task) => Some(self.rpc.task_status(task).await?),
                None => None,
            };
            ends.push(StepEnd { state, task });
        }
        Ok(ends)
    }
}

/// The task as which a step was posted.
pub fn task_of(state: &StepState) -> Option<TaskId> {
    match state {
        StepState::Posted(task) | StepState::Answered(task) => Some(*task),
        StepState::Failed(StepFailure::Refunded(task, _)) => Some(*task),
        _ => None,
    }
}
