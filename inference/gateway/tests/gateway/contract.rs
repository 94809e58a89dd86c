//! The examples in `contract/`, which the off-chain worker's tests read too, are what this gateway reads and writes.

use pensum_gateway::wire::{ErrorBody, PostRuns, PostStep, RunReports, StepOpened, WatchReport, WatchState};
use serde::{de::DeserializeOwned, Serialize};
use serde_json::Value;

fn survives<T: DeserializeOwned + Serialize>(example: &str) -> T {
    let value: Value = serde_json::from_str(example).unwrap();
    let read: T = serde_json::from_str(example).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), value);
    read
}

#[test]
fn the_examples_are_the_contract() {
    let post: PostRuns = survives(include_str!("../../contract/post-runs.json"));
    assert_eq!(post.runs.len(), 2);
    let reports: RunReports = survives(include_str!("../../contract/run-reports.json"));
    assert_eq!(reports.runs.len(), 5);
    let step: PostStep = survives(include_str!("../../contract/post-steps.json"));
    assert_eq!(step.node, 1);
    let opened: StepOpened = survives(include_str!("../../contract/step.json"));
    assert_eq!((opened.trace.len(), opened.inputs.len()), (2, 2));
    let watch: WatchReport = survives(include_str!("../../contract/watch.json"));
    assert_eq!(
        (watch.state, watch.ended["disproven"]),
        (WatchState::BondShort, 3)
    );
    let error: ErrorBody = survives(include_str!("../../contract/error.json"));
    assert_eq!(error.error.code, "run_conflict");
}
