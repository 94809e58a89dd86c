//! Invariants, checked after every test, in the property tests and by `try-runtime`.

use crate::{
    limits::MAX_HANDOVERS, Agenda, AgendaCursor, Assigned, Batches, Config, HoldReason, Inputs, NextBatch,
    Pallet,
};
use alloc::{collections::BTreeMap, collections::BTreeSet};
use frame_support::{ensure, traits::fungible::InspectHold};
use pensum_primitives::{traits::Solvers, AccountId, Balance};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// 1. Nothing can be stuck: every part of every live batch stands in the agenda at the block that ends its time, which is not
    ///    behind the cursor, and in its solver's list; and nothing else stands there.
    /// 2. Nothing is left behind: inputs exist for live batches only, and a live batch has a live task.
    /// 3. A task is in one part only, and a solver holds at most one part of a batch.
    /// 4. The escrow of each requester is exactly the sum of `max_reward` over its live tasks.
    /// 5. What the solvers have locked and in flight is exactly the bonds and the number of the tasks they hold.
    /// 6. Batch ids are used once: no live batch has an id that is still to come.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let mut agenda = BTreeSet::new();
        let mut assigned = BTreeSet::new();
        let mut escrow = BTreeMap::<AccountId, Balance>::new();
        let mut held = BTreeMap::<AccountId, (Balance, u32)>::new();
        let first_block = AgendaCursor::<T>::get().unwrap_or(Self::now());
        for (id, batch) in Batches::<T>::iter() {
            ensure!(!batch.parts.is_empty(), "a live batch has a part");
            ensure!(
                id < NextBatch::<T>::get(),
                "a batch has an id that is still to come"
            );
            ensure!(
                batch.failed.len() <= MAX_HANDOVERS as usize,
                "a batch moved too often"
            );
            let inputs = Inputs::<T>::get(id);
            let mut places = BTreeSet::new();
            for part in &batch.parts {
                ensure!(!part.tasks.is_empty(), "a part has a task");
                ensure!(
                    part.tasks.is_sorted_by_key(|task| task.place),
                    "a part's tasks are in order"
                );
                ensure!(
                    part.answer_by >= first_block,
                    "a part's time ends behind the agenda's cursor"
                );
                ensure!(
                    part.answer_by <= batch.deadline,
                    "a part's time ends after the deadline"
                );
                ensure!(
                    Agenda::<T>::contains_key(part.answer_by, id),
                    "a part is not in the agenda"
                );
                ensure!(
                    assigned.insert((part.solver.clone(), id)),
                    "a solver holds two parts of a batch"
                );
                ensure!(
                    Assigned::<T>::contains_key(&part.solver, id),
                    "a part is not in its solver's list"
                );
                ensure!(
                    !batch.failed.contains(&part.solver),
                    "a failed solver holds a part again"
                );
                for task in &part.tasks {
                    ensure!(places.insert(task.place), "a task is in two parts");
                    let input = inputs
                        .get(usize::from(task.place))
                        .ok_or("a live task has no input")?;
                    ensure!(input.len() == task.len, "a task's length is not its input's");
                }
                agenda.insert((part.answer_by, id));
                let entry = held.entry(part.solver.clone()).or_default();
                entry.0 = entry.0.saturating_add(part.bond());
                entry.1 = entry.1.saturating_add(part.count());
            }
            let sum = escrow.entry(batch.requester.clone()).or_default();
            *sum = sum.saturating_add(batch.max_reward.saturating_mul(batch.tasks().into()));
        }
        ensure!(
            Agenda::<T>::iter_keys().count() == agenda.len(),
            "the agenda names what does not live"
        );
        ensure!(
            Assigned::<T>::iter_keys().count() == assigned.len(),
            "a solver's list names what it does not hold"
        );
        ensure!(
            Inputs::<T>::iter_keys().count() == Batches::<T>::iter_keys().count(),
            "inputs outlived their batch"
        );
        for (requester, sum) in escrow {
            let on_hold = T::NativeBalance::balance_on_hold(&HoldReason::Escrow.into(), &requester);
            ensure!(on_hold == sum, "the escrow is not what the live tasks hold");
        }
        for (solver, (bond, tasks)) in held {
            ensure!(
                T::Solvers::locked(&solver) == bond,
                "locked stake is not what the live tasks lock"
            );
            ensure!(
                T::Solvers::in_flight(&solver) == tasks,
                "tasks in flight are not what the solver holds"
            );
        }
        Ok(())
    }
}
