//! What is always true of this pallet's storage.

use crate::{
    types::{Opening, MAX_DUE},
    Audits, AuditsOf, Config, DueAt, HoldReason, Noted, Paces, Pallet, Queue,
};
use alloc::collections::{BTreeMap, BTreeSet};
use frame_support::{ensure, traits::fungible::hold::Inspect};
use pensum_primitives::{traits::Claims, AccountId, BlockNumber};
use sp_runtime::{traits::Get, TryRuntimeError};

impl<T: Config> Pallet<T> {
    /// Checks the invariants:
    ///
    /// 1. Every audit is of an open claim of its solver, is not overdue, and keeps the claim from settling before its last block
    ///    has passed.
    /// 2. Solvers' lists and the blocks' lists name every audit once and nothing else; no block's list is empty or longer than
    ///    `MAX_DUE`.
    /// 3. Exactly the solvers that must open something have a pace, which is not before their last audit. No more than
    ///    `SolverPace` audits of one solver are due in the same block.
    /// 4. The queue's entries are those between its ends; each has tasks, all of one batch.
    /// 5. No bond outlives the challenge that it was held for.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        Self::check_audits()?;
        Self::check_queue()?;
        let bonds = |who: &AccountId| T::NativeBalance::balance_on_hold(&HoldReason::Challenge.into(), who);
        ensure!(
            frame_system::Account::<T>::iter_keys().all(|who| bonds(&who) == 0),
            "a bond outlived its challenge"
        );
        Ok(())
    }

    fn check_audits() -> Result<(), TryRuntimeError> {
        let now = Self::now();
        let mut listed = BTreeMap::<(AccountId, Opening), BlockNumber>::new();
        let mut due = BTreeMap::<(BlockNumber, AccountId), u32>::new();
        let mut last = BTreeMap::<AccountId, BlockNumber>::new();
        for (task, node, audit) in Audits::<T>::iter() {
            let opening = Opening { task, node };
            let claim = T::Claims::claim(task).ok_or("an audit is of no claim")?;
            ensure!(
                claim.solver == audit.solver,
                "an audit is of another solver's claim"
            );
            ensure!(
                claim.until > audit.until,
                "a claim settles before its audit is due"
            );
            ensure!(audit.until >= now, "an audit is overdue");
            ensure!(
                DueAt::<T>::get(audit.until).openings.contains(&opening),
                "an audit is never due"
            );
            let count = due.entry((audit.until, audit.solver.clone())).or_default();
            *count = count.saturating_add(1);
            ensure!(
                *count <= T::SolverPace::get(),
                "a solver must open too much at once"
            );
            let latest = last.entry(audit.solver.clone()).or_default();
            *latest = audit.until.max(*latest);
            listed.insert((audit.solver, opening), audit.until);
        }
        let of_solvers: BTreeMap<_, _> = AuditsOf::<T>::iter()
            .map(|(solver, opening, until)| ((solver, opening), until))
            .collect();
        ensure!(of_solvers == listed, "solvers' lists are not the audits");
        let mut entries = 0usize;
        for due in DueAt::<T>::iter_values() {
            let different: BTreeSet<_> = due.openings.iter().collect();
            ensure!(
                different.len() == due.openings.len(),
                "an audit is due twice in a block"
            );
            ensure!(!due.openings.is_empty(), "nothing is due in a listed block");
            ensure!(
                due.openings.len() <= MAX_DUE as usize,
                "too much is due in a block"
            );
            entries = entries.saturating_add(due.openings.len());
        }
        ensure!(entries == listed.len(), "a block's list names what is no audit");
        let paces: BTreeMap<_, _> = Paces::<T>::iter().collect();
        ensure!(
            paces.keys().eq(last.keys()),
            "paces are not those of the solvers with audits"
        );
        ensure!(
            paces
                .values()
                .zip(last.values())
                .all(|(pace, last)| pace.until >= *last),
            "an audit is due after its solver's pace"
        );
        Ok(())
    }

    fn check_queue() -> Result<(), TryRuntimeError> {
        let queue = Queue::<T>::get();
        let mut entries = 0u64;
        for (number, tasks) in Noted::<T>::iter() {
            ensure!(
                (queue.head..queue.tail).contains(&number),
                "an entry lies outside the queue"
            );
            let first = tasks.first().ok_or("an entry has no tasks")?;
            ensure!(
                tasks.iter().all(|task| task.batch() == first.batch()),
                "an entry is of two batches"
            );
            entries = entries.saturating_add(1);
        }
        ensure!(
            queue.tail.saturating_sub(queue.head) == entries,
            "an entry is missing from the queue"
        );
        Ok(())
    }
}
