//! `pensum task status TASK…`

use super::answers;
use crate::terminal::{answer::Answer, context::Context, table::fields};
use clap::Args;
use pensum_client::{
    asset::Currencies,
    key::hex_bytes,
    terms,
    view::{variant, Model, Outcome, TaskStatus},
    Amount, Error, TaskId,
};
use serde_json::{json, Value};

/// Arguments.
#[derive(Debug, Args)]
pub struct Status {
    /// The tasks.
    #[arg(value_name = "TASK", required = true)]
    tasks: Vec<u64>,
}

impl Status {
    pub async fn run(self, context: &Context) -> Result<Answer, Error> {
        let chain = context.chain().await?;
        let (mut values, mut texts): (Vec<Value>, Vec<String>) = (Vec::new(), Vec::new());
        for task in self.tasks {
            let status = chain.rpc.task_status(TaskId(task)).await?;
            let model = chain.rpc.model(status.model).await?;
            let mut value = serde_json::to_value(&status).unwrap_or_default();
            value["label"] = json!(match &status.outcome {
                Some(outcome) => answers::label(&model, outcome, &status.output_bytes()?),
                None => None,
            });
            values.push(value);
            let currencies = chain.currencies([status.asset]).await?;
            texts.push(text(&status, &model, &currencies)?);
        }
        Ok(Answer::new(json!({ "tasks": values }), texts.join("\n\n")))
    }
}

fn text(status: &TaskStatus, model: &Model, currencies: &Currencies) -> Result<String, Error> {
    let block = |number: Option<u32>| number.map(|number| format!("block {number}")).unwrap_or_default();
    let (outcome, answer) = match &status.outcome {
        Some(outcome) => (
            answers::outcome(outcome),
            answers::answer(model, outcome, &status.output_bytes()?),
        ),
        None => (String::new(), String::new()),
    };
    let finality = match status.finalized {
        Some(true) => ", final",
        Some(false) => ", not final yet",
        None => "",
    };
    let told = |name: &str| status.rest.get(name).filter(|value| !value.is_null());
    let claimed = match told("claimed").and_then(Value::as_str) {
        Some(output) => answers::answer(model, &Outcome::answered(), &hex_bytes(output)?),
        None => String::new(),
    };
    let held = told("escrow").and_then(|units| serde_json::from_value(units.clone()).ok());
    let held = held.map_or(String::new(), |Amount(units)| {
        currencies.money(status.asset, units).to_string()
    });
    let panel = told("panel").and_then(Value::as_array);
    let panel: Vec<&str> = panel.into_iter().flatten().filter_map(Value::as_str).collect();
    let matching = told("matching").and_then(|value| serde_json::from_value(value.clone()).ok());
    let verification = told("verification").and_then(|value| serde_json::from_value(value.clone()).ok());
    Ok(fields([
        ("task", status.task.to_string()),
        ("model", model.title()),
        ("state", variant(&status.state).into()),
        ("outcome", outcome),
        ("answer", answer),
        ("claimed", claimed),
        (
            "price",
            currencies.money(status.price_asset(), status.price.0).to_string(),
        ),
        ("on hold", held),
        ("solver", status.solver.clone().unwrap_or_default()),
        ("panel", panel.join(", ")),
        ("matching", matching.map(terms::matching_text).unwrap_or_default()),
        (
            "verified by",
            verification
                .as_ref()
                .map(terms::verification_text)
                .unwrap_or_default(),
        ),
        ("until", block(status.answer_by)),
        (
            "ended",
            status
                .block
                .map(|_| block(status.block) + finality)
                .unwrap_or_default(),
        ),
        ("next", status.next.clone()),
    ]))
}
