//! `pensum workflow status ID`

use super::states::text;
use crate::terminal::{answer::Answer, context::Context};
use clap::Args;
use pensum_client::Error;

/// Arguments.
#[derive(Debug, Args)]
pub struct Status {
    /// The workflow.
    #[arg(value_name = "ID")]
    id: u64,
}

impl Status {
    pub async fn run(self, context: &Context) -> Result<Answer, Error> {
        let chain = context.chain().await?;
        let view = chain.rpc.workflow(self.id).await?;
        let text = text(&view, &chain.currencies([view.asset]).await?);
        Ok(Answer::new(view, text))
    }
}
