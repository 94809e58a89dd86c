//! A journal as a bad disk gives it back: it opens, or is refused with what to do.
//!
//! The database checks what it needs for opening. A page that is damaged further inside is found when it is read, where the
//! database panics.

use pensum_relayer::{journal::Journal, Kind};
use std::{
    fs,
    panic::{catch_unwind, AssertUnwindSafe},
    path::Path,
};

/// Bytes of a page of the journal's file.
const PAGE: usize = 4096;
/// So many damaged files; each takes some milliseconds.
const FILES: u64 = 60;

/// A journal with something in it.
fn written(path: &Path) -> Vec<u8> {
    let journal = Journal::open(path).unwrap();
    journal.claim_chain(7, "a chain").unwrap();
    let digests: Vec<(u32, [u8; 32])> = (0..400).map(|index| (index, [index as u8; 32])).collect();
    journal.sign(&digests).unwrap();
    drop(journal);
    fs::read(path).unwrap()
}

/// Numbers that are the same each time.
fn number(state: &mut u64) -> usize {
    *state = state
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1_442_695_040_888_963_407);
    (*state >> 33) as usize
}

fn damaged(whole: &[u8], seed: u64) -> Vec<u8> {
    let (mut file, mut state) = (whole.to_vec(), seed);
    for _ in 0..1 + number(&mut state) % 3 {
        let at = number(&mut state) % file.len();
        let page = at - at % PAGE;
        let end = (page + PAGE).min(file.len());
        match number(&mut state) % 5 {
            // The head, where everything begins.
            0 => file[at % 512] = number(&mut state) as u8,
            1 => file[at] ^= 1 << (number(&mut state) % 8),
            2 => file[page..end].fill(0),
            3 => file.copy_within(page..end, 0),
            _ => file.truncate(at + 1),
        }
    }
    file
}

#[test]
fn a_damaged_journal_is_opened_or_refused_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.redb");
    let whole = written(&path);
    for seed in 0..FILES {
        fs::write(&path, damaged(&whole, seed)).unwrap();
        let opened = catch_unwind(AssertUnwindSafe(|| Journal::open(&path).map(drop)));
        match opened {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                assert!(
                    matches!(error.kind, Kind::Journal | Kind::Machine),
                    "{seed}: {error}"
                );
                assert!(!error.remedy.is_empty(), "{seed}: {error}");
            }
            Err(_) => panic!("the damage number {seed} makes it panic"),
        }
    }
}
