//! Stranded budgets: what its requester could not have back when it was due, because the asset's issuer has frozen the asset or
//! blocked the account.

use crate::{Config, Error, Event, HoldReason, Pallet, Stranded};
use frame_support::{
    ensure,
    storage::with_storage_layer,
    traits::{fungibles::hold::Mutate, tokens::Precision::Exact},
};
use pensum_primitives::{workflow::WorkflowId, AccountId, AssetId, Balance};
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
    /// Gives a requester some of what is on hold for its workflows. False, and nothing changes, where it cannot receive it.
    pub(crate) fn release(requester: &AccountId, asset: Option<AssetId>, amount: Balance) -> bool {
        let reason = HoldReason::Budget.into();
        with_storage_layer(|| T::Currencies::release(asset, &reason, requester, amount, Exact)).is_ok()
    }

    /// Leaves the rest of a budget on hold, for its requester to collect later.
    pub(crate) fn strand(id: WorkflowId, requester: AccountId, asset: AssetId, amount: Balance) {
        Stranded::<T>::mutate(&requester, asset, |stranded| {
            *stranded = stranded.saturating_add(amount);
        });
        Self::deposit_event(Event::BudgetStranded {
            workflow: id,
            requester,
            asset,
            amount,
        });
    }

    /// Releases what is stranded, all of it.
    pub(crate) fn do_collect(requester: AccountId, asset: AssetId) -> DispatchResult {
        let amount = Stranded::<T>::take(&requester, asset);
        ensure!(amount > 0, Error::<T>::NothingStranded);
        ensure!(
            Self::release(&requester, Some(asset), amount),
            Error::<T>::StillBlocked
        );
        Self::deposit_event(Event::BudgetCollected {
            requester,
            asset,
            amount,
        });
        Ok(())
    }
}
