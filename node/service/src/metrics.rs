//! The project's own metrics.

use pensum_primitives::{task::TaskNotice, BlockNumber};
use std::time::Duration;
use substrate_prometheus_endpoint::{
    register, Counter, CounterVec, Gauge, Histogram, HistogramOpts, Opts, PrometheusError, Registry, U64,
};

/// What is measured. Without a registry nothing is, and nothing is lost but the numbers.
#[derive(Clone, Default)]
pub struct Metrics(Option<Registered>);

#[derive(Clone)]
struct Registered {
    import_to_pool: Histogram,
    import_to_finality: Histogram,
    notices: CounterVec<U64>,
    indexed: Gauge<U64>,
    unindexed: Counter<U64>,
    bridge: Bridge,
}

/// The kinds of notices.
const NOTICES: [&str; 6] = [
    "opened",
    "posted",
    "claimed",
    "handed_over",
    "answered",
    "refunded",
];

#[derive(Clone)]
struct Bridge {
    messages: Gauge<U64>,
    signed: Counter<U64>,
    last_signed: Gauge<U64>,
    unpublished: Gauge<U64>,
    stopped: Gauge<U64>,
}

impl Bridge {
    fn register(registry: &Registry) -> Result<Self, PrometheusError> {
        let gauge = |name: &str, help: &str| register(Gauge::new(name, help)?, registry);
        Ok(Self {
            messages: gauge(
                "pensum_bridge_messages",
                "Messages that this chain has dispatched in final blocks, as far as this node has copied them",
            )?,
            signed: register(
                Counter::new(
                    "pensum_bridge_checkpoints_signed_total",
                    "Checkpoints that this validator has signed since its start",
                )?,
                registry,
            )?,
            last_signed: gauge(
                "pensum_bridge_last_signed_index",
                "The highest message whose checkpoint this validator has signed since its start",
            )?,
            unpublished: gauge(
                "pensum_bridge_checkpoint_lag",
                "Checkpoints in the last final state that this validator may publish and has not, at most 256 for each key",
            )?,
            stopped: gauge(
                "pensum_bridge_signer_stopped",
                "1 if this validator signs nothing any more, because roots contradict each other or its reorg flag is there",
            )?,
        })
    }
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
        let registered = Registered {
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
            indexed: register(
                Gauge::new(
                    "pensum_record_index_block",
                    "The last block whose records this node can look up",
                )?,
                registry,
            )?,
            unindexed: register(
                Counter::new(
                    "pensum_record_index_missing_blocks_total",
                    "Blocks with records that this node does not have, because it did not execute them",
                )?,
                registry,
            )?,
            bridge: Bridge::register(registry)?,
        };
        for kind in NOTICES {
            registered.notices.with_label_values(&[kind]).inc_by(0);
        }
        Ok(Self(Some(registered)))
    }

    /// The record index reaches to this block.
    pub fn indexed(&self, block: BlockNumber) {
        if let Some(metrics) = &self.0 {
            metrics.indexed.set(block.into());
        }
    }

    /// The records of so many blocks are missing.
    pub fn unindexed(&self, blocks: u32) {
        if let Some(metrics) = &self.0 {
            metrics.unindexed.inc_by(blocks.into());
        }
    }

    /// So many messages are final.
    pub fn bridge_messages(&self, count: u32) {
        if let Some(metrics) = &self.0 {
            metrics.bridge.messages.set(count.into());
        }
    }

    /// The checkpoint at a message was signed.
    pub fn bridge_signed(&self, index: u32) {
        if let Some(metrics) = &self.0 {
            metrics.bridge.signed.inc();
            let last = metrics.bridge.last_signed.get().max(index.into());
            metrics.bridge.last_signed.set(last);
        }
    }

    /// So many checkpoints wait for this validator's signature to be final.
    pub fn bridge_unpublished(&self, count: usize) {
        if let Some(metrics) = &self.0 {
            metrics.bridge.unpublished.set(count as u64);
        }
    }

    /// Whether this validator signs nothing any more.
    pub fn bridge_stopped(&self, stopped: bool) {
        if let Some(metrics) = &self.0 {
            metrics.bridge.stopped.set(stopped.into());
        }
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
        metrics.indexed(7);
        metrics.unindexed(2);
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
        let counted = notices
            .get_metric()
            .iter()
            .find(|metric| metric.get_counter().get_value() == 1.0);
        assert_eq!(counted.unwrap().get_label()[0].get_value(), "refunded");
    }

    #[test]
    fn the_bridge_is_measured() {
        let registry = Registry::new();
        let metrics = Metrics::register(Some(&registry)).unwrap();
        metrics.bridge_messages(9);
        metrics.bridge_signed(8);
        metrics.bridge_signed(3);
        metrics.bridge_unpublished(2);
        metrics.bridge_stopped(true);
        let families = registry.gather();
        let value = |name: &str| {
            let family = families.iter().find(|family| family.get_name() == name).unwrap();
            let metric = &family.get_metric()[0];
            metric.get_gauge().get_value() + metric.get_counter().get_value()
        };
        for (name, expected) in [
            ("pensum_bridge_messages", 9.0),
            ("pensum_bridge_checkpoints_signed_total", 2.0),
            ("pensum_bridge_last_signed_index", 8.0),
            ("pensum_bridge_checkpoint_lag", 2.0),
            ("pensum_bridge_signer_stopped", 1.0),
        ] {
            assert_eq!(value(name), expected, "{name}");
        }
    }

    #[test]
    fn a_name_is_registered_once() {
        let registry = Registry::new();
        Metrics::register(Some(&registry)).unwrap();
        assert!(Metrics::register(Some(&registry)).is_err());
        assert!(Metrics::register(None).is_ok());
    }
}
