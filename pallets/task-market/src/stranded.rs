//! Stranded shares: what its payee could not receive when it was due, because the asset's issuer had frozen it or blocked the
//! payee's account.

use crate::{payment::Purse, Config, Error, Event, Pallet, Stranded};
use frame_support::ensure;
use pensum_primitives::{AccountId, AssetId, Balance};
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
    /// Leaves a share on hold with its requester, for its payee to be paid later.
    pub(crate) fn strand(purse: Purse, asset: AssetId, payee: &AccountId, amount: Balance) {
        Stranded::<T>::mutate((payee, purse.owner, asset), |stranded| {
            *stranded = stranded.saturating_add(amount);
        });
        Self::deposit_event(Event::ShareStranded {
            payee: payee.clone(),
            requester: purse.owner.clone(),
            asset,
            amount,
        });
    }

    /// Pays what is stranded, all of it.
    pub(crate) fn do_collect(payee: AccountId, requester: AccountId, asset: AssetId) -> DispatchResult {
        let amount = Stranded::<T>::take((&payee, &requester, asset));
        ensure!(amount > 0, Error::<T>::NothingStranded);
        let purse = Purse::escrow(&requester, Some(asset));
        let paid = match payee == requester {
            true => Self::release(purse, amount),
            false => Self::transfer(purse, &payee, amount),
        };
        ensure!(paid, Error::<T>::StillBlocked);
        Self::deposit_event(Event::ShareCollected {
            payee,
            requester,
            asset,
            amount,
        });
        Ok(())
    }

    /// What is on hold with a requester in an asset for others, or for itself; for invariants.
    pub(crate) fn stranded() -> impl Iterator<Item = (AccountId, AssetId, Balance)> {
        Stranded::<T>::iter().map(|((_, requester, asset), amount)| (requester, asset, amount))
    }
}
