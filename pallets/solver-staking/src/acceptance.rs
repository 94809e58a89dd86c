//! Assets that a solver accepts, and its pool's rewards in them.

use crate::{ledger::Ledger, pool::Pool, types::Solver, Config, Error, Event, Pallet, PoolRewards, Solvers};
use frame_support::{
    ensure,
    pallet_prelude::*,
    storage::with_storage_layer,
    traits::{
        fungibles::Inspect,
        tokens::{Preservation, Provenance},
    },
};
use market_math::delegation::Owed;
use pensum_primitives::{traits::Rates, AccountId, AssetId, Balance};

/// What came of giving up a pool's rewards in an asset.
#[derive(PartialEq, Eq)]
enum Closing {
    /// There are none.
    NotOpen,
    /// They stay: something is owed, or may still arrive.
    Kept,
    /// They are gone, and the deposit is back.
    Closed,
}

impl<T: Config> Pallet<T> {
    /// Returns how many offers name the asset now.
    pub(crate) fn do_accept_asset(who: AccountId, asset: AssetId) -> Result<u32, DispatchError> {
        let mut solver = Self::solver(&who)?;
        ensure!(!solver.accepts.contains(&asset), Error::<T>::AssetAccepted);
        // The error says why it has no rate.
        T::Rates::worth(asset, 1)?;
        ensure!(
            T::Currencies::can_deposit(Some(asset), &who, 1, Provenance::Extant)
                .into_result()
                .is_ok(),
            Error::<T>::CannotReceiveAsset
        );
        solver
            .accepts
            .try_push(asset)
            .map_err(|_| Error::<T>::TooManyAssets)?;
        if solver.pool.is_some() {
            let mut ledger = PoolRewards::<T>::get(&who);
            Self::open_rewards(&who, &mut ledger, Some(asset))?;
            PoolRewards::<T>::insert(&who, ledger);
        }
        Self::relist(&who, &solver);
        let offers = solver.offers.len() as u32;
        Solvers::<T>::insert(&who, solver);
        Self::deposit_event(Event::AssetAccepted { solver: who, asset });
        Ok(offers)
    }

    /// Returns how many offers do not name the asset any more.
    pub(crate) fn do_refuse_asset(who: AccountId, asset: AssetId) -> Result<u32, DispatchError> {
        let Some(mut solver) = Solvers::<T>::get(&who) else {
            return Self::collect_deposit(who, asset);
        };
        let was_accepted = solver.accepts.contains(&asset);
        let closing = match solver.pool {
            Some(pool) => Self::close_rewards(&who, &solver, &pool, asset),
            None => Closing::NotOpen,
        };
        ensure!(
            was_accepted || closing != Closing::NotOpen,
            Error::<T>::AssetNotAccepted
        );
        ensure!(
            was_accepted || closing == Closing::Closed,
            Error::<T>::RewardsOutstanding
        );
        let mut relisted = 0;
        if was_accepted {
            solver.accepts.retain(|accepted| *accepted != asset);
            Self::relist(&who, &solver);
            relisted = solver.offers.len() as u32;
            Solvers::<T>::insert(&who, solver);
            Self::deposit_event(Event::AssetRefused {
                solver: who.clone(),
                asset,
            });
        }
        if closing == Closing::Closed {
            Self::deposit_event(Event::RewardsClosed { solver: who, asset });
        }
        Ok(relisted)
    }

    /// Pays out what was left in the pool of a solver that is no more: an asset that was frozen when it was closed, and with that PEN,
    /// where the account could not do without it. Nobody is owed any of it. Returns that no offer was changed.
    fn collect_deposit(who: AccountId, asset: AssetId) -> Result<u32, DispatchError> {
        let left = T::Currencies::balance(Some(asset), &Self::pool_account(&who));
        ensure!(left > 0, Error::<T>::NotSolver);
        for currency in [Some(asset), None] {
            Self::empty_pool(&who, currency, T::Currencies::minimum_balance(currency))?;
        }
        Self::deposit_event(Event::RewardsClosed { solver: who, asset });
        Ok(0)
    }

    /// Lets a pool have rewards in a currency: its account must be able to receive the smallest of them, so the solver leaves the least
    /// balance there as a deposit. The caller stores the ledger.
    pub(crate) fn open_rewards(
        stash: &AccountId,
        ledger: &mut Ledger,
        asset: Option<AssetId>,
    ) -> DispatchResult {
        if ledger.has(asset) {
            return Ok(());
        }
        let deposit = T::Currencies::minimum_balance(asset);
        ensure!(ledger.open(asset, deposit), Error::<T>::TooManyRewardAssets);
        Self::move_funds(
            asset,
            stash,
            &Self::pool_account(stash),
            deposit,
            Preservation::Preserve,
        )
        .map_err(|_| Error::<T>::PoolDepositUnaffordable.into())
    }

    /// Gives up a pool's rewards in an asset, unless somebody has not claimed what is theirs, or tasks are held that may be paid in it.
    /// What arrived and could be shared out among nobody goes to the treasury.
    fn close_rewards(stash: &AccountId, solver: &Solver<T>, pool: &Pool, asset: AssetId) -> Closing {
        let mut ledger = PoolRewards::<T>::get(stash);
        let Some(rewards) = ledger.of(Some(asset)) else {
            return Closing::NotOpen;
        };
        let balance = T::Currencies::balance(Some(asset), &Self::pool_account(stash));
        rewards.share_out(balance, pool);
        let deposit = rewards.deposit;
        if solver.in_flight > 0 || rewards.owed != Owed::default() {
            return Closing::Kept;
        }
        let emptied = with_storage_layer(|| Self::empty_pool(stash, Some(asset), deposit));
        if emptied.is_err() {
            return Closing::Kept;
        }
        ledger.close(Some(asset));
        PoolRewards::<T>::insert(stash, ledger);
        Closing::Closed
    }

    /// Pays out all that a pool's account has of a currency and nobody is owed: the deposit to the solver, the rest to the treasury, or,
    /// where that cannot take it, with the deposit.
    pub(crate) fn empty_pool(stash: &AccountId, asset: Option<AssetId>, deposit: Balance) -> DispatchResult {
        let pool = Self::pool_account(stash);
        let dust = T::Currencies::balance(asset, &pool).saturating_sub(deposit);
        let to_treasury = with_storage_layer(|| {
            Self::move_funds(asset, &pool, &T::Treasury::get(), dust, Preservation::Preserve)
        });
        if to_treasury.is_err() {
            log::warn!(target: "solver-staking", "the treasury cannot receive {dust} of {asset:?}");
        }
        let rest = T::Currencies::balance(asset, &pool);
        Self::move_funds(asset, &pool, stash, rest, Preservation::Expendable)
    }
}
