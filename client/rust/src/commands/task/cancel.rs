//! `pensum task cancel TASK`

use crate::terminal::{answer::Answer, context::Context, table::fields};
use clap::Args;
use pensum_client::{Error, TaskId};

/// Arguments.
#[derive(Debug, Args)]
pub struct Cancel {
    /// A task; all of its batch that is still open is cancelled.
    #[arg(value_name = "TASK")]
    task: u64,
}

impl Cancel {
    pub async fn run(self, context: &Context) -> Result<Answer, Error> {
        let requester = context.key()?;
        let chain = context.chain().await?;
        let wait = context.wait(None, "cancelling");
        let cancelled = chain
            .cancel(&requester, TaskId(self.task).batch(), context.patience)
            .await?;
        drop(wait);
        let text = fields([
            ("batch", cancelled.batch.to_string()),
            ("cancelled", format!("{} tasks", cancelled.tasks.len())),
            ("refunded", cancelled.refund.to_string()),
            ("paid to solvers", cancelled.compensation.to_string()),
            ("fee", cancelled.fee.to_string()),
        ]);
        Ok(Answer::new(cancelled, text))
    }
}
