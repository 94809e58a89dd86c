//! Another chain: its tree, its messages, and what its validators sign of them.

use super::{abroad_key, act, signed, Call, HERE, RELAYER};
use crate::mock::{sign_checkpoint, INBOX};
use frame_support::dispatch::DispatchResultWithPostInfo;
use hyperlane_primitives::{
    Address, Body, Checkpoint, Domain, FullTree, IsmKind, MerkleRootMetadata, Message, MessageId,
    MessageIdMetadata, Native, SignatureBytes, Signatures, H160,
};

/// The chain abroad.
pub const ABROAD: Domain = Domain(31_337);
/// Its tree.
pub const HOOK: Address = Address(hyperlane_primitives::H256([0xe7; 32]));

#[derive(Default)]
pub struct Abroad {
    pub messages: Vec<Vec<u8>>,
    tree: FullTree,
}

impl Abroad {
    /// With so many messages to this chain's inbox.
    pub fn with(messages: u8) -> Self {
        let mut abroad = Self::default();
        for number in 0..messages {
            abroad.dispatch(&[number]);
        }
        abroad
    }

    /// A message to the inbox here; its number.
    pub fn dispatch(&mut self, body: &[u8]) -> u32 {
        self.dispatch_with(|message| Message {
            body: Body::new(body).unwrap(),
            ..message
        })
    }

    /// A message that differs from an ordinary one.
    pub fn dispatch_with<'a>(&mut self, change: impl FnOnce(Message<'a>) -> Message<'a>) -> u32 {
        let index = self.messages.len() as u32;
        let message = change(Message {
            nonce: index,
            origin: ABROAD,
            sender: H160::repeat_byte(0xf3).into(),
            destination: HERE,
            recipient: INBOX,
            body: Body::default(),
        })
        .encode();
        self.tree
            .insert::<Native>(MessageId::of::<Native>(&message))
            .unwrap();
        self.messages.push(message);
        index
    }

    pub fn message(&self, index: u32) -> &[u8] {
        &self.messages[index as usize]
    }

    pub fn id(&self, index: u32) -> MessageId {
        MessageId::of::<Native>(self.message(index))
    }

    fn latest(&self) -> u32 {
        self.messages.len() as u32 - 1
    }

    pub fn checkpoint(&self, index: u32) -> Checkpoint {
        Checkpoint {
            origin: ABROAD,
            merkle_tree_hook: HOOK,
            root: self.tree.root::<Native>(index + 1).unwrap(),
            index,
            message_id: self.id(index),
        }
    }

    fn signatures(&self, checkpoint: &Checkpoint, signers: &[u8]) -> Vec<SignatureBytes> {
        signers
            .iter()
            .map(|number| sign_checkpoint(&abroad_key(*number), checkpoint).0)
            .collect()
    }

    /// What proves a message, signed by these validators: of its own checkpoint, or of the latest.
    pub fn metadata(&self, kind: IsmKind, index: u32, signers: &[u8]) -> Vec<u8> {
        match kind {
            IsmKind::MessageId => {
                let checkpoint = self.checkpoint(index);
                MessageIdMetadata {
                    merkle_tree_hook: HOOK,
                    root: checkpoint.root,
                    index,
                    signatures: Signatures(&self.signatures(&checkpoint, signers)),
                }
                .encode()
            }
            IsmKind::MerkleRoot => {
                let checkpoint = self.checkpoint(self.latest());
                MerkleRootMetadata {
                    merkle_tree_hook: HOOK,
                    leaf_index: index,
                    signed_id: checkpoint.message_id,
                    proof: self.tree.prove::<Native>(index, checkpoint.index + 1).unwrap(),
                    signed_index: checkpoint.index,
                    signatures: Signatures(&self.signatures(&checkpoint, signers)),
                }
                .encode()
            }
        }
    }

    /// Brings a message, signed by validators 1 and 2.
    pub fn bring(&self, kind: IsmKind, index: u32) -> DispatchResultWithPostInfo {
        process(&self.metadata(kind, index, &[1, 2]), self.message(index))
    }
}

pub fn process_call(metadata: &[u8], message: &[u8]) -> Call {
    Call::process {
        metadata: metadata.to_vec().try_into().unwrap(),
        message: message.to_vec().try_into().unwrap(),
    }
}

/// Brings a message.
pub fn process(metadata: &[u8], message: &[u8]) -> DispatchResultWithPostInfo {
    act(signed(RELAYER), process_call(metadata, message))
}
