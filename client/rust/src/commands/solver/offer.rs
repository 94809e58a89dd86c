//! `pensum solver offer MODEL`

use super::stash::Stash;
use crate::terminal::{answer::Answer, context::Context};
use clap::Args;
use pensum_client::{call, view, Amount, Error};

/// Arguments.
#[derive(Debug, Args)]
pub struct Offer {
    /// The model: its id, or its name, or NAME@VERSION.
    #[arg(value_name = "MODEL")]
    model: String,

    /// Price of a task with an empty input, such as 10uPEN.
    #[arg(long, value_name = "AMOUNT")]
    base: Amount,

    /// Price that each byte of input adds.
    #[arg(long, value_name = "AMOUNT", default_value = "0")]
    per_byte: Amount,

    /// Least price of a task; the base if left out.
    #[arg(long, value_name = "AMOUNT")]
    min_reward: Option<Amount>,

    /// Most tasks to hold at once. Each locks stake: see `solver doctor`.
    #[arg(long, value_name = "TASKS", value_parser = clap::value_parser!(u32).range(1..))]
    capacity: u32,
}

impl Offer {
    pub async fn run(self, context: &Context) -> Result<Answer, Error> {
        let stash = Stash::open(context).await?;
        let model = stash.chain.find_model(&self.model).await?;
        let offer = view::Offer {
            base: self.base.0,
            per_byte: self.per_byte.0,
            min_reward: self.min_reward.unwrap_or(self.base).0,
            capacity: self.capacity,
        };
        stash.send(&call::set_offer(model.id, &offer)).await
    }
}
