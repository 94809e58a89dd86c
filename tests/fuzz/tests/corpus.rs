//! The committed inputs, of which each once showed something new: nothing may be wrong with any, and together they reach all calls.

use pensum_fuzz::{corpus, run, tally::Tally};

#[test]
fn the_corpus_reaches_every_call_and_nothing_is_wrong() {
    let inputs = corpus::load(&corpus::committed()).expect("the corpus can be read");
    let mut tally = Tally::default();
    for (path, input) in &inputs {
        assert!(input.len() <= run::MAX_BYTES, "{} is too long", path.display());
        let report = run::run(input);
        if let Some(violation) = report.violation {
            let story = run::run_told(input, true).story.join("\n");
            panic!("{story}\n{}: {violation}", path.display());
        }
        tally.add(&report.tally);
    }
    assert_eq!(tally.never_succeeded(), [], "calls that no input makes succeed");
}

#[test]
fn the_same_input_does_the_same_again() {
    let inputs = corpus::load(&corpus::committed()).expect("the corpus can be read");
    for (_, input) in inputs.iter().take(3) {
        let (once, again) = (run::run(input), run::run(input));
        assert_eq!((once.features, once.tally), (again.features, again.tally));
    }
}
