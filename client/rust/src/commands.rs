//! The commands: one file each, below the noun that it is about.

mod assets;
mod challenge;
mod completions;
mod keys;
mod man;
mod model;
mod record;
mod solver;
mod task;
mod workflow;

use crate::terminal::{answer::Answer, context::Context, table::table};
use clap::Subcommand;
use pensum_client::{amount::quoted, view::Offer, Error};

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make and look at keys.
    #[command(subcommand)]
    Keys(keys::Keys),
    /// Register and look at models.
    #[command(subcommand)]
    Model(model::Model),
    /// Look at what can pay beside PEN.
    #[command(subcommand)]
    Assets(assets::Assets),
    /// Ask models questions and pay for verified answers.
    #[command(subcommand)]
    Task(task::Task),
    /// Work as a solver.
    #[command(subcommand)]
    Solver(solver::Solver),
    /// Check claimed answers by recomputing them, and prove wrong ones wrong.
    Challenge(challenge::Challenge),
    /// Run several tasks of which some read or depend on what others answered.
    #[command(subcommand)]
    Workflow(workflow::Workflow),
    /// Look at the permanent records of tasks that have ended.
    #[command(subcommand)]
    Record(record::Record),
    /// Print a completion script for a shell.
    Completions(completions::Completions),
    /// Print or write the manual.
    Man(man::Man),
}

impl Command {
    /// Does it.
    pub async fn run(self, context: &Context) -> Result<Answer, Error> {
        match self {
            Self::Keys(keys) => keys.run(context).await,
            Self::Model(model) => model.run(context).await,
            Self::Assets(assets) => assets.run(context).await,
            Self::Task(task) => task.run(context).await,
            Self::Solver(solver) => solver.run(context).await,
            Self::Challenge(challenge) => challenge.run(context).await,
            Self::Workflow(workflow) => workflow.run(context).await,
            Self::Record(record) => record.run(context).await,
            Self::Completions(completions) => Ok(completions.run()),
            Self::Man(man) => man.run(),
        }
    }
}

/// A table of standing prices, each with what it belongs to.
fn prices<'a>(what: &str, offers: impl Iterator<Item = (String, &'a Offer)>, none: &str) -> String {
    let rows: Vec<[String; 5]> = offers
        .map(|(of, offer)| {
            let [base, per_byte, least] =
                [offer.base, offer.per_byte, offer.min_reward].map(|price| quoted(price, offer.unit));
            [of, base, per_byte, least, offer.capacity.to_string()]
        })
        .collect();
    table([what, "base", "per byte", "at least", "capacity"], &rows, none)
}
