//! Verification: how it is decided that an answer is right.

use crate::BlockNumber;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_core::{bounded::BoundedVec, ConstU32};

/// Most bytes of a JSON pointer.
pub const MAX_POINTER: u32 = 64;
/// Fewest members of a panel: with two, one that differs decides nothing.
pub const MIN_PANEL: u8 = 3;
/// Most members of a panel in its first round.
pub const MAX_PANEL: u8 = 7;

/// A JSON pointer (RFC 6901), UTF-8.
pub type Pointer = BoundedVec<u8, ConstU32<MAX_POINTER>>;

/// How an answer is verified.
#[derive(
    Clone,
    PartialEq,
    Eq,
    Debug,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Verification {
    /// By running the graph again. With `window = 0` the chain runs it when the answer arrives; else anybody can prove a
    /// wrong step of it in the window.
    Replay {
        /// Blocks in which the answer may be challenged.
        window: BlockNumber,
    },
    /// By asking several solvers, drawn by lot, which answer under a commitment.
    Quorum {
        /// How many solvers are asked in the first round; a second has twice as many.
        solvers: u8,
        /// How many of them must agree.
        threshold: u8,
        /// When two answers agree.
        rule: Rule,
    },
    /// By the requester, who accepts, lets the window pass, or appeals to a jury.
    Requester {
        /// Blocks in which the requester may appeal.
        window: BlockNumber,
    },
}

impl Verification {
    /// Blocks from an answer to its settlement, where it does not settle at once.
    pub const fn window(&self) -> BlockNumber {
        match self {
            Self::Replay { window } | Self::Requester { window } => *window,
            Self::Quorum { .. } => 0,
        }
    }

    /// Whether answers must bring the trace of the graph.
    pub const fn is_traced(&self) -> bool {
        matches!(self, Self::Replay { window } if *window > 0)
    }
}

/// When two answers to the same task agree.
#[derive(
    Clone,
    PartialEq,
    Eq,
    Debug,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// Byte for byte.
    Exact,
    /// Both are decimal numbers in text, and differ by at most so many parts per million of the smaller one.
    Numeric {
        /// The tolerance.
        ppm: u32,
    },
    /// Both are JSON, and what the pointer names in them is the same value.
    JsonField {
        /// The pointer.
        #[serde(with = "crate::json::text")]
        pointer: Pointer,
    },
    /// Both are the same label: text without surrounding white space, upper and lower case alike; or the same number of a
    /// classifier's label.
    Label,
}
