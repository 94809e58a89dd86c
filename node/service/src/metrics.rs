//! The project's own metrics.

use pensum_primitives::task::TaskNotice;
use std::time::Duration;
use substrate_prometheus_endpoint::{
    register, CounterVec, Histogram, HistogramOpts, Opts, PrometheusError, Registry, U64,
};

/// What is measured. Without a registry nothing is, and nothing is lost but the numbers.
#[derive(Clone, Default)]
pub struct Metrics(Option<Registered>);

#[derive(Clone)]
struct Registered {
    import_to_pool: Histogram,
    import_to_finality: Histogram,
    notices: CounterVec<U64>,
}

impl Metrics {
    /// Registers them.
    pub fn register(registry: Option<&Registry>) -> Result<Self, PrometheusError> {
        let Some(registry) = registry else {
            return Ok(Self(None));
        };
        let histogram = |name: &str, help: &str, buckets: &[f64]| {
            let opts = HistogramOpts::new(name, help).buckets(buckets.to_vec());
            register(Histogram::with_opts(opts)?, registry)
        };
        Ok(Self(Some(Registered {
            import_to_pool: histogram(
                "pensum_import_to_pool_seconds",
                "From this node's import of the block that assigned a batch to an answer's arrival in its pool",
                // The goal is 95 % within half a second; a local model takes a few milliseconds.
                &[0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 2.0, 5.0, 10.0, 30.0],
            )?,
            import_to_finality: histogram(
                "pensum_import_to_finality_seconds",
                "From this node's import of a block to its finality",
                &[0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0, 2.0, 4.0, 10.0, 30.0],
            )?,
            notices: register(
                CounterVec::new(
                    Opts::new("pensum_task_notices_total", "What happened to tasks on the best chain, by kind"),
                    &["kind"],
                )?,
                registry,
            )?,
        })))
    }

    /// An answer arrived in the pool.
    pub fn pooled(&self, since_import: Duration) {
        if let Some(metrics) = &self.0 {
            metrics.import_to_pool.observe(since_import.as_secs_f64());
        }
    }

    /// A block became final.
    pub fn finalized(&self, since_import: Duration) {
        if let Some(metrics) = &self.0 {
            metrics.import_to_finality.observe(since_import.as_secs_f64());
        }
    }

    /// Something happened to a task.
    pub fn noticed(&self, notice: &TaskNotice) {
        if let Some(metrics) = &self.0 {
            let kind = match notice {
                TaskNotice::Opened { .. } => "opened",
                TaskNotice::Posted { .. } => "posted",
                TaskNotice::Claimed { .. } => "claimed",
                TaskNotice::HandedOver { .. } => "handed_over",
                TaskNotice::Answered { .. } => "answered",
                TaskNotice::Refunded { .. } => "refunded",
            };
            metrics.notices.with_label_values(&[kind]).inc();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pensum_primitives::{verdict::Reason, TaskId};

    #[test]
    fn what_is_observed_stands_in_the_registry() {
        let registry = Registry::new();
        let metrics = Metrics::register(Some(&registry)).unwrap();
        metrics.pooled(Duration::from_millis(4));
        metrics.finalized(Duration::from_millis(190));
        metrics.noticed(&TaskNotice::Refunded {
            task: TaskId(1),
            reason: Reason::NobodyLeft,
        });
        let families = registry.gather();
        let histogram = |name: &str| {
            let family = families.iter().find(|family| family.get_name() == name).unwrap();
            family.get_metric()[0].get_histogram().get_sample_count()
        };
        assert_eq!(histogram("pensum_import_to_pool_seconds"), 1);
        assert_eq!(histogram("pensum_import_to_finality_seconds"), 1);
        let notices = families
            .iter()
            .find(|family| family.get_name() == "pensum_task_notices_total")
            .unwrap();
        assert_eq!(notices.get_metric()[0].get_label()[0].get_value(), "refunded");
    }

    #[test]
    fn a_name_is_registered_once() {
        let registry = Registry::new();
        Metrics::register(Some(&registry)).unwrap();
        assert!(Metrics::register(Some(&registry)).is_err());
        assert!(Metrics::register(None).is_ok());
    }
}
