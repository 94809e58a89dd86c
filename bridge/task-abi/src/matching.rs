//! How the solver is chosen.

use crate::{bytes::unused, error::AbiError, sol};

/// How the solver is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Matching {
    /// Kind 0: at once, against the standing offers.
    Book,
    /// Kind 1: the price rises until a solver takes it.
    Dutch {
        /// Price in the first block.
        start: u128,
        /// Price in the last block.
        end: u128,
        /// Blocks that the price takes to rise.
        blocks: u32,
    },
    /// Kind 2: solvers bid under a commitment.
    Sealed {
        /// Most that a bid may ask: the field `start`.
        reserve: u128,
        /// Blocks in which bids are committed: the field `blocks`.
        commit: u32,
        /// Blocks in which they are revealed.
        reveal: u32,
    },
}

impl TryFrom<sol::Matching> for Matching {
    type Error = AbiError;

    fn try_from(raw: sol::Matching) -> Result<Self, AbiError> {
        let sol::Matching {
            kind,
            start,
            end,
            blocks,
            reveal,
        } = raw;
        match kind {
            0 => {
                unused("matching.start", &start)?;
                unused("matching.end", &end)?;
                unused("matching.blocks", &blocks)?;
                unused("matching.reveal", &reveal)?;
                Ok(Self::Book)
            }
            1 => {
                unused("matching.reveal", &reveal)?;
                Ok(Self::Dutch { start, end, blocks })
            }
            2 => {
                unused("matching.end", &end)?;
                Ok(Self::Sealed {
                    reserve: start,
                    commit: blocks,
                    reveal,
                })
            }
            found => Err(AbiError::UnknownMatching { found }),
        }
    }
}

impl From<Matching> for sol::Matching {
    fn from(matching: Matching) -> Self {
        let (kind, start, end, blocks, reveal) = match matching {
            Matching::Book => (0, 0, 0, 0, 0),
            Matching::Dutch { start, end, blocks } => (1, start, end, blocks, 0),
            Matching::Sealed {
                reserve,
                commit,
                reveal,
            } => (2, reserve, 0, commit, reveal),
        };
        Self {
            kind,
            start,
            end,
            blocks,
            reveal,
        }
    }
}
