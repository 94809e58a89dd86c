//! Cancelling a workflow.

use crate::{weights::WeightInfo, Config, Error, Event, Pallet, Plans, Workflows};
use alloc::vec::Vec;
use frame_support::{ensure, storage::with_storage_layer, weights::Weight};
use pensum_primitives::{
    traits::Posting,
    workflow::{StepFailure, StepState, WorkflowId, MAX_STEPS},
    AccountId, TaskId,
};
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_cancel(who: &AccountId, id: WorkflowId) -> DispatchResult {
        let mut workflow = Workflows::<T>::get(id).ok_or(Error::<T>::NotLive)?;
        ensure!(workflow.requester == *who, Error::<T>::NotRequester);
        let steps: Vec<u8> = workflow.unposted().collect();
        let state = StepState::Failed(StepFailure::Cancelled);
        for step in &steps {
            workflow.set(*step, state);
            Plans::<T>::remove(id, step);
            Self::deposit_event(Event::StepEnded {
                workflow: id,
                step: *step,
                state,
            });
        }
        let running: Vec<TaskId> = workflow.running().collect();
        let cancelled = running
            .into_iter()
            .filter(|task| with_storage_layer(|| T::Posting::cancel_for(who, *task)).is_ok())
            .count();
        Self::deposit_event(Event::WorkflowCancelled {
            workflow: id,
            steps: steps.len() as u32,
            tasks: cancelled as u32,
        });
        Self::put(id, workflow);
        Ok(())
    }

    /// Weight of cancelling this workflow.
    pub(crate) fn cancel_weight(id: &WorkflowId) -> Weight {
        let workflow = Workflows::<T>::get(id);
        let (unposted, running) = workflow.as_ref().map_or((0, 0), |workflow| {
            (workflow.unposted().count(), workflow.running().count())
        });
        // Each task gives back what it has of the asset, and the workflow its rest.
        let extra = workflow
            .and_then(|workflow| workflow.asset)
            .map_or(Weight::zero(), |_| {
                T::WeightInfo::move_asset().saturating_mul((running as u64).saturating_add(1))
            });
        T::WeightInfo::cancel(unposted as u32, running as u32)
            .saturating_add(T::WeightInfo::end(MAX_STEPS))
            .saturating_add(extra)
    }
}
