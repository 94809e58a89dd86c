//! Ids, types, the traits by which the pallets meet, and the runtime APIs.
//!
//! The vocabulary is the project's: an *intent* becomes a *task*; an *offer* leads to an *assignment*; an *answer* gets a
//! *verdict*; *settlement* leaves a *record*. Pallets never import each other: they meet through [`traits`], which the
//! runtime wires.
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

pub mod apis;
pub mod asset;
pub mod bridge;
pub mod follower;
pub mod gateway;
pub mod ids;
pub mod json;
pub mod matching;
pub mod model;
pub mod operator;
pub mod panel;
pub mod record;
pub mod solver;
pub mod step;
pub mod task;
pub mod traits;
pub mod verdict;
pub mod verification;
pub mod workflow;

pub use asset::AssetId;
pub use ids::{BatchId, ModelId, SlashId, TaskId};

use sp_runtime::{
    generic,
    traits::{BlakeTwo256, IdentifyAccount, Verify},
    MultiSignature, OpaqueExtrinsic,
};

/// Signature of an ordinary, signed transaction.
pub type Signature = MultiSignature;
/// Account of a requester, solver, publisher or validator.
pub type AccountId = <<Signature as Verify>::Signer as IdentifyAccount>::AccountId;
/// Height of a block; one slot is one second.
pub type BlockNumber = u32;
/// Amount of the native token in its smallest unit (10⁻¹² of a PEN).
pub type Balance = u128;
/// Number of transactions an account has signed.
pub type Nonce = u32;
/// 32 bytes of a digest; which hash made it is said where it is used.
pub type Digest = sp_core::H256;
/// The block header.
pub type Header = generic::Header<BlockNumber, BlakeTwo256>;
/// A block whose transactions are opaque bytes, as the node sees it.
pub type Block = generic::Block<Header, OpaqueExtrinsic>;
