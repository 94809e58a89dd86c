//! `pensum solver claim-rewards`

use super::delegator::Solver;
use crate::terminal::{answer::Answer, context::Context};
use clap::Args;
use pensum_client::{call, Error};

/// Arguments.
#[derive(Debug, Args)]
pub struct ClaimRewards {
    #[command(flatten)]
    of: Solver,

    /// What was earned: PEN, or the symbol or id of an asset. `solver delegation` tells all of them.
    #[arg(long, value_name = "ASSET", default_value = "PEN")]
    asset: String,
}

impl ClaimRewards {
    pub async fn run(self, context: &Context) -> Result<Answer, Error> {
        let chain = context.chain().await?;
        let earned = chain.find_currency(&self.asset).await?;
        let call = |solver: &_| call::claim_rewards(solver, &earned);
        self.of.send_on(chain, context, call).await
    }
}
