//! Commission, and with it the opening and closing of a solver's pool.

use crate::{pool::Pool, Config, Error, Event, Pallet, PoolRewards, Solvers};
use frame_support::{
    ensure,
    pallet_prelude::*,
    traits::{
        fungible::{Inspect, Mutate},
        tokens::Preservation,
    },
};
use pensum_primitives::{AccountId, Balance};
use sp_runtime::traits::AccountIdConversion;

impl<T: Config> Pallet<T> {
    /// The account that holds what is delegated to a solver, and its delegators' rewards.
    pub fn pool_account(solver: &AccountId) -> AccountId {
        T::PalletId::get().into_sub_account_truncating(solver)
    }

    pub(crate) fn do_set_commission(who: AccountId, commission: u32) -> DispatchResult {
        let mut solver = Self::solver(&who)?;
        ensure!(
            commission <= T::MaxCommission::get(),
            Error::<T>::CommissionTooHigh
        );
        let now = Self::now();
        let from = match &mut solver.pool {
            Some(pool) => {
                let (set, from) = pool.commission.set(commission, now, T::CommissionNotice::get());
                pool.commission = set;
                from
            }
            None => {
                // The account must be able to receive rewards below the existential deposit.
                let deposit = T::NativeBalance::minimum_balance();
                T::NativeBalance::transfer(&who, &Self::pool_account(&who), deposit, Preservation::Preserve)
                    .map_err(|_| Error::<T>::BondUnaffordable)?;
                solver.pool = Some(Pool::new(commission));
                now
            }
        };
        Solvers::<T>::insert(&who, solver);
        Self::deposit_event(Event::CommissionSet {
            solver: who,
            commission,
            from,
        });
        Ok(())
    }

    /// Closes the pool of a solver that is removed: the deposit goes back, the dust of all the rewards to the treasury.
    pub(crate) fn close_pool(solver: &AccountId) {
        PoolRewards::<T>::remove(solver);
        let pool = Self::pool_account(solver);
        let deposit = T::NativeBalance::minimum_balance();
        let dust = T::NativeBalance::balance(&pool).saturating_sub(deposit);
        // Where the treasury cannot take it, the dust goes with the deposit.
        if Self::move_funds(&pool, &T::Treasury::get(), dust, Preservation::Preserve).is_err() {
            log::warn!(target: "solver-staking", "the treasury cannot receive {dust}");
        }
        let rest = T::NativeBalance::balance(&pool);
        if let Err(error) = Self::move_funds(&pool, solver, rest, Preservation::Expendable) {
            log::error!(target: "solver-staking", "cannot pay {rest} of a pool back to {solver:?}: {error:?}");
        }
    }

    /// Moves free balance; nothing happens for an amount of zero.
    pub(crate) fn move_funds(
        from: &AccountId,
        to: &AccountId,
        amount: Balance,
        preservation: Preservation,
    ) -> DispatchResult {
        if amount > 0 {
            T::NativeBalance::transfer(from, to, amount, preservation)?;
        }
        Ok(())
    }
}
