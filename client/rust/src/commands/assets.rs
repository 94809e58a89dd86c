//! `pensum assets`

mod list;

use crate::terminal::{answer::Answer, context::Context};
use clap::Subcommand;
use pensum_client::Error;

/// What to do with assets.
#[derive(Debug, Subcommand)]
pub enum Assets {
    /// List the assets that tasks can be paid with, and what they are worth.
    List(list::List),
}

impl Assets {
    pub async fn run(self, context: &Context) -> Result<Answer, Error> {
        match self {
            Self::List(list) => list.run(context).await,
        }
    }
}
