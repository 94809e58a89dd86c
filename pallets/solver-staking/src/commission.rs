//! Commission, and with it the opening and closing of a solver's pool.

use crate::{ledger::Ledger, pool::Pool, Config, Error, Event, Pallet, PoolRewards, Solvers, WeightInfo};
use frame_support::{
    ensure,
    pallet_prelude::*,
    traits::{fungibles::Mutate, tokens::Preservation},
};
use pensum_primitives::{AccountId, AssetId, Balance};
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
                let mut ledger = Ledger::default();
                Self::open_rewards(&who, &mut ledger, None)?;
                for asset in &solver.accepts {
                    Self::open_rewards(&who, &mut ledger, Some(*asset))?;
                }
                PoolRewards::<T>::insert(&who, ledger);
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

    /// Closes the pool of a solver that is removed: the deposits go back, the dust of all the rewards to the treasury. What that takes
    /// for each asset depends on the solver and not on the call that ends it, so it is added to the block here.
    pub(crate) fn close_pool(solver: &AccountId) {
        let ledger = PoolRewards::<T>::take(solver);
        frame_system::Pallet::<T>::register_extra_weight_unchecked(
            T::WeightInfo::close_rewards().saturating_mul(ledger.assets().into()),
            DispatchClass::Mandatory,
        );
        // PEN last: its account cannot die while it has assets.
        for rewards in ledger.rewards.iter().rev() {
            let asset = rewards.asset;
            if let Err(error) = Self::empty_pool(solver, asset, rewards.deposit) {
                log::error!(target: "solver-staking", "cannot empty the pool of {solver:?} of {asset:?}: {error:?}");
            }
        }
    }

    /// Moves free balance; nothing happens for an amount of zero.
    pub(crate) fn move_funds(
        asset: Option<AssetId>,
        from: &AccountId,
        to: &AccountId,
        amount: Balance,
        preservation: Preservation,
    ) -> DispatchResult {
        if amount > 0 {
            T::Currencies::transfer(asset, from, to, amount, preservation)?;
        }
        Ok(())
    }
}
