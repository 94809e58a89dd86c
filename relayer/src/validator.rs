//! Signs the checkpoints of an EVM chain: every one, once, and only when final.
//!
//! What is signed is computed here from the chain's own events, compared with the root that the contract has at the same block, and
//! written down before it is signed. A signature cannot be taken back, so at any contradiction this stops and says so to the world
//! (`reorg_flag.json`) instead of signing on.

mod announcing;
mod files;
mod signing;

pub use announcing::Announcing;
pub use files::Files;
pub use signing::{Signing, Witness};
