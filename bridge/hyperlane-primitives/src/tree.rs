//! The Merkle tree of a chain's messages: 32 levels, a leaf per message, in the order of dispatch.
//!
//! [`IncrementalTree`] is what a chain keeps: enough to add leaves and to know the root. [`FullTree`] is what a relayer keeps:
//! every leaf, so that each can be proven against the root of any checkpoint.

mod error;
mod full;
mod incremental;
mod level;
mod proof;
mod zero;

pub use error::TreeError;
pub use full::FullTree;
pub use incremental::IncrementalTree;
pub use proof::{Proof, PROOF_BYTES};
pub use zero::ZERO_HASHES;
