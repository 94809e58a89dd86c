//! `pensum solver withdraw-delegated`

use super::delegator::Solver;
use crate::terminal::{answer::Answer, context::Context};
use clap::Args;
use pensum_client::{call, Error};

/// Arguments.
#[derive(Debug, Args)]
pub struct WithdrawDelegated {
    #[command(flatten)]
    of: Solver,
}

impl WithdrawDelegated {
    pub async fn run(self, context: &Context) -> Result<Answer, Error> {
        self.of.send(context, call::withdraw_delegated).await
    }
}
