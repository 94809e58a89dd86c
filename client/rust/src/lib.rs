//! The library below the `pensum` command: a node's RPC with types, calls and events by way of the chain's own metadata, and what
//! a client must work out for itself (a model's id, an operator's proof, whether a record is in the tree that the chain holds).
//!
//! Calls are encoded and events decoded by the metadata that the node serves, by the names of their fields. Nothing is generated,
//! so nothing drifts in silence: a chain that changed a field's name refuses the call here, with an error that says which.
//! What must be encoded without metadata (manifests, records, what an operator signs) uses `pensum-primitives`, the chain's own types.

pub mod amount;
pub mod asset;
pub mod call;
pub mod chain;
pub mod config;
pub mod dispute;
pub mod doctor;
pub mod error;
pub mod event;
pub mod gateway;
pub mod input;
pub mod key;
pub mod manifest;
pub mod model;
pub mod post;
pub mod quote;
pub mod record;
mod refusal;
pub mod rpc;
pub mod terms;
pub mod tiling;
pub mod transaction;
pub mod view;
pub mod watch;
pub mod workflow;

pub use amount::Amount;
pub use chain::Chain;
pub use error::{Error, Kind};
pub use key::Key;
pub use pensum_primitives::{AccountId, AssetId, BatchId, BlockNumber, Digest, ModelId, TaskId};
