//! What each event means for the metrics.

use super::{figures::Figures, runtime::Told, solvers::pen};
use crate::chain::Read;
use pensum_primitives::{
    solver::Fault,
    verdict::{Reason, Verdict},
    Balance,
};

/// Counts an event.
pub(super) fn tell(told: &Told, Figures { market, bridge, .. }: &Figures) -> Read<()> {
    match (told.pallet, told.name) {
        ("TaskMarket", "TasksPosted" | "BatchOpened") => {
            let tasks: u32 = told.field("tasks")?;
            market.batches.inc();
            market.posted.inc_by(tasks.into());
            market.open.set(market.open.get().saturating_add(tasks.into()));
        }
        ("TaskMarket", "TaskAnswered") => {
            market.answered.inc();
            market.verdict(Verdict::Agreed, 1);
            market.open.set(market.open.get().saturating_sub(1));
        }
        ("TaskMarket", "TaskRefunded") => {
            let reason: Reason = told.field("reason")?;
            market.refunded(reason);
            market.open.set(market.open.get().saturating_sub(1));
            if is_nobodys_fault(reason) {
                market.verdict(Verdict::Inconclusive, 1);
            }
        }
        ("TaskMarket", "AnswerRejected") => market.verdict(Verdict::Wrong, 1),
        ("TaskMarket", "AssignmentTimedOut") => {
            market.verdict(Verdict::TimedOut, u64::from(told.field::<u32>("tasks")?));
        }
        ("TaskMarket", "AssignmentDeclined") => market.verdict(Verdict::Unable, 1),
        ("SolverStaking", "SlashScheduled") => market.slash(told.field::<Fault>("fault")?, "scheduled"),
        ("SolverStaking", "SlashWaived") => market.slash(told.field::<Fault>("fault")?, "waived"),
        ("SolverStaking", "SlashApplied") => {
            market.slashed.inc_by(pen(told.field::<Balance>("amount")?));
        }
        ("Hyperlane", "Processed") => bridge.processed.inc(),
        ("Hyperlane", "BadCheckpointProven") => bridge.bad_checkpoints.inc(),
        ("TaskBridge", "IntentTaken") => bridge.intent("taken"),
        ("TaskBridge", "IntentRefused") => bridge.intent("refused"),
        ("TaskBridge", "ResultSent" | "ResultBatched") => bridge.results.inc(),
        _ => {}
    }
    Ok(())
}

/// Whether no solver could have answered.
fn is_nobodys_fault(reason: Reason) -> bool {
    matches!(
        reason,
        Reason::InputUnreadable | Reason::ModelGone | Reason::ModelBroken | Reason::NoQuorum
    )
}
