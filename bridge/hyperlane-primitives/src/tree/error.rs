use core::fmt;

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

use crate::limits::MAX_LEAVES;

/// Why a tree does not take a leaf, or has no proof of one. `Display` adds the remedy.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum TreeError {
    /// It has all the leaves that its count can say.
    Full,
    /// It has never had so many leaves.
    NotSoLarge {
        /// The leaves asked for.
        leaves: u32,
        /// The leaves there are.
        count: u32,
    },
    /// The leaf came later than the tree asked for.
    LeafOutside {
        /// The leaf.
        index: u32,
        /// The leaves of the tree asked for.
        leaves: u32,
    },
}

impl fmt::Display for TreeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full => write!(
                f,
                "The tree has its {MAX_LEAVES} leaves. Dispatch through a new mailbox."
            ),
            Self::NotSoLarge { leaves, count } => write!(
                f,
                "The tree has {count} leaves, not {leaves}. Add the messages up to the checkpoint first."
            ),
            Self::LeafOutside { index, leaves } => write!(
                f,
                "Leaf {index} is not among the first {leaves}. Wait for a checkpoint at {index} or later."
            ),
        }
    }
}

impl core::error::Error for TreeError {}
