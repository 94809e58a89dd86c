//! Invariants, checked after every test, in the property tests and by `try-runtime`.

use crate::{
    limits::MAX_HANDOVERS,
    types::{Batch, OpenTask, Part},
    Agenda, AgendaCursor, Appeals, Assigned, Batches, ClaimedAnswers, Config, HoldReason, Inputs, NextBatch,
    Pallet,
};
use alloc::{collections::BTreeMap, collections::BTreeSet};
use frame_support::{ensure, traits::fungibles::InspectHold};
use pensum_primitives::{
    matching::Matching,
    traits::{Auctions, Panels, Solvers},
    verification::Verification,
    AccountId, AssetId, Balance, BatchId, BlockNumber, TaskId,
};
use sp_runtime::TryRuntimeError;

/// What the batches say must be found elsewhere.
#[derive(Default)]
struct Expected {
    agenda: BTreeSet<(BlockNumber, BatchId)>,
    assigned: BTreeSet<(AccountId, BatchId)>,
    claims: BTreeSet<TaskId>,
    appeals: u32,
    /// By requester and asset.
    escrow: BTreeMap<(AccountId, Option<AssetId>), Balance>,
    /// By appellant.
    bonds: BTreeMap<AccountId, Balance>,
    /// Stake and number of tasks, by solver.
    held: BTreeMap<AccountId, (Balance, u32)>,
}

impl Expected {
    fn keep(&mut self, requester: &AccountId, asset: Option<AssetId>, escrow: Balance) {
        let sum = self.escrow.entry((requester.clone(), asset)).or_default();
        *sum = sum.saturating_add(escrow);
    }

    fn hold(&mut self, solver: &AccountId, stake: Balance, tasks: u32) {
        let entry = self.held.entry(solver.clone()).or_default();
        entry.0 = entry.0.saturating_add(stake);
        entry.1 = entry.1.saturating_add(tasks);
    }
}

impl<T: Config> Pallet<T> {
    /// 1. Nothing can be stuck: every part of every live batch stands in the agenda at the block that ends its time, every batch
    ///    with tasks that no solver holds at its deadline, neither behind the cursor; every part that must be answered stands in
    ///    its solver's list; and nothing else stands in either.
    /// 2. Nothing is left behind: inputs exist for live batches only, and a live batch has a live task. Claimed answers exist for the
    ///    tasks of claimed parts, appeals for claimed batches that their requesters judge, and for nothing else.
    /// 3. A task is in one place only, a solver holds at most one part of a batch, and one that failed is not to answer it again.
    /// 4. The escrow of each requester in each asset is exactly what is held for each of its live tasks that the asset pays, and what is
    ///    stranded with it; the bonds of each appellant are exactly what the jurors of open appeals have left of them.
    /// 5. What the solvers have locked and in flight is exactly the bonds and the number of the tasks they hold, of the seats they
    ///    have on panels, and the deposits of their bids.
    /// 6. Batch ids are used once: no live batch has an id that is still to come.
    /// 7. A batch with tasks that no solver holds has an auction or a panel, and no other batch has one, but for a jury.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let mut expected = Expected::default();
        for (id, batch) in Batches::<T>::iter() {
            Self::check_batch(id, &batch, &mut expected)?;
        }
        for (requester, asset, amount) in Self::stranded() {
            ensure!(amount > 0, "nothing is stranded");
            expected.keep(&requester, Some(asset), amount);
        }
        Self::check_lists(&expected)?;
        Self::check_holds(expected)
    }

    fn check_batch(id: BatchId, batch: &Batch, expected: &mut Expected) -> Result<(), TryRuntimeError> {
        ensure!(!batch.is_over(), "a live batch has a live task");
        ensure!(
            id < NextBatch::<T>::get(),
            "a batch has an id that is still to come"
        );
        ensure!(
            batch.failed.len() <= MAX_HANDOVERS as usize,
            "a batch moved too often"
        );
        let mut places = BTreeSet::new();
        for part in &batch.parts {
            Self::check_part(id, batch, part, &mut places, expected)?;
        }
        if let Some(waiting) = &batch.waiting {
            ensure!(!waiting.tasks.is_empty(), "what waits has a task");
            ensure!(
                batch.deadline >= Self::first_block(),
                "a deadline is behind the agenda's cursor"
            );
            ensure!(
                Agenda::<T>::contains_key(batch.deadline, id),
                "what waits is not in the agenda"
            );
            expected.agenda.insert((batch.deadline, id));
            Self::check_tasks(id, &waiting.tasks, &mut places)?;
        }
        Self::check_seekers(id, batch)?;
        let escrow = batch.each().saturating_mul(batch.tasks().into());
        expected.keep(&batch.requester, batch.asset(), escrow);
        if let Some(appeal) = Appeals::<T>::get(id) {
            let part = batch.parts.first().ok_or("an appealed task has a solver")?;
            ensure!(
                matches!(batch.verification, Verification::Requester { .. }) && !part.is_working(),
                "what is appealed is claimed and its requester's to judge"
            );
            expected.appeals = expected.appeals.saturating_add(1);
            for bond in &appeal.bonds {
                let owner = crate::appeal::side(bond.by, &batch.requester, &part.solver);
                let sum = expected.bonds.entry(owner.clone()).or_default();
                *sum = sum.saturating_add(bond.left);
            }
        }
        Ok(())
    }

    fn check_part(
        id: BatchId,
        batch: &Batch,
        part: &Part,
        places: &mut BTreeSet<u8>,
        expected: &mut Expected,
    ) -> Result<(), TryRuntimeError> {
        ensure!(!part.tasks.is_empty(), "a part has a task");
        ensure!(
            part.answer_by >= Self::first_block(),
            "a part's time ends behind the agenda's cursor"
        );
        ensure!(
            Agenda::<T>::contains_key(part.answer_by, id),
            "a part is not in the agenda"
        );
        ensure!(
            batch
                .parts
                .iter()
                .filter(|other| other.solver == part.solver)
                .count()
                == 1,
            "a solver holds two parts of a batch"
        );
        Self::check_tasks(id, &part.tasks, places)?;
        expected.agenda.insert((part.answer_by, id));
        expected.hold(&part.solver, part.bond(), part.count());
        if part.is_working() {
            ensure!(
                part.answer_by <= batch.deadline,
                "a part's time ends after the deadline"
            );
            ensure!(
                Assigned::<T>::contains_key(&part.solver, id),
                "a part is not in its solver's list"
            );
            ensure!(
                !batch.failed.contains(&part.solver),
                "a failed solver holds a part again"
            );
            expected.assigned.insert((part.solver.clone(), id));
            return Ok(());
        }
        for task in &part.tasks {
            let task = id.task(task.place);
            let claimed = ClaimedAnswers::<T>::get(task).ok_or("a claimed task has no answer")?;
            ensure!(
                claimed.until >= part.answer_by || Appeals::<T>::contains_key(id),
                "an answer would settle too late"
            );
            ensure!(
                claimed.trace.is_some() == batch.verification.is_traced(),
                "a trace where none is wanted, or none where one is"
            );
            expected.claims.insert(task);
        }
        Ok(())
    }

    fn check_tasks(
        id: BatchId,
        tasks: &[OpenTask],
        places: &mut BTreeSet<u8>,
    ) -> Result<(), TryRuntimeError> {
        ensure!(
            tasks.is_sorted_by(|one, next| one.place < next.place),
            "tasks are in order"
        );
        let inputs = Inputs::<T>::get(id);
        for task in tasks {
            ensure!(places.insert(task.place), "a task is in two places");
            let input = inputs
                .get(usize::from(task.place))
                .ok_or("a live task has no input")?;
            ensure!(input.len() == task.len, "a task's length is not its input's");
        }
        Ok(())
    }

    /// Whether auction and panel are just where they must be.
    fn check_seekers(id: BatchId, batch: &Batch) -> Result<(), TryRuntimeError> {
        let waits = batch.waiting.is_some();
        let by_panel = matches!(batch.verification, Verification::Quorum { .. });
        let jury = Appeals::<T>::get(id).is_some_and(|appeal| appeal.sits);
        ensure!(
            T::Panels::view(id).is_some() == ((waits && by_panel) || jury),
            "a panel is missing, or sits for nothing"
        );
        ensure!(
            T::Auctions::view(id).is_some() == (waits && !by_panel),
            "an auction is missing, or sells nothing"
        );
        ensure!(
            !waits || by_panel || !matches!(batch.matching, Matching::Book),
            "what the book matches does not wait"
        );
        Ok(())
    }

    fn first_block() -> BlockNumber {
        AgendaCursor::<T>::get().unwrap_or(Self::now())
    }

    fn check_lists(expected: &Expected) -> Result<(), TryRuntimeError> {
        ensure!(
            Agenda::<T>::iter_keys().count() == expected.agenda.len(),
            "the agenda names what does not live"
        );
        ensure!(
            Assigned::<T>::iter_keys().count() == expected.assigned.len(),
            "a solver's list names what it need not answer"
        );
        ensure!(
            Inputs::<T>::iter_keys().count() == Batches::<T>::iter_keys().count(),
            "inputs outlived their batch"
        );
        ensure!(
            ClaimedAnswers::<T>::iter_keys().count() == expected.claims.len(),
            "an answer outlived its claim"
        );
        ensure!(
            Appeals::<T>::iter_keys().count() == expected.appeals as usize,
            "an appeal outlived its task"
        );
        Ok(())
    }

    fn check_holds(mut expected: Expected) -> Result<(), TryRuntimeError> {
        for ((requester, asset), sum) in &expected.escrow {
            ensure!(
                T::Currencies::balance_on_hold(*asset, &HoldReason::Escrow.into(), requester) == *sum,
                "the escrow is not what the live tasks hold"
            );
        }
        for (appellant, sum) in &expected.bonds {
            ensure!(
                T::Currencies::balance_on_hold(None, &HoldReason::Appeal.into(), appellant) == *sum,
                "the bonds are not what open appeals hold"
            );
        }
        for (solver, stake, tasks) in T::Panels::locked() {
            expected.hold(&solver, stake, tasks);
        }
        for (solver, deposits) in T::Auctions::locked() {
            expected.hold(&solver, deposits, 0);
        }
        for (solver, (stake, tasks)) in expected.held {
            ensure!(
                T::Solvers::locked(&solver) == stake,
                "locked stake is not what tasks, seats and bids lock"
            );
            ensure!(
                T::Solvers::in_flight(&solver) == tasks,
                "tasks in flight are not what the solver holds"
            );
        }
        Ok(())
    }
}
