//! What is stored of live tasks.

use crate::limits::{MAX_HANDOVERS, MAX_PARTS, MAX_SHEETS, MAX_TASKS};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{traits::ConstU32, BoundedVec};
use pensum_primitives::{
    solver::Offer, task::Verification, AccountId, Balance, BatchId, BlockNumber, ModelId, SlashId, TaskId,
};
use scale_info::TypeInfo;

/// The inputs of a batch, by place.
pub type Inputs = BoundedVec<pensum_primitives::task::Input, ConstU32<MAX_TASKS>>;

/// A sheet of answers.
pub type Sheet = BoundedVec<pensum_primitives::task::Answer, ConstU32<MAX_TASKS>>;

/// Places of tasks in their batch.
pub type Places = BoundedVec<u8, ConstU32<MAX_TASKS>>;

/// Tasks that were posted together, on the same terms. Holds only those that still live.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Batch {
    /// Who asked, and whose escrow it is.
    pub requester: AccountId,
    /// The model that shall answer.
    pub model: ModelId,
    /// Most that one task may cost, and what is held for each live task.
    #[codec(compact)]
    pub max_reward: Balance,
    /// The last block in which an answer is of use.
    pub deadline: BlockNumber,
    /// The block in which it was posted.
    pub posted_at: BlockNumber,
    /// Least reputation of a solver, in parts per million.
    #[codec(compact)]
    pub min_reputation: u32,
    /// How answers are verified.
    pub verification: Verification,
    /// The live tasks, each part held by a solver of its own. Never empty.
    pub parts: BoundedVec<Part, ConstU32<MAX_PARTS>>,
    /// Solvers that failed or declined a part: they get nothing of this batch again.
    pub failed: BoundedVec<AccountId, ConstU32<MAX_HANDOVERS>>,
}

/// The tasks of a batch that one solver holds.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Part {
    /// Who must answer.
    pub solver: AccountId,
    /// Its prices when it was assigned.
    pub quote: Quote,
    /// The last block in which its answer counts.
    pub answer_by: BlockNumber,
    /// Sheets of answers that it handed in without finishing.
    pub sheets: u8,
    /// Slashes of the solvers that held these tasks before and failed: whoever answers repairs the damage.
    pub repairs: BoundedVec<SlashId, ConstU32<MAX_HANDOVERS>>,
    /// The tasks, in order of their places. Never empty.
    pub tasks: OpenTasks,
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
fn position(tasks: &[OpenTask], place: u8) -> Option<usize> {
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

impl Batch {
    /// The part that `solver` holds. It holds at most one.
    pub fn part_of(&self, solver: &AccountId) -> Option<&Part> {
        self.parts.iter().find(|part| part.solver == *solver)
    }

    /// Takes out the first part that fits.
    pub fn take_part(&mut self, fits: impl FnMut(&Part) -> bool) -> Option<Part> {
        let index = self.parts.iter().position(fits)?;
        Some(self.parts.remove(index))
    }

    /// The part that holds the task at `place`.
    pub fn part_with(&self, place: u8) -> Option<&Part> {
        self.parts.iter().find(|part| part.task(place).is_some())
    }

    /// Live tasks.
    pub fn tasks(&self) -> u32 {
        self.parts
            .iter()
            .fold(0, |sum: u32, part| sum.saturating_add(part.count()))
    }

    /// Who gets no task of this batch: those that failed, and those that hold a part already.
    pub fn excluded(&self) -> Vec<AccountId> {
        self.failed
            .iter()
            .chain(self.parts.iter().map(|part| &part.solver))
            .cloned()
            .collect()
    }

    /// Whether one more failed part may still go to another solver.
    pub fn can_hand_over(&self) -> bool {
        self.failed.len() < MAX_HANDOVERS as usize
    }
}

/// Ids of the tasks at these places.
pub fn ids(batch: BatchId, tasks: &[OpenTask]) -> impl Iterator<Item = TaskId> + '_ {
    tasks.iter().map(move |task| batch.task(task.place))
}
