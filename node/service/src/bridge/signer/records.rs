//! What was signed, for good: no validator of this node ever signs two roots for one index.

use crate::bridge::{entries::Entries, keys};
use codec::{Decode, Encode};
use hyperlane_primitives::{MessageId, Signature, H160};
use pensum_primitives::Digest;

/// What a validator signed at an index, and how.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode)]
pub(super) struct Signed {
    pub root: Digest,
    pub message_id: MessageId,
    pub signature: Signature,
}

/// All that validators of this node signed. Each is kept before its signature leaves the node.
#[derive(Clone)]
pub(in crate::bridge) struct Records(Entries);

impl Records {
    pub(in crate::bridge) fn new(entries: Entries) -> Self {
        Self(entries)
    }

    /// What a validator signed at an index. One that cannot be read is no leave to sign anew, so it counts as some other root.
    pub(super) fn get(&self, validator: H160, index: u32) -> Option<Signed> {
        let unreadable = Signed {
            root: Digest::zero(),
            message_id: MessageId::default(),
            signature: Signature([0; 65]),
        };
        self.0
            .read(&keys::signed(validator, index))
            .unwrap_or(Some(unreadable))
    }

    pub(super) fn keep(&self, validator: H160, index: u32, signed: &Signed) {
        self.0.write(&keys::signed(validator, index), signed);
    }
}
