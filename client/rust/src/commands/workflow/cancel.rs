//! `pensum workflow cancel ID`

use crate::terminal::{answer::Answer, context::Context, table::fields};
use clap::Args;
use pensum_client::Error;

/// Arguments.
#[derive(Debug, Args)]
pub struct Cancel {
    /// The workflow.
    #[arg(value_name = "ID")]
    id: u64,
}

impl Cancel {
    pub async fn run(self, context: &Context) -> Result<Answer, Error> {
        let requester = context.key()?;
        let chain = context.chain().await?;
        let wait = context.wait(None, "cancelling");
        let stopped = chain
            .cancel_workflow(&requester, self.id, context.patience)
            .await?;
        drop(wait);
        let text = fields([
            ("workflow", stopped.workflow.to_string()),
            ("never posted", format!("{} steps", stopped.steps)),
            ("cancelled", format!("{} tasks", stopped.tasks)),
            ("fee", stopped.fee.to_string()),
            ("block", stopped.block.to_string()),
        ]);
        Ok(Answer::new(stopped, text))
    }
}
