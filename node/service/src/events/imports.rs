//! When blocks were imported.

use pensum_primitives::Digest;
use std::{
    collections::{HashMap, VecDeque},
    time::{Duration, Instant},
};

/// Most blocks remembered: more than an hour without finality.
const MAX_BLOCKS: usize = 4096;

/// The blocks imported lately. Forgets the oldest.
#[derive(Default)]
pub(super) struct Imports {
    since: HashMap<Digest, Instant>,
    order: VecDeque<Digest>,
}

impl Imports {
    /// A block was imported.
    pub fn imported(&mut self, block: Digest, now: Instant) {
        if self.since.insert(block, now).is_none() {
            self.order.push_back(block);
        }
        if self.order.len() > MAX_BLOCKS {
            if let Some(oldest) = self.order.pop_front() {
                self.since.remove(&oldest);
            }
        }
    }

    /// How long ago a block was imported. Tells it once.
    pub fn take_age(&mut self, block: &Digest, now: Instant) -> Option<Duration> {
        self.since
            .remove(block)
            .map(|since| now.saturating_duration_since(since))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_age_of_a_block_is_told_once() {
        let mut imports = Imports::default();
        let (block, then) = (Digest::repeat_byte(1), Instant::now());
        imports.imported(block, then);
        let age = Duration::from_millis(190);
        assert_eq!(imports.take_age(&block, then + age), Some(age));
        assert_eq!(imports.take_age(&block, then + age), None);
    }

    #[test]
    fn the_oldest_blocks_are_forgotten() {
        let mut imports = Imports::default();
        let now = Instant::now();
        for block in 0..=MAX_BLOCKS as u64 {
            imports.imported(Digest::from_low_u64_be(block), now);
        }
        assert_eq!(imports.take_age(&Digest::from_low_u64_be(0), now), None);
        assert!(imports.take_age(&Digest::from_low_u64_be(1), now).is_some());
    }
}
