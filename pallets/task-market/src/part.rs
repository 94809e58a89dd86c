//! Parts: the tasks of a batch that one solver holds, and what is hot of a task.

use crate::{
    limits::{MAX_SHEETS, MAX_TASKS},
    types::Repairs,
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{traits::ConstU32, BoundedVec};
use pensum_primitives::{solver::Offer, AccountId, Balance, BatchId, BlockNumber, TaskId};
use scale_info::TypeInfo;

/// The tasks of a batch that one solver holds.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Part {
    /// Who must answer.
    pub solver: AccountId,
    /// Its prices when it was assigned.
    pub quote: Quote,
    /// Whether it is answered.
    pub state: PartState,
    /// The last block in which its answer counts; of a claimed part, the last block before one of its answers settles.
    pub answer_by: BlockNumber,
    /// Sheets of answers that it handed in without finishing.
    pub sheets: u8,
    /// Slashes of the solvers that held these tasks before and failed: whoever answers repairs the damage.
    pub repairs: Repairs,
    /// The tasks, in order of their places. Never empty.
    pub tasks: OpenTasks,
}

/// Where a part stands.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum PartState {
    /// Its solver must answer.
    Working,
    /// It is answered; each of its tasks has a `ClaimedAnswer`.
    Claimed,
}

/// Live tasks, in order of their places.
pub type OpenTasks = BoundedVec<OpenTask, ConstU32<MAX_TASKS>>;

/// What is hot of a live task; its input lies in cold storage.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct OpenTask {
    /// Its place in the batch.
    pub place: u8,
    /// Whether the answer must bring the input's bytes.
    pub blob: bool,
    /// Length of the input in bytes.
    #[codec(compact)]
    pub len: u32,
    /// Stake locked behind it.
    #[codec(compact)]
    pub bond: Balance,
}

/// A solver's prices for the model at the moment of assignment; a later change of its offer does not touch open tasks.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Quote {
    /// Price of a task with an empty input.
    #[codec(compact)]
    pub base: Balance,
    /// Price that each byte of input adds.
    #[codec(compact)]
    pub per_byte: Balance,
    /// Least price of a task.
    #[codec(compact)]
    pub min_reward: Balance,
}

impl From<Offer> for Quote {
    fn from(offer: Offer) -> Self {
        Self {
            base: offer.base,
            per_byte: offer.per_byte,
            min_reward: offer.min_reward,
        }
    }
}

impl Quote {
    /// One price for every task, whatever its input.
    pub const fn flat(price: Balance) -> Self {
        Self {
            base: price,
            per_byte: 0,
            min_reward: 0,
        }
    }

    /// Price of one task, and never more than was held for it, whatever the book said.
    pub fn price(&self, task: &OpenTask, max_reward: Balance) -> Balance {
        market_math::price::task(self.base, self.per_byte, self.min_reward, task.len).min(max_reward)
    }
}

impl Part {
    /// The task at `place`, if this part holds it.
    pub fn task(&self, place: u8) -> Option<&OpenTask> {
        self.tasks.get(position(&self.tasks, place)?)
    }

    /// Whether the time for answers is over.
    pub fn is_overdue(&self, now: BlockNumber) -> bool {
        self.answer_by < now
    }

    /// Whether its solver must still answer.
    pub fn is_working(&self) -> bool {
        self.state == PartState::Working
    }

    /// Whether a sheet that leaves tasks unanswered would be one too many.
    pub fn must_finish(&self) -> bool {
        self.sheets.saturating_add(1) >= MAX_SHEETS
    }

    /// Stake locked behind its tasks.
    pub fn bond(&self) -> Balance {
        bond(&self.tasks)
    }

    /// What all its tasks cost.
    pub fn price(&self, max_reward: Balance) -> Balance {
        self.price_of(&self.tasks, max_reward)
    }

    /// What some of its tasks cost.
    pub fn price_of(&self, tasks: &[OpenTask], max_reward: Balance) -> Balance {
        tasks.iter().fold(0, |sum: Balance, task| {
            sum.saturating_add(self.quote.price(task, max_reward))
        })
    }

    /// How many tasks it holds.
    pub fn count(&self) -> u32 {
        self.tasks.len() as u32
    }
}

/// Where the task at `place` stands among tasks that are in order of their places.
pub(crate) fn position(tasks: &[OpenTask], place: u8) -> Option<usize> {
    tasks.binary_search_by_key(&place, |task| task.place).ok()
}

/// Whether `place` is one of these tasks, which are in order of their places.
pub fn holds(tasks: &[OpenTask], place: u8) -> bool {
    position(tasks, place).is_some()
}

/// Stake locked behind these tasks.
pub fn bond(tasks: &[OpenTask]) -> Balance {
    tasks
        .iter()
        .fold(0, |sum: Balance, task| sum.saturating_add(task.bond))
}

/// Ids of the tasks at these places.
pub fn ids(batch: BatchId, tasks: &[OpenTask]) -> impl Iterator<Item = TaskId> + '_ {
    tasks.iter().map(move |task| batch.task(task.place))
}
