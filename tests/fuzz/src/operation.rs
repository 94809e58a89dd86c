//! Operations: what the bytes of an input ask for.

mod asking;
mod disputing;
mod registry;
mod staking;
mod time;
mod trading;
mod work;

use crate::{bytes::Bytes, violation::Checked, world::World};
use pensum_primitives::{BatchId, TaskId};
use pensum_runtime::Runtime;

pub use asking::Asking;
pub use disputing::Disputing;
pub use registry::Registering;
pub use staking::Staking;
pub use time::{leap, next_block, Time};
pub use trading::Trading;
pub use work::{Manner, Working};

/// One operation.
#[derive(Clone, Debug)]
pub enum Operation {
    /// Time passes.
    Time(Time),
    /// A requester acts.
    Asking(Asking),
    /// A solver works.
    Working(Working),
    /// A solver or delegator moves stake, or changes its offers.
    Staking(Staking),
    /// A challenger acts.
    Disputing(Disputing),
    /// The publisher or governance acts on models.
    Registering(Registering),
    /// Somebody acts on the assets that pay.
    Trading(Trading),
}

impl Operation {
    /// The operation that these bytes mean; every row of bytes means one.
    pub fn read(chunk: &[u8]) -> Self {
        let bytes = &mut Bytes::new(chunk);
        match bytes.below(17) {
            16 => Self::Trading(Trading::read(bytes)),
            0..=2 => Self::Time(Time::read(bytes)),
            3..=6 => Self::Asking(Asking::read(bytes)),
            7..=11 => Self::Working(Working::read(bytes)),
            12 | 13 => Self::Staking(Staking::read(bytes)),
            14 => Self::Disputing(Disputing::read(bytes)),
            _ => Self::Registering(Registering::read(bytes)),
        }
    }

    /// Does it.
    pub fn run(self, world: &mut World) -> Checked {
        match self {
            Self::Time(time) => time.run(world),
            Self::Asking(asking) => asking.run(world),
            Self::Working(working) => working.run(world),
            Self::Staking(staking) => staking.run(world),
            Self::Disputing(disputing) => disputing.run(world),
            Self::Registering(registering) => registering.run(world),
            Self::Trading(trading) => trading.run(world),
        }
    }
}

/// One of the things that exist now, by choice; none where nothing does.
fn choose<T>(mut these: Vec<T>, choice: u8) -> Option<T> {
    match these.len() {
        0 => None,
        count => Some(these.swap_remove(usize::from(choice) % count)),
    }
}

/// One of the things that exist now and fit, by choice; where none fits, or this choice does not want it to, the other.
fn fitting<T>(these: Vec<T>, choice: u8, other: T) -> T {
    match choice % 8 {
        7 => other,
        _ => choose(these, choice / 8).unwrap_or(other),
    }
}

/// A live batch; one that never was where none lives.
fn some_batch(choice: u8) -> BatchId {
    let mut live: Vec<_> = pallet_task_market::Batches::<Runtime>::iter_keys().collect();
    live.sort();
    choose(live, choice).unwrap_or(BatchId(choice.into()))
}

/// A task of a live batch that was answered and waits, or else any task.
fn some_claim(choice: u8) -> TaskId {
    let mut claimed: Vec<_> = pallet_task_market::ClaimedAnswers::<Runtime>::iter_keys().collect();
    claimed.sort();
    choose(claimed, choice).unwrap_or_else(|| some_batch(choice).task(choice % 2))
}
