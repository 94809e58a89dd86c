//! `pensum solver unjail`

use super::stash::Stash;
use crate::terminal::{answer::Answer, context::Context};
use clap::Args;
use pensum_client::{call, Error};

/// Arguments.
#[derive(Debug, Args)]
pub struct Unjail {}

impl Unjail {
    pub async fn run(self, context: &Context) -> Result<Answer, Error> {
        Stash::open(context).await?.send(&call::unjail()).await
    }
}
