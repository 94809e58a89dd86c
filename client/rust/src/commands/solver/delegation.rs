//! `pensum solver delegation`

use super::delegator::{currencies_of, text, Solver};
use crate::terminal::{answer::Answer, context::Context};
use clap::Args;
use pensum_client::Error;
use sp_core::crypto::Ss58Codec;

/// Arguments.
#[derive(Debug, Args)]
pub struct Delegation {
    #[command(flatten)]
    of: Solver,

    /// The account that delegated; the key that signs if left out.
    #[arg(long, value_name = "ADDRESS")]
    delegator: Option<String>,
}

impl Delegation {
    pub async fn run(self, context: &Context) -> Result<Answer, Error> {
        let solver = self.of.account()?.to_ss58check();
        let delegator = context.account(self.delegator.as_deref())?.to_ss58check();
        let chain = context.chain().await?;
        let delegation = chain.rpc.delegation(&solver, &delegator).await?;
        let text = text(&delegation, &currencies_of(&chain, &delegation).await?);
        Ok(Answer::new(delegation, text))
    }
}
