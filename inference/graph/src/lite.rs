//! The *lite* normalisation: case folding and separators by a handful of ranges, without Unicode tables.

use alloc::vec::Vec;

const SPACE: u32 = 0x20;
/// What a separator folds to; no letter does.
const SEPARATOR: u32 = 0;

/// Folds one code point: 0 for a separator, else the lower-case letter. `FORMAT.md` has the table.
#[inline]
pub const fn fold(c: u32) -> u32 {
    match c {
        0x61..=0x7A => c,
        0x41..=0x5A => c | 0x20,
        0..=0xBF => SEPARATOR,
        0xD7 | 0xF7 => SEPARATOR,
        0xC0..=0xDE => c | 0x20,
        0xDF..=0xFF => c,
        0x100..=0x2FF => fold_latin(c),
        0x300..=0x385 => c,
        0x386..=0x3AB => fold_greek(c),
        0x3AC..=0x3FF => c,
        0x400..=0x40F => c.wrapping_add(0x50),
        0x410..=0x42F => c.wrapping_add(0x20),
        0x430..=0x489 => c,
        0x48A..=0x4BF | 0x4D0..=0x52F => c | 1,
        0x531..=0x556 => c.wrapping_add(0x30),
        0x600..=0x61F | 0x660..=0x66D | 0x6D4 | 0x964..=0x96F => SEPARATOR,
        0x1E00..=0x1E95 | 0x1EA0..=0x1EFF => c | 1,
        0x2000..=0x2BFF | 0x2E00..=0x2E7F => SEPARATOR,
        0x3000..=0x3004 | 0x3008..=0x3030 | 0x30FB => SEPARATOR,
        0xE000..=0xF8FF | 0xFE00..=0xFE6F | 0xFEFF => SEPARATOR,
        0xFF00..=0xFF20 | 0xFF3B..=0xFF40 | 0xFF5B..=0xFF65 | 0xFFF0..=0xFFFF => SEPARATOR,
        0x1F000..=0x1FAFF | 0xE0000..=0x10FFFF => SEPARATOR,
        _ => c,
    }
}

const fn fold_latin(c: u32) -> u32 {
    match c {
        0x130 => 0x69,
        0x178 => 0xFF,
        0x100..=0x137 | 0x14A..=0x177 | 0x1A0 | 0x1F8..=0x21F => c | 1,
        0x139..=0x148 | 0x179..=0x17E | 0x1AF => c.wrapping_add(c & 1),
        0x2B0..=0x2FF => SEPARATOR,
        _ => c,
    }
}

const fn fold_greek(c: u32) -> u32 {
    match c {
        0x386 => 0x3AC,
        0x388..=0x38A => c.wrapping_add(0x25),
        0x38C => 0x3CC,
        0x38E..=0x38F => c.wrapping_add(0x3F),
        0x391..=0x3AB => c.wrapping_add(0x20),
        _ => c,
    }
}

/// The folded text, with one space before every word and one after the last, cut at `max_chars` code points.
pub(crate) fn normalise(text: &str, max_chars: usize) -> Vec<u32> {
    let mut out = Vec::with_capacity(max_chars.min(text.len().saturating_add(2)));
    let mut gap = true;
    for c in text.chars() {
        let folded = fold(c.into());
        if folded == SEPARATOR {
            gap = true;
            continue;
        }
        if gap && out.len() < max_chars {
            out.push(SPACE);
        }
        gap = false;
        if out.len() >= max_chars {
            return out;
        }
        out.push(folded);
    }
    if !out.is_empty() && out.len() < max_chars {
        out.push(SPACE);
    }
    out
}
