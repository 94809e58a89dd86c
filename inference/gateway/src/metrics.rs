//! Counters, and their Prometheus text.

use crate::journal::{End, Finished};
use parking_lot::Mutex;
use std::{
    collections::BTreeMap,
    fmt::Write,
    sync::atomic::{AtomicU64, Ordering},
};

/// What is counted since the start.
#[derive(Default, Debug)]
pub(crate) struct Metrics {
    done: AtomicU64,
    failed: AtomicU64,
    run_ms: AtomicU64,
    refusals: Mutex<BTreeMap<&'static str, u64>>,
}

/// What is measured when asked.
pub(crate) struct Gauges {
    pub(crate) queued: usize,
    pub(crate) running: usize,
    pub(crate) models: usize,
    pub(crate) store_bytes: u64,
}

impl Metrics {
    /// Counts a run that is over.
    pub(crate) fn finished(&self, run: &Finished) {
        let counter = match run.end {
            End::Done { .. } => &self.done,
            End::Failed { .. } => &self.failed,
        };
        counter.fetch_add(1, Ordering::Relaxed);
        self.run_ms.fetch_add(run.ms, Ordering::Relaxed);
    }

    /// Counts a request that was refused.
    pub(crate) fn refused(&self, code: &'static str) {
        *self.refusals.lock().entry(code).or_default() += 1;
    }

    /// Prometheus text format 0.0.4.
    pub(crate) fn render(&self, gauges: &Gauges) -> String {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let (done, failed) = (read(&self.done), read(&self.failed));
        let seconds = read(&self.run_ms) as f64 / 1_000.0;
        let mut text = String::new();
        let mut metric = |name: &str, kind: &str, help: &str, samples: &[(String, String)]| {
            let _ = writeln!(
                text,
                "# HELP pensum_gateway_{name} {help}\n# TYPE pensum_gateway_{name} {kind}"
            );
            for (suffix, value) in samples {
                let _ = writeln!(text, "pensum_gateway_{name}{suffix} {value}");
            }
        };
        let one = |value: String| vec![(String::new(), value)];
        metric(
            "runs_finished_total",
            "counter",
            "Runs that are over, by state.",
            &[
                ("{state=\"done\"}".into(), done.to_string()),
                ("{state=\"failed\"}".into(), failed.to_string()),
            ],
        );
        metric(
            "runs",
            "gauge",
            "Runs that are not over, by state.",
            &[
                ("{state=\"queued\"}".into(), gauges.queued.to_string()),
                ("{state=\"running\"}".into(), gauges.running.to_string()),
            ],
        );
        metric(
            "run_seconds",
            "summary",
            "Time that engines spent on runs.",
            &[
                ("_sum".into(), seconds.to_string()),
                ("_count".into(), (done + failed).to_string()),
            ],
        );
        metric(
            "models",
            "gauge",
            "Models that can run.",
            &one(gauges.models.to_string()),
        );
        metric(
            "store_bytes",
            "gauge",
            "Bytes in the content store.",
            &one(gauges.store_bytes.to_string()),
        );
        let refusals: Vec<_> = self
            .refusals
            .lock()
            .iter()
            .map(|(code, n)| (format!("{{code=\"{code}\"}}"), n.to_string()))
            .collect();
        metric(
            "refusals_total",
            "counter",
            "Requests that were refused, by error code.",
            &refusals,
        );
        text
    }
}
