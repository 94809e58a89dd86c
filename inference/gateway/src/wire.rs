//! The JSON of the contract. `contract/` beside the sources holds the same as examples, which the off-chain worker's
//! tests read too.

use crate::digest::{Digest, HexBytes};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Most runs in one `POST /v1/runs` and most ids in one `GET`: as many as a sheet of answers may hold.
pub const MAX_RUNS: usize = 256;
/// Most bytes of an input inside the JSON: the longest text that a graph can take. Longer ones are put as blobs.
pub const MAX_INLINE: usize = 64 * 1024;
/// Most bytes of an output: what an answer on the chain can carry.
pub const MAX_OUTPUT: usize = 1024;
/// Most bytes of a blob that a report gives back: what an answer on the chain can carry beside its output.
pub const MAX_RETURNED_BLOB: usize = 4 * 1024;
/// Longest time a request waits for runs to finish, in milliseconds.
pub const MAX_WAIT_MS: u64 = 2_000;

/// Names a run; the client chooses it.
pub type RunId = Digest;

/// Body of `POST /v1/runs`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PostRuns {
    /// The runs to start, at most [`MAX_RUNS`].
    pub runs: Vec<RunRequest>,
}

/// One run to start.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunRequest {
    /// Its name: the same name is the same run for ever.
    pub id: RunId,
    /// `blake2_256` of the model's file.
    pub weights: Digest,
    /// What the model shall read.
    pub input: Input,
    /// Whether the report shall bring the digest of every node's output.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub traced: bool,
}

impl RunRequest {
    /// Digest of everything but the id: two requests with one id must agree in it.
    pub fn content(&self) -> Digest {
        let mut bytes = self.weights.0.to_vec();
        if self.traced {
            bytes.push(2);
        }
        match &self.input {
            Input::Inline(inline) => {
                bytes.push(0);
                bytes.extend(&inline.0);
            }
            Input::Blob { sha256, len } => {
                bytes.push(1);
                bytes.extend(sha256.0);
                bytes.extend(len.to_le_bytes());
            }
        }
        Digest::blake2(&bytes)
    }
}

/// What a model shall read.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Input {
    /// The bytes themselves.
    Inline(HexBytes),
    /// Bytes in the content store.
    Blob {
        /// Their `sha2_256`.
        sha256: Digest,
        /// Their length.
        len: u32,
    },
}

/// Body of the answer to `POST /v1/runs` and `GET /v1/runs`: one report for each id asked for, in the same order.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RunReports {
    /// The reports.
    pub runs: Vec<RunReport>,
}

/// How far a run is.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RunReport {
    /// Which run.
    pub id: RunId,
    /// Where it stands.
    pub state: RunState,
    /// What the model said, once `done`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output: Option<HexBytes>,
    /// The input's bytes, once `done`, where the request named them by digest and they have at most
    /// [`MAX_RETURNED_BLOB`] bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blob: Option<HexBytes>,
    /// `blake2_256` of every node's output, in order, once `done`, where the request asked for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trace: Option<Vec<Digest>>,
    /// Why, once `failed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<FailReason>,
    /// The same in words, with a remedy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// How long the engine took in milliseconds, once `done` or `failed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ms: Option<u64>,
}

/// Where a run stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// It waits for a free thread.
    Queued,
    /// The engine is at it.
    Running,
    /// It has an output.
    Done,
    /// It has none.
    Failed,
}

impl RunState {
    /// Whether it stays so.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Failed)
    }
}

/// Why a run has no output.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailReason {
    /// No engine holds the weights.
    ModelMissing,
    /// The content store does not hold the input.
    BlobMissing,
    /// The engine broke down.
    EngineFailed,
    /// The model cannot read this input.
    InputRefused,
}

impl FailReason {
    /// Whether posting the run again may end otherwise. What the model cannot read it will never read.
    pub fn can_pass(self) -> bool {
        self != Self::InputRefused
    }
}

/// Body of `POST /v1/steps`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PostStep {
    /// `blake2_256` of the model's file.
    pub weights: Digest,
    /// What the model reads.
    pub input: Input,
    /// The node, by its place in the trace.
    pub node: u16,
}

/// Body of the answer to `POST /v1/steps`: all that executing one node needs, and the trace it belongs to.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct StepOpened {
    /// `blake2_256` of every node's output, in order.
    pub trace: Vec<Digest>,
    /// The node's weights.
    pub weights: HexBytes,
    /// The tensors it reads, in the order of its record.
    pub inputs: Vec<HexBytes>,
}

/// Body of the answer to `PUT /v1/blobs`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct BlobStored {
    /// The blob's name in `GET /v1/blobs/{cid}` and in IPFS.
    pub cid: String,
    /// The digest in it.
    pub sha256: Digest,
    /// Its length in bytes.
    pub len: u64,
}

/// Body of the answer to `GET /v1/models`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Models {
    /// The models that can run now.
    pub models: Vec<ModelInfo>,
}

/// One model that can run.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ModelInfo {
    /// `blake2_256` of its file.
    pub weights: Digest,
    /// The engine that runs it.
    pub engine: String,
    /// Where it came from, for people: a path below the models folder.
    pub source: String,
    /// Length of its file in bytes.
    pub bytes: u64,
    /// Most bytes of an input.
    pub max_input: u32,
    /// Bytes of every output.
    pub output: u32,
}

/// Body of the answer to `GET /v1/health`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Health {
    /// Always `ok`: a gateway that is not does not answer.
    pub status: String,
    /// The gateway's version.
    pub version: String,
    /// Models that can run.
    pub models: u64,
    /// Runs that wait for a free thread.
    pub queued: u64,
    /// Runs at which an engine is.
    pub running: u64,
}

/// Body of the answer to `GET /v1/watch`. Counts are since the start.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct WatchReport {
    /// How the watch does.
    pub state: WatchState,
    /// The same in words with a remedy, where it does not watch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The node whose chain is watched.
    pub node: String,
    /// The account that holds the bonds.
    pub challenger: String,
    /// The best block of the last round.
    pub best: u32,
    /// How many blocks ago the oldest answer came that could be checked and is not.
    pub lag: u32,
    /// Answers whose window is open.
    pub open: u64,
    /// Those among them that have no verdict, by the reason.
    pub unknown: BTreeMap<String, u64>,
    /// Challenges on their way.
    pub pending: u64,
    /// Answers that were recomputed.
    pub checked: u64,
    /// Wrong ones among them.
    pub wrong: u64,
    /// Answers whose window closed without a verdict.
    pub missed: u64,
    /// Challenges that were signed.
    pub filed: u64,
    /// Those that are over, by what came of them: `disproven`, `lost`, `model_broken`, `refused`, `untold`, or `died` where no block
    /// took them.
    pub ended: BTreeMap<String, u64>,
    /// What the challenger can put on hold.
    pub spendable: String,
    /// What one challenge holds.
    pub bond: String,
}

/// How a watch does.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WatchState {
    /// It has not seen the chain yet.
    #[default]
    Starting,
    /// Every answer that can be checked is.
    Watching,
    /// The node does not answer, or not as a node of this chain does.
    NodeUnreachable,
    /// Answers are checked; challenges cannot be filed in the runtime that is in force.
    RuntimeUnfit,
    /// Answers are checked; the challenger's account does not cover a bond.
    BondShort,
    /// The journal cannot be read or written.
    JournalBroken,
    /// It has ended.
    Stopped,
}

impl WatchState {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Starting,
        Self::Watching,
        Self::NodeUnreachable,
        Self::RuntimeUnfit,
        Self::BondShort,
        Self::JournalBroken,
        Self::Stopped,
    ];

    /// In JSON and in metrics.
    pub fn name(self) -> &'static str {
        match self {
            Self::Starting => "starting",
            Self::Watching => "watching",
            Self::NodeUnreachable => "node_unreachable",
            Self::RuntimeUnfit => "runtime_unfit",
            Self::BondShort => "bond_short",
            Self::JournalBroken => "journal_broken",
            Self::Stopped => "stopped",
        }
    }
}

/// Body of every refusal.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ErrorBody {
    /// The refusal.
    pub error: ErrorInfo,
}

/// A refusal.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ErrorInfo {
    /// Its name, for programs.
    pub code: String,
    /// A fact and a remedy, for people.
    pub message: String,
}
