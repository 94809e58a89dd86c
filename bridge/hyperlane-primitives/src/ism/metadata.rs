use alloc::vec::Vec;

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

use super::{MerkleRootMetadata, MessageIdMetadata, MetadataError, VerifyError};
use crate::{
    checkpoint::Checkpoint, crypto::Crypto, domain::Domain, message::MessageId, signature::Signatures,
    validators::ValidatorSet,
};

/// Which of the two modules a chain's messages are verified by. The other seven of Hyperlane's module types are not for
/// validators' signatures, or are made of these two.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum IsmKind {
    /// [`MerkleRootMetadata`].
    MerkleRoot,
    /// [`MessageIdMetadata`].
    MessageId,
}

impl IsmKind {
    /// The number that `moduleType()` returns, by which a relayer knows what to bring.
    pub const fn module_type(self) -> u8 {
        match self {
            Self::MerkleRoot => MerkleRootMetadata::MODULE_TYPE,
            Self::MessageId => MessageIdMetadata::MODULE_TYPE,
        }
    }
}

/// Metadata of either module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Metadata<'a> {
    /// Of module type 4.
    MerkleRoot(MerkleRootMetadata<'a>),
    /// Of module type 5.
    MessageId(MessageIdMetadata<'a>),
}

impl<'a> Metadata<'a> {
    /// Reads metadata for the module that a chain uses. The bytes do not say which one they are for.
    pub fn decode(kind: IsmKind, bytes: &'a [u8]) -> Result<Self, MetadataError> {
        Ok(match kind {
            IsmKind::MerkleRoot => Self::MerkleRoot(MerkleRootMetadata::decode(bytes)?),
            IsmKind::MessageId => Self::MessageId(MessageIdMetadata::decode(bytes)?),
        })
    }

    /// The bytes to deliver with the message.
    pub fn encode(&self) -> Vec<u8> {
        match self {
            Self::MerkleRoot(metadata) => metadata.encode(),
            Self::MessageId(metadata) => metadata.encode(),
        }
    }

    /// What must have been signed for the message. `origin` and `id` are the message's own, see
    /// [`Message::decode_with_id`](crate::Message::decode_with_id).
    pub fn checkpoint<C: Crypto>(&self, origin: Domain, id: MessageId) -> Result<Checkpoint, VerifyError> {
        match self {
            Self::MerkleRoot(metadata) => metadata.checkpoint::<C>(origin, id),
            Self::MessageId(metadata) => Ok(metadata.checkpoint(origin, id)),
        }
    }

    /// The signatures of it.
    pub const fn signatures(&self) -> Signatures<'a> {
        match self {
            Self::MerkleRoot(metadata) => metadata.signatures,
            Self::MessageId(metadata) => metadata.signatures,
        }
    }

    /// Whether enough validators vouch for the message with these `origin` and `id`.
    pub fn verify<C: Crypto>(
        &self,
        origin: Domain,
        id: MessageId,
        validators: &ValidatorSet<'_>,
    ) -> Result<(), VerifyError> {
        let digest = self.checkpoint::<C>(origin, id)?.digest::<C>();
        validators.verify::<C>(&digest, self.signatures())
    }
}
