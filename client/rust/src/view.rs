//! What the node's methods answer. Only the fields that are worked with have a name here; all others are kept as they came, so that
//! `--json` shows everything a node says, whatever its version.

use crate::{asset::Currency, key::hex_bytes, Amount, Error};
pub use pensum_primitives::{
    model::InputSchema,
    solver::{Offer, Unit},
};
use pensum_primitives::{record::Record, AssetId, BatchId, BlockNumber, Digest, ModelId, TaskId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Fields without a name here.
type Rest = Map<String, Value>;

/// The words of an enum in JSON: `"answered"`, or the only key of `{"refunded": …}`.
pub fn variant(value: &Value) -> &str {
    match value {
        Value::String(name) => name,
        Value::Object(fields) => fields.keys().next().map_or("", String::as_str),
        _ => "",
    }
}

/// How a task ended.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Outcome(pub Value);

impl Outcome {
    /// An answer that was verified and paid.
    pub fn answered() -> Self {
        Self(Value::String("answered".into()))
    }

    /// No answer, for this reason.
    pub fn refunded(reason: Value) -> Self {
        Self(serde_json::json!({ "refunded": reason }))
    }

    /// Whether there is an answer.
    pub fn is_answered(&self) -> bool {
        variant(&self.0) == "answered"
    }

    /// Why there is none: `nobody_left`.
    pub fn reason(&self) -> Option<&str> {
        self.0.get("refunded").map(variant)
    }
}

/// Where a task stands.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct TaskStatus {
    /// The task.
    pub task: TaskId,
    /// The batch in which it was posted.
    pub batch: BatchId,
    /// The model.
    pub model: ModelId,
    /// Who asked.
    pub requester: String,
    /// Where it stands; `ended` for one that has.
    pub state: Value,
    /// Who must answer, or who answered.
    pub solver: Option<String>,
    /// What it costs, in PEN; for one that has ended what was paid, in units of `asset`.
    pub price: Amount,
    /// The asset that pays; none is PEN.
    #[serde(default)]
    pub asset: Option<AssetId>,
    /// How it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// The answer of one that has ended, as `0x` hex.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<String>,
    /// The block in which it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub block: Option<BlockNumber>,
    /// Whether that block is final.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finalized: Option<bool>,
    /// The last block in which the present solver can answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer_by: Option<BlockNumber>,
    /// What happens next, in one sentence.
    pub next: String,
    /// Everything else.
    #[serde(flatten)]
    pub rest: Rest,
}

impl TaskStatus {
    /// What its price is an amount of: an open task's is PEN, whatever pays for it.
    pub fn price_asset(&self) -> Option<AssetId> {
        self.asset.filter(|_| self.outcome.is_some())
    }

    /// The answer's bytes, where there is one.
    pub fn output_bytes(&self) -> Result<Vec<u8>, Error> {
        self.output.as_deref().map_or(Ok(Vec::new()), hex_bytes)
    }
}

/// An asset that can pay.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ListedAsset {
    /// Its id.
    pub asset: AssetId,
    /// Its symbol, as its admin wrote it.
    pub symbol: String,
    /// Decimals of its whole unit.
    pub decimals: u8,
    /// What a whole unit is worth in PEN; none while there is no rate.
    pub worth: Option<Amount>,
    /// The block in which its pool was last looked at.
    pub sampled_at: BlockNumber,
    /// Whether offers in the stable unit count in whole units of it.
    pub stable: bool,
    /// Everything else.
    #[serde(flatten)]
    pub rest: Rest,
}

impl ListedAsset {
    /// As what is paid with.
    pub fn currency(&self) -> Currency {
        Currency::asset(self.asset, self.symbol.as_bytes(), self.decimals)
    }
}

/// A model.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Model {
    /// Its id.
    pub id: ModelId,
    /// Name for people.
    pub name: String,
    /// Version for people.
    pub version: String,
    /// Where it stands: `{"active": {"from": N}}`, `"flagged"`, `{"retired": {"at": N}}`.
    pub state: Value,
    /// `blake2_256` of its weights file.
    pub weights: Digest,
    /// Whether the chain can replay it at once.
    pub on_chain: bool,
    /// What goes in.
    pub input: InputSchema,
    /// Length of every answer in bytes.
    pub output_len: u32,
    /// The labels in order, for a classifier.
    pub labels: Vec<String>,
    /// SPDX licence expression.
    pub licence: String,
    /// The version it replaces.
    pub previous: Option<ModelId>,
    /// Who publishes it.
    pub publisher: String,
    /// The publisher's share of the price, in parts per million.
    pub royalty_ppm: u32,
    /// Everything else.
    #[serde(flatten)]
    pub rest: Rest,
}

impl Model {
    /// The first block in which it can be used, unless it is flagged or retired.
    pub fn active_from(&self) -> Option<u64> {
        self.state.get("active")?.get("from")?.as_u64()
    }

    /// The label that an answer names, for a classifier.
    pub fn label(&self, output: &[u8]) -> Option<&str> {
        let number = i32::from_le_bytes(output.try_into().ok()?);
        self.labels.get(usize::try_from(number).ok()?).map(String::as_str)
    }

    /// `name version`, for people.
    pub fn title(&self) -> String {
        format!("{} {}", self.name, self.version)
    }
}

/// A standing offer and who made it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct SolverOffer {
    /// Who offers.
    pub solver: String,
    /// At what price.
    #[serde(flatten)]
    pub offer: Offer,
}

/// A solver.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Solver {
    /// The account that bonds.
    pub stash: String,
    /// The key that works.
    pub operator: String,
    /// Stake at work.
    pub bonded: Amount,
    /// Part of it that stands behind tasks.
    pub locked: Amount,
    /// Part of it that pending slashes will take.
    pub at_risk: Amount,
    /// Part of it that can back new tasks or be unbonded.
    pub free: Amount,
    /// Stake on its way out: amount and the block from which it can be withdrawn.
    pub unbonding: Vec<(Amount, BlockNumber)>,
    /// Tasks held now.
    pub in_flight: u32,
    /// Reputation in parts per million.
    pub reputation: u32,
    /// Until when it gets no tasks, if jailed.
    pub jailed_until: Option<BlockNumber>,
    /// Standing prices.
    pub offers: Vec<(ModelId, Offer)>,
    /// The assets that it takes, beside PEN.
    #[serde(default)]
    pub accepts: Vec<AssetId>,
    /// Slashes that wait: id, amount, fault, block.
    pub pending_slashes: Vec<(u64, Amount, Value, BlockNumber)>,
    /// Everything else.
    #[serde(flatten)]
    pub rest: Rest,
}

/// A record with everything that proves it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ProvenRecord {
    /// The record.
    pub record: Record,
    /// The answer, as `0x` hex.
    pub output: String,
    /// The block in which the task ended.
    pub block: BlockNumber,
    /// That block's hash.
    pub block_hash: Digest,
    /// Whether the node calls that block final.
    pub finalized: bool,
    /// Merkle root of the block's records, as the node says.
    pub root: Digest,
    /// The record's place.
    pub leaf_index: u32,
    /// How many leaves the tree has.
    pub leaf_count: u32,
    /// The hashes from the leaf up to the root.
    pub proof: Vec<Digest>,
}

/// What happened to a task, as the node's subscription tells it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct TaskEvent {
    /// `opened`, `posted`, `handed_over`, `claimed`, `answered`, `refunded`, `answer_pooled`, `finalized`, `retracted`, `missed`,
    /// whatever later nodes add, and `state` from this library itself.
    pub kind: String,
    /// The block.
    pub block: BlockNumber,
    /// The task, where the event is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<TaskId>,
    /// Everything else.
    #[serde(flatten)]
    pub rest: Rest,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn model(labels: &[&str]) -> Model {
        serde_json::from_value(json!({
            "id": Digest::repeat_byte(1), "name": "langid", "version": "1.0.0", "kind": "graph",
            "state": { "active": { "from": 7 } }, "weights": Digest::repeat_byte(2), "on_chain": true,
            "input": { "text": { "max_bytes": 4096 } }, "output_len": 4, "labels": labels, "cost": 5, "licence": "Apache-2.0",
            "previous": null, "parents": [], "data_sets": [], "publisher": "5Grw", "royalty_ppm": 0,
        }))
        .unwrap()
    }

    #[test]
    fn a_label_is_named_by_its_number() {
        let model = model(&["en", "de"]);
        assert_eq!(model.label(&1i32.to_le_bytes()), Some("de"));
        assert_eq!(model.label(&2i32.to_le_bytes()), None);
        assert_eq!(model.label(&(-1i32).to_le_bytes()), None);
        assert_eq!(model.label(&[1]), None);
        assert_eq!(model.active_from(), Some(7));
    }

    #[test]
    fn fields_without_a_name_here_are_shown_as_they_came() {
        let shown = serde_json::to_value(model(&[])).unwrap();
        assert_eq!((&shown["kind"], &shown["cost"]), (&json!("graph"), &json!(5)));
    }

    #[test]
    fn an_outcome_is_an_answer_or_has_a_reason() {
        assert!(Outcome::answered().is_answered());
        let refunded = Outcome::refunded(json!("nobody_left"));
        assert_eq!(
            (refunded.is_answered(), refunded.reason()),
            (false, Some("nobody_left"))
        );
        assert_eq!(Outcome::refunded(json!({ "later": 1 })).reason(), Some("later"));
    }
}
