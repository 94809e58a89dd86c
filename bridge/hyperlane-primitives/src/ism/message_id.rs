use alloc::vec::Vec;

use primitive_types::H256;

use super::{signatures, MetadataError};
use crate::{
    address::Address,
    bytes::{length, Reader},
    checkpoint::Checkpoint,
    domain::Domain,
    message::MessageId,
    signature::Signatures,
};

/// Metadata of module type 5: validators signed the checkpoint of which this message is the last leaf. Short, but each message
/// needs signatures of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MessageIdMetadata<'a> {
    /// The origin's Merkle tree. Any is accepted: validators vouch for it by signing.
    pub merkle_tree_hook: Address,
    /// Its root after the message.
    pub root: H256,
    /// The message's number in it.
    pub index: u32,
    /// By the validators, in their order.
    pub signatures: Signatures<'a>,
}

impl<'a> MessageIdMetadata<'a> {
    /// The number of this module.
    pub const MODULE_TYPE: u8 = 5;
    /// Bytes before the signatures.
    pub const HEADER_BYTES: usize = 68;

    /// Reads metadata. Whatever this accepts, [`encode`](Self::encode) turns back into the same bytes.
    pub fn decode(bytes: &'a [u8]) -> Result<Self, MetadataError> {
        let too_short = MetadataError::TooShort {
            needed: Self::HEADER_BYTES as u32,
            found: length(bytes),
        };
        let mut reader = Reader::new(bytes);
        Ok(Self {
            merkle_tree_hook: Address(reader.hash().ok_or(too_short)?),
            root: reader.hash().ok_or(too_short)?,
            index: reader.word().ok_or(too_short)?,
            signatures: signatures::read(reader)?,
        })
    }

    /// The bytes to deliver with the message.
    pub fn encode(&self) -> Vec<u8> {
        [
            &self.merkle_tree_hook.0 .0[..],
            &self.root.0,
            &self.index.to_be_bytes(),
            self.signatures.bytes(),
        ]
        .concat()
    }

    /// What must have been signed for this message. `origin` and `id` are the message's own.
    pub fn checkpoint(&self, origin: Domain, id: MessageId) -> Checkpoint {
        Checkpoint {
            origin,
            merkle_tree_hook: self.merkle_tree_hook,
            root: self.root,
            index: self.index,
            message_id: id,
        }
    }
}
