//! What the project's methods answer.

use crate::index::ProvenRecord;
use pensum_primitives::{
    asset::ListedAsset,
    model::{ModelState, ModelView},
    record::Record,
    solver::{Offer, StringAmount},
    task::{ClaimView, TaskStatus, Trace},
    verdict::Outcome,
    verification::Verification,
    AccountId, AssetId, BatchId, BlockNumber, Digest, ModelId, TaskId,
};
use serde::Serialize;
use sp_core::Bytes;

/// Where a task stands.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(untagged)]
pub enum StatusView {
    /// It is open.
    Open(Box<TaskStatus>),
    /// It has ended.
    Ended(Box<EndedTask>),
}

/// A task that has ended, as its record tells it.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct EndedTask {
    /// The task.
    pub task: TaskId,
    /// The batch in which it was posted.
    pub batch: BatchId,
    /// The model.
    pub model: ModelId,
    /// Who asked.
    pub requester: AccountId,
    /// Always `ended`.
    pub state: &'static str,
    /// How it ended.
    pub outcome: Outcome,
    /// Who answered last.
    pub solver: Option<AccountId>,
    /// What the requester paid, in units of `asset`.
    #[serde(with = "pensum_primitives::json::amount")]
    pub price: u128,
    /// The asset it paid with; none is PEN.
    pub asset: Option<AssetId>,
    /// `sha2_256` of the input.
    pub input: Digest,
    /// The answer.
    pub output: Bytes,
    /// How it was verified.
    pub verification: Verification,
    /// When it was posted.
    pub posted_at: BlockNumber,
    /// The block in which it ended.
    pub block: BlockNumber,
    /// That block's hash.
    pub block_hash: Digest,
    /// Whether that block is final.
    pub finalized: bool,
    /// What happens next, in one sentence.
    pub next: &'static str,
}

impl From<ProvenRecord> for EndedTask {
    fn from(proven: ProvenRecord) -> Self {
        let ProvenRecord {
            record,
            output,
            block,
            block_hash,
            finalized,
            ..
        } = proven;
        Self {
            task: record.task,
            batch: record.task.batch(),
            model: record.model,
            requester: record.requester,
            state: "ended",
            outcome: record.outcome,
            solver: record.solvers.last().cloned(),
            price: record.price,
            asset: record.asset,
            input: record.input,
            output: output.into_inner().into(),
            verification: record.verification,
            posted_at: record.posted_at,
            block,
            block_hash,
            finalized,
            next: "Nothing: the task has ended. `record_get` proves it.",
        }
    }
}

/// An answer whose window is open, with its trace.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct TracedClaim {
    /// The answer.
    #[serde(flatten)]
    pub claim: ClaimView,
    /// `blake2_256` of the output of every node of the graph, in order, as the solver claims it; none where the answer is the
    /// requester's to accept.
    pub nodes: Option<Trace>,
}

/// A record with its proof: `binary_merkle_tree::verify_proof::<BlakeTwo256>(root, proof, leaf_count, leaf_index, leaf)` holds,
/// `leaf` is `blake2_256` of the SCALE-encoded record, and `root` lies in the chain's state.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct RecordView {
    /// The record.
    pub record: Record,
    /// The answer, whose `sha2_256` the record names.
    pub output: Bytes,
    /// The block in which the task ended.
    pub block: BlockNumber,
    /// That block's hash.
    pub block_hash: Digest,
    /// Whether that block is final.
    pub finalized: bool,
    /// Merkle root of the block's records.
    pub root: Digest,
    /// The record's leaf.
    pub leaf: Digest,
    /// Its place.
    pub leaf_index: u32,
    /// How many leaves the tree has.
    pub leaf_count: u32,
    /// The hashes from the leaf up to the root.
    pub proof: Vec<Digest>,
}

impl From<ProvenRecord> for RecordView {
    fn from(proven: ProvenRecord) -> Self {
        Self {
            record: proven.record,
            output: proven.output.into_inner().into(),
            block: proven.block,
            block_hash: proven.block_hash,
            finalized: proven.finalized,
            root: proven.root,
            leaf: proven.leaf,
            leaf_index: proven.leaf_index,
            leaf_count: proven.leaf_count,
            proof: proven.proof,
        }
    }
}

/// A standing offer.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct OfferView {
    /// Who offers.
    pub solver: AccountId,
    /// At what price.
    #[serde(flatten)]
    pub offer: Offer,
}

/// A listed asset.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct AssetView {
    /// The asset.
    pub asset: AssetId,
    /// Its symbol, as its owner wrote it; not proven by anybody.
    pub symbol: String,
    /// Decimals of its whole unit.
    pub decimals: u8,
    /// What one whole unit is worth, in the smallest units of PEN; none while it cannot pay.
    pub worth: Option<StringAmount>,
    /// The block in which its pool was last looked at.
    pub sampled_at: BlockNumber,
    /// Whether offers quoted in the stable unit count in whole units of it.
    pub stable: bool,
}

impl From<ListedAsset> for AssetView {
    fn from(listed: ListedAsset) -> Self {
        Self {
            asset: listed.asset,
            symbol: String::from_utf8_lossy(&listed.symbol).into_owned(),
            decimals: listed.decimals,
            worth: listed.worth,
            sampled_at: listed.sampled_at,
            stable: listed.stable,
        }
    }
}

/// A model on the way up or down.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct RelatedModel {
    /// Its id.
    pub id: ModelId,
    /// Name for people.
    pub name: String,
    /// Version for people.
    pub version: String,
    /// Where it stands.
    pub state: ModelState,
    /// SPDX licence expression.
    pub licence: String,
    /// Who publishes it.
    pub publisher: AccountId,
    /// What it was trained or converted from.
    pub parents: Vec<ModelId>,
    /// The version it replaces.
    pub previous: Option<ModelId>,
    /// What it was trained on: name and licence.
    pub data_sets: Vec<(String, String)>,
    /// Steps from the model that was asked for.
    pub depth: u32,
}

impl RelatedModel {
    /// From what the registry tells.
    pub(super) fn new(view: ModelView, depth: u32) -> Self {
        Self {
            id: view.id,
            name: view.name,
            version: view.version,
            state: view.state,
            licence: view.licence,
            publisher: view.publisher,
            parents: view.parents,
            previous: view.previous,
            data_sets: view.data_sets,
            depth,
        }
    }
}

/// Where a model comes from.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct ModelLineage {
    /// The model that was asked for.
    pub model: ModelId,
    /// The model and everything it was made from, nearest first.
    pub upstream: Vec<RelatedModel>,
    /// Models it names that the registry does not know.
    pub unknown: Vec<ModelId>,
    /// Whether it or anything it was made from is flagged.
    pub tainted: bool,
    /// The flagged ones.
    pub tainted_by: Vec<ModelId>,
    /// Whether there is more upstream than one answer shows.
    pub truncated: bool,
}

/// A task whose answer went into another's input.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct UpstreamTask {
    /// The task.
    pub task: TaskId,
    /// The model that answered it; unknown if this node has no record of it.
    pub model: Option<ModelId>,
    /// Steps from the task that was asked for.
    pub depth: u32,
}

/// Where a task's answer comes from.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct TaskLineage {
    /// The task that was asked for.
    pub task: TaskId,
    /// `sha2_256` of its input.
    pub input: Digest,
    /// The task and all tasks whose answers went into its input, nearest first.
    pub tasks: Vec<UpstreamTask>,
    /// The models of all these tasks and everything they were made from.
    pub models: Vec<RelatedModel>,
    /// Whether any of these models is flagged.
    pub tainted: bool,
    /// The flagged ones.
    pub tainted_by: Vec<ModelId>,
    /// Whether there is more upstream than one answer shows.
    pub truncated: bool,
}

/// A model and how many tasks it answered.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct ImpactedModel {
    /// The model.
    #[serde(flatten)]
    pub model: RelatedModel,
    /// How many tasks it answered, as far as this node's index goes.
    pub tasks: u64,
}

/// What was made from a model.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Impact {
    /// The model that was asked for.
    pub model: ModelId,
    /// The model and everything made from it, nearest first.
    pub downstream: Vec<ImpactedModel>,
    /// How many tasks all of these answered.
    pub total_tasks: u64,
    /// A page of the tasks that the model itself answered, in the order in which they ended.
    pub tasks: Vec<TaskId>,
    /// The `after` with which to ask for the next page, if there is one.
    pub next: Option<u64>,
    /// Whether there is more downstream than one answer shows.
    pub truncated: bool,
}
