//! How many messages wait for the signatures of two thirds of the validators, which is what the other side asks for.

use crate::chain::{BlockRef, Chain, Read};

/// How far back the first look goes, and how many checkpoints one block's look reads.
const LOOK: u32 = 64;

/// Remembers the first message without a quorum.
#[derive(Default)]
pub(super) struct Quorum(Option<u32>);

impl Quorum {
    /// Messages dispatched from the first without a quorum on, of `count` in all.
    pub fn lag(&mut self, chain: &dyn Chain, at: BlockRef, count: u32) -> Read<u32> {
        let next = self.0.get_or_insert(count.saturating_sub(LOOK));
        if *next >= count {
            return Ok(0);
        }
        let validators = chain.checkpoint_validators(at.hash)?.len();
        let needed = validators.saturating_mul(2) / 3 + 1;
        for _ in 0..LOOK {
            if *next >= count {
                break;
            }
            match chain.checkpoint(at.hash, *next)? {
                Some(checkpoint) if checkpoint.signatures.len() < needed => break,
                // One that has left the state was signed long ago, or never will be.
                _ => *next = next.saturating_add(1),
            }
        }
        Ok(count.saturating_sub(*next))
    }
}
