//! `pensum task`

mod accept;
pub mod answers;
mod appeal;
mod cancel;
mod collect;
mod dry_run;
mod inputs;
mod list;
mod post;
mod quote;
mod status;
mod terms;
mod watch;

use crate::terminal::{answer::Answer, context::Context};
use clap::Subcommand;
use pensum_client::Error;

/// What to do with tasks.
#[derive(Debug, Subcommand)]
pub enum Task {
    /// Show what tasks would cost, all fees included. Nothing is sent.
    Quote(quote::Quote),
    /// Ask the node what the model says: free, unpaid, and as good as the node's word.
    DryRun(dry_run::DryRun),
    /// Post tasks, wait until they are settled, and print the answers.
    Post(post::Post),
    /// Follow tasks until they are settled.
    Watch(watch::Watch),
    /// Show where tasks stand.
    Status(status::Status),
    /// Cancel what is left of a task's batch. Solvers are paid a share for their trouble.
    Cancel(cancel::Cancel),
    /// Accept an answer that you verify yourself, so that it settles at once.
    Accept(accept::Accept),
    /// Appeal to a jury against an answer, or against the verdict of the jury before.
    Appeal(appeal::Appeal),
    /// Have a share paid that its payee could not receive when its task ended.
    Collect(collect::Collect),
    /// List open tasks.
    List(list::List),
}

impl Task {
    pub async fn run(self, context: &Context) -> Result<Answer, Error> {
        match self {
            Self::Quote(quote) => quote.run(context).await,
            Self::DryRun(dry_run) => dry_run.run(context).await,
            Self::Post(post) => post.run(context).await,
            Self::Watch(watch) => watch.run(context).await,
            Self::Status(status) => status.run(context).await,
            Self::Cancel(cancel) => cancel.run(context).await,
            Self::Accept(accept) => accept.run(context).await,
            Self::Appeal(appeal) => appeal.run(context).await,
            Self::Collect(collect) => collect.run(context).await,
            Self::List(list) => list.run(context).await,
        }
    }
}
