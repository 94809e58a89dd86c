//! How it ended, for the chain that asked.

use alloc::vec::Vec;

use crate::{
    asset_number, asset_of,
    bytes::{self, length, unused},
    error::AbiError,
    sol, Bytes32, Outcome, VerificationKind, MAX_OUTPUT,
};

/// How an intent ended. Named so because `Result` is Rust's; in Solidity it is `Result`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskResult {
    /// The id of the message that brought the intent.
    pub request: Bytes32,
    /// Who sent it.
    pub sender: Bytes32,
    /// The task; 0 where there was none.
    pub task: u64,
    /// How it ended.
    pub outcome: Outcome,
    /// The model; zero where the intent could not be read.
    pub model: Bytes32,
    /// `sha2_256` of the input; zero where the intent could not be read.
    pub input_digest: Bytes32,
    /// `sha2_256` of the answer, and of nothing where there is none.
    pub output_digest: Bytes32,
    /// The answer; empty unless it was answered.
    pub output: Vec<u8>,
    /// How the answer was verified.
    pub verification: VerificationKind,
    /// Digest of what the verdict rests on.
    pub evidence: Bytes32,
    /// The asset that paid; none is PEN.
    pub asset: Option<u32>,
    /// What was paid, in units of the asset.
    pub price: u128,
    /// The block of Pensum in which it ended.
    pub ended_at: u32,
    /// The leaf of its record in that block's tree of records; zero where there was no task.
    pub record: Bytes32,
}

impl TaskResult {
    /// Its kind, from Pensum.
    pub const KIND: u8 = 1;

    /// `abi.encode` of it: the data of a leaf in a batch.
    pub fn encode(&self) -> Vec<u8> {
        bytes::encode(&sol::Result::from(self))
    }

    /// Reads what [`TaskResult::encode`] writes, and nothing else.
    pub fn decode(encoded: &[u8]) -> Result<Self, AbiError> {
        bytes::decode::<sol::Result>(encoded)?.try_into()
    }
}

impl TryFrom<sol::Result> for TaskResult {
    type Error = AbiError;

    fn try_from(raw: sol::Result) -> Result<Self, AbiError> {
        let outcome = Outcome::from_numbers(raw.outcome, raw.reason)?;
        if raw.output.len() > MAX_OUTPUT {
            return Err(AbiError::OutputTooLong {
                found: length(&raw.output),
            });
        }
        if outcome != Outcome::Answered {
            unused("output", &raw.output)?;
        }
        if matches!(outcome, Outcome::Refused(_)) {
            unused("task", &raw.task)?;
            unused("evidence", &raw.evidence)?;
            unused("price", &raw.price)?;
            unused("record", &raw.record)?;
        }
        Ok(Self {
            request: raw.request.0,
            sender: raw.sender.0,
            task: raw.task,
            outcome,
            model: raw.model.0,
            input_digest: raw.inputDigest.0,
            output_digest: raw.outputDigest.0,
            output: raw.output.into(),
            verification: raw.verification.try_into()?,
            evidence: raw.evidence.0,
            asset: asset_of(raw.asset),
            price: raw.price,
            ended_at: raw.endedAt,
            record: raw.record.0,
        })
    }
}

impl From<&TaskResult> for sol::Result {
    fn from(result: &TaskResult) -> Self {
        let (outcome, reason) = result.outcome.numbers();
        Self {
            request: result.request.into(),
            sender: result.sender.into(),
            task: result.task,
            outcome,
            reason,
            model: result.model.into(),
            inputDigest: result.input_digest.into(),
            outputDigest: result.output_digest.into(),
            output: result.output.clone().into(),
            verification: result.verification.number(),
            evidence: result.evidence.into(),
            asset: asset_number(result.asset),
            price: result.price,
            endedAt: result.ended_at,
            record: result.record.into(),
        }
    }
}
