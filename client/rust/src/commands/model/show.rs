//! `pensum model show MODEL`

use super::state;
use crate::{
    commands::prices,
    terminal::{
        answer::Answer,
        context::Context,
        table::{fields, shortened},
    },
};
use clap::Args;
use pensum_client::{
    manifest::Nodes,
    view::{InputSchema, SolverOffer},
    Error,
};
use serde_json::{json, Value};

/// Arguments.
#[derive(Debug, Args)]
pub struct Show {
    /// The model: its id, or its name, or NAME@VERSION.
    #[arg(value_name = "MODEL")]
    model: String,
}

impl Show {
    pub async fn run(self, context: &Context) -> Result<Answer, Error> {
        let chain = context.chain().await?;
        let model = chain.find_model(&self.model).await?;
        let offers = chain.rpc.offers(model.id).await?;
        let lineage: Value = chain.rpc.request("lineage_model", [model.id]).await?;
        let nodes = chain.model_nodes(model.id).await?;
        let input = match model.input {
            InputSchema::Text { max_bytes } => format!("text, at most {max_bytes} bytes"),
            InputSchema::Tensor { len } => format!("{len} elements of one byte"),
        };
        let output = match model.labels.len() {
            0 => format!("{} bytes", model.output_len),
            labels => format!(
                "one of {labels} labels: {}",
                shortened(&model.labels.join(" "), 80)
            ),
        };
        let about = fields([
            ("id", model.id.to_string()),
            ("name", model.title()),
            ("state", state(&model)),
            ("input", input),
            ("output", output),
            ("licence", model.licence.clone()),
            ("publisher", model.publisher.clone()),
            (
                "royalty",
                format!("{} %", f64::from(model.royalty_ppm) / 10_000.0),
            ),
            ("nodes", nodes.map(nodes_text).unwrap_or_default()),
            (
                "on chain",
                if model.on_chain {
                    "yes: answers are replayed at once"
                } else {
                    "no"
                }
                .into(),
            ),
            (
                "warning",
                match lineage["tainted"].as_bool() {
                    Some(true) => "it, or something it was made from, is flagged",
                    _ => "",
                }
                .into(),
            ),
        ]);
        let text = format!("{about}\n\n{}", offers_text(&offers));
        let (nodes, disprovable) = (
            nodes.map(|known| known.nodes),
            nodes.map(|known| known.disprovable),
        );
        let json = json!({
            "model": model, "nodes": nodes, "disprovable": disprovable, "offers": offers, "lineage": lineage,
        });
        Ok(Answer::new(json, text))
    }
}

fn nodes_text(known: Nodes) -> String {
    match known.disprovable {
        true => format!("{}; a wrong answer can be disproven by one of them", known.nodes),
        false => known.nodes.to_string(),
    }
}

fn offers_text(offers: &[SolverOffer]) -> String {
    let offers = offers.iter().map(|other| (other.solver.clone(), &other.offer));
    prices("solver", offers, "Nobody offers it.")
}
