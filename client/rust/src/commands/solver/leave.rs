//! `pensum solver leave`

use super::stash::Stash;
use crate::terminal::{answer::Answer, context::Context};
use clap::Args;
use pensum_client::{call, Error};

/// Arguments.
#[derive(Debug, Args)]
pub struct Leave {}

impl Leave {
    pub async fn run(self, context: &Context) -> Result<Answer, Error> {
        Stash::open(context).await?.send(&call::leave()).await
    }
}
