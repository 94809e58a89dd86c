//! What is stored.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{traits::ConstU32, BoundedVec};
use pensum_primitives::{
    bridge::{remote_account, Address, Domain, Inbound},
    record::IndexedRecord,
    task::{Input, Output},
    verdict::{Outcome as TaskOutcome, Reason},
    verification::Verification,
    AccountId, AssetId, Balance, BlockNumber, Digest, ModelId, TaskId,
};
use pensum_task_abi::{Delivery, Outcome, Refusal, VerificationKind};
use scale_info::TypeInfo;
use sp_runtime::DispatchError;

/// Most results in one batch: its root and their hashes are computed in one go.
pub const MAX_LEAVES: u32 = 64;

/// Most bytes of an encoded result: 17 words, and the answer.
pub const MAX_RESULT: u32 = 17 * 32 + pensum_primitives::task::MAX_OUTPUT;

/// An encoded result.
pub type EncodedResult = BoundedVec<u8, ConstU32<MAX_RESULT>>;

/// Whose intents are taken from a chain.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, Default, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum Policy {
    /// Nobody's.
    #[default]
    Closed,
    /// Those of listed senders.
    Listed,
    /// Everybody's.
    Open,
}

/// Somebody on another chain.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Remote {
    /// The chain.
    pub domain: Domain,
    /// The address there.
    pub address: Address,
}

impl Remote {
    /// Its account on this chain.
    pub fn account(&self) -> AccountId {
        remote_account(self.domain, self.address)
    }
}

impl From<&Inbound<'_>> for Remote {
    fn from(message: &Inbound<'_>) -> Self {
        Self {
            domain: message.origin,
            address: message.sender,
        }
    }
}

/// An intent whose result has not been handed on.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Request {
    /// Who sent it.
    pub remote: Remote,
    /// The task that it became; none where it was refused.
    pub task: Option<TaskId>,
    /// The asset that pays; none is PEN.
    pub asset: Option<AssetId>,
    /// Most that the answer may cost.
    pub max_reward: Balance,
    /// How the result is delivered.
    pub delivery: Delivery,
    /// Gas of the contract's callback.
    pub callback_gas: u64,
    /// Who gets what is left of `max_reward`, on the sender's chain.
    pub refund_to: Option<Address>,
    /// What was paid for deliveries.
    pub paid: Paid,
}

/// What was paid for deliveries, in PEN or what was worth it.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, Default, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Paid {
    /// For that of the result, or its share in that of its batch.
    pub result: Balance,
    /// For that of what is left of the money.
    pub refund: Balance,
}

impl Paid {
    /// Both.
    pub const fn total(self) -> Balance {
        self.result.saturating_add(self.refund)
    }
}

/// How a request ended: what its result says beside the request.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Ending {
    /// How.
    pub outcome: Outcome,
    /// The model.
    pub model: ModelId,
    /// `sha2_256` of the input.
    pub input: Digest,
    /// The answer.
    pub output: Output,
    /// How it was verified.
    pub verification: VerificationKind,
    /// Digest of what the verdict rests on.
    pub evidence: Digest,
    /// What was paid.
    pub price: Balance,
    /// When.
    pub at: BlockNumber,
    /// The record's leaf.
    pub record: Digest,
}

impl Ending {
    /// What is told of a task.
    pub fn of_task(end: &IndexedRecord) -> Self {
        let record = &end.record;
        Self {
            outcome: match record.outcome {
                TaskOutcome::Answered => Outcome::Answered,
                TaskOutcome::Refunded(reason) => Outcome::Refunded {
                    reason: index_of(reason),
                },
            },
            model: record.model,
            input: record.input,
            output: match record.outcome {
                TaskOutcome::Answered => end.output.clone(),
                TaskOutcome::Refunded(_) => Output::default(),
            },
            verification: kind_of(&record.verification),
            evidence: record.evidence,
            price: record.price,
            at: record.block,
            record: record.leaf(),
        }
    }

    /// What is told of an intent that could not be read.
    pub fn of_malformed(at: BlockNumber) -> Self {
        Self {
            outcome: Outcome::Refused(Refusal::Malformed),
            model: ModelId::default(),
            input: Digest::zero(),
            output: Output::default(),
            verification: VerificationKind::default(),
            evidence: Digest::zero(),
            price: 0,
            at,
            record: Digest::zero(),
        }
    }

    /// What is told of an intent that never became a task.
    pub fn of_refused(
        refusal: Refusal,
        model: ModelId,
        input: &Input,
        verification: &Verification,
        at: BlockNumber,
    ) -> Self {
        Self {
            outcome: Outcome::Refused(refusal),
            model,
            input: input.digest(),
            verification: kind_of(verification),
            ..Self::of_malformed(at)
        }
    }

    /// What is left of the most that it may cost.
    pub fn left_of(&self, max_reward: Balance) -> Balance {
        max_reward.saturating_sub(self.price)
    }
}

/// The index by which the reason is encoded, which other chains know it by.
fn index_of(reason: Reason) -> u8 {
    reason.encode().first().copied().unwrap_or(u8::MAX)
}

/// The kind of a verification, as results tell it.
const fn kind_of(verification: &Verification) -> VerificationKind {
    match verification {
        Verification::Replay { .. } => VerificationKind::Replay,
        Verification::Quorum { .. } => VerificationKind::Quorum,
        Verification::Requester { .. } => VerificationKind::Requester,
    }
}

/// What is to be sent.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum Work {
    /// The result of a request that has ended.
    Result {
        /// The request.
        request: Digest,
    },
    /// What is left of the money of a request whose result was handed on.
    Refund(Refund),
    /// The root of a batch that is closed.
    Root {
        /// The chain it goes to.
        domain: Domain,
        /// Its number there.
        batch: u64,
    },
}

/// Money that is due to somebody on another chain.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Refund {
    /// The request that left it.
    pub request: Digest,
    /// In whose remote account it lies.
    pub remote: Remote,
    /// The asset; none is PEN.
    pub asset: Option<AssetId>,
    /// How much, at most.
    pub amount: Balance,
    /// Who gets it, on the same chain.
    pub to: Address,
    /// What was paid for its delivery.
    pub paid: Balance,
}

/// Why a refund stays in the remote account, from which its owner can withdraw it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub enum Kept {
    /// Nothing is there: the account holds no free balance of the asset.
    NothingThere,
    /// The asset has no warp route to that chain.
    NoRoute,
    /// Less of the asset came from that chain than would go there.
    NotEnoughOutstanding,
    /// The balance cannot be taken.
    Blocked(DispatchError),
}

/// Work that could not be done, and when it is tried again.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Retry {
    /// The work.
    pub work: Work,
    /// The block.
    pub at: BlockNumber,
}

/// When a batch is closed, however few results it has.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Closing {
    /// The chain it goes to.
    pub domain: Domain,
    /// Its number there.
    pub batch: u64,
    /// The block.
    pub at: BlockNumber,
}

/// The places of a line that are taken: from `first` on, up to and without `next`.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, Default, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Span {
    /// Who is next.
    pub first: u64,
    /// The first free place.
    pub next: u64,
}

impl Span {
    /// How many stand in line.
    pub const fn length(self) -> u64 {
        self.next.saturating_sub(self.first)
    }
}

/// A warp route to another chain.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Route {
    /// The contract there, which keeps the collateral.
    pub router: Address,
    /// What came in minus what went out: what the collateral still owes.
    #[codec(compact)]
    pub outstanding: Balance,
}

/// Results that are sent under one root.
#[derive(
    Clone, PartialEq, Eq, Debug, Default, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Batch {
    /// `keccak256` of each encoded result.
    pub leaves: BoundedVec<Digest, ConstU32<MAX_LEAVES>>,
    /// What was paid for its delivery.
    pub paid: Balance,
    /// Where it stands.
    pub state: BatchState,
}

/// Where a batch stands.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, Default, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum BatchState {
    /// It takes results.
    #[default]
    Open,
    /// Its root waits to be sent.
    Closed,
    /// Its root was sent.
    Sent {
        /// The message.
        message: Digest,
        /// The root.
        root: Digest,
    },
}

/// What became of the result of a request.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum Handed {
    /// It was sent to the contract.
    Direct {
        /// The message.
        message: Digest,
    },
    /// It is in a batch.
    Batched {
        /// The chain it goes to.
        domain: Domain,
        /// The batch's number there.
        batch: u64,
        /// The leaf's place.
        index: u32,
    },
}
