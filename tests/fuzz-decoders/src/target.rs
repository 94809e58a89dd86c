//! A decoder under test.

use std::panic::{catch_unwind, AssertUnwindSafe};
use std::time::{Duration, Instant};

/// Longest time that one input may take.
const MAX_TIME: Duration = Duration::from_secs(2);

/// A decoder under test.
#[derive(Clone, Copy)]
pub struct Target {
    /// Its name on the command line.
    pub name: &'static str,
    /// Real encodings to begin with. Deterministic, and never empty.
    pub seeds: fn() -> Vec<Vec<u8>>,
    /// Decodes, and says what is wrong with what came of it.
    pub check: fn(&[u8]) -> Result<(), String>,
    /// Its part of all runs, against that of the others: one whose inputs cost milliseconds gets few.
    pub share: u32,
}

impl Target {
    /// Tries one input: what is wrong, if anything is.
    pub fn try_one(&self, input: &[u8]) -> Result<(), String> {
        let start = Instant::now();
        let checked = catch_unwind(AssertUnwindSafe(|| (self.check)(input)));
        let time = start.elapsed();
        match checked {
            Err(panic) => Err(format!("it panicked: {}", said(&*panic))),
            Ok(Err(wrong)) => Err(wrong),
            Ok(Ok(())) if time > MAX_TIME => Err(format!("it took {} ms", time.as_millis())),
            Ok(Ok(())) => Ok(()),
        }
    }
}

fn said(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_string());
    text.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "without a word".into())
}

/// Says that two things differ.
pub(crate) fn same<T: PartialEq>(what: &str, one: &T, other: &T) -> Result<(), String> {
    match one == other {
        true => Ok(()),
        false => Err(format!("{what} is not what was read")),
    }
}
