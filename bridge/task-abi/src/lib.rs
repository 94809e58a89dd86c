#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]
#![deny(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

extern crate alloc;

mod bytes;
pub mod command;
mod error;
pub mod input;
pub mod intent;
pub mod matching;
pub mod message;
pub mod outcome;
pub mod refusal;
pub mod result;
pub mod root;
pub mod sol;
pub mod verification;

pub use command::Withdraw;
pub use error::AbiError;
pub use input::Input;
pub use intent::{Delivery, Intent};
pub use matching::Matching;
pub use message::{FromTasks, ToTasks};
pub use outcome::Outcome;
pub use refusal::Refusal;
pub use result::TaskResult;
pub use root::Root;
pub use verification::{Rule, Verification, VerificationKind};

/// 32 bytes: a digest, an id, or an address as messages between chains have it.
pub type Bytes32 = [u8; 32];

/// Most bytes of an input that travels in an intent; a longer one is named by digest.
pub const MAX_INPUT: usize = 4_096;
/// Most bytes of a JSON pointer.
pub const MAX_POINTER: usize = 64;
/// Most bytes of an answer.
pub const MAX_OUTPUT: usize = 1_024;
/// The `asset` that stands for PEN.
pub const PEN: u32 = u32::MAX;
/// The `amount` of a withdrawal that stands for all there is.
pub const ALL: u128 = u128::MAX;

/// The asset that a number stands for; none is PEN.
pub const fn asset_of(number: u32) -> Option<u32> {
    match number {
        PEN => None,
        asset => Some(asset),
    }
}

/// The number that stands for an asset; none is PEN. An asset with PEN's number cannot be named, so that none may have it.
pub const fn asset_number(asset: Option<u32>) -> u32 {
    match asset {
        None => PEN,
        Some(asset) => asset,
    }
}
