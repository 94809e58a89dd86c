//! Panels: several solvers, drawn by lot, that answer or vote under a commitment.

use crate::{
    task::Input, task::Output, verification::Rule, AccountId, Balance, BatchId, BlockNumber, Digest, ModelId,
    TaskId,
};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_core::{bounded::BoundedVec, ConstU32};

/// Most tasks of a batch that a panel answers at once: every member's answers to all of them lie on chain until the verdict.
pub const MAX_PANEL_TASKS: u32 = 16;
/// A juror's vote that the answer stands.
pub const VOTE_STANDS: u8 = 1;
/// A juror's vote that the answer is to be rejected.
pub const VOTE_REJECTED: u8 = 0;

/// What a member of a panel reveals: for each task of the batch, in order of place, its answer, or none where it cannot answer.
/// A juror's answer is one byte, [`VOTE_STANDS`] or [`VOTE_REJECTED`].
pub type Ballot = BoundedVec<Option<Output>, ConstU32<MAX_PANEL_TASKS>>;
/// Random bytes that hide a committed ballot or bid.
pub type Salt = [u8; 32];
/// A round of a panel, named by the block in which it was drawn. No batch ever has two rounds of one name, however many panels
/// it sees: what was signed for one is worth nothing in another, though operators' transactions carry no nonce.
pub type RoundId = BlockNumber;

/// What a panel is asked.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum Question {
    /// What the model says to each input.
    Answers(Rule),
    /// Whether each given answer stands.
    Stands,
}

/// What a panel member must do now.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, TypeInfo)]
pub enum Phase {
    /// Commit to a ballot.
    Commit,
    /// Reveal the ballot it committed to.
    Reveal {
        /// The commitment, by which a member finds its salt again.
        commitment: Digest,
    },
}

/// The work of one member of a panel.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, TypeInfo)]
pub struct PanelDuty {
    /// The batch.
    pub batch: BatchId,
    /// The panel's round: a commitment of one round is worth nothing in another.
    pub round: RoundId,
    /// The model.
    pub model: ModelId,
    /// `blake2_256` of the model's weights file.
    pub weights: Digest,
    /// What is asked.
    pub question: Question,
    /// What to do now.
    pub phase: Phase,
    /// The last block in which it counts.
    pub until: BlockNumber,
    /// The tasks with their inputs, in order of place.
    pub tasks: Vec<(TaskId, Input)>,
    /// For [`Question::Stands`]: the answer to each task that is judged.
    pub judged: Vec<Output>,
}

/// A member of a panel whose answer is in the majority, and what it is paid for the task.
pub type Paid = (AccountId, Balance);

/// What a panel decided about one task.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PanelVerdict {
    /// Enough members agree.
    Agreed {
        /// The answer; for a jury the vote.
        output: Output,
        /// The members that gave it, with their prices.
        members: Vec<Paid>,
        /// `blake2_256` of all revealed ballots.
        evidence: Digest,
    },
    /// They do not, and no further round is left.
    Inconclusive,
}

/// What a member signs its commitment to: bound to batch, round and member, so that a copied commitment is worth nothing.
pub fn commitment(
    batch: BatchId,
    round: RoundId,
    member: &AccountId,
    ballot: &Ballot,
    salt: &Salt,
) -> Digest {
    sp_crypto_hashing::blake2_256(&(*b"pensum/ballot", batch, round, member, ballot, salt).encode()).into()
}

/// What a bidder commits to: bound to batch, auction round and bidder.
pub fn bid_commitment(batch: BatchId, round: u8, bidder: &AccountId, price: Balance, salt: &Salt) -> Digest {
    sp_crypto_hashing::blake2_256(&(*b"pensum/bid", batch, round, bidder, price, salt).encode()).into()
}
