//! New inputs from real encodings.

use pensum_fuzz::random::Random;

/// Longest input: beyond what any decoder here takes, so that limits are crossed.
pub const MAX_BYTES: usize = 768 * 1024;
/// Numbers at which lengths and counts go wrong.
const EXTREMES: [u64; 10] = [
    0,
    1,
    0x7f,
    0xff,
    0x3fff,
    0xffff,
    0x3fff_ffff,
    0x7fff_ffff,
    0xffff_ffff,
    u64::MAX,
];
/// What text formats trip over.
const WORDS: [&[u8]; 12] = [
    b"null",
    b"-1",
    b"1e999",
    b"0x",
    b"\"\"",
    b"[",
    b"{",
    b"]]]]",
    b"\\u0000",
    b"\xff\xfe",
    b"18446744073709551616",
    b"{\"a\":{\"a\":{\"a\":",
];

/// An input like this one, with something of another.
pub fn mutated(random: &mut Random, seed: &[u8], other: &[u8]) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..1 + random.below(3) {
        mutate(random, &mut bytes, other);
    }
    bytes.truncate(MAX_BYTES);
    bytes
}

fn mutate(random: &mut Random, bytes: &mut Vec<u8>, other: &[u8]) {
    let at = random.below(bytes.len());
    let to = (at + 1 + random.below(40)).min(bytes.len());
    match random.below(12) {
        0 | 1 => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << random.below(8);
            }
        }
        2 => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte = random.number() as u8;
            }
        }
        // A number of any width, in either order.
        3 | 4 => {
            let number = EXTREMES[random.below(EXTREMES.len())].wrapping_add(random.below(3) as u64);
            let width = [1, 2, 4, 8][random.below(4)];
            let mut number = number.to_le_bytes()[..width].to_vec();
            if random.below(2) == 1 {
                number.reverse();
            }
            let end = (at + width).min(bytes.len());
            bytes.splice(at..end, number);
        }
        5 => bytes.truncate(at),
        6 => {
            bytes.drain(at..to);
        }
        7 => {
            let again = bytes[at..to].to_vec();
            bytes.splice(at..at, again);
        }
        8 => {
            let (count, value) = (random.below(300), random.number() as u8);
            bytes.splice(at..at, std::iter::repeat_n(value, count));
        }
        9 => {
            let word = WORDS[random.below(WORDS.len())];
            bytes.splice(at..to, word.iter().copied());
        }
        10 => {
            let from = random.below(other.len());
            bytes.truncate(at);
            bytes.extend(&other[from..]);
        }
        _ => {
            let count = random.below(64);
            let tail = random.bytes(count);
            bytes.extend(tail);
        }
    }
}
