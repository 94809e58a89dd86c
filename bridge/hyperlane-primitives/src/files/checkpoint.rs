use alloc::string::String;

use primitive_types::H256;
use serde::{Deserialize, Serialize};

use super::{signature::Signed, FileError};
use crate::{
    address::Address, checkpoint::Checkpoint, domain::Domain, message::MessageId, signature::Signature,
};

/// A checkpoint with a validator's signature: the content of [`checkpoint_file`](super::checkpoint_file).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignedCheckpoint {
    /// What was signed.
    pub checkpoint: Checkpoint,
    /// By a validator: which one, the signature says.
    pub signature: Signature,
}

#[derive(Serialize, Deserialize)]
struct Place {
    merkle_tree_hook_address: H256,
    mailbox_domain: u32,
    root: H256,
    index: u32,
}

#[derive(Serialize, Deserialize)]
struct Value {
    checkpoint: Place,
    message_id: H256,
}

impl SignedCheckpoint {
    /// The file's content, in the agents' order and layout.
    pub fn to_json(&self) -> Result<String, FileError> {
        let checkpoint = &self.checkpoint;
        let value = Value {
            checkpoint: Place {
                merkle_tree_hook_address: checkpoint.merkle_tree_hook.0,
                mailbox_domain: checkpoint.origin.0,
                root: checkpoint.root,
                index: checkpoint.index,
            },
            message_id: checkpoint.message_id.0,
        };
        Signed::print(value, &self.signature)
    }

    /// Reads a file's content. Whose signature it is remains to be asked.
    pub fn from_json(bytes: &[u8]) -> Result<Self, FileError> {
        let file = Signed::<Value>::parse(bytes)?;
        let place = &file.value.checkpoint;
        Ok(Self {
            checkpoint: Checkpoint {
                origin: Domain(place.mailbox_domain),
                merkle_tree_hook: Address(place.merkle_tree_hook_address),
                root: place.root,
                index: place.index,
                message_id: MessageId(file.value.message_id),
            },
            signature: file.signature()?,
        })
    }
}
