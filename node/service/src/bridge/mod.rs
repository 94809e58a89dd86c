//! The bridge's part of the node: every message that this chain ever dispatched, and a validator's signatures.
//!
//! The chain's state keeps messages, roots and signatures for a while only. The [`follower`] copies each final message into this
//! node's storage before it leaves the state, and adds it to a tree of the node's own, whose root must be what the runtime says.
//! From the copies, [`Messages`] answers the relayer and proves leaves against the root of any later checkpoint.
//!
//! On a validator the [`signer`] signs the checkpoint at each final message, publishes the signature by a transaction, and with
//! `--checkpoint-dir` writes the files that Hyperlane's agents read as well. Nothing is signed that is not final, that the node's
//! own tree contradicts, or of which another root was signed before.

mod entries;
pub mod follower;
mod keys;
mod messages;
mod proofs;
pub mod signer;
mod task;

pub use messages::{Messages, MessagesError};
pub use signer::Signer;
pub use task::run;

#[cfg(test)]
pub(crate) mod fixture;
