//! Intents, tasks and answers.

use crate::{
    matching::Matching, verdict::Outcome, verification::Verification, AccountId, AssetId, Balance, BatchId,
    BlockNumber, Digest, ModelId, TaskId,
};
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
/// Digests of the outputs of a graph's nodes, in order: `blake2_256` of each.
pub type Trace = BoundedVec<Digest, ConstU32<{ crate::model::MAX_NODES }>>;
/// The bytes of an answer.
pub type Output = BoundedVec<u8, ConstU32<MAX_OUTPUT>>;

/// What the model shall read.
#[derive(
    Clone,
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
pub enum Input {
    /// The bytes themselves.
    Inline(#[serde(with = "crate::json::bounded")] Inline),
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

/// The terms on which a batch of intents is posted.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Terms {
    /// The model that shall answer.
    pub model: ModelId,
    /// Most that one task may cost, everything included but the inclusion fee and the prepaid fee, in units of `asset`. What it is
    /// worth in PEN is fixed at posting, and is the cap that prices are compared with.
    pub max_reward: Balance,
    /// The listed asset that pays for all of it, the prepaid fee too; none is PEN.
    pub asset: Option<AssetId>,
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
    /// The input's bytes, where the task names its input by digest and the chain runs the model itself (`Replay` without a
    /// window). None in every other case.
    pub blob: Option<Inline>,
    /// The trace, where the task's verification has a window in which the answer can be disproven node by node.
    pub trace: Option<Trace>,
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
    /// Whether each answer must bring its trace.
    pub traced: bool,
    /// Whether an answer to an input named by digest must bring its bytes.
    pub blobs: bool,
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
    /// Solvers bid for it.
    Auctioned,
    /// The next block's randomness draws its panel.
    Drawn,
    /// A solver holds it.
    Assigned,
    /// A panel commits to its answers.
    Committing,
    /// A panel reveals its answers.
    Revealing,
    /// It is answered; the answer can be disproven, or refused by the requester, until its window closes.
    Claimed,
    /// A jury decides whether its answer stands.
    Appealed,
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
    /// Who sits on its panel or jury.
    pub panel: Vec<AccountId>,
    /// What the answer costs in PEN: with its solver, or at an auction if it were taken now.
    #[serde(with = "crate::json::amount")]
    pub price: Balance,
    /// Most it may cost, in PEN.
    #[serde(with = "crate::json::amount")]
    pub max_reward: Balance,
    /// What is held for it, in units of `asset`.
    #[serde(with = "crate::json::amount")]
    pub escrow: Balance,
    /// The asset that pays; none is PEN.
    pub asset: Option<AssetId>,
    /// `sha2_256` of the input.
    pub input: Digest,
    /// How its solver is chosen.
    pub matching: Matching,
    /// How it is verified.
    pub verification: Verification,
    /// The answer whose window is open.
    pub claimed: Option<ClaimedOutput>,
    /// When it was posted.
    pub posted_at: BlockNumber,
    /// The last block of its present state: in which the present solver can answer, a bid can be made, a panel can commit or
    /// reveal, or an answer can be disproven.
    pub answer_by: BlockNumber,
    /// The last block in which anybody can.
    pub deadline: BlockNumber,
    /// How many solvers failed before.
    pub failed_solvers: u32,
    /// What happens next, in one sentence.
    pub next: String,
}

/// An answer whose window is open, for whoever checks it.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub struct ClaimView {
    /// The task.
    pub task: TaskId,
    /// The model.
    pub model: ModelId,
    /// `blake2_256` of the model's weights file.
    pub weights: Digest,
    /// Who answered.
    pub solver: AccountId,
    /// What the model had to read.
    pub input: Input,
    /// The answer.
    #[serde(with = "crate::json::bounded")]
    pub output: Output,
    /// `blake2_256` of the SCALE-encoded trace; none where the answer is the requester's to accept.
    pub trace: Option<Digest>,
    /// The block in which it was answered, whose body holds the trace.
    pub claimed_at: BlockNumber,
    /// The last block in which it can be disproven.
    pub until: BlockNumber,
}

/// An answer that has not settled, in JSON as `0x` hex.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ClaimedOutput(#[serde(with = "crate::json::bytes")] pub Vec<u8>);

/// What happened to a task in a block, for subscribers.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum TaskNotice {
    /// A batch was posted; it waits for bids, or for its panel.
    Opened {
        /// Its first task.
        first: TaskId,
        /// How many tasks it has.
        tasks: u32,
        /// Who asked.
        requester: AccountId,
    },
    /// An answer was given whose window is open.
    Claimed {
        /// The task.
        task: TaskId,
        /// Who answered.
        solver: AccountId,
        /// The answer.
        #[serde(with = "crate::json::bytes")]
        output: Vec<u8>,
        /// The block in which it settles if nobody disproves or refuses it.
        settles_at: BlockNumber,
    },
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
        /// What the requester paid, in units of `asset`.
        #[serde(with = "crate::json::amount")]
        price: Balance,
        /// The asset it paid with; none is PEN.
        asset: Option<AssetId>,
    },
    /// A task was refunded.
    Refunded {
        /// The task.
        task: TaskId,
        /// Why.
        reason: crate::verdict::Reason,
    },
}
