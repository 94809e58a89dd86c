//! `pensum solver bond`

use super::stash::Stash;
use crate::terminal::{answer::Answer, context::Context};
use clap::Args;
use pensum_client::{call, Amount, Error};

/// Arguments.
#[derive(Debug, Args)]
pub struct Bond {
    /// How much more, such as 10 or 500mPEN.
    #[arg(value_name = "AMOUNT")]
    amount: Amount,
}

impl Bond {
    pub async fn run(self, context: &Context) -> Result<Answer, Error> {
        Stash::open(context)
            .await?
            .send(&call::bond_extra(self.amount))
            .await
    }
}
