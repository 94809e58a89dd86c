//! `pensum solver unbond`

use super::stash::Stash;
use crate::terminal::{answer::Answer, context::Context};
use clap::Args;
use pensum_client::{call, Amount, Error};

/// Arguments.
#[derive(Debug, Args)]
pub struct Unbond {
    /// How much, such as 10 or 500mPEN; at most what `solver status` calls free.
    #[arg(value_name = "AMOUNT")]
    amount: Amount,
}

impl Unbond {
    pub async fn run(self, context: &Context) -> Result<Answer, Error> {
        Stash::open(context).await?.send(&call::unbond(self.amount)).await
    }
}
