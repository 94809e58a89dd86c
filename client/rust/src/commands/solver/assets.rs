//! `pensum solver accept-asset ASSET` and `pensum solver refuse-asset ASSET`

use super::stash::Stash;
use crate::terminal::{answer::Answer, context::Context};
use clap::Args;
use pensum_client::{call, transaction::Call, AssetId, Error};

/// Arguments.
#[derive(Debug, Args)]
pub struct Named {
    /// The asset: its symbol or id. See `assets list`.
    #[arg(value_name = "ASSET")]
    asset: String,
}

impl Named {
    pub async fn accept(self, context: &Context) -> Result<Answer, Error> {
        self.send(context, call::accept_asset).await
    }

    pub async fn refuse(self, context: &Context) -> Result<Answer, Error> {
        self.send(context, call::refuse_asset).await
    }

    async fn send(self, context: &Context, make: impl FnOnce(AssetId) -> Call) -> Result<Answer, Error> {
        let stash = Stash::open(context).await?;
        let asset = stash
            .chain
            .find_currency(&self.asset)
            .await?
            .id()
            .ok_or_else(|| {
                Error::usage(
                    "AlwaysAccepted",
                    "Every solver accepts PEN.",
                    "Name another asset; see `pensum assets list`.",
                )
            })?;
        stash.send(&make(asset)).await
    }
}
