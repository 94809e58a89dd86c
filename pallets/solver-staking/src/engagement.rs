//! Stake for what was agreed elsewhere: work at a price found by auction, and deposits.

use crate::{
    types::{accepted, Solver},
    Books, Config, Pallet, Solvers,
};
use alloc::vec::Vec;
use frame_support::traits::{DefensiveSaturating, Get};
use market_math::bond::task_bond;
use pensum_primitives::{
    traits::{Engagement, NotReady, Standing},
    AccountId, AssetId, Balance, ModelId,
};

impl<T: Config> Pallet<T> {
    /// Reads a solver and, once that is found fit, a book; writes the solver.
    pub(crate) fn do_engage(who: &AccountId, engagement: Engagement) -> Result<Vec<Balance>, NotReady> {
        let Engagement {
            model,
            prices,
            asset,
            min_reputation,
        } = engagement;
        let mut solver = Solvers::<T>::get(who).ok_or(NotReady::NotEligible)?;
        if !solver.may_work_on(model, asset) || solver.reputation.score_ppm() < min_reputation {
            return Err(NotReady::NotEligible);
        }
        let capacity = Books::<T>::get(model)
            .into_iter()
            .find(|entry| entry.solver == *who)
            .map(|entry| entry.offer.capacity)
            .ok_or(NotReady::NotEligible)?;
        let tasks = prices.len() as u32;
        if tasks > capacity.saturating_sub(solver.in_flight) {
            return Err(NotReady::AtCapacity);
        }
        let bonds: Vec<Balance> = prices.iter().copied().map(Self::bond_behind).collect();
        let sum = total(&bonds);
        if sum > solver.free() {
            return Err(NotReady::StakeTaken);
        }
        solver.lock(tasks, sum);
        Solvers::<T>::insert(who, solver);
        Ok(bonds)
    }

    pub(crate) fn do_lock(who: &AccountId, amount: Balance) -> bool {
        let Some(mut solver) = Solvers::<T>::get(who) else {
            return false;
        };
        if amount > solver.free() {
            return false;
        }
        solver.lock(0, amount);
        Solvers::<T>::insert(who, solver);
        true
    }

    pub(crate) fn do_unlock(who: &AccountId, amount: Balance) {
        Solvers::<T>::mutate_extant(who, |solver| solver.locked.defensive_saturating_reduce(amount));
    }

    pub(crate) fn standing_of(who: &AccountId, model: &ModelId, asset: Option<AssetId>) -> Option<Standing> {
        let solver = Solvers::<T>::get(who)?;
        Some(Standing {
            free: solver.free(),
            reputation: solver.reputation.score_ppm(),
            eligible: solver.may_work_on(model, asset),
        })
    }

    /// The stake that a task at this price locks.
    pub(crate) fn bond_behind(price: Balance) -> Balance {
        task_bond(price, T::MinTaskBond::get(), T::BondFactor::get())
    }
}

impl<T: Config> Solver<T> {
    /// Whether it may take work for a model that is paid in an asset: it has an offer there, accepts the asset, and does not sit out.
    pub fn may_work_on(&self, model: &ModelId, asset: Option<AssetId>) -> bool {
        !self.is_jailed() && self.offers.contains(model) && accepted(&self.accepts, asset)
    }
}

/// The sum of bonds, which saturates, so that no absurd price is covered by a small stake.
pub(crate) fn total(bonds: &[Balance]) -> Balance {
    bonds.iter().fold(0, |sum, bond| sum.saturating_add(*bond))
}
