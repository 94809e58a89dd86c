//! Keys of the index. They lie under a prefix of their own, which no off-chain worker and no runtime can write to.

use codec::Encode;
use pensum_primitives::{ModelId, TaskId};

/// Prefix of every entry of the index in the off-chain storage.
pub(super) const PREFIX: &[u8] = b"pensum/index/1/";

/// The last block whose records are in the index: `BlockNumber`.
pub(super) const LAST: &[u8] = b"last";

/// The block in which a task ended: `BlockNumber`.
pub(super) fn task(task: TaskId) -> Vec<u8> {
    (*b"task", task).encode()
}

/// How many tasks a model has: `ModelTail`.
pub(super) fn tail(model: ModelId) -> Vec<u8> {
    (*b"tail", model).encode()
}

/// A page of a model's tasks: `Vec<TaskId>`.
pub(super) fn page(model: ModelId, page: u64) -> Vec<u8> {
    (*b"page", model, page).encode()
}
