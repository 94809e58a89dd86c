//! Matching: how the solver of a batch is chosen.

use crate::{Balance, BlockNumber};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// How a solver is chosen.
#[derive(
    Clone,
    Copy,
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
pub enum Matching {
    /// At once, against the standing offers.
    Book,
    /// The price of a task rises block by block until a solver takes the batch.
    Dutch {
        /// Price in the first block.
        #[serde(with = "crate::json::amount")]
        start: Balance,
        /// Price in the last block; at most `max_reward`.
        #[serde(with = "crate::json::amount")]
        end: Balance,
        /// How many blocks the price takes to rise.
        blocks: BlockNumber,
    },
    /// Solvers bid a price for each task under a commitment, then reveal it. The lowest wins and is paid what the second lowest
    /// would have cost.
    Sealed {
        /// Most that a bid may ask for each task at first; at most `max_reward`.
        #[serde(with = "crate::json::amount")]
        reserve: Balance,
        /// Blocks in which bids are committed.
        commit: BlockNumber,
        /// Blocks in which they are revealed.
        reveal: BlockNumber,
    },
}
