//! `pensum solver undelegate`

use super::delegator::Stake;
use crate::terminal::{answer::Answer, context::Context};
use clap::Args;
use pensum_client::{call, Error};

/// Arguments.
#[derive(Debug, Args)]
pub struct Undelegate {
    #[command(flatten)]
    stake: Stake,
}

impl Undelegate {
    pub async fn run(self, context: &Context) -> Result<Answer, Error> {
        let amount = self.stake.amount;
        let call = |solver: &_| call::undelegate(solver, amount);
        self.stake.of.send(context, call).await
    }
}
