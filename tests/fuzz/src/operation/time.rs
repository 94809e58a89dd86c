//! Time.

use crate::{bytes::Bytes, honesty, violation::Checked, world::World};

/// Blocks that follow each other.
#[derive(Clone, Debug)]
pub struct Time {
    blocks: u8,
    entropy: u8,
}

impl Time {
    pub(super) fn read(bytes: &mut Bytes<'_>) -> Self {
        let blocks = match bytes.below(16) {
            0..=7 => 1,
            8..=11 => bytes.below(6) + 1,
            12..=14 => bytes.below(24) + 1,
            _ => bytes.below(96) + 1,
        };
        Self {
            blocks,
            entropy: bytes.byte(),
        }
    }

    pub(super) fn run(self, world: &mut World) -> Checked {
        for block in 0..self.blocks {
            next_block(world, self.entropy.wrapping_add(block))?;
        }
        Ok(())
    }
}

/// Ends this block, once the honest have acted, and begins the next.
pub fn next_block(world: &mut World, entropy: u8) -> Checked {
    honesty::act(world)?;
    world.end_block()?;
    world.begin_block(entropy)?;
    let number = world.blocks.number();
    world.tell(|| format!("  block {number}"));
    Ok(())
}
