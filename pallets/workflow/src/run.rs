//! Starting a workflow.

use crate::{
    types::{Steps, Workflow},
    weights::WeightInfo,
    Config, Error, Event, HoldReason, NextWorkflow, Owned, Pallet, Plans,
};
use codec::Encode;
use frame_support::{ensure, traits::fungibles::hold::Mutate, weights::Weight};
use pensum_primitives::{AccountId, AssetId, Balance, BlockNumber};
use sp_runtime::{traits::SaturatedConversion, DispatchResult};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_run(
        requester: AccountId,
        steps: Steps,
        budget: Balance,
        asset: Option<AssetId>,
    ) -> DispatchResult {
        let at_once = Self::check_plan(&steps, asset)?;
        ensure!(budget >= at_once, Error::<T>::BudgetTooSmall);
        T::Currencies::hold(asset, &HoldReason::Budget.into(), &requester, budget)
            .map_err(|_| Error::<T>::CannotHoldBudget)?;

        let id = NextWorkflow::<T>::mutate(|next| {
            let id = *next;
            *next = id.saturating_add(1);
            id
        });
        let workflow = Workflow::new(requester.clone(), budget, asset, &steps);
        Owned::<T>::insert(&requester, id, ());
        Self::deposit_event(Event::WorkflowStarted {
            workflow: id,
            requester,
            steps: steps.len() as u32,
            budget,
            asset,
        });
        for (place, step) in (0..=u8::MAX).zip(steps) {
            Plans::<T>::insert(id, place, step);
        }
        Self::go_on(id, workflow);
        Ok(())
    }

    /// Weight of starting a workflow and of everything that the hook will do for it: whoever starts it pays for it.
    pub(crate) fn run_weight(steps: &Steps, asset: Option<AssetId>) -> Weight {
        let count = steps.len() as u32;
        // The budget is held and released, and each step takes its part of it.
        let extra = asset.map_or(Weight::zero(), |_| {
            T::WeightInfo::move_asset()
                .saturating_mul(2)
                .saturating_add(T::WeightInfo::post_in_asset().saturating_mul(count.into()))
        });
        T::WeightInfo::run(count, steps.encoded_size() as u32)
            .saturating_add(extra)
            .saturating_add(T::WeightInfo::post().saturating_mul(count.into()))
            .saturating_add(T::WeightInfo::note().saturating_mul(count.into()))
            .saturating_add(T::WeightInfo::move_steps(count))
            .saturating_add(T::WeightInfo::end(count))
    }

    pub(crate) fn now() -> BlockNumber {
        frame_system::Pallet::<T>::block_number().saturated_into()
    }
}
