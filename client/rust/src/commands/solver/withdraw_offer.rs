//! `pensum solver withdraw-offer MODEL`

use super::stash::Stash;
use crate::terminal::{answer::Answer, context::Context};
use clap::Args;
use pensum_client::{call, Error};

/// Arguments.
#[derive(Debug, Args)]
pub struct WithdrawOffer {
    /// The model: its id, or its name, or NAME@VERSION.
    #[arg(value_name = "MODEL")]
    model: String,
}

impl WithdrawOffer {
    pub async fn run(self, context: &Context) -> Result<Answer, Error> {
        let stash = Stash::open(context).await?;
        let model = stash.chain.find_model(&self.model).await?;
        stash.send(&call::withdraw_offer(model.id)).await
    }
}
