//! The record index: from a task to its record, and from a model to the tasks it answered.
//!
//! While a block is executed the runtime writes each record's body under the body's own digest, and the list of a block's
//! leaves under the Merkle root they hash to. Such entries cannot be wrong, whichever fork wrote them, but nobody can find
//! them. The [`follower`] reads them once a block is final and writes pointers. A pointer is only ever a hint: every
//! lookup checks body, leaf and proof against the root that the chain's state holds.

pub mod follower;
mod keys;
mod lookup;
mod pointers;
mod store;

pub use lookup::{LookupError, ProvenRecord};
pub use pointers::Index;
pub use store::{share, Storage};

#[cfg(test)]
mod damage;
#[cfg(test)]
pub(crate) mod fixture;
