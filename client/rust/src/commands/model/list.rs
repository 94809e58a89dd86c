//! `pensum model list`

use super::state;
use crate::terminal::{answer::Answer, context::Context, table::table};
use clap::Args;
use pensum_client::Error;
use serde_json::json;

/// Arguments.
#[derive(Debug, Args)]
pub struct List {
    /// Only models with this in their name.
    #[arg(long, value_name = "TEXT")]
    name: Option<String>,
}

impl List {
    pub async fn run(self, context: &Context) -> Result<Answer, Error> {
        let mut models = context.chain().await?.rpc.models().await?;
        if let Some(name) = &self.name {
            models.retain(|model| model.name.contains(name));
        }
        let rows: Vec<[String; 5]> = models
            .iter()
            .map(|model| {
                [
                    model.name.clone(),
                    model.version.clone(),
                    state(model),
                    model.licence.clone(),
                    model.id.to_string(),
                ]
            })
            .collect();
        let text = table(
            ["name", "version", "state", "licence", "id"],
            &rows,
            "There are no models.",
        );
        Ok(Answer::new(json!({ "models": models }), text))
    }
}
