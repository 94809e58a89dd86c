//! What the events tell: which tasks live and ended, what was burned, and who was blamed.

use crate::{
    models::{by_id, bytes_of},
    people::actor_of,
    violation::{hold, Checked},
};
use pensum_primitives::{
    solver::Fault,
    task::{Input, Output},
    verification::Verification,
    AccountId, Balance, BatchId, ModelId, TaskId,
};
use pensum_runtime::{Runtime, RuntimeEvent};
use std::collections::{BTreeMap, BTreeSet};

/// A task as it was posted.
#[derive(Clone, Debug)]
pub struct Posted {
    /// The model.
    pub model: ModelId,
    /// What it reads.
    pub input: Input,
    /// How it is verified.
    pub verification: Verification,
}

/// The books of one run.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    /// Tasks posted so far.
    pub posted: u64,
    /// Tasks that have ended.
    pub ended: BTreeSet<TaskId>,
    /// Live tasks, and those that ended.
    pub known: BTreeMap<TaskId, Posted>,
    /// What was burned with an event, since it was last asked for.
    burned: Balance,
    /// Whether validators' staking made a payout, since it was last asked for.
    era_paid: bool,
    /// How many false ballots were committed to for each batch.
    pub lies: BTreeMap<BatchId, u32>,
}

impl Ledger {
    /// What was burned since the last call, and whether new money was made.
    pub fn take_burned(&mut self) -> (Balance, bool) {
        (
            core::mem::take(&mut self.burned),
            core::mem::take(&mut self.era_paid),
        )
    }

    /// Notes an event.
    pub fn note(&mut self, event: &RuntimeEvent) -> Checked {
        match event {
            RuntimeEvent::TaskMarket(event) => self.note_market(event),
            RuntimeEvent::SolverStaking(event) => self.note_staking(event),
            RuntimeEvent::Panel(event) => self.note_panel(event),
            RuntimeEvent::Dispute(event) => self.note_dispute(event),
            RuntimeEvent::Auction(pallet_auction::Event::BidWithheld { batch, solver, .. }) => {
                self.blamed(solver, Fault::BidWithheld, *batch)
            }
            RuntimeEvent::Workflow(pallet_workflow::Event::BudgetBurned { amount, .. }) => {
                self.burned += amount;
                Ok(())
            }
            RuntimeEvent::Staking(_) | RuntimeEvent::StakingClient(_) => {
                self.era_paid = true;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn note_market(&mut self, event: &pallet_task_market::Event<Runtime>) -> Checked {
        use pallet_task_market::Event;
        match event {
            Event::TasksPosted { tasks, .. } | Event::BatchOpened { tasks, .. } => {
                self.posted += u64::from(*tasks);
                Ok(())
            }
            Event::TaskAnswered { task, output, .. } => {
                self.check_answer(*task, output)?;
                self.end(*task)
            }
            Event::TaskRefunded { task, .. } => self.end(*task),
            Event::ShareRedirected { amount, to: None, .. } => {
                self.burned += amount;
                Ok(())
            }
            Event::AssignmentTimedOut { batch, solver, .. } => self.blamed(solver, Fault::TimedOut, *batch),
            Event::AnswerRejected { task, solver } => {
                let fault = match self.known.get(task).map(|posted| &posted.verification) {
                    Some(Verification::Requester { .. }) => Fault::Rejected,
                    _ => Fault::Wrong,
                };
                self.blamed(solver, fault, task.batch())
            }
            _ => Ok(()),
        }
    }

    fn note_staking(&mut self, event: &pallet_solver_staking::Event<Runtime>) -> Checked {
        use pallet_solver_staking::Event;
        match event {
            Event::SlashScheduled {
                solver, fault, task, ..
            }
            | Event::SlashWaived {
                solver, fault, task, ..
            } => {
                // That a panel, and not a replay, decided is what the ballots tell.
                self.blamed(solver, *fault, task.batch())
            }
            Event::SlashApplied {
                amount,
                harmed,
                repairer,
                treasury,
                ..
            } => {
                let paid = harmed + repairer + treasury;
                hold(paid <= *amount, || format!("a slash of {amount} paid out {paid}"))?;
                self.burned += amount - paid;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn note_panel(&mut self, event: &pallet_panel::Event<Runtime>) -> Checked {
        match event {
            pallet_panel::Event::SeatForfeited {
                batch, member, fault, ..
            } => self.blamed(member, *fault, *batch),
            _ => Ok(()),
        }
    }

    fn note_dispute(&mut self, event: &pallet_dispute::Event<Runtime>) -> Checked {
        use pallet_dispute::Event;
        match event {
            Event::ChallengeLost { bond, to: None, .. } => {
                self.burned += bond;
                Ok(())
            }
            Event::AnswerDisproven { task, solver, .. } => self.blamed(solver, Fault::Wrong, task.batch()),
            Event::AuditFailed {
                task, solver, fault, ..
            } => self.blamed(solver, *fault, task.batch()),
            Event::ModelProvenBroken { task, .. } => hold(false, || {
                format!("a model was proven broken by task {task}, and all models are sound")
            }),
            _ => Ok(()),
        }
    }

    fn end(&mut self, task: TaskId) -> Checked {
        hold(self.ended.insert(task), || format!("task {task} ended twice"))
    }

    /// What the chain itself replays is never paid for unless it is right.
    fn check_answer(&self, task: TaskId, output: &Output) -> Checked {
        let Some(posted) = self.known.get(&task) else {
            return Ok(());
        };
        if posted.verification != (Verification::Replay { window: 0 }) {
            return Ok(());
        }
        let said = by_id(&posted.model).zip(bytes_of(&posted.input));
        let truth = said.and_then(|(model, bytes)| model.says(&bytes));
        hold(truth.is_none_or(|truth| truth.output == *output), || {
            format!("a wrong answer to task {task} was replayed and paid")
        })
    }

    /// An honest solver is at fault only where most members of a panel lied.
    fn blamed(&self, solver: &AccountId, fault: Fault, batch: BatchId) -> Checked {
        if !actor_of(solver).is_some_and(|actor| actor.is_honest()) {
            return Ok(());
        }
        let outvoted = self.lies.get(&batch).is_some_and(|lies| *lies >= 2);
        hold(
            outvoted && matches!(fault, Fault::Wrong | Fault::Rejected),
            || format!("the honest solver {solver} is blamed for {fault:?} in batch {batch}"),
        )
    }
}
