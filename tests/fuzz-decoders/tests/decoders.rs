//! Some runs of every decoder, and decoders that are wrong on purpose: the checks see them.

use pensum_fuzz_decoders::{run::Runs, target::Target, targets};

/// The same inputs every time; `pensum-fuzz-decoders` looks for new ones.
const SEED: u64 = 7;

#[test]
fn no_decoder_fails_on_its_own_encodings_and_on_some_damaged_ones() {
    for target in targets::ALL {
        let mut runs = Runs::new(target, SEED);
        let count = runs.seeds() as u64 + u64::from(target.share);
        if let Err(failure) = runs.go(count) {
            panic!(
                "{}: {} with 0x{}",
                target.name,
                failure.wrong,
                hex::encode(failure.input)
            );
        }
    }
}

#[test]
fn every_decoder_begins_with_real_encodings() {
    let seeds: Vec<_> = targets::ALL
        .map(|target| (target.name, (target.seeds)().len()))
        .into();
    for (name, count) in &seeds {
        assert!(*count >= 4, "{name} has {count}");
    }
    // Every call of the runtime that needs no particular bytes, three ways.
    assert!(
        seeds
            .iter()
            .any(|(name, count)| *name == "extrinsic" && *count > 300),
        "{seeds:?}"
    );
}

fn wrong(check: fn(&[u8]) -> Result<(), String>) -> String {
    let target = Target {
        name: "wrong on purpose",
        seeds: || vec![vec![1, 2, 3, 4], vec![0; 40]],
        check,
        share: 1,
    };
    Runs::new(target, SEED).go(2_000).unwrap_err().wrong
}

#[test]
fn a_decoder_that_indexes_past_the_end_is_caught() {
    let told = wrong(|bytes| match bytes[bytes[0] as usize % 64] {
        0xee => Err("never".into()),
        _ => Ok(()),
    });
    assert!(told.contains("panicked"), "{told}");
}

#[test]
fn a_decoder_that_trusts_a_length_is_caught() {
    let told = wrong(|bytes| {
        let length = bytes.first().copied().unwrap_or_default() as usize;
        match bytes.get(1..=length) {
            Some(_) => Ok(()),
            None if length > 200 => Err("it read beyond".into()),
            None => Ok(()),
        }
    });
    assert_eq!(told, "it read beyond");
}

#[test]
fn a_decoder_that_is_slow_is_caught() {
    let told = wrong(|_| {
        std::thread::sleep(std::time::Duration::from_millis(2_050));
        Ok(())
    });
    assert!(told.contains(" ms"), "{told}");
}
