//! The committed inputs, of which each once showed something new: nothing may be wrong with any.

use pensum_fuzz::{corpus, run};

/// Replays every `part`-th input.
fn replay(part: usize, of: usize) {
    let inputs = corpus::load(&corpus::committed()).expect("the corpus can be read");
    assert!(inputs.len() >= of, "the corpus has inputs");
    let mut tasks = 0;
    for (path, input) in inputs.iter().skip(part).step_by(of) {
        assert!(input.len() <= run::MAX_BYTES, "{} is too long", path.display());
        let report = run::run(input);
        if let Some(violation) = report.violation {
            let story = run::run_told(input, true).story.join("\n");
            panic!("{story}\n{}: {violation}", path.display());
        }
        tasks += report.tasks;
    }
    assert!(tasks > 0, "the inputs post tasks");
}

#[test]
fn nothing_is_wrong_with_the_first_half_of_the_corpus() {
    replay(0, 2);
}

#[test]
fn nothing_is_wrong_with_the_second_half_of_the_corpus() {
    replay(1, 2);
}

#[test]
fn the_same_input_does_the_same_again() {
    let inputs = corpus::load(&corpus::committed()).expect("the corpus can be read");
    for (_, input) in inputs.iter().take(3) {
        let (once, again) = (run::run(input), run::run(input));
        assert_eq!((once.features, once.tasks), (again.features, again.tasks));
    }
}
