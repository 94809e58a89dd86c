//! The metrics themselves. `docs/operations.md` lists each with its unit and meaning, and a test compares the two.

use pensum_primitives::{
    solver::Fault,
    verdict::{Reason, Verdict},
};
use serde::Serialize;
use substrate_prometheus_endpoint::{
    register, Counter, CounterVec, Gauge, GaugeVec, Histogram, HistogramOpts, Opts, PrometheusError,
    Registry, F64, U64,
};

const VERDICTS: [Verdict; 5] = [
    Verdict::Agreed,
    Verdict::Wrong,
    Verdict::TimedOut,
    Verdict::Unable,
    Verdict::Inconclusive,
];
const REASONS: [Reason; 9] = [
    Reason::Cancelled,
    Reason::DeadlinePassed,
    Reason::NobodyLeft,
    Reason::InputUnreadable,
    Reason::ModelGone,
    Reason::NoBids,
    Reason::NoQuorum,
    Reason::Rejected,
    Reason::ModelBroken,
];
const FAULTS: [Fault; 6] = [
    Fault::TimedOut,
    Fault::Wrong,
    Fault::Unrevealed,
    Fault::Unopened,
    Fault::Rejected,
    Fault::BidWithheld,
];

/// All that is measured at final blocks and at the gateway.
#[derive(Clone)]
pub struct Figures {
    pub(super) market: Market,
    pub(super) bridge: Bridge,
    pub(super) solver: Solver,
    pub(super) gateway: Gateway,
}

/// The market, at final blocks.
#[derive(Clone)]
pub(super) struct Market {
    pub block: Gauge<U64>,
    pub unread: Counter<U64>,
    pub open: Gauge<U64>,
    pub posted: Counter<U64>,
    pub batches: Counter<U64>,
    pub answered: Counter<U64>,
    refunded: CounterVec<U64>,
    verdicts: CounterVec<U64>,
    slashes: CounterVec<U64>,
    pub slashed: Counter<F64>,
    pub agenda: Gauge<U64>,
}

/// The bridge, at final blocks.
#[derive(Clone)]
pub(super) struct Bridge {
    pub processed: Counter<U64>,
    intents: CounterVec<U64>,
    pub results: Counter<U64>,
    pub bad_checkpoints: Counter<U64>,
    pub quorum_lag: Gauge<U64>,
    paused: GaugeVec<U64>,
}

/// The solvers that this node works for, at final blocks.
#[derive(Clone)]
pub(super) struct Solver {
    pub joined: Gauge<U64>,
    pub batches: CounterVec<U64>,
    pub answers: CounterVec<U64>,
    pub in_flight: GaugeVec<U64>,
    pub stake: GaugeVec<F64>,
    pub reputation: GaugeVec<F64>,
    pub jailed: GaugeVec<U64>,
    pub pending_slashes: GaugeVec<U64>,
}

/// This node's gateway, asked every few seconds.
#[derive(Clone)]
pub(super) struct Gateway {
    pub up: Gauge<U64>,
    pub seconds: Histogram,
    pub failures: Counter<U64>,
    runs: GaugeVec<U64>,
}

/// The word by which a variant goes in JSON, events and here.
fn word(variant: impl Serialize) -> String {
    let json = serde_json::to_value(variant).ok();
    json.and_then(|json| json.as_str().map(str::to_owned))
        .unwrap_or_default()
}

/// Registers metrics under one registry.
struct Under<'a>(&'a Registry);

impl Under<'_> {
    fn counter(&self, name: &str, help: &str) -> Result<Counter<U64>, PrometheusError> {
        register(Counter::new(name, help)?, self.0)
    }

    fn counters(&self, name: &str, help: &str, labels: &[&str]) -> Result<CounterVec<U64>, PrometheusError> {
        register(CounterVec::new(Opts::new(name, help), labels)?, self.0)
    }

    fn gauge(&self, name: &str, help: &str) -> Result<Gauge<U64>, PrometheusError> {
        register(Gauge::new(name, help)?, self.0)
    }

    fn gauges(&self, name: &str, help: &str, labels: &[&str]) -> Result<GaugeVec<U64>, PrometheusError> {
        register(GaugeVec::new(Opts::new(name, help), labels)?, self.0)
    }

    fn numbers(&self, name: &str, help: &str, labels: &[&str]) -> Result<GaugeVec<F64>, PrometheusError> {
        register(GaugeVec::new(Opts::new(name, help), labels)?, self.0)
    }
}

impl Figures {
    /// Registers all of them; those of known labels begin at zero, so that a rate can be taken from the first event on.
    pub fn register(registry: &Registry) -> Result<Self, PrometheusError> {
        let into = Under(registry);
        Ok(Self {
            market: Market::register(&into)?,
            bridge: Bridge::register(&into)?,
            solver: Solver::register(&into)?,
            gateway: Gateway::register(&into)?,
        })
    }
}

impl Market {
    fn register(into: &Under) -> Result<Self, PrometheusError> {
        let market = Self {
            block: into.gauge(
                "pensum_measured_block",
                "The last final block whose events these metrics hold",
            )?,
            unread: into.counter(
                "pensum_unread_blocks_total",
                "Final blocks whose events this node could not read, so that these metrics lack them",
            )?,
            open: into.gauge("pensum_tasks_open", "Tasks that have not ended")?,
            posted: into.counter("pensum_tasks_posted_total", "Tasks posted")?,
            batches: into.counter("pensum_batches_posted_total", "Batches posted")?,
            answered: into.counter("pensum_tasks_answered_total", "Tasks answered and paid")?,
            refunded: into.counters(
                "pensum_tasks_refunded_total",
                "Tasks refunded, by reason",
                &["reason"],
            )?,
            verdicts: into.counters(
                "pensum_verdicts_total",
                "Verdicts about solvers' work",
                &["verdict"],
            )?,
            slashes: into.counters(
                "pensum_slashes_total",
                "Faults for which the chain scheduled a slash, or waived it while slashing was off",
                &["fault", "state"],
            )?,
            slashed: register(
                Counter::new(
                    "pensum_slashed_pen_total",
                    "PEN taken by slashes that were applied",
                )?,
                into.0,
            )?,
            agenda: into.gauge(
                "pensum_agenda_behind_blocks",
                "Blocks whose expiries and settlements the chain has not done yet",
            )?,
        };
        REASONS
            .iter()
            .for_each(|reason| market.refunded.with_label_values(&[&word(reason)]).inc_by(0));
        VERDICTS
            .iter()
            .for_each(|verdict| market.verdicts.with_label_values(&[&word(verdict)]).inc_by(0));
        for fault in FAULTS {
            for state in ["scheduled", "waived"] {
                market.slashes.with_label_values(&[&word(fault), state]).inc_by(0);
            }
        }
        Ok(market)
    }

    pub fn refunded(&self, reason: Reason) {
        self.refunded.with_label_values(&[&word(reason)]).inc();
    }

    pub fn verdict(&self, verdict: Verdict, count: u64) {
        self.verdicts.with_label_values(&[&word(verdict)]).inc_by(count);
    }

    pub fn slash(&self, fault: Fault, state: &str) {
        self.slashes.with_label_values(&[&word(fault), state]).inc();
    }
}

impl Bridge {
    fn register(into: &Under) -> Result<Self, PrometheusError> {
        let bridge = Self {
            processed: into.counter(
                "pensum_bridge_processed_total",
                "Messages from other chains that were processed",
            )?,
            intents: into.counters(
                "pensum_bridge_intents_total",
                "Intents from other chains, by what came of them",
                &["outcome"],
            )?,
            results: into.counter(
                "pensum_bridge_results_total",
                "Results sent to other chains, alone or in a batch",
            )?,
            bad_checkpoints: into.counter(
                "pensum_bridge_bad_checkpoints_total",
                "Validators proven to have signed a checkpoint that this chain never had",
            )?,
            quorum_lag: into.gauge(
                "pensum_bridge_quorum_lag",
                "Messages without the signatures of two thirds of the validators, from the first such message on",
            )?,
            paused: into.gauges(
                "pensum_bridge_paused",
                "1 while governance has paused the direction",
                &["direction"],
            )?,
        };
        bridge.intents.with_label_values(&["taken"]).inc_by(0);
        bridge.intents.with_label_values(&["refused"]).inc_by(0);
        bridge.paused(false, false);
        Ok(bridge)
    }

    pub fn intent(&self, outcome: &str) {
        self.intents.with_label_values(&[outcome]).inc();
    }

    pub fn paused(&self, inbound: bool, outbound: bool) {
        self.paused.with_label_values(&["inbound"]).set(inbound.into());
        self.paused.with_label_values(&["outbound"]).set(outbound.into());
    }
}

impl Solver {
    fn register(into: &Under) -> Result<Self, PrometheusError> {
        let solver = &["solver"];
        Ok(Self {
            joined: into.gauge(
                "pensum_solver_joined",
                "Solvers on chain whose operator key this node holds",
            )?,
            batches: into.counters(
                "pensum_solver_batches_total",
                "Batches that this node's solver was assigned, and those that it lost, by why",
                &["solver", "event"],
            )?,
            answers: into.counters(
                "pensum_solver_answers_total",
                "Answers of this node's solver that were paid",
                solver,
            )?,
            in_flight: into.gauges("pensum_solver_in_flight", "Tasks that the solver holds", solver)?,
            stake: into.numbers(
                "pensum_solver_stake_pen",
                "Stake in PEN, by part",
                &["solver", "part"],
            )?,
            reputation: into.numbers("pensum_solver_reputation", "Reputation, from 0 to 1", solver)?,
            jailed: into.gauges("pensum_solver_jailed", "1 while the solver gets no tasks", solver)?,
            pending_slashes: into.gauges(
                "pensum_solver_pending_slashes",
                "Slashes of the solver that wait for their block",
                solver,
            )?,
        })
    }
}

impl Gateway {
    fn register(into: &Under) -> Result<Self, PrometheusError> {
        let seconds = HistogramOpts::new(
            "pensum_solver_gateway_seconds",
            "How long the gateway took to say how it is",
        )
        // On the same machine it is a millisecond; the off-chain worker waits for 150 ms.
        .buckets(vec![
            0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.15, 0.3, 1.0, 2.0,
        ]);
        Ok(Self {
            up: into.gauge(
                "pensum_solver_gateway_up",
                "1 while this node's gateway answers; 0 also where the node has none",
            )?,
            seconds: register(Histogram::with_opts(seconds)?, into.0)?,
            failures: into.counter(
                "pensum_solver_gateway_failures_total",
                "Times that this node's gateway did not answer",
            )?,
            runs: into.gauges(
                "pensum_solver_gateway_runs",
                "Runs at this node's gateway that are not over, by state",
                &["state"],
            )?,
        })
    }

    pub fn runs(&self, queued: u64, running: u64) {
        self.runs.with_label_values(&["queued"]).set(queued);
        self.runs.with_label_values(&["running"]).set(running);
    }
}
