//! `pensum workflow`

mod cancel;
mod collect;
mod list;
mod run;
mod states;
mod status;

use crate::terminal::{answer::Answer, context::Context};
use clap::Subcommand;
use pensum_client::Error;

/// What to do with workflows.
#[derive(Debug, Subcommand)]
pub enum Workflow {
    /// Start a workflow from a file, wait until it has ended, and print what each step answered.
    Run(run::Run),
    /// Show where the steps of a live workflow stand.
    Status(status::Status),
    /// List an account's live workflows.
    List(list::List),
    /// Cancel what is left of a workflow.
    Cancel(cancel::Cancel),
    /// Release what could not come back of budgets when their workflows ended.
    Collect(collect::Collect),
}

impl Workflow {
    pub async fn run(self, context: &Context) -> Result<Answer, Error> {
        match self {
            Self::Run(run) => run.run(context).await,
            Self::Status(status) => status.run(context).await,
            Self::List(list) => list.run(context).await,
            Self::Cancel(cancel) => cancel.run(context).await,
            Self::Collect(collect) => collect.run(context).await,
        }
    }
}
