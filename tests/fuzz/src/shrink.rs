//! The shortest input that still fails.

use crate::bytes::STRIDE;
use std::time::{Duration, Instant};

/// Takes operations out of a failing input, then sets bytes to zero, as long as it fails and there is time.
pub fn shrink(input: &[u8], time: Duration, fails: impl Fn(&[u8]) -> bool) -> Vec<u8> {
    let start = Instant::now();
    let mut best: Vec<Vec<u8>> = input.chunks(STRIDE).map(<[u8]>::to_vec).collect();
    let mut cut = best.len().div_ceil(2);
    while cut > 0 && start.elapsed() < time {
        let mut at = best.len().saturating_sub(cut);
        loop {
            let mut shorter = best.clone();
            shorter.drain(at..(at + cut).min(shorter.len()));
            if shorter.len() < best.len() && fails(&shorter.concat()) {
                best = shorter;
            }
            if at == 0 || start.elapsed() >= time {
                break;
            }
            at = at.saturating_sub(cut);
        }
        cut /= 2;
    }
    for row in 0..best.len() {
        for place in (0..best[row].len()).rev() {
            let byte = best[row][place];
            if byte == 0 || start.elapsed() >= time {
                continue;
            }
            best[row][place] = 0;
            if !fails(&best.concat()) {
                best[row][place] = byte;
            }
        }
    }
    best.concat()
}
