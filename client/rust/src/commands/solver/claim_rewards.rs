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
}

impl ClaimRewards {
    pub async fn run(self, context: &Context) -> Result<Answer, Error> {
        self.of.send(context, call::claim_rewards).await
    }
}
