//! Time.

use super::work::{Manner, Working};
use crate::{bytes::Bytes, due, honesty, violation::Checked, world::World};
use pensum_primitives::BlockNumber;

/// Most blocks that one leap makes.
const MAX_LANDINGS: u8 = 60;

/// Blocks that follow each other.
#[derive(Clone, Debug)]
pub enum Time {
    /// So many blocks.
    Pass {
        /// How many.
        blocks: u8,
        /// What shapes their randomness.
        entropy: u8,
        /// Whether the solvers that are not honest do what they must in each of them, and how.
        work: Option<Manner>,
    },
    /// All blocks until something can happen; those between in which nothing can are left out.
    Leap {
        /// Until what.
        to: To,
        /// What shapes their randomness.
        entropy: u8,
    },
}

/// Where a leap ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum To {
    /// Where the chain has something to do.
    Due,
    /// Where somebody can do what it could not do before.
    Permission(u8),
    /// So many blocks ahead.
    Ahead(BlockNumber),
}

impl Time {
    pub(super) fn read(bytes: &mut Bytes<'_>) -> Self {
        let kind = bytes.below(16);
        let entropy = bytes.byte();
        if kind > 12 {
            let to = bytes.pick(&[
                To::Due,
                To::Due,
                To::Permission(0),
                To::Permission(0),
                To::Permission(u8::MAX),
                To::Ahead(70),
                To::Ahead(310),
                To::Ahead(650),
            ]);
            let to = match to {
                To::Permission(u8::MAX) => To::Permission(bytes.byte()),
                to => to,
            };
            return Self::Leap { to, entropy };
        }
        let blocks = match kind {
            0..=6 => 1,
            7..=9 => bytes.below(6) + 1,
            _ => bytes.below(24) + 1,
        };
        let work = match bytes.below(8) {
            0..=2 => Some(Manner::Right),
            3 => Some(Manner::Lie),
            _ => None,
        };
        Self::Pass {
            blocks,
            entropy,
            work,
        }
    }

    pub(super) fn run(self, world: &mut World) -> Checked {
        match self {
            Self::Pass {
                blocks,
                entropy,
                work,
            } => {
                for block in 0..blocks {
                    if let Some(manner) = work {
                        Working::everybody(manner).run(world)?;
                    }
                    next_block(world, entropy.wrapping_add(block))?;
                }
                Ok(())
            }
            Self::Leap { to, entropy } => {
                let until = to.block(world.blocks.number());
                leap_until(world, until, entropy)
            }
        }
    }
}

impl To {
    fn block(self, now: BlockNumber) -> BlockNumber {
        let permission = |choice: u8| {
            let permissions = due::permissions(now);
            let place = usize::from(choice) % permissions.len().max(1);
            permissions.get(place).copied()
        };
        match self {
            // The market does what was due in the block before.
            Self::Due => due::next(now).map(|due| due.saturating_add(1)),
            Self::Permission(choice) => permission(choice),
            Self::Ahead(blocks) => now.checked_add(blocks),
        }
        .unwrap_or(now.saturating_add(1))
    }
}

/// Makes blocks until this one, but for those in which nothing is due; not more than so many.
pub fn leap_until(world: &mut World, until: BlockNumber, entropy: u8) -> Checked {
    for landing in 0..MAX_LANDINGS {
        if world.blocks.number() >= until {
            break;
        }
        leap(world, entropy.wrapping_add(landing), until)?;
    }
    Ok(())
}

/// Ends this block, once the honest have acted, and begins the next.
pub fn next_block(world: &mut World, entropy: u8) -> Checked {
    leap(world, entropy, 0)
}

/// Ends this block, once the honest have acted, and begins the one with this number, or the last one before which nothing is due.
pub fn leap(world: &mut World, entropy: u8, until: BlockNumber) -> Checked {
    honesty::act(world)?;
    world.end_block()?;
    let reveals = honesty::bids_to_reveal();
    let now = world.blocks.number();
    if until > now.saturating_add(1) {
        let due = due::next(now).unwrap_or(until);
        // Two blocks before it are made, too: what is due now could be done until the block before, and whoever acts at the last
        // moment tries twice.
        world.blocks.leave_out_until(due.saturating_sub(2).min(until));
    }
    world.begin_block(entropy)?;
    honesty::reveal_bids(world, reveals)
}
