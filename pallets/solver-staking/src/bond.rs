//! Stake: in, more, out.

use crate::{types::Solver, Config, Error, Event, HoldReason, Operators, Pallet, Solvers};
use frame_support::{
    ensure,
    pallet_prelude::*,
    traits::{fungible::MutateHold, tokens::Precision},
};
use pensum_primitives::{
    operator::{OperatorId, OperatorSignature},
    AccountId, Balance, BlockNumber,
};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_join(
        who: AccountId,
        operator: OperatorId,
        proof: OperatorSignature,
        bond: Balance,
    ) -> DispatchResult {
        ensure!(!Solvers::<T>::contains_key(&who), Error::<T>::AlreadySolver);
        ensure!(bond >= T::MinBond::get() && bond > 0, Error::<T>::BondTooSmall);
        Self::ensure_operator(&who, &operator, &proof)?;
        Self::hold_bond(&who, bond)?;
        Operators::<T>::insert(&operator, &who);
        Solvers::<T>::insert(&who, Solver::new(operator.clone(), bond));
        Self::deposit_event(Event::Joined {
            solver: who,
            operator,
            bonded: bond,
        });
        Ok(())
    }

    pub(crate) fn do_bond_extra(who: AccountId, amount: Balance) -> DispatchResult {
        let mut solver = Self::solver(&who)?;
        ensure!(amount > 0, Error::<T>::AmountZero);
        let bonded = solver
            .bonded
            .checked_add(amount)
            .ok_or(Error::<T>::BondUnaffordable)?;
        ensure!(bonded >= T::MinBond::get(), Error::<T>::BondTooSmall);
        Self::hold_bond(&who, amount)?;
        solver.bonded = bonded;
        Solvers::<T>::insert(&who, solver);
        Self::deposit_event(Event::BondIncreased {
            solver: who,
            amount,
            bonded,
        });
        Ok(())
    }

    pub(crate) fn do_unbond(who: AccountId, amount: Balance) -> DispatchResult {
        let mut solver = Self::solver(&who)?;
        ensure!(amount > 0, Error::<T>::AmountZero);
        ensure!(solver.can_spare(amount), Error::<T>::StakeNotFree);
        let rest = solver.bonded.saturating_sub(amount);
        ensure!(rest > 0 && rest >= T::MinBond::get(), Error::<T>::RestTooSmall);
        let withdrawable_from = Self::unbonded_from();
        ensure!(
            solver.start_unbonding(amount, withdrawable_from),
            Error::<T>::TooManyUnbonding
        );
        Solvers::<T>::insert(&who, solver);
        Self::deposit_event(Event::Unbonded {
            solver: who,
            amount,
            withdrawable_from,
        });
        Ok(())
    }

    pub(crate) fn do_withdraw_unbonded(who: AccountId) -> DispatchResult {
        let mut solver = Self::solver(&who)?;
        // Else the solver could leave the whole of a pending slash to those who delegated to it.
        ensure!(
            solver.at_risk == 0 || solver.delegated() == 0,
            Error::<T>::SlashPending
        );
        let amount = solver.take_matured(Self::now());
        ensure!(amount > 0, Error::<T>::NothingToWithdraw);
        T::NativeBalance::release(&HoldReason::Bond.into(), &who, amount, Precision::Exact)?;
        Self::deposit_event(Event::Withdrawn {
            solver: who.clone(),
            amount,
        });
        Self::store_or_remove(&who, solver);
        Ok(())
    }

    pub(crate) fn do_leave(who: AccountId) -> DispatchResult {
        let mut solver = Self::solver(&who)?;
        ensure!(
            solver.in_flight == 0 && solver.locked == 0,
            Error::<T>::StillAtWork
        );
        ensure!(solver.at_risk == 0, Error::<T>::StillAtRisk);
        let amount = solver.bonded;
        ensure!(amount > 0, Error::<T>::NothingBonded);
        let withdrawable_from = Self::unbonded_from();
        ensure!(
            solver.start_unbonding(amount, withdrawable_from),
            Error::<T>::TooManyUnbonding
        );
        Self::drop_offers(&who, &mut solver);
        Solvers::<T>::insert(&who, solver);
        Self::deposit_event(Event::Unbonded {
            solver: who.clone(),
            amount,
            withdrawable_from,
        });
        Self::deposit_event(Event::Left { solver: who });
        Ok(())
    }

    /// The solver, or the error that there is none.
    pub(crate) fn solver(who: &AccountId) -> Result<Solver<T>, Error<T>> {
        Solvers::<T>::get(who).ok_or(Error::NotSolver)
    }

    /// Stores the record, or removes it and frees its operator key where nothing is left of the solver. Returns how many offers left the
    /// books with it.
    pub(crate) fn store_or_remove(who: &AccountId, mut solver: Solver<T>) -> u32 {
        if !solver.is_spent() {
            Solvers::<T>::insert(who, solver);
            return 0;
        }
        let offers = solver.offers.len() as u32;
        Self::drop_offers(who, &mut solver);
        Operators::<T>::remove(&solver.operator);
        Solvers::<T>::remove(who);
        if solver.pool.is_some() {
            Self::close_pool(who);
        }
        Self::deposit_event(Event::Removed {
            solver: who.clone(),
            operator: solver.operator,
        });
        offers
    }

    fn hold_bond(who: &AccountId, amount: Balance) -> DispatchResult {
        T::NativeBalance::hold(&HoldReason::Bond.into(), who, amount)
            .map_err(|_| Error::<T>::BondUnaffordable.into())
    }

    pub(crate) fn unbonded_from() -> BlockNumber {
        Self::now().saturating_add(T::UnbondingPeriod::get())
    }
}
