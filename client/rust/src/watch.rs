//! Following tasks to their end.

use crate::{
    view::{variant, Outcome, TaskEvent, TaskStatus},
    Amount, AssetId, BlockNumber, Chain, Error, TaskId,
};
use serde::Serialize;
use serde_json::json;
use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};
use tokio::time::{sleep, timeout, Instant};

/// Most tasks of one subscription.
const MAX_FOLLOWED: usize = 1024;
/// How often the node is asked even if it says nothing: a subscription can miss events, and a later node can have kinds of end that
/// are not known here.
const ASK_EVERY: Duration = Duration::from_secs(3);

/// How a task ended.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Ended {
    /// The task.
    pub task: TaskId,
    /// How.
    pub outcome: Outcome,
    /// Who answered, if anybody did.
    pub solver: Option<String>,
    /// The answer, as `0x` hex; empty for a refund.
    pub output: String,
    /// What the requester paid, in units of `asset`.
    pub price: Amount,
    /// The asset that it paid with; none is PEN.
    pub asset: Option<AssetId>,
    /// The block in which it ended.
    pub block: BlockNumber,
}

impl Ended {
    /// The end that a status tells, if it is one.
    pub fn of_status(status: &TaskStatus) -> Option<Self> {
        Some(Self {
            task: status.task,
            outcome: status.outcome.clone()?,
            solver: status.solver.clone(),
            output: status.output.clone().unwrap_or_else(|| "0x".into()),
            price: status.price,
            asset: status.asset,
            block: status.block?,
        })
    }
}

impl Chain {
    /// Waits until tasks have ended on the best chain, and tells `hear` of every event on the way. In the order of `tasks`.
    pub async fn settled(
        &self,
        tasks: &[TaskId],
        patience: Duration,
        mut hear: impl FnMut(&TaskEvent, usize),
    ) -> Result<Vec<Ended>, Error> {
        if tasks.len() > MAX_FOLLOWED {
            return Err(Error::usage(
                "TooManyTasks",
                format!(
                    "There are {} tasks and a node follows {MAX_FOLLOWED}.",
                    tasks.len()
                ),
                "Watch fewer at a time.",
            ));
        }
        let until = Instant::now() + patience;
        // Before the first question, so that nothing is missed in between.
        let mut events = self.rpc.follow(tasks).await?;
        let mut open: BTreeSet<TaskId> = tasks.iter().copied().collect();
        let mut ended = BTreeMap::new();
        let mut states = BTreeMap::new();
        let mut ask_at = Instant::now();
        loop {
            if Instant::now() >= ask_at {
                for task in open.clone() {
                    let status = self.note(task, &mut open, &mut ended).await?;
                    if let Some(event) = self.entered(&status, &mut states).await? {
                        hear(&event, ended.len());
                    }
                }
                ask_at = Instant::now() + ASK_EVERY;
            }
            if open.is_empty() {
                return Ok(tasks.iter().filter_map(|task| ended.get(task).cloned()).collect());
            }
            if Instant::now() >= until {
                return Err(not_ended(&open, patience));
            }
            let event = match timeout(ask_at.min(until) - Instant::now(), events.next()).await {
                Err(_) => continue,
                Ok(Some(Ok(event))) => event,
                // A broken subscription is no broken connection yet: asking tells.
                Ok(_) => {
                    sleep(ASK_EVERY).await;
                    ask_at = Instant::now();
                    continue;
                }
            };
            match (event.kind.as_str(), event.task) {
                ("answered" | "refunded", Some(task)) if open.contains(&task) => {
                    self.note(task, &mut open, &mut ended).await?;
                }
                // What ended in a block that left the chain has not ended; the new blocks tell it again.
                ("retracted", _) => {
                    let gone = |end: &Ended| end.block >= event.block;
                    open.extend(ended.values().filter(|end| gone(end)).map(|end| end.task));
                    ended.retain(|_, end| !gone(end));
                }
                ("missed", _) => ask_at = Instant::now(),
                _ => (),
            }
            hear(&event, ended.len());
        }
    }

    /// Waits until a block and all before it are final.
    pub async fn final_block(&self, block: BlockNumber, patience: Duration) -> Result<(), Error> {
        let until = Instant::now() + patience;
        while self.finalized_number().await? < block {
            if Instant::now() >= until {
                return Err(Error::timed_out(
                    "chain.NotFinal",
                    format!("Block {block} is not final after {} s.", patience.as_secs()),
                    "See whether enough validators are up, and raise --timeout.",
                ));
            }
            sleep(Duration::from_millis(200)).await;
        }
        Ok(())
    }

    /// Waits until the blocks in which tasks ended are final.
    pub async fn final_ends(&self, ended: &[Ended], patience: Duration) -> Result<(), Error> {
        match ended.iter().map(|end| end.block).max() {
            Some(last) => self.final_block(last, patience).await,
            None => Ok(()),
        }
    }

    async fn note(
        &self,
        task: TaskId,
        open: &mut BTreeSet<TaskId>,
        ended: &mut BTreeMap<TaskId, Ended>,
    ) -> Result<TaskStatus, Error> {
        let status = self.rpc.task_status(task).await?;
        if let Some(end) = Ended::of_status(&status) {
            open.remove(&task);
            ended.insert(task, end);
        }
        Ok(status)
    }

    /// An event of this client's own, where a live task is in another state than when it was asked for last: auctions and panels
    /// have phases of which no block tells.
    async fn entered(
        &self,
        status: &TaskStatus,
        states: &mut BTreeMap<TaskId, String>,
    ) -> Result<Option<TaskEvent>, Error> {
        let state = variant(&status.state).to_string();
        if state == "ended" || states.get(&status.task) == Some(&state) {
            return Ok(None);
        }
        states.insert(status.task, state.clone());
        let told = json!({ "state": state, "until": status.answer_by, "next": status.next });
        Ok(Some(TaskEvent {
            kind: "state".into(),
            block: self.best_number().await?,
            task: Some(status.task),
            rest: told.as_object().cloned().unwrap_or_default(),
        }))
    }
}

fn not_ended(open: &BTreeSet<TaskId>, patience: Duration) -> Error {
    let some: Vec<String> = open.iter().take(8).map(TaskId::to_string).collect();
    let more = if open.len() > some.len() {
        " and others"
    } else {
        ""
    };
    Error::timed_out(
        "task.NotEnded",
        format!(
            "{} of the tasks have not ended after {} s: {}{more}.",
            open.len(),
            patience.as_secs(),
            some.join(", ")
        ),
        "They go on without you: see `pensum task status` and `pensum task watch`, or raise --timeout.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(extra: serde_json::Value) -> TaskStatus {
        let mut status = json!({
            "task": 256, "batch": 1, "model": crate::Digest::zero(), "requester": "a", "state": "assigned", "solver": "s",
            "price": "10", "next": "Wait.",
        });
        for (key, value) in extra.as_object().unwrap() {
            status[key] = value.clone();
        }
        serde_json::from_value(status).unwrap()
    }

    #[test]
    fn an_open_task_has_no_end() {
        assert_eq!(
            Ended::of_status(&status(json!({ "answer_by": 9, "deadline": 20 }))),
            None
        );
    }

    #[test]
    fn an_ended_task_tells_its_answer() {
        let end = status(json!({
            "state": "ended", "outcome": "answered", "output": "0x656e", "block": 8, "finalized": false,
        }));
        let end = Ended::of_status(&end).unwrap();
        assert!(end.outcome.is_answered());
        assert_eq!((end.output.as_str(), end.block), ("0x656e", 8));
    }

    #[test]
    fn a_timeout_names_the_tasks_that_are_left() {
        let open: BTreeSet<TaskId> = (0..20).map(TaskId).collect();
        let error = not_ended(&open, Duration::from_secs(3));
        assert!(error
            .fact
            .contains("20 of the tasks have not ended after 3 s: 0, 1"));
        assert!(error.fact.contains("and others"));
        assert_eq!(error.kind.exit_code(), 4);
    }
}
