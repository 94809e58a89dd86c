//! `pensum solver commission`

use super::stash::Stash;
use crate::terminal::{answer::Answer, context::Context};
use clap::Args;
use pensum_client::{call, Error};

/// Arguments.
#[derive(Debug, Args)]
pub struct Commission {
    /// What the solver keeps, in parts per million of its delegators' rewards. A lower one holds at once, a higher one later.
    #[arg(value_name = "PPM", value_parser = clap::value_parser!(u32).range(0..=1_000_000))]
    ppm: u32,
}

impl Commission {
    pub async fn run(self, context: &Context) -> Result<Answer, Error> {
        Stash::open(context)
            .await?
            .send(&call::set_commission(self.ppm))
            .await
    }
}
