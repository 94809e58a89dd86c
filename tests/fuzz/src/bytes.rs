//! From bytes to choices.

use crate::random::Random;

/// Bytes of one operation. An input is a row of them, so that cutting one out leaves the others what they are.
pub const STRIDE: usize = 8;

/// The choices of one operation: its bytes, and behind them numbers that these determine.
pub struct Bytes<'a> {
    rest: &'a [u8],
    beyond: Random,
}

impl<'a> Bytes<'a> {
    /// Reads the bytes of one operation.
    pub fn new(chunk: &'a [u8]) -> Self {
        let seed = chunk.iter().fold(0xcbf2_9ce4_8422_2325u64, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self {
            rest: chunk,
            beyond: Random::new(seed),
        }
    }

    /// The next byte.
    pub fn byte(&mut self) -> u8 {
        match self.rest.split_first() {
            Some((byte, rest)) => {
                self.rest = rest;
                *byte
            }
            None => self.beyond.number() as u8,
        }
    }

    /// A number below `end`.
    pub fn below(&mut self, end: u8) -> u8 {
        self.byte().checked_rem(end).unwrap_or(0)
    }

    /// Whether one of so many throws hits.
    pub fn one_in(&mut self, throws: u8) -> bool {
        self.below(throws) == 0
    }

    /// One of these.
    pub fn pick<T: Clone>(&mut self, choices: &[T]) -> T {
        choices[usize::from(self.byte()) % choices.len()].clone()
    }
}
