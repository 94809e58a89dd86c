//! `pensum task appeal TASK`

use crate::terminal::{answer::Answer, context::Context, table::fields};
use clap::Args;
use pensum_client::{Error, TaskId};

/// Arguments.
#[derive(Debug, Args)]
pub struct Appeal {
    /// The task. The bond, several times its price cap, is lost if the jury lets the answer stand.
    #[arg(value_name = "TASK")]
    task: u64,
}

impl Appeal {
    pub async fn run(self, context: &Context) -> Result<Answer, Error> {
        let appellant = context.key()?;
        let chain = context.chain().await?;
        let wait = context.wait(None, "appealing");
        let appealed = chain
            .appeal(&appellant, TaskId(self.task), context.patience)
            .await?;
        drop(wait);
        let text = fields([
            ("task", appealed.task.to_string()),
            ("at stake", appealed.bond.to_string()),
            ("round", (u32::from(appealed.round) + 1).to_string()),
            ("fee", appealed.fee.to_string()),
            ("block", appealed.block.to_string()),
            ("next", "pensum task watch TASK".into()),
        ]);
        Ok(Answer::new(appealed, text))
    }
}
