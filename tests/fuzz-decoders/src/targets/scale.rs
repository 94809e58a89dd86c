//! The project's own types: in calls, in the node's index, and between runtime and node.

use super::encodings;
use crate::target::Target;
use codec::{Decode, Encode};
use pensum_primitives::{
    asset::ListedAsset,
    bridge::{BridgeView, CheckpointView, Dispatched, IsmView, RequestView, ResultProof},
    matching::Matching,
    model::{Manifest, ModelEntry, ModelView},
    panel::PanelDuty,
    record::{IndexedRecord, Record},
    solver::{DelegationView, Offer, SolverStatus},
    step::Step,
    task::{Answer, ClaimView, Duty, Input, Output, TaskNotice, TaskStatus, Terms, Trace},
    verdict::Outcome,
    verification::Verification,
    workflow::WorkflowView,
    Digest, TaskId,
};

pub(super) const TARGET: Target = Target {
    name: "scale",
    seeds,
    check,
    share: 6000,
};

/// Decodes as far as the type goes, and compares what was read with what is written.
fn exact<T: Decode + Encode>(bytes: &[u8]) -> Result<(), String> {
    let mut rest = bytes;
    let Ok(value) = T::decode(&mut rest) else {
        return Ok(());
    };
    let read = &bytes[..bytes.len() - rest.len()];
    match value.encode() == read {
        true => Ok(()),
        false => Err(format!(
            "{} is written differently than read",
            std::any::type_name::<T>()
        )),
    }
}

macro_rules! types {
    ($($kind:ty),* $(,)?) => {
        fn seeds() -> Vec<Vec<u8>> {
            let mut seeds = Vec::new();
            $(seeds.extend(encodings::<$kind>(40));)*
            seeds
        }

        fn check(bytes: &[u8]) -> Result<(), String> {
            $(exact::<$kind>(bytes)?;)*
            Ok(())
        }
    };
}

types! {
    Answer,
    BridgeView,
    CheckpointView,
    ClaimView,
    DelegationView,
    Dispatched,
    Duty,
    IndexedRecord,
    Input,
    IsmView,
    ListedAsset,
    Manifest,
    Matching,
    ModelEntry,
    ModelView,
    Offer,
    Outcome,
    Output,
    PanelDuty,
    Record,
    RequestView,
    ResultProof,
    SolverStatus,
    Step,
    TaskNotice,
    TaskStatus,
    Terms,
    Trace,
    Verification,
    WorkflowView,
    Vec<(TaskId, Digest)>,
}
