//! What is counted and timed, and its Prometheus text. `docs/operations.md` lists every metric, and a test compares the two.

mod latency;
mod text;

use crate::{
    execute::Effort,
    journal::{End, Finished},
    wire::FailReason,
};
use latency::Latency;
use parking_lot::Mutex;
use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicU64, Ordering},
};
use text::Text;

/// How a run with an output ended.
const DONE: &str = "done";
/// The engine of a run that none could do.
const NONE: &str = "none";

/// What is counted since the start.
#[derive(Default, Debug)]
pub(crate) struct Metrics {
    started: AtomicU64,
    /// Runs that are over, by engine and outcome.
    finished: Mutex<BTreeMap<(&'static str, &'static str), u64>>,
    /// Time of runs, by engine.
    seconds: Mutex<BTreeMap<&'static str, Latency>>,
    refusals: Mutex<BTreeMap<&'static str, u64>>,
}

/// What is measured when asked.
pub(crate) struct Gauges {
    pub(crate) queued: usize,
    pub(crate) running: usize,
    pub(crate) queue_limit: usize,
    pub(crate) models: usize,
    pub(crate) store_bytes: u64,
    pub(crate) store_limit: u64,
}

impl Metrics {
    /// Counters for these engines, at zero, so that a rate can be taken from the first run on.
    pub(crate) fn of(engines: impl Iterator<Item = &'static str>) -> Self {
        let metrics = Self::default();
        let mut finished = metrics.finished.lock();
        for engine in engines {
            for outcome in [
                DONE,
                name(FailReason::EngineFailed),
                name(FailReason::InputRefused),
            ] {
                finished.insert((engine, outcome), 0);
            }
            metrics.seconds.lock().insert(engine, Latency::default());
        }
        for outcome in [
            FailReason::ModelMissing,
            FailReason::BlobMissing,
            FailReason::InputRefused,
        ] {
            finished.insert((NONE, name(outcome)), 0);
        }
        drop(finished);
        metrics
    }

    /// Counts runs that were accepted.
    pub(crate) fn started(&self, runs: usize) {
        self.started.fetch_add(runs as u64, Ordering::Relaxed);
    }

    /// Counts a run that is over.
    pub(crate) fn finished(&self, run: &Finished, effort: &Effort) {
        let outcome = match run.end {
            End::Done { .. } => DONE,
            End::Failed { reason, .. } => name(reason),
        };
        let engine = effort.engine.unwrap_or(NONE);
        *self.finished.lock().entry((engine, outcome)).or_default() += 1;
        if effort.engine.is_some() {
            self.seconds
                .lock()
                .entry(engine)
                .or_default()
                .observe(effort.time);
        }
    }

    /// Counts a request that was refused.
    pub(crate) fn refused(&self, code: &'static str) {
        *self.refusals.lock().entry(code).or_default() += 1;
    }

    /// Prometheus text format 0.0.4.
    pub(crate) fn render(&self, gauges: &Gauges) -> String {
        let mut text = Text::default();
        text.family(
            "runs_started_total",
            "counter",
            "Runs that were accepted and not known before.",
        );
        text.sample("runs_started_total", &[], self.started.load(Ordering::Relaxed));
        text.family(
            "runs_finished_total",
            "counter",
            "Runs that are over, by engine and outcome.",
        );
        for (&(engine, outcome), count) in self.finished.lock().iter() {
            text.sample(
                "runs_finished_total",
                &[("engine", engine), ("outcome", outcome)],
                count,
            );
        }
        text.family("run_seconds", "histogram", "Time from a run's start to its end.");
        for (&engine, latency) in self.seconds.lock().iter() {
            for (bound, count) in latency.buckets() {
                text.sample(
                    "run_seconds_bucket",
                    &[("engine", engine), ("le", bound.as_str())],
                    count,
                );
            }
            text.sample("run_seconds_sum", &[("engine", engine)], latency.sum());
            text.sample("run_seconds_count", &[("engine", engine)], latency.count());
        }
        text.family("runs", "gauge", "Runs that are not over, by state.");
        text.sample("runs", &[("state", "queued")], gauges.queued);
        text.sample("runs", &[("state", "running")], gauges.running);
        text.one(
            "queue_limit",
            "Most runs that may be queued or running.",
            gauges.queue_limit,
        );
        text.one("models", "Models that can run.", gauges.models);
        text.one("store_bytes", "Bytes in the content store.", gauges.store_bytes);
        text.one(
            "store_limit_bytes",
            "Most bytes in the content store.",
            gauges.store_limit,
        );
        text.family(
            "refusals_total",
            "counter",
            "Requests that were refused, by error code.",
        );
        for (&code, count) in self.refusals.lock().iter() {
            text.sample("refusals_total", &[("code", code)], count);
        }
        text.end()
    }
}

fn name(reason: FailReason) -> &'static str {
    match reason {
        FailReason::ModelMissing => "model_missing",
        FailReason::BlobMissing => "blob_missing",
        FailReason::EngineFailed => "engine_failed",
        FailReason::InputRefused => "input_refused",
    }
}
