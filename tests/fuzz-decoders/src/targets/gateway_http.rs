//! Bodies of the gateway's HTTP contract.

use crate::target::{same, Target};
use pensum_gateway::{
    cid::Cid,
    wire::{PostRuns, PostStep, RunReports, StepOpened, WatchReport},
};
use serde::{de::DeserializeOwned, Serialize};

pub(super) const TARGET: Target = Target {
    name: "gateway-http",
    seeds,
    check,
    share: 4000,
};

fn seeds() -> Vec<Vec<u8>> {
    [
        include_str!("../../../../inference/gateway/contract/post-runs.json"),
        include_str!("../../../../inference/gateway/contract/post-steps.json"),
        include_str!("../../../../inference/gateway/contract/run-reports.json"),
        include_str!("../../../../inference/gateway/contract/step.json"),
        include_str!("../../../../inference/gateway/contract/watch.json"),
        "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku",
    ]
    .map(|text| text.as_bytes().to_vec())
    .into()
}

/// What is read can be written, and read again as the same.
fn stable<T: DeserializeOwned + Serialize + PartialEq>(bytes: &[u8]) -> Result<(), String> {
    let Ok(value) = serde_json::from_slice::<T>(bytes) else {
        return Ok(());
    };
    let again = serde_json::to_vec(&value).map_err(|error| error.to_string())?;
    let read = serde_json::from_slice::<T>(&again).map_err(|error| error.to_string())?;
    same(std::any::type_name::<T>(), &read, &value)
}

fn check(bytes: &[u8]) -> Result<(), String> {
    stable::<PostRuns>(bytes)?;
    stable::<PostStep>(bytes)?;
    stable::<RunReports>(bytes)?;
    stable::<StepOpened>(bytes)?;
    stable::<WatchReport>(bytes)?;
    if let Ok(posted) = serde_json::from_slice::<PostRuns>(bytes) {
        for run in &posted.runs {
            let _ = run.content();
        }
    }
    if let Some(cid) = std::str::from_utf8(bytes)
        .ok()
        .and_then(|text| text.parse::<Cid>().ok())
    {
        same("a CID", &cid.to_string().parse::<Cid>().ok(), &Some(cid))?;
    }
    Ok(())
}
