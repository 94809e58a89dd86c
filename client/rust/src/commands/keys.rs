//! `pensum keys`

mod generate;
mod inspect;
mod operator;

use crate::terminal::{answer::Answer, context::Context};
use clap::Subcommand;
use pensum_client::Error;

/// What to do with keys.
#[derive(Debug, Subcommand)]
pub enum Keys {
    /// Make a new key: 12 words.
    Generate(generate::Generate),
    /// Show the address of a key, or of the one that signs.
    Inspect(inspect::Inspect),
    /// Make an operator key, with the proof by which a stash joins or changes to it.
    Operator(operator::Operator),
}

impl Keys {
    pub async fn run(self, context: &Context) -> Result<Answer, Error> {
        match self {
            Self::Generate(generate) => generate.run(),
            Self::Inspect(inspect) => inspect.run(context),
            Self::Operator(operator) => operator.run(context).await,
        }
    }
}
