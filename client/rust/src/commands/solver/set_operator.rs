//! `pensum solver set-operator`

use super::{operator_key::OperatorKey, stash::Stash};
use crate::terminal::{answer::Answer, context::Context};
use clap::Args;
use pensum_client::{call, Error};

/// Arguments.
#[derive(Debug, Args)]
pub struct SetOperator {
    #[command(flatten)]
    operator: OperatorKey,
}

impl SetOperator {
    pub async fn run(self, context: &Context) -> Result<Answer, Error> {
        let stash = Stash::open(context).await?;
        let (operator, proof) = self.operator.prove(&stash)?;
        stash.send(&call::set_operator(operator, proof)).await
    }
}
