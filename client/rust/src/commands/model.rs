//! `pensum model`

mod list;
mod register;
mod show;
mod tile;

use crate::terminal::{answer::Answer, context::Context};
use clap::Subcommand;
use pensum_client::{view, Error};

/// What to do with models.
#[derive(Debug, Subcommand)]
pub enum Model {
    /// Register a model from its manifest and graph.
    Register(register::Register),
    /// List the models.
    List(list::List),
    /// Show a model, who offers it, and what it was made from.
    Show(show::Show),
    /// Cut a model's nodes so that each can be proven in one transaction, for `register --skeleton`.
    Tile(tile::Tile),
}

impl Model {
    pub async fn run(self, context: &Context) -> Result<Answer, Error> {
        match self {
            Self::Register(register) => register.run(context).await,
            Self::List(list) => list.run(context).await,
            Self::Show(show) => show.run(context).await,
            Self::Tile(tile) => tile.run(),
        }
    }
}

/// A model's state in words.
fn state(model: &view::Model) -> String {
    match model.active_from() {
        Some(0) => "active".into(),
        Some(from) => format!("active from block {from}"),
        None => view::variant(&model.state).into(),
    }
}
