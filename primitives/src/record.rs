//! Records: the permanent, small provenance entry of a task that has ended.
//!
//! State must not grow with the number of tasks ever settled: only the Merkle root of a block's records is kept in
//! state. The bodies lie in each node's off-chain index, under their own digest, so that no fork can put a wrong one in place.

use crate::{
    task::Output, verdict::Outcome, verification::Verification, AccountId, AssetId, Balance, BlockNumber,
    Digest, ModelId, TaskId,
};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_crypto_hashing::blake2_256;
use sp_runtime::traits::BlakeTwo256;

/// What is known for ever about a task that has ended.
#[derive(
    Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo, Serialize, Deserialize,
)]
pub struct Record {
    /// The task.
    pub task: TaskId,
    /// The model.
    pub model: ModelId,
    /// Who asked.
    pub requester: AccountId,
    /// `sha2_256` of the input.
    pub input: Digest,
    /// `sha2_256` of the answer; of nothing for a refund.
    pub output: Digest,
    /// Who answered, last; nobody for a refund before any answer.
    pub solvers: Vec<AccountId>,
    /// How it was verified.
    pub verification: Verification,
    /// Digest of what the verdict rests on: for a replay, of the model's weights.
    pub evidence: Digest,
    /// Tasks whose answers went into the input.
    pub upstream: Vec<TaskId>,
    /// How it ended.
    pub outcome: Outcome,
    /// What the requester paid, in units of `asset`.
    #[serde(with = "crate::json::amount")]
    pub price: Balance,
    /// The asset it paid with; none is PEN.
    pub asset: Option<AssetId>,
    /// The block in which it was posted.
    pub posted_at: BlockNumber,
    /// The block in which it ended.
    pub block: BlockNumber,
}

impl Record {
    /// The record's leaf in its block's Merkle tree.
    pub fn leaf(&self) -> Digest {
        blake2_256(&self.encode()).into()
    }
}

/// What the off-chain index holds of a record: the record and the answer itself, whose digest the record names.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, TypeInfo)]
pub struct IndexedRecord {
    /// The record.
    pub record: Record,
    /// The answer.
    pub output: Output,
}

/// Merkle root of a block's record leaves, in the order of settlement.
pub fn root(leaves: &[Digest]) -> Digest {
    binary_merkle_tree::merkle_root::<BlakeTwo256, _>(leaves)
}

/// Key of a record's body in the off-chain index.
pub fn body_key(leaf: &Digest) -> Vec<u8> {
    (*b"pensum/record/body", leaf).encode()
}

/// Key of the list `Vec<(TaskId, Digest)>` of a block's leaves in the off-chain index, under the root it hashes to.
pub fn leaves_key(root: &Digest) -> Vec<u8> {
    (*b"pensum/record/leaves", root).encode()
}
