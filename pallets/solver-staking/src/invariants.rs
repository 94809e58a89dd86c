//! What is true after every call and every block.

use crate::{
    types::Solver, AgendaCursor, Books, Config, HoldReason, NextSlashId, Operators, Pallet, SlashAgenda,
    Slashes, Solvers,
};
use alloc::collections::{BTreeMap, BTreeSet};
use frame_support::{ensure, traits::fungible::InspectHold};
use pensum_primitives::{AccountId, Balance};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// Checks that
    ///
    /// * what is on hold for each solver is exactly its bonded and unbonding stake;
    /// * `locked` lies within the bonded stake, and `locked + at_risk` within all stake;
    /// * `at_risk` is exactly the sum of the solver's pending slashes, and every pending slash has its solver;
    /// * no record is left of a solver that has neither stake nor task;
    /// * operator keys and solvers match one to one;
    /// * books are in order of price, never stored empty, name a solver once, and agree with the solvers' own lists; a
    ///   jailed solver has no offer;
    /// * the agenda names every pending slash at its block and nothing else, and no block before the cursor.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let at_risk = Self::check_slashes()?;
        let mut operators = 0usize;
        for (who, solver) in Solvers::<T>::iter() {
            Self::check_stake(&who, &solver, at_risk.get(&who).copied().unwrap_or(0))?;
            ensure!(
                Operators::<T>::get(&solver.operator).as_ref() == Some(&who),
                "a solver's operator key does not name it"
            );
            operators = operators.saturating_add(1);
        }
        ensure!(
            Operators::<T>::iter_keys().count() == operators,
            "an operator key works for no solver"
        );
        ensure!(
            at_risk.keys().all(Solvers::<T>::contains_key),
            "a pending slash has no solver"
        );
        Self::check_books()
    }

    fn check_stake(who: &AccountId, solver: &Solver<T>, pending: Balance) -> Result<(), TryRuntimeError> {
        let held = T::NativeBalance::balance_on_hold(&HoldReason::Bond.into(), who);
        ensure!(
            held == solver.total(),
            "the hold is not the bonded and unbonding stake"
        );
        ensure!(solver.locked <= solver.bonded, "more is locked than bonded");
        let claimed = solver.locked.checked_add(solver.at_risk);
        ensure!(
            claimed.is_some_and(|claimed| claimed <= solver.total()),
            "more is claimed than held"
        );
        ensure!(
            solver.at_risk == pending,
            "at_risk is not the sum of pending slashes"
        );
        ensure!(
            solver.in_flight > 0 || solver.locked == 0,
            "stake is locked behind no task"
        );
        ensure!(!solver.is_spent(), "a spent solver was not removed");
        ensure!(
            solver.unbonding.iter().all(|chunk| chunk.amount > 0),
            "an unbonding chunk is empty"
        );
        ensure!(
            !solver.is_jailed() || solver.offers.is_empty(),
            "a jailed solver has offers"
        );
        Ok(())
    }

    fn check_slashes() -> Result<BTreeMap<AccountId, Balance>, TryRuntimeError> {
        let mut at_risk = BTreeMap::<AccountId, Balance>::new();
        let next = NextSlashId::<T>::get();
        let mut slashes = 0usize;
        for (id, slash) in Slashes::<T>::iter() {
            ensure!(id < next, "a slash has an id not yet given");
            ensure!(
                SlashAgenda::<T>::contains_key(slash.apply_at, id),
                "a slash is on no agenda"
            );
            let sum = at_risk.entry(slash.solver).or_default();
            *sum = sum.saturating_add(slash.amount);
            slashes = slashes.saturating_add(1);
        }
        ensure!(
            SlashAgenda::<T>::iter_keys().count() == slashes,
            "the agenda names a slash that is not pending"
        );
        let now = Self::now();
        let first_open = AgendaCursor::<T>::get().unwrap_or(now);
        ensure!(
            SlashAgenda::<T>::iter_keys().all(|(block, _)| block >= first_open),
            "a slash was passed over"
        );
        Ok(at_risk)
    }

    fn check_books() -> Result<(), TryRuntimeError> {
        let mut listed = BTreeSet::new();
        for (model, book) in Books::<T>::iter() {
            ensure!(!book.is_empty(), "an empty book is stored");
            ensure!(
                book.is_sorted_by_key(|entry| entry.listed()),
                "a book is out of order"
            );
            for entry in book {
                ensure!(entry.offer.capacity > 0, "an offer has no capacity");
                ensure!(
                    listed.insert((entry.solver, model)),
                    "a solver is twice in a book"
                );
            }
        }
        let mut offered = BTreeSet::new();
        for (who, solver) in Solvers::<T>::iter() {
            for model in solver.offers {
                ensure!(
                    offered.insert((who.clone(), model)),
                    "a solver lists an offer twice"
                );
            }
        }
        ensure!(listed == offered, "books and solvers disagree about offers");
        Ok(())
    }
}
