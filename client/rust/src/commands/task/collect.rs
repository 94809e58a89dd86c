//! `pensum task collect`

use crate::terminal::{answer::Answer, collected::Collected, context::Context};
use clap::Args;
use pensum_client::{call, event::ShareCollected, Error};

/// Arguments.
#[derive(Debug, Args)]
pub struct Collect {
    /// The asset: its symbol or id.
    #[arg(long, value_name = "ASSET")]
    asset: String,

    /// Who shall be paid; the key that signs if left out.
    #[arg(long, value_name = "ADDRESS")]
    payee: Option<String>,

    /// With whom it is on hold, as the event `ShareStranded` tells; the key that signs if left out.
    #[arg(long, value_name = "ADDRESS")]
    requester: Option<String>,
}

impl Collect {
    pub async fn run(self, context: &Context) -> Result<Answer, Error> {
        let payee = context.account(self.payee.as_deref())?;
        let requester = context.account(self.requester.as_deref())?;
        let call = |asset| call::collect(&payee, &requester, asset);
        Collected::send(context, &self.asset, call, |collected: ShareCollected| {
            collected.amount
        })
        .await
    }
}
