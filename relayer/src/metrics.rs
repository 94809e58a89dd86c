//! What Prometheus is told. Every name begins with `pensum_relayer_`; the README lists them with the alarms that they are for.

use crate::{journal::Reason, Error};
use prometheus::{Encoder as _, GaugeVec, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry, TextEncoder};

/// All metrics, in a registry of their own.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    up: IntGaugeVec,
    head: IntGaugeVec,
    behind: IntGaugeVec,
    seen: IntGaugeVec,
    delivered: IntGaugeVec,
    pending: IntGaugeVec,
    lag_seconds: GaugeVec,
    spent: GaugeVec,
    balance: GaugeVec,
    retries: IntCounterVec,
    in_flight: IntGaugeVec,
    replaced: IntCounterVec,
    reorganisations: IntCounterVec,
    ignored: IntCounterVec,
    faults: IntCounterVec,
    signed_index: IntGauge,
}

const ROUTE: [&str; 2] = ["origin", "destination"];

impl Metrics {
    /// All of them, at zero.
    pub fn new() -> Result<Self, Error> {
        Self::register().map_err(|why| {
            Error::machine(
                format!("The metrics cannot be set up: {why}."),
                "Report this: it is a mistake in the relayer.",
            )
        })
    }

    fn register() -> prometheus::Result<Self> {
        let registry = Registry::new();
        let ints = |name: &str, help: &str, labels: &[&str]| -> prometheus::Result<IntGaugeVec> {
            let metric = IntGaugeVec::new(Opts::new(name, help).namespace("pensum_relayer"), labels)?;
            registry.register(Box::new(metric.clone()))?;
            Ok(metric)
        };
        let floats = |name: &str, help: &str, labels: &[&str]| -> prometheus::Result<GaugeVec> {
            let metric = GaugeVec::new(Opts::new(name, help).namespace("pensum_relayer"), labels)?;
            registry.register(Box::new(metric.clone()))?;
            Ok(metric)
        };
        let counters = |name: &str, help: &str, labels: &[&str]| -> prometheus::Result<IntCounterVec> {
            let metric = IntCounterVec::new(Opts::new(name, help).namespace("pensum_relayer"), labels)?;
            registry.register(Box::new(metric.clone()))?;
            Ok(metric)
        };
        let signed_index = IntGauge::with_opts(
            Opts::new(
                "signed_index",
                "Index of the last checkpoint that the validator signed, -1 for none",
            )
            .namespace("pensum_relayer"),
        )?;
        signed_index.set(-1);
        registry.register(Box::new(signed_index.clone()))?;
        Ok(Self {
            up: ints("chain_up", "1 while the chain's node answers", &["chain"])?,
            head: ints("final_head", "Last final block that was read", &["chain"])?,
            behind: ints(
                "behind",
                "Final blocks (EVM) or leaves (Pensum) that are not read yet",
                &["chain"],
            )?,
            seen: ints("seen", "Messages seen since the journal began", &ROUTE)?,
            delivered: ints(
                "delivered",
                "Messages delivered since the journal began, by whomever",
                &ROUTE,
            )?,
            pending: ints(
                "pending",
                "Messages seen and not delivered, by the reason why they wait",
                &["origin", "destination", "reason"],
            )?,
            lag_seconds: floats(
                "lag_seconds",
                "Age of the oldest message that is not delivered",
                &ROUTE,
            )?,
            spent: floats(
                "spent_coins",
                "What this relayer's transactions cost since the journal began, in the destination's coin",
                &ROUTE,
            )?,
            balance: floats("balance_coins", "What the relayer's account has", &["chain"])?,
            retries: counters(
                "retries_total",
                "Messages put off, by reason",
                &["destination", "reason"],
            )?,
            in_flight: ints("in_flight", "Transactions sent and in no block", &["chain"])?,
            replaced: counters(
                "replaced_total",
                "Stuck transactions replaced by dearer ones",
                &["chain"],
            )?,
            reorganisations: counters(
                "reorganisations_total",
                "Times that an origin took back what counted as final",
                &["chain"],
            )?,
            ignored: counters(
                "ignored_signatures_total",
                "Validators' files not used, by reason",
                &["reason"],
            )?,
            faults: counters(
                "faults_total",
                "Questions to a chain's node that failed",
                &["chain"],
            )?,
            signed_index,
            registry,
        })
    }

    /// The chain's node answers, or does not.
    pub fn chain(&self, chain: &str, answers: bool) {
        self.up.with_label_values(&[chain]).set(answers.into());
        if !answers {
            self.faults.with_label_values(&[chain]).inc();
        }
    }

    /// How far an origin was read.
    pub fn read(&self, chain: &str, head: Option<u64>, behind: u64) {
        let signed = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        if let Some(head) = head {
            self.head.with_label_values(&[chain]).set(signed(head));
        }
        self.behind.with_label_values(&[chain]).set(signed(behind));
    }

    /// What an account has.
    pub fn balance(&self, chain: &str, coins: f64) {
        self.balance.with_label_values(&[chain]).set(coins);
    }

    /// How many transactions are in no block.
    pub fn in_flight(&self, chain: &str, count: usize) {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        self.in_flight.with_label_values(&[chain]).set(count);
    }

    /// A message was put off.
    pub fn retry(&self, destination: &str, reason: Reason) {
        self.retries
            .with_label_values(&[destination, reason.label()])
            .inc();
    }

    /// A transaction was replaced.
    pub fn replaced(&self, chain: &str) {
        self.replaced.with_label_values(&[chain]).inc();
    }

    /// An origin took something back.
    pub fn reorganised(&self, chain: &str) {
        self.reorganisations.with_label_values(&[chain]).inc();
    }

    /// A validator's file was not used.
    pub fn ignored_signature(&self, reason: &str) {
        self.ignored.with_label_values(&[reason]).inc();
    }

    /// The validator has signed up to here.
    pub fn signed(&self, index: Option<u32>) {
        self.signed_index.set(index.map_or(-1, i64::from));
    }

    /// Takes over what the journal says about the routes.
    pub fn routes(&self, status: &crate::status::Status) {
        let signed = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        // What no longer waits for a reason must not stay in the metric.
        self.pending.reset();
        for route in &status.routes {
            let labels = [route.origin.as_str(), route.destination.as_str()];
            self.seen.with_label_values(&labels).set(signed(route.seen));
            self.delivered
                .with_label_values(&labels)
                .set(signed(route.delivered));
            self.lag_seconds
                .with_label_values(&labels)
                .set(route.lag_seconds as f64);
            self.spent.with_label_values(&labels).set(route.spent_coins);
            for (reason, count) in &route.pending_by_reason {
                self.pending
                    .with_label_values(&[labels[0], labels[1], reason])
                    .set(signed(*count));
            }
        }
    }

    /// Everything, in Prometheus' text format.
    pub fn print(&self) -> String {
        let mut text = Vec::new();
        // Writing to memory does not fail, and a metric that cannot be printed is left out.
        let _ = TextEncoder::new().encode(&self.registry.gather(), &mut text);
        String::from_utf8(text).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metrics_are_printed_with_their_prefix() {
        let metrics = Metrics::new().unwrap();
        metrics.chain("ethereum", true);
        metrics.retry("ethereum", Reason::Signatures);
        let text = metrics.print();
        assert!(
            text.contains("pensum_relayer_chain_up{chain=\"ethereum\"} 1"),
            "{text}"
        );
        assert!(
            text.contains("pensum_relayer_retries_total{destination=\"ethereum\",reason=\"signatures\"} 1")
        );
        assert!(text.contains("pensum_relayer_signed_index -1"));
    }
}
