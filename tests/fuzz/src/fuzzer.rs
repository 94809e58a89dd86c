//! The loop: an input, what it shows, and whether it is worth keeping.

use crate::{
    corpus::some,
    mutation::{fresh, mutated},
    random::Random,
    run::{self, Report},
    tally::Tally,
};
use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

/// Looks for inputs that show what none before has shown.
pub struct Fuzzer {
    /// Inputs worth keeping.
    pub kept: Vec<Vec<u8>>,
    /// What was seen.
    pub seen: BTreeSet<u64>,
    /// How much was done.
    pub done: Done,
    /// What was called, and what happened.
    pub tally: Tally,
    random: Random,
}

/// How much was done.
#[derive(Clone, Copy, Debug, Default)]
pub struct Done {
    /// Inputs.
    pub runs: u64,
    /// Tasks posted.
    pub tasks: u64,
    /// Blocks made.
    pub blocks: u64,
    /// Most weight of a block's hooks, in picoseconds.
    pub heaviest_hooks: u64,
}

impl Fuzzer {
    /// Begins without any input.
    pub fn new(seed: u64) -> Self {
        Self {
            kept: Vec::new(),
            seen: BTreeSet::new(),
            done: Done::default(),
            tally: Tally::default(),
            random: Random::new(seed),
        }
    }

    /// Runs an input, and keeps it if it shows something new. The report, where it fails.
    pub fn try_one(&mut self, input: &[u8]) -> Option<Report> {
        let report = run::run(input);
        self.done.runs += 1;
        self.done.tasks += report.tasks;
        self.done.blocks += report.blocks;
        self.tally.add(&report.tally);
        self.done.heaviest_hooks = self.done.heaviest_hooks.max(report.heaviest_hooks);
        if report.violation.is_some() {
            return Some(report);
        }
        let before = self.seen.len();
        self.seen.extend(&report.features);
        if self.seen.len() > before {
            self.kept.push(input.to_vec());
        }
        None
    }

    /// Runs new inputs as long as this says so. The first that fails, if one does.
    pub fn search(
        &mut self,
        goes_on: impl Fn(&Done) -> bool,
        mut progress: impl FnMut(&Self),
    ) -> Option<(Vec<u8>, Report)> {
        let mut told = Instant::now();
        while goes_on(&self.done) {
            let input = match self.random.below(12) {
                0 => fresh(&mut self.random),
                _ if self.kept.is_empty() => fresh(&mut self.random),
                _ => {
                    let one = some(&mut self.random, &self.kept).to_vec();
                    let other = some(&mut self.random, &self.kept).to_vec();
                    mutated(&mut self.random, &one, &other)
                }
            };
            if let Some(report) = self.try_one(&input) {
                return Some((input, report));
            }
            if told.elapsed() > Duration::from_secs(10) {
                told = Instant::now();
                progress(self);
            }
        }
        None
    }
}
