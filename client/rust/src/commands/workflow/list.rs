//! `pensum workflow list`

use super::states::text;
use crate::terminal::{answer::Answer, context::Context};
use clap::Args;
use pensum_client::Error;
use serde_json::json;
use sp_core::crypto::Ss58Codec;

/// Arguments.
#[derive(Debug, Args)]
pub struct List {
    /// The account that runs them; the key that signs if left out.
    #[arg(long, value_name = "ADDRESS")]
    requester: Option<String>,
}

impl List {
    pub async fn run(self, context: &Context) -> Result<Answer, Error> {
        let requester = context.account(self.requester.as_deref())?.to_ss58check();
        let chain = context.chain().await?;
        let workflows = chain.rpc.workflows(&requester).await?;
        let currencies = chain.currencies(workflows.iter().map(|view| view.asset)).await?;
        let texts: Vec<String> = workflows.iter().map(|view| text(view, &currencies)).collect();
        let text = match texts.is_empty() {
            true => "No workflow is live.".into(),
            false => texts.join("\n\n"),
        };
        Ok(Answer::new(json!({ "workflows": workflows }), text))
    }
}
