//! What delegators earn: money that reaches the pool's account is shared out when somebody next comes or goes.

use crate::{
    pool::{Delegation, Pool, Rewards},
    Config, Delegations, Error, Event, Pallet, PoolRewards, Solvers,
};
use frame_support::{
    ensure,
    pallet_prelude::*,
    traits::{fungible::Inspect, tokens::Preservation},
};
use market_math::delegation::rewards;
use pensum_primitives::{
    solver::{DelegationView, StringAmount},
    AccountId, Balance,
};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_claim_rewards(who: AccountId, stash: AccountId) -> DispatchResult {
        let (solver, mut delegation) = Self::delegation_of(&stash, &who)?;
        let pool = solver.pool.ok_or(Error::<T>::NotDelegator)?;
        let mut rewards = Self::settle_rewards(&stash, &pool, &mut delegation);
        ensure!(delegation.unclaimed > 0, Error::<T>::NothingToClaim);
        Self::pay_rewards(&stash, &who, &mut rewards, &mut delegation)?;
        PoolRewards::<T>::insert(&stash, rewards);
        Delegations::<T>::insert(&stash, &who, delegation);
        Ok(())
    }

    /// Shares out what has arrived in the pool and counts what this delegation has of it. To be done before shares change; the caller
    /// stores both.
    pub(crate) fn settle_rewards(stash: &AccountId, pool: &Pool, delegation: &mut Delegation<T>) -> Rewards {
        let mut rewards = PoolRewards::<T>::get(stash);
        let funds = T::NativeBalance::balance(&Self::pool_account(stash))
            .saturating_sub(T::NativeBalance::minimum_balance());
        rewards.share_out(funds, pool.active());
        delegation.earn(&rewards);
        rewards
    }

    /// Pays all that a delegation has earned; the caller stores both.
    pub(crate) fn pay_rewards(
        stash: &AccountId,
        to: &AccountId,
        rewards: &mut Rewards,
        delegation: &mut Delegation<T>,
    ) -> DispatchResult {
        let amount = core::mem::take(&mut delegation.unclaimed);
        if amount == 0 {
            return Ok(());
        }
        Self::move_funds(&Self::pool_account(stash), to, amount, Preservation::Preserve)?;
        rewards.owed = rewards.owed.saturating_sub(amount);
        Self::deposit_event(Event::RewardsClaimed {
            solver: stash.clone(),
            delegator: to.clone(),
            amount,
        });
        Ok(())
    }

    /// The delegators' part of a payment to the solver, and their pool's account.
    pub(crate) fn share_of_delegators(stash: &AccountId, payment: Balance) -> Option<(AccountId, Balance)> {
        let solver = Solvers::<T>::get(stash)?;
        let commission = solver.pool?.commission.at(Self::now());
        let share = rewards(payment, solver.bonded, solver.counted(), commission);
        (share > 0).then(|| (Self::pool_account(stash), share))
    }

    /// What one account has behind one solver, with what it could claim now.
    pub fn delegation(stash: &AccountId, delegator: &AccountId) -> Option<DelegationView> {
        let (solver, mut delegation) = Self::delegation_of(stash, delegator).ok()?;
        let pool = solver.pool?;
        Self::settle_rewards(stash, &pool, &mut delegation);
        Some(DelegationView {
            solver: stash.clone(),
            delegator: delegator.clone(),
            staked: pool.worth(delegation.shares),
            leaving: delegation
                .leaving
                .iter()
                .map(|chunk| (StringAmount(pool.worth(chunk.amount)), chunk.withdrawable_from))
                .collect(),
            rewards: delegation.unclaimed,
        })
    }
}
