//! Ids. A task's id names its batch and its place in it, so that a batch is stored, assigned and answered as one thing
//! while every task in it keeps a name of its own.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::fmt;
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_core::H256;

/// Most tasks in one batch: a task's place in its batch is the low byte of its id.
pub const MAX_BATCH: u32 = 256;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident($inner:ty)) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Encode, Decode, DecodeWithMemTracking,
            MaxEncodedLen, TypeInfo, Serialize, Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(pub $inner);
    };
}

id! {
    /// A task: `batch × 256 + place in the batch`.
    TaskId(u64)
}
id! {
    /// A batch of tasks posted together, for one model, on the same terms, held by one solver at a time.
    BatchId(u64)
}
id! {
    /// A model: `blake2_256` of its SCALE-encoded manifest.
    ModelId(H256)
}
id! {
    /// A deferred slash.
    SlashId(u64)
}

impl BatchId {
    /// The task at `place`. Ids beyond 2⁵⁶ batches wrap, which no chain reaches.
    pub const fn task(self, place: u8) -> TaskId {
        TaskId(self.0.wrapping_shl(8) | place as u64)
    }
}

impl TaskId {
    /// The batch this task belongs to.
    pub const fn batch(self) -> BatchId {
        BatchId(self.0 >> 8)
    }

    /// The task's place in its batch.
    pub const fn place(self) -> u8 {
        (self.0 & 0xff) as u8
    }
}

impl fmt::Display for TaskId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl fmt::Display for BatchId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl fmt::Display for ModelId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_id_names_its_batch_and_place() {
        let task = BatchId(7).task(255);
        assert_eq!(task, TaskId(7 * 256 + 255));
        assert_eq!((task.batch(), task.place()), (BatchId(7), 255));
    }
}
