//! How tasks end and why. The same words in events, RPC, CLI, web page and bridge.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// The outcome of verifying one solver's work on one task.
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
pub enum Verdict {
    /// The answer was verified.
    Agreed,
    /// The answer was proven wrong.
    Wrong,
    /// No answer came before the assignment ran out.
    TimedOut,
    /// The solver said in time that it cannot answer.
    Unable,
    /// Nobody's fault: the input itself cannot be run.
    Inconclusive,
}

/// How a task ended, for ever.
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
pub enum Outcome {
    /// A verified answer was delivered and paid.
    Answered,
    /// No verified answer; the requester has the escrow back.
    Refunded(Reason),
}

/// Why a task was refunded.
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
pub enum Reason {
    /// The requester cancelled it before it was answered.
    Cancelled,
    /// The deadline passed without a verified answer.
    DeadlinePassed,
    /// Every eligible solver failed or declined, or none is left within the price cap.
    NobodyLeft,
    /// The input, once brought, cannot be run by the model (not UTF-8, or of the wrong shape).
    InputUnreadable,
    /// The model left the chain before the task was answered, so that no answer can be verified.
    ModelGone,
    /// No solver bid for it, in no round of its auction.
    NoBids,
    /// No answer found enough solvers that agree on it, in no round of its panel; or an answer was appealed against, and no jury ever
    /// found a majority.
    NoQuorum,
    /// A jury upheld the requester's appeal against its answer.
    Rejected,
    /// The model itself was proven to be broken: a node of its graph cannot be run.
    ModelBroken,
}

/// Why a solver says that it cannot answer.
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
pub enum Unable {
    /// The gateway does not hold the model's weights.
    ModelMissing,
    /// The gateway does not hold the input blob.
    BlobMissing,
    /// The engine failed, is overloaded, or cannot be reached.
    EngineFailed,
    /// The model refuses the input.
    InputRefused,
}
