//! `pensum record`

mod show;

use crate::terminal::{answer::Answer, context::Context};
use clap::Subcommand;
use pensum_client::Error;

/// What to do with records.
#[derive(Debug, Subcommand)]
pub enum Record {
    /// Show a task's record, with its proof checked against the chain's state.
    Show(show::Show),
}

impl Record {
    pub async fn run(self, context: &Context) -> Result<Answer, Error> {
        match self {
            Self::Show(show) => show.run(context).await,
        }
    }
}
