//! What is stored, and what is said about steps.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{traits::ConstU32, BoundedVec};
use pensum_primitives::{ids::MAX_BATCH, AccountId, BlockNumber, TaskId};
use scale_info::TypeInfo;

/// Most audits that are due in the same block, and so the most that one block convicts for silence.
pub const MAX_DUE: u32 = 16;

/// Claimed tasks of one batch.
pub type Tasks = BoundedVec<TaskId, ConstU32<MAX_BATCH>>;

/// A node that a solver must open.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Ordered {
    /// Who must open it.
    pub solver: AccountId,
    /// The last block for it.
    pub until: BlockNumber,
}

/// A node of a claimed answer.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Opening {
    /// The task.
    pub task: TaskId,
    /// The node, by its place in the trace.
    pub node: u16,
}

/// What must be opened until some block.
#[derive(Clone, PartialEq, Eq, Debug, Default, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Due {
    /// Bytes of the steps, as their models have them on average. What is opened early leaves its bytes here, to the safe side.
    #[codec(compact)]
    pub bytes: u64,
    /// The nodes.
    pub openings: BoundedVec<Opening, ConstU32<MAX_DUE>>,
}

impl Due {
    /// Whether a step of so many bytes can be due with the others. One alone always can.
    pub fn has_room(&self, bytes: u64, max_bytes: u64) -> bool {
        self.openings.is_empty()
            || self.openings.len() < MAX_DUE as usize && self.bytes.saturating_add(bytes) <= max_bytes
    }
}

/// The last block in which a solver must open something.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Pace {
    /// The block.
    pub until: BlockNumber,
    /// How many nodes are due in it.
    pub due: u32,
}

/// Where the queue of claimed tasks begins and ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Queue {
    /// The first entry.
    pub head: u64,
    /// The number of the next entry to come.
    pub tail: u64,
}

impl Queue {
    /// Whether no task waits.
    pub fn is_empty(&self) -> bool {
        self.head >= self.tail
    }
}

/// What is wrong with a step that a challenger brought.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum Flaw {
    /// The model has no such node.
    NodeUnknown,
    /// A tensor is missing or superfluous, or is not what the trace says, or not the task's input.
    InputsMismatch,
    /// The weights are not those of the model's node, or a tensor has not the length that it reads.
    StepMismatch,
}
