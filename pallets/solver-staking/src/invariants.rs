//! What is true after every call and every block.

use crate::{
    ledger::Ledger, pool::Pool, types::Solver, AgendaCursor, Books, Config, Delegations, HoldReason,
    NextSlashId, Operators, Pallet, PoolRewards, SlashAgenda, Slashes, Solvers,
};
use alloc::collections::{BTreeMap, BTreeSet};
use frame_support::{
    ensure,
    traits::{fungible::InspectHold, fungibles::Inspect},
};
use market_math::delegation::{Owed, REWARD_ONE};
use pensum_primitives::{solver::Unit, AccountId, Balance};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// Checks that
    ///
    /// * what is on hold for each solver is exactly its bonded and unbonding stake;
    /// * what is on hold for each pool is exactly its value, and its delegators' shares sum to the pool's;
    /// * what each pool's delegators have earned is exactly what it owes, in each currency, and is there beside the deposit; it can have
    ///   rewards in every asset that its solver accepts;
    /// * `locked + at_risk` lies within all stake, and without a pool `locked` within the bonded stake;
    /// * `at_risk` is exactly the sum of the solver's pending slashes, and every pending slash has its solver;
    /// * no record is left of a solver that has neither stake nor task nor delegator, nor of a delegation without shares
    ///   and rewards;
    /// * operator keys and solvers match one to one;
    /// * books have their offers in PEN in order, are never stored empty, name a solver once, and agree with the solvers' own lists, of
    ///   offers and of what they accept; a jailed solver has no offer;
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
        ensure!(
            Delegations::<T>::iter_keys()
                .map(|(solver, _)| solver)
                .chain(PoolRewards::<T>::iter_keys())
                .all(|solver| Solvers::<T>::get(solver).is_some_and(|solver| solver.pool.is_some())),
            "a delegation has no pool"
        );
        Self::check_books()
    }

    fn check_stake(who: &AccountId, solver: &Solver<T>, pending: Balance) -> Result<(), TryRuntimeError> {
        let held = T::NativeBalance::balance_on_hold(&HoldReason::Bond.into(), who);
        ensure!(
            held == solver.total(),
            "the hold is not the bonded and unbonding stake"
        );
        let delegated = match &solver.pool {
            Some(pool) => {
                Self::check_pool(who, pool)?;
                let ledger = PoolRewards::<T>::get(who);
                ensure!(
                    solver
                        .accepts
                        .iter()
                        .map(|asset| Some(*asset))
                        .all(|asset| ledger.has(asset) || !T::Currencies::asset_exists(asset)),
                    "an accepted asset cannot reach the delegators"
                );
                pool.value
            }
            None => {
                ensure!(solver.locked <= solver.bonded, "more is locked than bonded");
                0
            }
        };
        let claimed = solver.locked.checked_add(solver.at_risk);
        ensure!(
            claimed.is_some_and(|claimed| claimed <= solver.total().saturating_add(delegated)),
            "more is claimed than held"
        );
        ensure!(
            solver.at_risk == pending,
            "at_risk is not the sum of pending slashes"
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

    fn check_pool(who: &AccountId, pool: &Pool) -> Result<(), TryRuntimeError> {
        let account = Self::pool_account(who);
        ensure!(
            T::NativeBalance::balance_on_hold(&HoldReason::Bond.into(), &account) == pool.value,
            "a pool's hold is not its value"
        );
        ensure!(
            pool.shares > 0 || pool.value == 0,
            "a pool has stake that is nobody's"
        );
        let mut ledger = PoolRewards::<T>::get(who);
        let (mut active, mut leaving, mut delegators) = (0u128, 0u128, 0u32);
        let mut earned = BTreeMap::<u32, Balance>::new();
        for (_, mut delegation) in Delegations::<T>::iter_prefix(who) {
            ensure!(!delegation.is_over(), "a delegation that is over was not removed");
            delegation.earn(&mut ledger);
            active = active.saturating_add(delegation.shares);
            leaving = leaving.saturating_add(delegation.leaving_total());
            delegators = delegators.saturating_add(1);
            for part in &delegation.earned {
                let sum = earned.entry(part.number).or_default();
                *sum = sum.saturating_add(part.unclaimed);
            }
        }
        ensure!(
            (active, leaving) == (pool.active(), pool.leaving),
            "shares do not sum to the pool's"
        );
        ensure!(
            delegators == pool.delegators,
            "a pool does not count its delegators"
        );
        Self::check_ledger(&account, &ledger, &earned)
    }

    /// The delegators' rewards, each counted to the end, against what the pool owes and has.
    fn check_ledger(
        account: &AccountId,
        ledger: &Ledger,
        earned: &BTreeMap<u32, Balance>,
    ) -> Result<(), TryRuntimeError> {
        ensure!(ledger.has(None), "a pool has no rewards in PEN");
        let currencies: BTreeSet<_> = ledger.currencies().into_iter().collect();
        ensure!(
            currencies.len() == ledger.rewards.len(),
            "a pool has rewards in one currency twice"
        );
        for rewards in &ledger.rewards {
            ensure!(
                rewards.number < ledger.opened,
                "a currency has a number not yet given"
            );
            let sum = earned.get(&rewards.number).copied().unwrap_or(0);
            ensure!(
                rewards.owed == Owed::default().risen(sum, REWARD_ONE).unwrap_or_default(),
                "a pool does not owe what was earned"
            );
            let funds = sum.saturating_add(rewards.deposit);
            ensure!(
                T::Currencies::balance(rewards.asset, account) >= funds,
                "a pool does not have what it owes"
            );
        }
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
            let in_pen = book.iter().filter(|entry| entry.offer.unit == Unit::Native);
            ensure!(
                in_pen.is_sorted_by_key(|entry| entry.listed(None)),
                "a book is out of order"
            );
            for entry in book {
                ensure!(
                    Solvers::<T>::get(&entry.solver).is_some_and(|solver| solver.accepts == entry.accepts),
                    "an offer does not name what its solver accepts"
                );
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
