//! `pensum task accept TASK`

use crate::terminal::{answer::Answer, context::Context, table::fields};
use clap::Args;
use pensum_client::{BatchId, Error, TaskId};

/// Arguments.
#[derive(Debug, Args)]
pub struct Accept {
    /// A task; its batch is accepted.
    #[arg(value_name = "TASK", required_unless_present = "batch")]
    task: Option<u64>,

    /// The batch itself, instead of a task of it.
    #[arg(long, value_name = "BATCH", conflicts_with = "task")]
    batch: Option<u64>,
}

impl Accept {
    pub async fn run(self, context: &Context) -> Result<Answer, Error> {
        let requester = context.key()?;
        let of_task = self.task.map(|task| TaskId(task).batch());
        let batch = of_task.or(self.batch.map(BatchId)).unwrap_or(BatchId(0));
        let chain = context.chain().await?;
        let wait = context.wait(None, "accepting");
        let accepted = chain.accept(&requester, batch, context.patience).await?;
        drop(wait);
        let currencies = chain
            .currencies(accepted.tasks.iter().map(|task| task.asset))
            .await?;
        let prices = accepted
            .tasks
            .iter()
            .map(|task| currencies.money(task.asset, task.price.0));
        let paid: Vec<String> = prices.map(|price| price.to_string()).collect();
        let text = fields([
            ("batch", accepted.batch.to_string()),
            ("paid", paid.join(", ")),
            ("fee", accepted.fee.to_string()),
            ("block", accepted.block.to_string()),
        ]);
        Ok(Answer::new(accepted, text))
    }
}
