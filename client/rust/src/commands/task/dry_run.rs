//! `pensum task dry-run MODEL INPUT…`

use super::{answers, inputs::Inputs};
use crate::terminal::{
    answer::Answer,
    context::Context,
    table::{shortened, table},
};
use clap::Args;
use pensum_client::{key::to_hex, view::Outcome, Error};
use serde_json::{json, Value};

/// Arguments.
#[derive(Debug, Args)]
pub struct DryRun {
    #[command(flatten)]
    inputs: Inputs,
}

impl DryRun {
    pub async fn run(self, context: &Context) -> Result<Answer, Error> {
        let chain = context.chain().await?;
        let model = chain.find_model(&self.inputs.model).await?;
        let given = self.inputs.read(&model)?;
        if given.is_empty() {
            return Err(Error::usage(
                "NoInputs",
                "There is no input.",
                "Give at least one.",
            ));
        }
        let (mut runs, mut rows): (Vec<Value>, Vec<[String; 2]>) = (Vec::new(), Vec::new());
        let wait = context.wait(Some(given.len() as u64), "running");
        for (place, given) in given.iter().enumerate() {
            let output = chain.rpc.run_model(model.id, &given.bytes).await?;
            let outcome = Outcome::answered();
            let label = answers::label(&model, &outcome, &output);
            runs.push(json!({ "input": given.shown, "output": to_hex(&output), "label": label }));
            rows.push([
                shortened(&answers::answer(&model, &outcome, &output), 60),
                shortened(&given.shown, 60),
            ]);
            wait.reached(place + 1);
        }
        drop(wait);
        let text = table(["answer", "input"], &rows, "");
        Ok(Answer::new(json!({ "model": model.id, "runs": runs }), text))
    }
}
