//! Time: of the clock, of the processor, and of what this process does beside what is measured.

use crate::failure::{Failure, Measured};
use std::{
    fs,
    thread::{sleep, yield_now},
    time::{Duration, Instant},
};

/// How long it is looked at.
const WINDOW: Duration = Duration::from_millis(200);
/// Ticks of processor time, of ten milliseconds each, up to which a window counts as quiet.
const QUIET_TICKS: u64 = 1;
/// After so long it is measured anyway.
const PATIENCE: Duration = Duration::from_secs(60);

/// What something took.
#[derive(Clone, Copy, Debug)]
pub struct Took {
    /// By the clock, in microseconds.
    pub clock_us: f64,
    /// Of the processor for the thread that did it, in microseconds: hardly more on a busy machine than on an idle one.
    pub processor_us: f64,
}

/// Does something in this thread and says what it took.
pub fn timed<R>(what: impl FnOnce() -> R) -> Measured<(R, Took)> {
    let (processor, clock) = (processor_ns()?, Instant::now());
    let done = what();
    let clock_us = clock.elapsed().as_secs_f64() * 1e6;
    let processor_us = (processor_ns()? - processor) as f64 / 1e3;
    Ok((
        done,
        Took {
            clock_us,
            processor_us,
        },
    ))
}

/// Processor time of this thread so far, in nanoseconds.
fn processor_ns() -> Measured<u64> {
    // Linux adds up what a running thread has used whenever it may have to give way.
    yield_now();
    let stat = fs::read_to_string("/proc/thread-self/schedstat")?;
    let used = stat.split_whitespace().next().map(str::parse);
    match used {
        Some(Ok(used)) => Ok(used),
        _ => Err(Failure("/proc/thread-self/schedstat has another form".into())),
    }
}

/// Waits until nothing is left to be done in the background: the database writes its log into its tables in threads of its own.
pub fn settle() -> Measured {
    let start = Instant::now();
    let mut before = ticks()?;
    let mut quiet = 0;
    while quiet < 2 && start.elapsed() < PATIENCE {
        sleep(WINDOW);
        let now = ticks()?;
        quiet = match now - before <= QUIET_TICKS {
            true => quiet + 1,
            false => 0,
        };
        before = now;
    }
    Ok(())
}

/// Processor time of all threads so far.
fn ticks() -> Measured<u64> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    // The name of the process is in brackets and may hold spaces; user and system time are the 12th and 13th field after it.
    let fields = stat.rsplit_once(')').map_or("", |(_, fields)| fields);
    let mut times = fields.split_whitespace().skip(11).take(2).map(str::parse::<u64>);
    match (times.next(), times.next()) {
        (Some(Ok(user)), Some(Ok(system))) => Ok(user + system),
        _ => Err(Failure("/proc/self/stat has another form".into())),
    }
}
