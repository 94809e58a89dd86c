//! Intents, tasks and answers.

use crate::{verdict::Outcome, AccountId, Balance, BatchId, BlockNumber, Digest, ModelId, TaskId};
use alloc::{string::String, vec::Vec};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_core::{bounded::BoundedVec, ConstU32};

/// Most bytes of an input that travels inside an extrinsic; longer ones are named by digest.
pub const MAX_INLINE: u32 = 4 * 1024;
/// Most bytes of an answer.
pub const MAX_OUTPUT: u32 = 1024;

/// An input that travels on chain.
pub type Inline = BoundedVec<u8, ConstU32<MAX_INLINE>>;
/// The bytes of an answer.
pub type Output = BoundedVec<u8, ConstU32<MAX_OUTPUT>>;

/// What the model shall read.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum Input {
    /// The bytes themselves.
    Inline(Inline),
    /// Bytes in the solvers' content stores, named by digest.
    Blob {
        /// `sha2_256` of the bytes, as in their IPFS CIDv1 (raw).
        digest: Digest,
        /// Their length.
        len: u32,
    },
}

impl Input {
    /// Length in bytes.
    pub fn len(&self) -> u32 {
        match self {
            Self::Inline(bytes) => bytes.len() as u32,
            Self::Blob { len, .. } => *len,
        }
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// `sha2_256` of the bytes: the same digest whether they travel on chain or not.
    pub fn digest(&self) -> Digest {
        match self {
            Self::Inline(bytes) => sp_crypto_hashing::sha2_256(bytes).into(),
            Self::Blob { digest, .. } => *digest,
        }
    }
}

/// How a solver is chosen.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    Debug,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Matching {
    /// At once, against the standing offers.
    Book,
}

/// How an answer is verified.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    Debug,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Verification {
    /// By running the graph again. With `window = 0` the chain runs it when the answer arrives.
    Replay {
        /// Blocks in which the answer may be challenged.
        window: BlockNumber,
    },
}

/// The terms on which a batch of intents is posted.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Terms {
    /// The model that shall answer.
    pub model: ModelId,
    /// Most that one task may cost, everything included but the inclusion fee.
    pub max_reward: Balance,
    /// The last block in which an answer is of use.
    pub deadline: BlockNumber,
    /// How the solver is chosen.
    pub matching: Matching,
    /// How the answer is verified.
    pub verification: Verification,
    /// Least reputation of a solver, in parts per million.
    pub min_reputation: u32,
    /// Take the model even if it is flagged.
    pub allow_flagged: bool,
}

/// One answer to one task.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Answer {
    /// The task.
    pub task: TaskId,
    /// What the model said.
    pub output: Output,
    /// The input's bytes, where the task names its input by digest: the chain needs them to replay.
    pub blob: Option<Inline>,
}

/// What a solver must do now: one batch that is assigned to it.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, TypeInfo)]
pub struct Duty {
    /// The batch.
    pub batch: BatchId,
    /// The model.
    pub model: ModelId,
    /// `blake2_256` of the model's weights file.
    pub weights: Digest,
    /// The last block in which the answer counts.
    pub answer_by: BlockNumber,
    /// How many sheets may still leave some of these tasks unanswered. With none left, only a sheet that answers all of
    /// them is taken.
    pub partial_sheets: u8,
    /// The tasks still to answer, with their inputs.
    pub tasks: Vec<(TaskId, Input)>,
}

/// Where a task stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskState {
    /// A solver holds it.
    Assigned,
    /// It has ended.
    Ended(Outcome),
}

/// What RPC tells about a live task.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub struct TaskStatus {
    /// The task.
    pub task: TaskId,
    /// The batch in which it was posted.
    pub batch: BatchId,
    /// The model.
    pub model: ModelId,
    /// Who asked.
    pub requester: AccountId,
    /// Where it stands.
    pub state: TaskState,
    /// Who must answer, or who answered.
    pub solver: Option<AccountId>,
    /// What the answer costs with this solver.
    #[serde(with = "crate::json::amount")]
    pub price: Balance,
    /// Most it may cost.
    #[serde(with = "crate::json::amount")]
    pub max_reward: Balance,
    /// `sha2_256` of the input.
    pub input: Digest,
    /// How it is verified.
    pub verification: Verification,
    /// When it was posted.
    pub posted_at: BlockNumber,
    /// The last block in which the present solver can answer.
    pub answer_by: BlockNumber,
    /// The last block in which anybody can.
    pub deadline: BlockNumber,
    /// How many solvers failed before.
    pub failed_solvers: u32,
    /// What happens next, in one sentence.
    pub next: String,
}

/// What happened to a task in a block, for subscribers.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum TaskNotice {
    /// A batch was posted and assigned.
    Posted {
        /// Its first task.
        first: TaskId,
        /// How many tasks it has.
        tasks: u32,
        /// Who asked.
        requester: AccountId,
        /// Who must answer.
        solver: AccountId,
    },
    /// What is left of a batch went to another solver.
    HandedOver {
        /// The batch.
        batch: BatchId,
        /// Who failed.
        from: AccountId,
        /// Who must answer now.
        to: AccountId,
    },
    /// A task was answered and paid.
    Answered {
        /// The task.
        task: TaskId,
        /// Who answered.
        solver: AccountId,
        /// The verified answer.
        #[serde(with = "crate::json::bytes")]
        output: Vec<u8>,
        /// What the requester paid.
        #[serde(with = "crate::json::amount")]
        price: Balance,
    },
    /// A task was refunded.
    Refunded {
        /// The task.
        task: TaskId,
        /// Why.
        reason: crate::verdict::Reason,
    },
}
