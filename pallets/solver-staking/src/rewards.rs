//! What delegators earn: money that reaches the pool's account is shared out when somebody next comes or goes.

use crate::{
    ledger::Ledger,
    pool::{Delegation, Pool},
    types::Solver,
    Config, Delegations, Error, Event, Pallet, PoolRewards, Solvers,
};
use frame_support::{
    ensure,
    pallet_prelude::*,
    storage::with_storage_layer,
    traits::{fungibles::Inspect, tokens::Preservation},
};
use market_math::delegation::rewards;
use pensum_primitives::{
    solver::{DelegationView, StringAmount},
    AccountId, AssetId, Balance,
};

impl<T: Config> Pallet<T> {
    /// Returns how many offers left the books with the solver, and in how many assets the pool has rewards.
    pub(crate) fn do_claim_rewards(
        who: AccountId,
        stash: AccountId,
        asset: Option<AssetId>,
    ) -> Result<(u32, u32), DispatchError> {
        let (solver, mut delegation) = Self::delegation_of(&stash, &who)?;
        let pool = solver.pool.ok_or(Error::<T>::NotDelegator)?;
        let mut ledger = Self::settle_rewards(&stash, &pool, &mut delegation);
        let unclaimed = ledger
            .of(asset)
            .map_or(0, |rewards| delegation.unclaimed(rewards));
        // The last rewards may have been in an asset that is no more.
        ensure!(unclaimed > 0 || delegation.is_over(), Error::<T>::NothingToClaim);
        Self::pay_rewards(&stash, &who, asset, &mut ledger, &mut delegation)?;
        let assets = ledger.assets();
        PoolRewards::<T>::insert(&stash, ledger);
        if delegation.is_over() {
            let offers = Self::remove_delegation(&stash, &who, solver);
            return Ok((offers, assets));
        }
        Delegations::<T>::insert(&stash, &who, delegation);
        Ok((0, assets))
    }

    /// Shares out what has arrived in the pool and counts what this delegation has of it. To be done before shares change; the caller
    /// stores both.
    pub(crate) fn settle_rewards(stash: &AccountId, pool: &Pool, delegation: &mut Delegation<T>) -> Ledger {
        let account = Self::pool_account(stash);
        let mut ledger = PoolRewards::<T>::get(stash);
        // What its owner destroyed is owed to nobody.
        ledger
            .rewards
            .retain(|rewards| rewards.asset.is_none() || T::Currencies::asset_exists(rewards.asset));
        for rewards in ledger.rewards.iter_mut() {
            rewards.share_out(T::Currencies::balance(rewards.asset, &account), pool);
        }
        delegation.earn(&mut ledger);
        ledger
    }

    /// Pays all that a delegation has earned in one currency; the caller stores both. Where that fails nothing changes.
    fn pay_rewards(
        stash: &AccountId,
        to: &AccountId,
        asset: Option<AssetId>,
        ledger: &mut Ledger,
        delegation: &mut Delegation<T>,
    ) -> DispatchResult {
        let Some(rewards) = ledger.of(asset) else {
            return Ok(());
        };
        let amount = delegation.unclaimed(rewards);
        if amount == 0 {
            return Ok(());
        }
        with_storage_layer(|| {
            Self::move_funds(
                asset,
                &Self::pool_account(stash),
                to,
                amount,
                Preservation::Preserve,
            )
        })?;
        delegation.take_unclaimed(rewards);
        Self::deposit_event(Event::RewardsClaimed {
            solver: stash.clone(),
            delegator: to.clone(),
            asset,
            amount,
        });
        Ok(())
    }

    /// Pays everything that a delegation has earned, but for what its account cannot receive now: that waits for a claim, since neither
    /// an asset's owner nor an account that is too poor for it may bar the way out for stake.
    pub(crate) fn pay_all_rewards(
        stash: &AccountId,
        to: &AccountId,
        ledger: &mut Ledger,
        delegation: &mut Delegation<T>,
    ) {
        for asset in ledger.currencies() {
            if let Err(error) = Self::pay_rewards(stash, to, asset, ledger, delegation) {
                log::debug!(target: "solver-staking", "rewards of {to:?} in {asset:?} wait: {error:?}");
            }
        }
    }

    /// Removes a delegation of which nothing is left, and its solver where that was the last of it. Returns how many offers left the books
    /// with the solver.
    pub(crate) fn remove_delegation(stash: &AccountId, delegator: &AccountId, mut solver: Solver<T>) -> u32 {
        Delegations::<T>::remove(stash, delegator);
        if let Some(pool) = &mut solver.pool {
            pool.delegators = pool.delegators.saturating_sub(1);
        }
        Self::store_or_remove(stash, solver)
    }

    /// The delegators' part of a payment to the solver, and their pool's account.
    pub(crate) fn share_of_delegators(
        stash: &AccountId,
        asset: Option<AssetId>,
        payment: Balance,
    ) -> Option<(AccountId, Balance)> {
        let solver = Solvers::<T>::get(stash)?;
        let commission = solver.pool?.commission.at(Self::now());
        let share = rewards(payment, solver.bonded, solver.counted(), commission);
        // Every pool has rewards in PEN.
        let is_open = asset.is_none() || (share > 0 && PoolRewards::<T>::get(stash).has(asset));
        (share > 0 && is_open).then(|| (Self::pool_account(stash), share))
    }

    /// What one account has behind one solver, with what it could claim now.
    pub fn delegation(stash: &AccountId, delegator: &AccountId) -> Option<DelegationView> {
        let (solver, mut delegation) = Self::delegation_of(stash, delegator).ok()?;
        let pool = solver.pool?;
        let ledger = Self::settle_rewards(stash, &pool, &mut delegation);
        Some(DelegationView {
            solver: stash.clone(),
            delegator: delegator.clone(),
            staked: pool.worth(delegation.shares),
            leaving: delegation
                .leaving
                .iter()
                .map(|chunk| (StringAmount(pool.worth(chunk.amount)), chunk.withdrawable_from))
                .collect(),
            rewards: ledger
                .rewards
                .iter()
                .map(|rewards| (rewards.asset, delegation.unclaimed(rewards)))
                .filter(|(_, unclaimed)| *unclaimed > 0)
                .map(|(asset, unclaimed)| (asset, StringAmount(unclaimed)))
                .collect(),
        })
    }
}
