//! The two multisig security modules: what a relayer brings with a message to prove that its origin sent it.

mod error;
mod merkle_root;
mod message_id;
mod metadata;
mod signatures;

pub use error::{MetadataError, VerifyError};
pub use merkle_root::MerkleRootMetadata;
pub use message_id::MessageIdMetadata;
pub use metadata::{IsmKind, Metadata};
