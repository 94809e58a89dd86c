//! What RPC asks for.

use crate::{types::Workflow, Config, Owned, Pallet, Workflows};
use alloc::vec::Vec;
use pensum_primitives::{
    workflow::{WorkflowId, WorkflowView},
    AccountId,
};

/// Most workflows that one question returns.
pub const MAX_VIEWS: u32 = 64;

impl<T: Config> Pallet<T> {
    /// A live workflow; none for one that has ended or was never started.
    pub fn view(id: WorkflowId) -> Option<WorkflowView> {
        Workflows::<T>::get(id).map(|workflow| describe(id, workflow))
    }

    /// Live workflows of a requester, in the order of their keys; at most `limit`, itself at most 64.
    pub fn workflows_of(requester: &AccountId, limit: u32) -> Vec<WorkflowView> {
        Owned::<T>::iter_key_prefix(requester)
            .take(limit.min(MAX_VIEWS) as usize)
            .filter_map(Self::view)
            .collect()
    }
}

fn describe(id: WorkflowId, workflow: Workflow) -> WorkflowView {
    WorkflowView {
        id,
        steps: workflow.states().into_inner(),
        requester: workflow.requester,
        budget: workflow.budget,
        asset: workflow.asset,
    }
}
