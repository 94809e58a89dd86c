//! What is stored beside the shared types.

use crate::{GraphBytes, SkeletonBytes};
use codec::{Decode, Encode, MaxEncodedLen};
use pensum_primitives::{
    model::{ModelState, Text},
    Balance,
};
use scale_info::TypeInfo;

/// What a publisher brings of the model itself.
pub(crate) enum Source {
    /// The whole graph, for the chain to replay.
    Graph(GraphBytes),
    /// Its header and node table.
    Skeleton(SkeletonBytes),
    /// Nothing.
    Nowhere,
}

impl Source {
    /// Bytes that stay on chain.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Graph(bytes) => bytes.len(),
            Self::Skeleton(bytes) => bytes.len(),
            Self::Nowhere => 0,
        }
    }
}

/// What a publisher has on hold for one model.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct ModelDeposit {
    /// For what stays for ever: entry, manifest and lineage.
    pub manifest: Balance,
    /// For the graph or the skeleton; nothing once it is reclaimed.
    pub graph: Balance,
}

impl ModelDeposit {
    /// Both parts.
    pub fn total(&self) -> Balance {
        self.manifest.saturating_add(self.graph)
    }
}

/// A warning that stands against a model.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Flag {
    /// Where the model stands beneath the flag, and again once it is lifted. Never itself `Flagged`.
    pub was: ModelState,
    /// Why, for people.
    pub reason: Text,
}
