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

pub mod address;
pub mod announcement;
mod bytes;
pub mod checkpoint;
pub mod crypto;
mod digest;
pub mod domain;
#[cfg(feature = "files")]
pub mod files;
pub mod gas;
pub mod hook;
pub mod ism;
pub mod limits;
pub mod message;
#[cfg(feature = "native")]
pub mod native;
pub mod signature;
pub mod token;
pub mod tree;
pub mod validators;

pub use address::{Address, AddressError};
pub use announcement::{Announcement, LocationError, StorageLocation};
pub use checkpoint::Checkpoint;
pub use crypto::Crypto;
pub use domain::Domain;
pub use gas::{GasError, RemoteGas};
pub use hook::{HookMetadata, HookMetadataError};
pub use ism::{IsmKind, MerkleRootMetadata, MessageIdMetadata, Metadata, MetadataError, VerifyError};
pub use message::{Body, Message, MessageError, MessageId};
#[cfg(feature = "native")]
pub use native::Native;
pub use primitive_types::{H160, H256, U256};
pub use signature::{Signature, SignatureBytes, SignatureError, Signatures};
pub use token::{TokenMessage, TokenMessageError};
pub use tree::{FullTree, IncrementalTree, Proof, TreeError};
pub use validators::{ValidatorSet, ValidatorSetError};
