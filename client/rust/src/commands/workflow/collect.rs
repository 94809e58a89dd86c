//! `pensum workflow collect`

use crate::terminal::{answer::Answer, collected::Collected, context::Context};
use clap::Args;
use pensum_client::{call, event::BudgetCollected, Error};

/// Arguments.
#[derive(Debug, Args)]
pub struct Collect {
    /// The asset: its symbol or id.
    #[arg(long, value_name = "ASSET")]
    asset: String,

    /// Whose budgets; the key that signs if left out.
    #[arg(long, value_name = "ADDRESS")]
    requester: Option<String>,
}

impl Collect {
    pub async fn run(self, context: &Context) -> Result<Answer, Error> {
        let requester = context.account(self.requester.as_deref())?;
        let call = |asset| call::collect_budget(&requester, asset);
        Collected::send(context, &self.asset, call, |collected: BudgetCollected| {
            collected.amount
        })
        .await
    }
}
