//! Delegated stake: in and out.

use crate::{
    pool::Delegation, types::Solver, Config, Delegations, Error, Event, HoldReason, Pallet, PoolRewards,
    Solvers,
};
use frame_support::{
    ensure,
    pallet_prelude::*,
    traits::{
        fungible::MutateHold,
        tokens::{Fortitude, Precision, Preservation, Restriction},
    },
};
use pensum_primitives::{AccountId, Balance};

impl<T: Config> Pallet<T> {
    /// Returns in how many assets the pool has rewards.
    pub(crate) fn do_delegate(
        who: AccountId,
        stash: AccountId,
        amount: Balance,
    ) -> Result<u32, DispatchError> {
        ensure!(amount > 0, Error::<T>::AmountZero);
        let mut solver = Self::solver(&stash)?;
        // A slash falls on whoever is in the pool when it is applied; a fault of before must not meet who comes after.
        ensure!(solver.at_risk == 0, Error::<T>::SlashPending);
        let limit = solver.bonded.saturating_mul(T::MaxDelegationFactor::get().into());
        let pool = solver.pool.as_mut().ok_or(Error::<T>::DelegationClosed)?;
        ensure!(
            pool.staked().saturating_add(amount) <= limit,
            Error::<T>::PoolFull
        );
        let known = Delegations::<T>::get(&stash, &who);
        if known.is_none() {
            pool.delegators = pool.delegators.saturating_add(1);
        }
        let mut delegation = known.unwrap_or_default();
        ensure!(
            pool.worth(delegation.shares).saturating_add(amount) >= T::MinDelegation::get(),
            Error::<T>::DelegationTooSmall
        );
        let ledger = Self::settle_rewards(&stash, pool, &mut delegation);
        let shares = pool.take_in(amount).ok_or(Error::<T>::PoolSpent)?;
        delegation.shares = delegation
            .shares
            .checked_add(shares)
            .ok_or(Error::<T>::PoolSpent)?;

        T::NativeBalance::transfer_and_hold(
            &HoldReason::Bond.into(),
            &who,
            &Self::pool_account(&stash),
            amount,
            Precision::Exact,
            Preservation::Preserve,
            Fortitude::Polite,
        )
        .map_err(|_| Error::<T>::BondUnaffordable)?;
        let assets = ledger.assets();
        PoolRewards::<T>::insert(&stash, ledger);
        Delegations::<T>::insert(&stash, &who, delegation);
        Solvers::<T>::insert(&stash, solver);
        Self::deposit_event(Event::Delegated {
            solver: stash,
            delegator: who,
            amount,
        });
        Ok(assets)
    }

    /// Returns in how many assets the pool has rewards.
    pub(crate) fn do_undelegate(
        who: AccountId,
        stash: AccountId,
        amount: Balance,
    ) -> Result<u32, DispatchError> {
        ensure!(amount > 0, Error::<T>::AmountZero);
        let (mut solver, mut delegation) = Self::delegation_of(&stash, &who)?;
        let pool = solver.pool.as_mut().ok_or(Error::<T>::NotDelegator)?;
        let staked = pool.worth(delegation.shares);
        ensure!(amount <= staked, Error::<T>::NotThatMuchDelegated);
        // Whoever takes all keeps no fraction of a unit.
        let shares = if amount == staked {
            delegation.shares
        } else {
            pool.shares_worth(amount).min(delegation.shares)
        };
        let rest = delegation.shares.saturating_sub(shares);
        ensure!(
            rest == 0 || pool.worth(rest) >= T::MinDelegation::get(),
            Error::<T>::DelegationTooSmall
        );
        let ledger = Self::settle_rewards(&stash, pool, &mut delegation);
        let withdrawable_from = Self::unbonded_from();
        ensure!(
            delegation.start_leaving(pool, shares, withdrawable_from),
            Error::<T>::TooManyUnbonding
        );
        let amount = pool.worth(shares);

        let assets = ledger.assets();
        PoolRewards::<T>::insert(&stash, ledger);
        Delegations::<T>::insert(&stash, &who, delegation);
        Solvers::<T>::insert(&stash, solver);
        Self::deposit_event(Event::Undelegated {
            solver: stash,
            delegator: who,
            amount,
            withdrawable_from,
        });
        Ok(assets)
    }

    /// Returns how many offers left the books with the solver, and in how many assets the pool has rewards.
    pub(crate) fn do_withdraw_delegated(
        who: AccountId,
        stash: AccountId,
    ) -> Result<(u32, u32), DispatchError> {
        let (mut solver, mut delegation) = Self::delegation_of(&stash, &who)?;
        let uncovered = solver.unencumbered();
        let pool = solver.pool.as_mut().ok_or(Error::<T>::NotDelegator)?;
        let mut ledger = Self::settle_rewards(&stash, pool, &mut delegation);
        // Where a slash left nothing there is nothing to wait for.
        let shares = if pool.worth(delegation.total()) == 0 {
            delegation.take_all(pool)
        } else {
            delegation.take_matured(Self::now())
        };
        ensure!(shares > 0, Error::<T>::NothingToWithdraw);
        ensure!(solver.at_risk == 0, Error::<T>::SlashPending);
        let amount = pool.let_out(shares);
        ensure!(amount <= uncovered, Error::<T>::StakeNotFree);

        Self::release_delegated(&stash, &who, amount)?;
        if !delegation.has_shares() {
            Self::pay_all_rewards(&stash, &who, &mut ledger, &mut delegation);
        }
        let assets = ledger.assets();
        PoolRewards::<T>::insert(&stash, ledger);
        Self::deposit_event(Event::DelegationWithdrawn {
            solver: stash.clone(),
            delegator: who.clone(),
            amount,
        });
        let offers = if delegation.is_over() {
            Self::remove_delegation(&stash, &who, solver)
        } else {
            Delegations::<T>::insert(&stash, &who, delegation);
            Self::store_or_remove(&stash, solver)
        };
        Ok((offers, assets))
    }

    /// A delegation and its solver, or the error that there is none.
    pub(crate) fn delegation_of(
        stash: &AccountId,
        delegator: &AccountId,
    ) -> Result<(Solver<T>, Delegation<T>), Error<T>> {
        let delegation = Delegations::<T>::get(stash, delegator).ok_or(Error::NotDelegator)?;
        Ok((Self::solver(stash)?, delegation))
    }

    fn release_delegated(stash: &AccountId, to: &AccountId, amount: Balance) -> DispatchResult {
        if amount > 0 {
            T::NativeBalance::transfer_on_hold(
                &HoldReason::Bond.into(),
                &Self::pool_account(stash),
                to,
                amount,
                Precision::Exact,
                Restriction::Free,
                Fortitude::Polite,
            )?;
        }
        Ok(())
    }
}
