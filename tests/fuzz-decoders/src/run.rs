//! Runs of one target: the same ones for the same seed.

use crate::{mutation::mutated, target::Target};
use pensum_fuzz::random::Random;

/// An input that shows a fault.
#[derive(Debug)]
pub struct Failure {
    /// The input.
    pub input: Vec<u8>,
    /// What is wrong.
    pub wrong: String,
}

/// Inputs for one target.
pub struct Runs {
    target: Target,
    seeds: Vec<Vec<u8>>,
    random: Random,
    next_seed: usize,
}

impl Runs {
    /// Begins with a seed; the target's own encodings come first.
    pub fn new(target: Target, seed: u64) -> Self {
        let name = target.name.bytes().fold(seed, |number, byte| {
            number.wrapping_mul(0x0100_0000_01b3) ^ u64::from(byte)
        });
        Self {
            target,
            seeds: (target.seeds)(),
            random: Random::new(name),
            next_seed: 0,
        }
    }

    /// How many encodings it begins with.
    pub fn seeds(&self) -> usize {
        self.seeds.len()
    }

    /// Tries so many inputs, and stops at the first that fails.
    pub fn go(&mut self, count: u64) -> Result<(), Failure> {
        for _ in 0..count {
            let input = self.input();
            self.target
                .try_one(&input)
                .map_err(|wrong| Failure { input, wrong })?;
        }
        Ok(())
    }

    fn input(&mut self) -> Vec<u8> {
        if let Some(seed) = self.seeds.get(self.next_seed) {
            self.next_seed += 1;
            return seed.clone();
        }
        // Rarely from nothing: a decoder refuses that at once.
        if self.seeds.is_empty() || self.random.below(50) == 0 {
            let length = self.random.below(300);
            return self.random.bytes(length);
        }
        let (one, other) = (
            self.random.below(self.seeds.len()),
            self.random.below(self.seeds.len()),
        );
        mutated(&mut self.random, &self.seeds[one], &self.seeds[other])
    }
}
