use alloc::vec::Vec;

use super::{signatures, MetadataError, VerifyError};
use crate::{
    address::Address,
    bytes::{length, Reader},
    checkpoint::Checkpoint,
    crypto::Crypto,
    domain::Domain,
    message::MessageId,
    signature::Signatures,
    tree::Proof,
};

/// Metadata of module type 4: validators signed a checkpoint at or after the message, and a proof leads from the message to its
/// root. One round of signatures serves every message before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MerkleRootMetadata<'a> {
    /// The origin's Merkle tree. Any is accepted: validators vouch for it by signing.
    pub merkle_tree_hook: Address,
    /// The message's number in it.
    pub leaf_index: u32,
    /// The last leaf of the signed checkpoint.
    pub signed_id: MessageId,
    /// From the message to the signed root.
    pub proof: Proof,
    /// The number of the last leaf of the signed checkpoint.
    pub signed_index: u32,
    /// By the validators, in their order.
    pub signatures: Signatures<'a>,
}

impl<'a> MerkleRootMetadata<'a> {
    /// The number of this module.
    pub const MODULE_TYPE: u8 = 4;
    /// Bytes before the signatures.
    pub const HEADER_BYTES: usize = 1096;

    /// Reads metadata. Whatever this accepts, [`encode`](Self::encode) turns back into the same bytes.
    pub fn decode(bytes: &'a [u8]) -> Result<Self, MetadataError> {
        let too_short = MetadataError::TooShort {
            needed: Self::HEADER_BYTES as u32,
            found: length(bytes),
        };
        let mut reader = Reader::new(bytes);
        Ok(Self {
            merkle_tree_hook: Address(reader.hash().ok_or(too_short)?),
            leaf_index: reader.word().ok_or(too_short)?,
            signed_id: MessageId(reader.hash().ok_or(too_short)?),
            proof: Proof::read(&mut reader).ok_or(too_short)?,
            signed_index: reader.word().ok_or(too_short)?,
            signatures: signatures::read(reader)?,
        })
    }

    /// The bytes to deliver with the message.
    pub fn encode(&self) -> Vec<u8> {
        [
            &self.merkle_tree_hook.0 .0[..],
            &self.leaf_index.to_be_bytes(),
            &self.signed_id.0 .0,
            &self.proof.to_bytes(),
            &self.signed_index.to_be_bytes(),
            self.signatures.bytes(),
        ]
        .concat()
    }

    /// What must have been signed for this message. `origin` and `id` are the message's own.
    pub fn checkpoint<C: Crypto>(&self, origin: Domain, id: MessageId) -> Result<Checkpoint, VerifyError> {
        if self.leaf_index > self.signed_index {
            return Err(VerifyError::LeafAfterCheckpoint {
                leaf: self.leaf_index,
                checkpoint: self.signed_index,
            });
        }
        Ok(Checkpoint {
            origin,
            merkle_tree_hook: self.merkle_tree_hook,
            root: self.proof.root::<C>(id, self.leaf_index),
            index: self.signed_index,
            message_id: self.signed_id,
        })
    }
}
