//! What is stored beside the shared types.

use codec::{Decode, Encode, MaxEncodedLen};
use pensum_primitives::{
    model::{ModelState, Text},
    Balance,
};
use scale_info::TypeInfo;

/// What a publisher has on hold for one model.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct ModelDeposit {
    /// For what stays for ever: entry, manifest and lineage.
    pub manifest: Balance,
    /// For the graph; nothing once it is reclaimed.
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
