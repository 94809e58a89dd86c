//! `pensum solver join`

use super::{operator_key::OperatorKey, stash::Stash};
use crate::terminal::{answer::Answer, context::Context};
use clap::Args;
use pensum_client::{call, Amount, Error};

/// Arguments.
#[derive(Debug, Args)]
pub struct Join {
    /// How much to bond, such as 100.
    #[arg(long, value_name = "AMOUNT")]
    bond: Amount,

    #[command(flatten)]
    operator: OperatorKey,
}

impl Join {
    pub async fn run(self, context: &Context) -> Result<Answer, Error> {
        let stash = Stash::open(context).await?;
        let (operator, proof) = self.operator.prove(&stash)?;
        stash.send(&call::join(operator, proof, self.bond)).await
    }
}
