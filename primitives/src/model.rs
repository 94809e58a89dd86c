//! Models: the manifest that names one for ever, and the short entry that the market reads.

use crate::{AccountId, BlockNumber, Digest, ModelId};
use alloc::{string::String, vec::Vec};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_core::{bounded::BoundedVec, ConstU32};
use sp_runtime::Permill;

/// Most bytes in a manifest's text (names, licences, sources).
pub const MAX_TEXT: u32 = 128;
/// Most labels of a classifier.
pub const MAX_LABELS: u32 = 256;
/// Most parents or data sets of a model.
pub const MAX_SOURCES: u32 = 32;
/// Most nodes of a graph, whose digests a manifest lists. A large model is cut into tiles, each a node, so that any one of them
/// can be proven in one transaction.
pub const MAX_NODES: u32 = 256;
/// Most royalty a publisher may ask: 10 % of the price.
pub const MAX_ROYALTY: Permill = Permill::from_percent(10);
/// Most bytes of a graph that lives on chain.
pub const MAX_GRAPH: u32 = 512 * 1024;
/// Most bytes of a skeleton: 256 nodes with several inputs each. Every fraud proof reads all of it.
pub const MAX_SKELETON: u32 = 64 * 1024;

/// Short UTF-8 text.
pub type Text = BoundedVec<u8, ConstU32<MAX_TEXT>>;

/// Everything that names a model. Its `blake2_256` is the [`ModelId`]: change a byte and it is another model.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Manifest {
    /// Name for people, for example `langid`.
    pub name: Text,
    /// Version for people, for example `1.0.0`.
    pub version: Text,
    /// What runs it.
    pub kind: ModelKind,
    /// `blake2_256` of the weights file (for a graph: of the graph file).
    pub weights: Digest,
    /// For a graph: the digest of each node with its weights, in order.
    pub nodes: BoundedVec<Digest, ConstU32<MAX_NODES>>,
    /// What goes in.
    pub input: InputSchema,
    /// What comes out.
    pub output: OutputSchema,
    /// SPDX licence expression of the weights.
    pub licence: Text,
    /// The version this one replaces, if any. It must be of the same publisher.
    pub previous: Option<ModelId>,
    /// What it was trained or converted from.
    pub parents: BoundedVec<ModelId, ConstU32<MAX_SOURCES>>,
    /// What it was trained on.
    pub data_sets: BoundedVec<DataSet, ConstU32<MAX_SOURCES>>,
    /// Who publishes it and earns the royalty.
    pub publisher: AccountId,
    /// The publisher's share of the price of every verified answer; at most [`MAX_ROYALTY`].
    pub royalty: Permill,
}

impl Manifest {
    /// The id that this manifest gives its model.
    pub fn id(&self) -> ModelId {
        ModelId(sp_crypto_hashing::blake2_256(&self.encode()).into())
    }
}

/// What runs a model.
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
pub enum ModelKind {
    /// An integer graph in Pensum's format.
    Graph,
}

/// What a model reads.
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
pub enum InputSchema {
    /// UTF-8 text.
    Text {
        /// Most bytes.
        max_bytes: u32,
    },
    /// A tensor of one-byte elements, row by row.
    Tensor {
        /// Number of elements, which is the length in bytes.
        len: u32,
    },
}

/// What a model answers.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum OutputSchema {
    /// The number of a label as a little-endian `i32` (4 bytes).
    Label {
        /// The labels, in the order of their numbers.
        labels: BoundedVec<BoundedVec<u8, ConstU32<32>>, ConstU32<MAX_LABELS>>,
    },
    /// A tensor as raw bytes, row by row.
    Tensor {
        /// Length in bytes.
        len: u32,
    },
}

impl OutputSchema {
    /// Length of every answer, in bytes.
    pub fn byte_len(&self) -> u32 {
        match self {
            Self::Label { .. } => 4,
            Self::Tensor { len } => *len,
        }
    }
}

/// A data set that a model was trained on.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct DataSet {
    /// Name and version for people.
    pub name: Text,
    /// Digest of its content, where one exists.
    pub digest: Option<Digest>,
    /// SPDX licence expression.
    pub licence: Text,
}

/// Where a model stands.
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
pub enum ModelState {
    /// Usable from a block on.
    Active {
        /// The first block in which it can be used.
        from: BlockNumber,
    },
    /// Its publisher or governance warns against it: new tasks are refused unless they say so.
    Flagged,
    /// Withdrawn: new tasks are refused.
    Retired {
        /// The block of its withdrawal.
        at: BlockNumber,
    },
}

/// The short entry that the market reads for every post.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct ModelEntry {
    /// What runs it.
    pub kind: ModelKind,
    /// `blake2_256` of its weights file.
    pub weights: Digest,
    /// Whether the weights lie on chain, so that the chain can replay it at once.
    pub on_chain: bool,
    /// What goes in.
    pub input: InputSchema,
    /// Length of every answer in bytes.
    pub output_len: u32,
    /// Work of a run on an empty input, in multiply-accumulates.
    pub cost_fixed: u64,
    /// Work that each byte of input adds, in multiply-accumulates.
    pub cost_per_byte: u64,
    /// Where it stands.
    pub state: ModelState,
    /// Who publishes it.
    pub publisher: AccountId,
    /// The publisher's share of the price.
    pub royalty: Permill,
}

impl ModelEntry {
    /// Upper bound of the work of a run on `input_len` bytes, in multiply-accumulates.
    pub fn cost(&self, input_len: u32) -> u64 {
        self.cost_fixed
            .saturating_add(self.cost_per_byte.saturating_mul(input_len.into()))
    }

    /// Most bytes of input it reads.
    pub fn max_input(&self) -> u32 {
        match self.input {
            InputSchema::Text { max_bytes } => max_bytes,
            InputSchema::Tensor { len } => len,
        }
    }

    /// Whether an input of this length has the right shape.
    pub fn accepts_len(&self, len: u32) -> bool {
        match self.input {
            InputSchema::Text { max_bytes } => len <= max_bytes,
            InputSchema::Tensor { len: expected } => len == expected,
        }
    }
}

/// What RPC tells about a model.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub struct ModelView {
    /// Its id.
    pub id: ModelId,
    /// Name for people.
    pub name: String,
    /// Version for people.
    pub version: String,
    /// What runs it.
    pub kind: ModelKind,
    /// Where it stands.
    pub state: ModelState,
    /// `blake2_256` of its weights file.
    pub weights: Digest,
    /// Whether the weights lie on chain.
    pub on_chain: bool,
    /// What goes in.
    pub input: InputSchema,
    /// Length of every answer in bytes.
    pub output_len: u32,
    /// The labels in order, for a classifier.
    pub labels: Vec<String>,
    /// Most work of one run, in multiply-accumulates.
    pub cost: u64,
    /// SPDX licence expression.
    pub licence: String,
    /// The version it replaces.
    pub previous: Option<ModelId>,
    /// What it was trained or converted from.
    pub parents: Vec<ModelId>,
    /// What it was trained on: name and licence.
    pub data_sets: Vec<(String, String)>,
    /// Who publishes it.
    pub publisher: AccountId,
    /// The publisher's share of the price, in parts per million.
    pub royalty_ppm: u32,
}
