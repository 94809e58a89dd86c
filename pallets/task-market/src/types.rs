//! What is stored of live tasks.

use crate::{
    limits::{MAX_HANDOVERS, MAX_PARTS, MAX_TASKS, MAX_UPSTREAM},
    part::position,
};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{traits::ConstU32, BoundedVec};
use pensum_primitives::{
    asset::cost_of, follower::Follower, matching::Matching, panel::Paid, task::Output,
    verification::Verification, AccountId, AssetId, Balance, BlockNumber, Digest, ModelId, SlashId, TaskId,
};
use scale_info::TypeInfo;

pub use crate::part::{bond, holds, ids, OpenTask, OpenTasks, Part, PartState, Quote};

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
    /// Most that one task may cost, in PEN.
    #[codec(compact)]
    pub max_reward: Balance,
    /// What is held for each live task, where that is another asset; else it is `max_reward`.
    pub escrow: Option<Escrow>,
    /// The last block in which an answer is of use.
    pub deadline: BlockNumber,
    /// The block in which it was posted.
    pub posted_at: BlockNumber,
    /// Least reputation of a solver, in parts per million.
    #[codec(compact)]
    pub min_reputation: u32,
    /// How solvers are chosen.
    pub matching: Matching,
    /// How answers are verified.
    pub verification: Verification,
    /// Live tasks that a solver holds, each part with a solver of its own.
    pub parts: BoundedVec<Part, ConstU32<MAX_PARTS>>,
    /// Live tasks that no solver holds: they are at auction, or before a panel. A batch has tasks here or in parts.
    pub waiting: Option<Waiting>,
    /// Solvers that failed or declined a part: they get nothing of this batch again.
    pub failed: BoundedVec<AccountId, ConstU32<MAX_HANDOVERS>>,
    /// Tasks whose answers went into its input.
    pub upstream: Upstream,
    /// Who posted it on the requester's behalf, and is told when its task ends.
    pub follower: Option<Follower>,
}

/// What is held for each live task of a batch that is not paid in PEN.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Escrow {
    /// The asset.
    pub asset: AssetId,
    /// How much of it: worth the batch's `max_reward` when it was posted.
    #[codec(compact)]
    pub each: Balance,
}

/// Tasks whose answers went into an input.
pub type Upstream = BoundedVec<TaskId, ConstU32<MAX_UPSTREAM>>;

/// Slashes of solvers that failed some tasks: whoever answers them repairs the damage.
pub type Repairs = BoundedVec<SlashId, ConstU32<MAX_HANDOVERS>>;

/// The tasks of a batch that no solver holds.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Waiting {
    /// Slashes of the solvers that held these tasks before and failed.
    pub repairs: Repairs,
    /// The tasks, in order of their places, without bonds. Never empty.
    pub tasks: OpenTasks,
}

/// An answer that settles when its window has passed.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct ClaimedAnswer {
    /// What the solver said.
    pub output: Output,
    /// `trace_digest` of its trace, where it can be disproven.
    pub trace: Option<Digest>,
    /// The block in which it was answered, whose body holds the trace.
    pub claimed_at: BlockNumber,
    /// The last block of the window.
    pub until: BlockNumber,
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
            .fold(self.waiting_tasks().len() as u32, |sum, part| {
                sum.saturating_add(part.count())
            })
    }

    /// Live tasks that no solver holds.
    pub fn waiting_tasks(&self) -> &[OpenTask] {
        self.waiting.as_ref().map_or(&[], |waiting| &waiting.tasks)
    }

    /// The live task at `place`, whoever holds it.
    pub fn task(&self, place: u8) -> Option<&OpenTask> {
        let waiting = self.waiting_tasks();
        position(waiting, place)
            .and_then(|index| waiting.get(index))
            .or_else(|| self.part_with(place)?.task(place))
    }

    /// Whether something of it must be looked at when this block has passed.
    pub fn is_due_after(&self, block: BlockNumber) -> bool {
        (self.waiting.is_some() && self.deadline == block)
            || self.parts.iter().any(|part| part.answer_by == block)
    }

    /// Whether nothing of it lives.
    pub fn is_over(&self) -> bool {
        self.parts.is_empty() && self.waiting.is_none()
    }

    /// The asset that pays; none is PEN.
    pub fn asset(&self) -> Option<AssetId> {
        self.escrow.map(|escrow| escrow.asset)
    }

    /// What is held for each live task, in units of its asset.
    pub fn each(&self) -> Balance {
        self.escrow.map_or(self.max_reward, |escrow| escrow.each)
    }

    /// What a price of PEN costs in units of its asset: never more than what is held for a task.
    pub fn cost(&self, price: Balance) -> Balance {
        match self.escrow {
            None => price.min(self.max_reward),
            Some(escrow) => cost_of(price, self.max_reward, escrow.each),
        }
    }

    /// What these prices of PEN for one task cost in units of its asset, in order, as far as what is held for the task reaches.
    pub fn costs(&self, prices: Vec<Paid>) -> Vec<Paid> {
        let mut left = self.each();
        prices
            .into_iter()
            .map(|(payee, price)| {
                let cost = self.cost(price).min(left);
                left = left.saturating_sub(cost);
                (payee, cost)
            })
            .collect()
    }

    /// Whether answers are verified in the block that brings them.
    pub fn settles_at_once(&self) -> bool {
        settles_at_once(&self.verification)
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

/// Whether answers are verified in the block that brings them.
pub fn settles_at_once(verification: &Verification) -> bool {
    matches!(verification, Verification::Replay { window: 0 })
}
