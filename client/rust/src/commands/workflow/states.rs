//! Steps' states in words.

use crate::terminal::table::table;
use pensum_client::{asset::Currencies, view::variant, workflow::task_of};
use pensum_primitives::workflow::{StepFailure, StepState, WorkflowView};

/// A step's state in words.
pub fn words(state: &StepState) -> String {
    match state {
        StepState::Failed(StepFailure::Refunded(_, reason)) => {
            let reason = serde_json::to_value(reason).unwrap_or_default();
            format!("refunded: {}", variant(&reason).replace('_', " "))
        }
        StepState::Failed(StepFailure::Upstream(step)) => format!("failed: step {step} has no answer"),
        StepState::Failed(failure) => {
            let failure = serde_json::to_value(failure).unwrap_or_default();
            format!("failed: {}", variant(&failure).replace('_', " "))
        }
        live => {
            let live = serde_json::to_value(live).unwrap_or_default();
            variant(&live).into()
        }
    }
}

/// A live workflow for people.
pub fn text(view: &WorkflowView, currencies: &Currencies) -> String {
    let rows: Vec<[String; 3]> = (0..)
        .zip(&view.steps)
        .map(|(place, state): (usize, _)| {
            let task = task_of(state).map(|task| task.to_string());
            [place.to_string(), words(state), task.unwrap_or_default()]
        })
        .collect();
    let steps = table(["step", "state", "task"], &rows, "It has no steps.");
    let left = currencies.money(view.asset, view.budget);
    format!("workflow {}, {left} left of its budget\n\n{steps}", view.id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use pensum_client::TaskId;
    use pensum_primitives::verdict::Reason;

    #[test]
    fn a_state_is_told_with_its_reason() {
        for (state, told) in [
            (StepState::Waiting, "waiting"),
            (StepState::Answered(TaskId(256)), "answered"),
            (StepState::Skipped, "skipped"),
            (
                StepState::Failed(StepFailure::Refunded(TaskId(256), Reason::NoBids)),
                "refunded: no bids",
            ),
            (
                StepState::Failed(StepFailure::Upstream(2)),
                "failed: step 2 has no answer",
            ),
            (StepState::Failed(StepFailure::NotPosted), "failed: not posted"),
        ] {
            assert_eq!(words(&state), told);
        }
    }
}
