//! `pensum record show TASK`

use crate::{
    commands::task::answers,
    terminal::{answer::Answer, context::Context, table::fields},
};
use clap::Args;
use pensum_client::{
    key::{hex_bytes, to_hex},
    view::Outcome,
    Error, TaskId,
};
use serde_json::json;
use sp_core::crypto::Ss58Codec;

/// Arguments.
#[derive(Debug, Args)]
pub struct Show {
    /// The task.
    #[arg(value_name = "TASK")]
    task: u64,

    /// Wait until the block in which the task ended is final.
    #[arg(long)]
    finalized: bool,
}

impl Show {
    pub async fn run(self, context: &Context) -> Result<Answer, Error> {
        let chain = context.chain().await?;
        let task = TaskId(self.task);
        let mut checked = chain.record(task).await?;
        if self.finalized && !checked.is_final {
            let wait = context.wait(None, format!("block {} to be final", checked.view.record.block));
            chain
                .final_block(checked.view.record.block, context.patience)
                .await?;
            drop(wait);
            // The block may have left the chain in the meantime, and the task ended otherwise.
            checked = chain.record(task).await?;
        }
        let (view, record) = (&checked.view, &checked.view.record);
        let model = chain.rpc.model(record.model).await?;
        let currencies = chain.currencies([record.asset]).await?;
        let output = hex_bytes(&view.output)?;
        let outcome = Outcome(serde_json::to_value(record.outcome).unwrap_or_default());
        let proven = match checked.is_final {
            true => "under the root in a final block's state",
            false => "under the root in the best block's state, which is not final yet",
        };
        let text = fields([
            ("task", record.task.to_string()),
            ("model", format!("{} ({})", model.title(), record.model)),
            ("outcome", answers::outcome(&outcome)),
            ("answer", answers::answer(&model, &outcome, &output)),
            ("price", currencies.money(record.asset, record.price).to_string()),
            ("requester", record.requester.to_ss58check()),
            (
                "solvers",
                record
                    .solvers
                    .iter()
                    .map(|solver| solver.to_ss58check())
                    .collect::<Vec<_>>()
                    .join(", "),
            ),
            ("input", to_hex(record.input)),
            ("posted", format!("block {}", record.posted_at)),
            (
                "ended",
                format!("block {} ({})", record.block, to_hex(view.block_hash)),
            ),
            ("proof", format!("holds: {proven}")),
        ]);
        let json = json!({
            "record": view.record, "output": view.output, "label": answers::label(&model, &outcome, &output), "block": view.block,
            "block_hash": view.block_hash, "root": checked.root, "leaf": record.leaf(), "leaf_index": view.leaf_index,
            "leaf_count": view.leaf_count, "proof": view.proof, "proof_holds": true, "finalized": checked.is_final,
        });
        Ok(Answer::new(json, text))
    }
}
