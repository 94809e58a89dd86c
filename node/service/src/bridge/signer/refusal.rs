//! Why a checkpoint is not signed, now or ever.

use crate::bridge::messages::Disagreement;
use hyperlane_primitives::{Checkpoint, Domain};
use pensum_primitives::Digest;

/// Why a checkpoint must never be signed. After any of these the signer stops: somebody has to look.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub(super) enum Refusal {
    /// The runtime's root is not that of its messages.
    #[error(
        "at message {} this node's tree has the root {:?} and the runtime says {:?}. Compare with other validators; do not \
         start this one again before it is known who is right", .0.index, .0.own, .0.told
    )]
    Disagreement(Disagreement),
    /// Another root was signed for the index.
    #[error(
        "for message {index} this validator signed the root {signed:?} before, and now the chain says {told:?}: to sign both \
         is what validators are slashed for. Either the chain went back behind its finality, or it was started anew: then give \
         the validator a new key and an empty `--checkpoint-dir`"
    )]
    SignedBefore {
        /// The message.
        index: u32,
        /// What was signed.
        signed: Digest,
        /// What the chain says now.
        told: Digest,
    },
    /// The checkpoint is of something else.
    #[error(
        "the runtime asks to sign a checkpoint of domain {} and the tree {:?}, which are not this chain's. Compare the runtime \
         with its source", .0.origin, .0.merkle_tree_hook.0
    )]
    Foreign(Checkpoint),
}

impl Refusal {
    /// The index, this node's root, and the chain's.
    pub(super) fn roots(&self) -> Disagreement {
        match self {
            Self::Disagreement(found) => *found,
            Self::SignedBefore { index, signed, told } => Disagreement {
                index: *index,
                own: *signed,
                told: *told,
            },
            Self::Foreign(checkpoint) => Disagreement {
                index: checkpoint.index,
                own: Digest::zero(),
                told: checkpoint.root,
            },
        }
    }
}

/// Whether a checkpoint is of this chain's tree.
pub(super) fn check_place(checkpoint: &Checkpoint, domain: Domain) -> Result<(), Refusal> {
    let own = checkpoint.origin == domain
        && checkpoint.merkle_tree_hook == pensum_primitives::bridge::MERKLE_TREE_HOOK;
    if own {
        Ok(())
    } else {
        Err(Refusal::Foreign(*checkpoint))
    }
}
