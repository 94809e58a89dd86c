//! How the watch does, for those who ask by HTTP.

use super::{check::Why, WatchConfig};
use crate::wire::{WatchReport, WatchState};
use parking_lot::Mutex;
use sp_core::crypto::Ss58Codec;
use std::{collections::BTreeMap, fmt::Write};

/// What the watch tells of itself.
#[derive(Debug)]
pub(crate) struct Board(Mutex<WatchReport>);

impl Board {
    pub(crate) fn new(config: &WatchConfig) -> Self {
        Self(Mutex::new(WatchReport {
            state: WatchState::Starting,
            message: Some("The watch has not seen the chain yet. Ask again.".into()),
            node: config.node.to_string(),
            challenger: config.key.account().to_ss58check(),
            best: 0,
            lag: 0,
            open: 0,
            unknown: BTreeMap::new(),
            pending: 0,
            checked: 0,
            wrong: 0,
            missed: 0,
            filed: 0,
            ended: BTreeMap::new(),
            spendable: "0".into(),
            bond: "0".into(),
        }))
    }

    pub(crate) fn report(&self) -> WatchReport {
        self.0.lock().clone()
    }

    pub(crate) fn note(&self, change: impl FnOnce(&mut WatchReport)) {
        change(&mut self.0.lock());
    }

    /// Says how it does; whether that is news.
    pub(crate) fn becomes(&self, state: WatchState, message: Option<String>) -> bool {
        let mut report = self.0.lock();
        let news = report.state != state;
        (report.state, report.message) = (state, message);
        news
    }

    /// Prometheus text format 0.0.4.
    pub(crate) fn render(&self) -> String {
        let report = self.report();
        let mut text = String::new();
        let mut metric = |name: &str, kind: &str, help: &str, samples: Vec<(String, String)>| {
            let _ = writeln!(
                text,
                "# HELP pensum_gateway_watch_{name} {help}\n# TYPE pensum_gateway_watch_{name} {kind}"
            );
            for (labels, value) in samples {
                let _ = writeln!(text, "pensum_gateway_watch_{name}{labels} {value}");
            }
        };
        let one = |value: u64| vec![(String::new(), value.to_string())];
        let labelled = |label: &str, values: &BTreeMap<String, u64>| {
            let sample =
                |(name, count): (&String, &u64)| (format!("{{{label}=\"{name}\"}}"), count.to_string());
            values.iter().map(sample).collect()
        };
        let states = WatchState::ALL
            .map(|state| (state.name().to_string(), u64::from(state == report.state)))
            .into();
        let mut counter = |name: &str, help: &str, samples| metric(name, "counter", help, samples);
        counter(
            "claims_checked_total",
            "Answers that were recomputed.",
            one(report.checked),
        );
        counter(
            "wrong_answers_found_total",
            "Answers that are wrong.",
            one(report.wrong),
        );
        counter(
            "claims_missed_total",
            "Answers whose window closed without a verdict.",
            one(report.missed),
        );
        counter(
            "proofs_filed_total",
            "Challenges that were signed.",
            one(report.filed),
        );
        counter(
            "proofs_ended_total",
            "Challenges that are over, by what came of them.",
            labelled("end", &report.ended),
        );
        let mut gauge = |name: &str, help: &str, samples| metric(name, "gauge", help, samples);
        gauge("state", "1 for how the watch does.", labelled("state", &states));
        gauge("claims_open", "Answers whose window is open.", one(report.open));
        gauge(
            "claims_unknown",
            "Open answers without a verdict, by the reason.",
            labelled("reason", &report.unknown),
        );
        gauge("proofs_pending", "Challenges on their way.", one(report.pending));
        gauge(
            "best_block",
            "The best block of the last round.",
            one(report.best.into()),
        );
        gauge(
            "lag_blocks",
            "Age of the oldest answer that could be checked and is not.",
            one(report.lag.into()),
        );
        gauge(
            "spendable",
            "What the challenger can put on hold.",
            vec![(String::new(), report.spendable)],
        );
        gauge(
            "bond",
            "What one challenge holds.",
            vec![(String::new(), report.bond)],
        );
        text
    }
}

/// How many claims have no verdict, by the reason.
pub(crate) fn counted(reasons: impl Iterator<Item = Why>) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for why in reasons {
        *counts.entry(why.name().to_string()).or_default() += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::fixture;

    #[test]
    fn metrics_name_the_state_and_count_by_label() {
        let board = Board::new(&fixture::config());
        board.note(|report| {
            report.checked = 7;
            report.ended = [("disproven".to_string(), 2)].into();
        });
        assert!(board.becomes(WatchState::BondShort, Some("It is short. Add funds.".into())));
        assert!(!board.becomes(WatchState::BondShort, None), "that is no news");
        let text = board.render();
        for line in [
            "pensum_gateway_watch_claims_checked_total 7",
            "pensum_gateway_watch_proofs_ended_total{end=\"disproven\"} 2",
            "pensum_gateway_watch_state{state=\"bond_short\"} 1",
            "pensum_gateway_watch_state{state=\"watching\"} 0",
            "pensum_gateway_watch_lag_blocks 0",
        ] {
            assert!(text.lines().any(|found| found == line), "no {line} in {text}");
        }
    }

    #[test]
    fn reasons_are_counted_by_name() {
        let reasons = [Why::ModelMissing, Why::BondShort, Why::ModelMissing];
        let counts = counted(reasons.into_iter());
        assert_eq!(counts["model_missing"], 2);
        assert_eq!(counts["bond_short"], 1);
    }
}
