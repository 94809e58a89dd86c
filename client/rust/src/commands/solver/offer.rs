//! `pensum solver offer MODEL`

use super::stash::Stash;
use crate::terminal::{answer::Answer, context::Context};
use clap::{Args, ValueEnum};
use pensum_client::{
    amount::{Sum, STABLE, STABLE_DECIMALS},
    call,
    view::{self, Unit},
    Error,
};

/// Arguments.
#[derive(Debug, Args)]
pub struct Offer {
    /// The model: its id, or its name, or NAME@VERSION.
    #[arg(value_name = "MODEL")]
    model: String,

    /// Price of a task with an empty input, such as 10uPEN; in the stable unit whole units, such as 0.00002.
    #[arg(long, value_name = "AMOUNT")]
    base: Sum,

    /// Price that each byte of input adds.
    #[arg(long, value_name = "AMOUNT", default_value = "0")]
    per_byte: Sum,

    /// Least price of a task; the base if left out.
    #[arg(long, value_name = "AMOUNT")]
    min_reward: Option<Sum>,

    /// What the prices are quoted in: PEN, or the stable unit, a whole unit of the asset that `assets list` calls so. What that is in
    /// PEN the chain's rate says whenever a task is matched; while there is no rate, the offer is passed over.
    #[arg(long, value_name = "UNIT", value_enum, default_value_t = QuotedIn::Pen)]
    unit: QuotedIn,

    /// Most tasks to hold at once. Each locks stake: see `solver doctor`.
    #[arg(long, value_name = "TASKS", value_parser = clap::value_parser!(u32).range(1..))]
    capacity: u32,
}

/// What prices are quoted in.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum QuotedIn {
    /// PEN.
    Pen,
    /// The stable unit.
    Stable,
}

impl QuotedIn {
    /// What somebody wrote, in the offer's smallest unit: 10⁻¹² of either.
    fn read(self, sum: &Sum) -> Result<u128, Error> {
        match self {
            Self::Pen => Ok(sum.pen()?.0),
            Self::Stable => sum.of_whole(STABLE, STABLE_DECIMALS),
        }
    }

    fn unit(self) -> Unit {
        match self {
            Self::Pen => Unit::Native,
            Self::Stable => Unit::Stable,
        }
    }
}

impl Offer {
    pub async fn run(self, context: &Context) -> Result<Answer, Error> {
        let stash = Stash::open(context).await?;
        let model = stash.chain.find_model(&self.model).await?;
        let offer = view::Offer {
            base: self.unit.read(&self.base)?,
            per_byte: self.unit.read(&self.per_byte)?,
            min_reward: self.unit.read(self.min_reward.as_ref().unwrap_or(&self.base))?,
            capacity: self.capacity,
            unit: self.unit.unit(),
        };
        stash.send(&call::set_offer(model.id, &offer)).await
    }
}
