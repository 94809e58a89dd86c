//! `pensum workflow run FILE`

use super::states::words;
use crate::{
    commands::task::answers,
    terminal::{
        answer::Answer,
        context::Context,
        table::{fields, shortened, table},
    },
};
use clap::Args;
use pensum_client::{
    amount::Sum,
    asset::{Currencies, Paid},
    workflow::{task_of, Plan, Started, StepEnd, WorkflowFile},
    Error, Kind,
};
use pensum_primitives::workflow::StepState;
use serde_json::{json, Value};
use std::path::PathBuf;

/// Arguments.
#[derive(Debug, Args)]
pub struct Run {
    /// The workflow: JSON if its name ends in .json, else TOML.
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// What is held for all steps, fees included, instead of what the file says, in the file's asset. What is not needed comes back.
    #[arg(long, value_name = "AMOUNT")]
    budget: Option<Sum>,

    /// Return as soon as the workflow has begun; see `workflow status`.
    #[arg(long)]
    no_wait: bool,
}

impl Run {
    pub async fn run(self, context: &Context) -> Result<Answer, Error> {
        let file = WorkflowFile::read(&self.file)?;
        let requester = context.key()?;
        let chain = context.chain().await?;
        let plan = file.resolve(&chain, self.budget).await?;
        let wait = context.wait(Some(plan.steps.len() as u64), "starting");
        let started = chain.run_workflow(&requester, &plan, context.patience).await?;
        if self.no_wait {
            drop(wait);
            return Ok(Answer::new(json!({ "started": started }), text(&started)));
        }
        wait.tell(format!("workflow {}", started.workflow));
        let mut seen: Vec<StepState> = vec![StepState::Waiting; plan.steps.len()];
        let hear = |states: &[StepState]| {
            let ended = states.iter().filter(|state| is_over(state)).count();
            wait.reached(ended);
            for (place, state) in states.iter().enumerate() {
                if seen.get(place) != Some(state) {
                    wait.line(&line(&plan, place, state, context.json));
                }
            }
            seen = states.to_vec();
        };
        let ends = chain.workflow_ended(&started, context.patience, hear).await?;
        drop(wait);
        answer(&plan, &started, &ends)
    }
}

fn is_over(state: &StepState) -> bool {
    matches!(
        state,
        StepState::Answered(_) | StepState::Failed(_) | StepState::Skipped
    )
}

fn line(plan: &Plan, place: usize, state: &StepState, as_json: bool) -> String {
    let name = plan.steps.get(place).map_or("", |step| &step.name);
    if as_json {
        return json!({ "step": { "name": name, "state": state } }).to_string();
    }
    let task = task_of(state).map(|task| format!(" task {task}"));
    format!("{name}: {}{}", words(state), task.unwrap_or_default())
}

fn text(started: &Started) -> String {
    fields([
        ("workflow", started.workflow.to_string()),
        ("on hold", format!("{}; what is left comes back", started.budget)),
        ("fee", started.fee.to_string()),
        ("block", started.block.to_string()),
        ("next", format!("pensum workflow status {}", started.workflow)),
    ])
}

fn answer(plan: &Plan, started: &Started, ends: &[StepEnd]) -> Result<Answer, Error> {
    let (mut values, mut rows): (Vec<Value>, Vec<[String; 4]>) = (Vec::new(), Vec::new());
    let mut paid = Paid::default();
    let currency = &plan.budget.currency;
    for (step, end) in plan.steps.iter().zip(ends) {
        let mut value = json!({ "name": step.name, "model": step.model.id, "state": end.state });
        let mut row = [step.name.clone(), words(&end.state), String::new(), String::new()];
        if let Some(task) = &end.task {
            paid.add(task.asset, task.price.0);
            let output = task.output_bytes()?;
            let outcome = task.outcome.as_ref();
            value["task"] = json!(task.task);
            value["price"] = json!(task.price);
            value["output"] = json!(task.output);
            value["label"] = json!(outcome.and_then(|outcome| answers::label(&step.model, outcome, &output)));
            let said = outcome.map(|outcome| answers::answer(&step.model, outcome, &output));
            row[2] = shortened(&said.unwrap_or_default(), 60);
            row[3] = currency.units(task.price.0).to_string();
        }
        values.push(value);
        rows.push(row);
    }
    let known: Currencies = [currency.clone()].into_iter().collect();
    let told = paid.text(&known);
    let steps = table(["step", "state", "answer", "price"], &rows, "It has no steps.");
    let text = format!("{steps}\n\npaid {told} for the answers; what is left of the budget came back");
    let failed = ends.iter().any(|end| matches!(end.state, StepState::Failed(_)));
    let json =
        json!({ "started": started, "steps": values, "paid": paid.pen(), "paid_assets": paid.assets() });
    Ok(Answer::new(json, text).with_kind(failed.then_some(Kind::Refunded)))
}
