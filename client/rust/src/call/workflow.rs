//! The calls of workflows.

use super::{asset, call, list, model, number, option, terms};
use crate::{
    asset::Money,
    transaction::Call,
    workflow::{Source, Step},
    AccountId, AssetId,
};
use subxt::dynamic::Value;

/// `Workflow.run`.
pub fn run_workflow(steps: &[Step], budget: &Money) -> Call {
    let arguments = [
        ("steps", list(steps.iter().map(step))),
        ("budget", number(budget.units)),
        ("asset", asset(&budget.currency)),
    ];
    call("Workflow", "run", arguments)
}

/// `Workflow.collect`.
pub fn collect_budget(requester: &AccountId, asset: AssetId) -> Call {
    let arguments = [
        ("requester", Value::from_bytes(requester)),
        ("asset", number(asset)),
    ];
    call("Workflow", "collect", arguments)
}

/// `Workflow.cancel`.
pub fn cancel_workflow(id: u64) -> Call {
    call("Workflow", "cancel", [("workflow", number(id))])
}

fn step(step: &Step) -> Value {
    let source = match &step.source {
        Source::Given(input) => Value::unnamed_variant("Given", [terms::input(input)]),
        Source::Output(place) => Value::unnamed_variant("Output", [number(*place)]),
    };
    let condition = step.condition.as_ref().map(|(place, accepted)| {
        Value::named_composite([
            ("step", number(*place)),
            ("accepted", list(accepted.iter().map(Value::from_bytes))),
        ])
    });
    Value::named_composite([
        ("model", model(step.model.id)),
        ("source", source),
        ("condition", option(condition)),
        ("max_reward", number(step.max_reward.units)),
        ("patience", number(step.patience)),
        ("matching", terms::matching(step.matching)),
        ("verification", terms::verification(&step.verification)),
        ("min_reputation", number(step.min_reputation)),
        ("allow_flagged", Value::bool(step.allow_flagged)),
    ])
}
