//! New inputs from old ones.

use crate::{bytes::STRIDE, random::Random, run::MAX_BYTES};

/// A fresh input.
pub fn fresh(random: &mut Random) -> Vec<u8> {
    let operations = 8 + random.below(MAX_BYTES / STRIDE - 8);
    random.bytes(operations * STRIDE)
}

/// An input like this one, with something of another.
pub fn mutated(random: &mut Random, input: &[u8], other: &[u8]) -> Vec<u8> {
    let mut rows: Vec<Vec<u8>> = input.chunks(STRIDE).map(<[u8]>::to_vec).collect();
    for _ in 0..1 + random.below(4) {
        mutate(random, &mut rows, other);
    }
    rows.truncate(MAX_BYTES / STRIDE);
    rows.concat()
}

fn mutate(random: &mut Random, rows: &mut Vec<Vec<u8>>, other: &[u8]) {
    let at = random.below(rows.len());
    let few = 1 + random.below(12);
    match random.below(8) {
        // Another choice in one operation.
        0..=2 => {
            if let Some(byte) = rows.get_mut(at).and_then(|row| {
                let place = random.below(row.len());
                row.get_mut(place)
            }) {
                *byte = random.number() as u8;
            }
        }
        // Operations more, or less.
        3 => {
            let new = (0..few).map(|_| random.bytes(STRIDE));
            rows.splice(at..at, new);
        }
        4 => {
            rows.drain(at..(at + few).min(rows.len()));
        }
        // Once more.
        5 => {
            let again = rows[at..(at + few).min(rows.len())].to_vec();
            rows.splice(at..at, again);
        }
        // Some of another input, or its whole end.
        6 => {
            let others: Vec<Vec<u8>> = other.chunks(STRIDE).map(<[u8]>::to_vec).collect();
            let from = random.below(others.len());
            let to = (from + few).min(others.len());
            rows.splice(at..at, others[from..to].iter().cloned());
        }
        _ => {
            rows.truncate(at);
            let from = random.below(other.len() / STRIDE) * STRIDE;
            rows.extend(other[from..].chunks(STRIDE).map(<[u8]>::to_vec));
        }
    }
}
