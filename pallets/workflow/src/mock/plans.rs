//! Steps, and workflows of them.

use super::{classifier, writer, RuntimeCall, RuntimeOrigin, REQUESTER};
use crate::{types::Steps, NextWorkflow};
use frame_support::dispatch::GetDispatchInfo;
use pensum_primitives::{
    matching::Matching,
    task::Input,
    verification::Verification,
    workflow::{Condition, Source, Step, WorkflowId},
    AssetId, Balance, ModelId,
};
use sp_runtime::{traits::Dispatchable, BoundedVec, DispatchError};

/// Price cap of most steps.
pub const MAX_REWARD: Balance = 10_000;
/// Budget of most workflows.
pub const BUDGET: Balance = 1_000_000;

pub fn inline(bytes: &[u8]) -> Input {
    Input::Inline(bytes.to_vec().try_into().unwrap())
}

/// A step that reads what is given.
pub fn given(model: ModelId) -> Step {
    Step {
        model,
        source: Source::Given(inline(b"salve!!!")),
        condition: None,
        max_reward: MAX_REWARD,
        patience: 20,
        matching: Matching::Book,
        verification: Verification::Replay { window: 0 },
        min_reputation: 0,
        allow_flagged: false,
    }
}

/// A step that reads what an earlier one answers.
pub fn reads(model: ModelId, from: u8) -> Step {
    Step {
        source: Source::Output(from),
        ..given(model)
    }
}

/// The same step, run only with one of these answers of an earlier one.
pub fn when(step: Step, asked: u8, accepted: &[&[u8]]) -> Step {
    Step {
        condition: Some(condition(asked, accepted)),
        ..step
    }
}

pub fn condition(step: u8, accepted: &[&[u8]]) -> Condition {
    let accepted: Vec<_> = accepted
        .iter()
        .map(|answer| BoundedVec::try_from(answer.to_vec()).unwrap())
        .collect();
    Condition {
        step,
        accepted: accepted.try_into().unwrap(),
    }
}

/// A classifier's answer.
pub fn label(number: u32) -> Vec<u8> {
    number.to_le_bytes().to_vec()
}

/// A classifier asks which language a text is in, and its answer decides which of two writers goes on.
pub fn languages() -> Vec<Step> {
    vec![
        given(classifier()),
        when(given(writer()), 0, &[&label(0)]),
        when(given(writer()), 0, &[&label(1), &label(2)]),
    ]
}

/// Starts a workflow as somebody.
pub fn run_as(
    who: pensum_primitives::AccountId,
    steps: Vec<Step>,
    budget: Balance,
) -> Result<WorkflowId, DispatchError> {
    run_in(None, who, steps, budget)
}

/// Starts a workflow as somebody that pays in this asset.
pub fn run_in(
    asset: Option<AssetId>,
    who: pensum_primitives::AccountId,
    steps: Vec<Step>,
    budget: Balance,
) -> Result<WorkflowId, DispatchError> {
    let id = NextWorkflow::<super::Test>::get();
    let call = RuntimeCall::from(crate::Call::run {
        steps: Steps::try_from(steps).unwrap(),
        budget,
        asset,
    });
    assert!(call.get_dispatch_info().call_weight.ref_time() > 0);
    call.dispatch(RuntimeOrigin::signed(who))
        .map_err(|error| error.error)?;
    Ok(id)
}

/// Starts a workflow as the requester, with a budget that is enough for anything.
pub fn run(steps: Vec<Step>) -> WorkflowId {
    run_as(REQUESTER, steps, BUDGET).unwrap()
}
