//! The operator key: the hot key with which a solver's node signs the work that the protocol obliges it to do.

use crate::{
    panel::{Ballot, RoundId, Salt},
    step::Step,
    task::{Answer, Trace},
    verdict::Unable,
    AccountId, Balance, BatchId, Digest, TaskId,
};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode};
use scale_info::TypeInfo;
use sp_core::crypto::KeyTypeId;

/// Key type under which operator keys lie in a node's keystore (`pensum-node key insert --key-type oper`).
pub const OPERATOR_KEY_TYPE: KeyTypeId = KeyTypeId(*b"oper");

mod app {
    use sp_application_crypto::{app_crypto, sr25519};
    app_crypto!(sr25519, super::OPERATOR_KEY_TYPE);
}

/// Public operator key.
pub type OperatorId = app::Public;
/// Signature of an operator key.
pub type OperatorSignature = app::Signature;
#[cfg(feature = "std")]
/// Operator key with its secret.
pub type OperatorPair = app::Pair;

/// Something that an operator signs and sends because the protocol wants it from its solver.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Work {
    /// Answers to tasks, in ascending order.
    Answer(Vec<Answer>),
    /// Gives a batch back.
    Decline {
        /// The batch.
        batch: BatchId,
        /// Why.
        reason: Unable,
    },
    /// Takes a batch from a Dutch auction.
    Take {
        /// The batch.
        batch: BatchId,
        /// The least price for each task.
        floor: Balance,
    },
    /// Commits to a bid in a sealed auction.
    Bid {
        /// The batch.
        batch: BatchId,
        /// The auction's round.
        round: u8,
        /// [`crate::panel::bid_commitment`].
        commitment: Digest,
    },
    /// Reveals a bid.
    RevealBid {
        /// The batch.
        batch: BatchId,
        /// The auction's round.
        round: u8,
        /// The price for each task.
        price: Balance,
        /// What hid it.
        salt: Salt,
    },
    /// Commits to a ballot on a panel.
    Commit {
        /// The batch.
        batch: BatchId,
        /// The panel's round.
        round: RoundId,
        /// [`crate::panel::commitment`].
        commitment: Digest,
    },
    /// Reveals a ballot.
    Reveal {
        /// The batch.
        batch: BatchId,
        /// The panel's round.
        round: RoundId,
        /// The ballot.
        ballot: Ballot,
        /// What hid it.
        salt: Salt,
    },
    /// Leaves a panel before committing.
    Excuse {
        /// The batch.
        batch: BatchId,
        /// The panel's round.
        round: RoundId,
        /// Why.
        reason: Unable,
    },
    /// Opens an audited trace.
    Open {
        /// The task.
        task: TaskId,
        /// Its trace.
        trace: Trace,
        /// The audited step.
        step: Step,
    },
}

impl Work {
    /// What the operator signs.
    pub fn payload(&self, genesis: Digest, operator: &OperatorId) -> Vec<u8> {
        match self {
            Self::Answer(answers) => answer_payload(genesis, operator, answers),
            Self::Decline { batch, reason } => decline_payload(genesis, operator, *batch, *reason),
            Self::Take { batch, floor } => take_payload(genesis, operator, *batch, *floor),
            Self::Bid {
                batch,
                round,
                commitment,
            } => bid_payload(genesis, operator, *batch, *round, *commitment),
            Self::RevealBid {
                batch,
                round,
                price,
                salt,
            } => reveal_bid_payload(genesis, operator, *batch, *round, *price, salt),
            Self::Commit {
                batch,
                round,
                commitment,
            } => commit_payload(genesis, operator, *batch, *round, *commitment),
            Self::Reveal {
                batch,
                round,
                ballot,
                salt,
            } => reveal_payload(genesis, operator, *batch, *round, ballot, salt),
            Self::Excuse { batch, round, reason } => {
                excuse_payload(genesis, operator, *batch, *round, *reason)
            }
            Self::Open { task, trace, step } => {
                open_payload(genesis, operator, *task, opened_digest(trace, step))
            }
        }
    }
}

/// Digest of an opened step with its trace.
pub fn opened_digest(trace: &Trace, step: &Step) -> Digest {
    sp_crypto_hashing::blake2_256(&(trace, step).encode()).into()
}

/// What an operator signs to answer tasks. The genesis hash keeps an answer given on one chain from being used on another,
/// and the leading tag keeps one kind of message from being taken for another.
pub fn answer_payload(genesis: Digest, operator: &OperatorId, answers: &[Answer]) -> Vec<u8> {
    (*b"pensum/answer", genesis, operator, answers).encode()
}

/// What an operator signs to decline a batch.
pub fn decline_payload(genesis: Digest, operator: &OperatorId, batch: BatchId, reason: Unable) -> Vec<u8> {
    (*b"pensum/decline", genesis, operator, batch, reason).encode()
}

/// What an operator signs to take a batch from a Dutch auction, for no less than `floor` a task.
pub fn take_payload(genesis: Digest, operator: &OperatorId, batch: BatchId, floor: Balance) -> Vec<u8> {
    (*b"pensum/take", genesis, operator, batch, floor).encode()
}

/// What an operator signs to commit to a bid in a sealed auction.
pub fn bid_payload(
    genesis: Digest,
    operator: &OperatorId,
    batch: BatchId,
    round: u8,
    commitment: Digest,
) -> Vec<u8> {
    (*b"pensum/bid", genesis, operator, batch, round, commitment).encode()
}

/// What an operator signs to reveal its bid.
pub fn reveal_bid_payload(
    genesis: Digest,
    operator: &OperatorId,
    batch: BatchId,
    round: u8,
    price: Balance,
    salt: &Salt,
) -> Vec<u8> {
    (
        *b"pensum/reveal-bid",
        genesis,
        operator,
        batch,
        round,
        price,
        salt,
    )
        .encode()
}

/// What an operator signs to commit to its ballot on a panel.
pub fn commit_payload(
    genesis: Digest,
    operator: &OperatorId,
    batch: BatchId,
    round: RoundId,
    commitment: Digest,
) -> Vec<u8> {
    (*b"pensum/commit", genesis, operator, batch, round, commitment).encode()
}

/// What an operator signs to reveal its ballot.
pub fn reveal_payload(
    genesis: Digest,
    operator: &OperatorId,
    batch: BatchId,
    round: RoundId,
    ballot: &Ballot,
    salt: &Salt,
) -> Vec<u8> {
    (*b"pensum/reveal", genesis, operator, batch, round, ballot, salt).encode()
}

/// What an operator signs to leave a panel before it committed.
pub fn excuse_payload(
    genesis: Digest,
    operator: &OperatorId,
    batch: BatchId,
    round: RoundId,
    reason: Unable,
) -> Vec<u8> {
    (*b"pensum/excuse", genesis, operator, batch, round, reason).encode()
}

/// What an operator signs to open an audited trace. `content` is `blake2_256(trace, step)`: a step may have megabytes, which
/// the runtime hashes by its host.
pub fn open_payload(genesis: Digest, operator: &OperatorId, task: TaskId, content: Digest) -> Vec<u8> {
    (*b"pensum/open", genesis, operator, task, content).encode()
}

/// What an operator key signs to show that its holder agrees to work for `stash`; without it anybody could claim the
/// operator key of somebody else.
pub fn ownership_payload(genesis: Digest, stash: &AccountId) -> Vec<u8> {
    (*b"pensum/operator", genesis, stash).encode()
}

/// Why an authorised operator transaction is refused in the pool: `InvalidTransaction::Custom` carries the number.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
#[repr(u8)]
pub enum Refusal {
    /// The signature does not fit the operator key and the content. Sign with the key that `operator` names.
    BadSignature = 1,
    /// No solver uses this operator key. Set it with `solver_staking.set_operator`.
    UnknownOperator = 2,
    /// The task is not open: settled, refunded, or never posted. Look at `task_status`.
    TaskNotOpen = 3,
    /// The task is assigned to another solver. Answer only what `solver_status` lists as yours.
    NotYours = 4,
    /// The assignment has run out. The task went to the next solver or was refunded.
    TooLate = 5,
    /// The output is not as long as the model's output. See the length in `model_info`.
    WrongLength = 6,
    /// The sheet is empty, not in ascending order of task, or names a task twice; or the ballot has not one entry for each task of
    /// the round, in order.
    Malformed = 7,
    /// The input blob is missing from the answer, or is not the one posted (length or digest differs).
    BlobMismatch = 8,
    /// The solver handed in as many unfinished sheets for this batch as it may. Answer all that is left of it in one sheet.
    TooManySheets = 9,
    /// The answer brings no trace although it can be challenged, brings one although it cannot, or one that does not end in its
    /// output. Bring one digest for each node of the model, and answer all tasks of the batch in one sheet.
    TraceMismatch = 10,
    /// No auction of this kind is open for the batch, or not in this phase. Look at `task_status`.
    AuctionNotOpen = 11,
    /// The solver cannot take the batch: no offer for its model, jailed, excluded, below the wanted reputation, at capacity, or
    /// without enough free stake. See `solver_status`.
    NotEligible = 12,
    /// The price now is below the one that was asked for. Wait until it has risen.
    PriceTooLow = 13,
    /// The solver has a bid in this auction already. One bid for each round.
    AlreadyBid = 14,
    /// What is revealed is not what was committed. Reveal the same content and salt, in the same round.
    CommitmentMismatch = 15,
    /// The solver has no seat on a panel for this batch, or the panel is in another round or phase. See `task_status`.
    NoSeat = 16,
    /// The solver has answered, committed, or revealed already.
    AlreadyDone = 17,
    /// No audit of this task waits for this solver.
    NoAudit = 18,
    /// The bid asks for more than the reserve. Commit only to bids up to it: such a bid cannot be revealed and costs its deposit.
    AboveReserve = 19,
    /// The auction has as many bids as it takes, of solvers at least as reputed. Wait for another one.
    AuctionFull = 20,
}

impl Refusal {
    /// The number that `InvalidTransaction::Custom` carries.
    pub const fn code(self) -> u8 {
        self as u8
    }
}
