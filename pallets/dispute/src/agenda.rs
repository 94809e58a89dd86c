//! What must be opened and until when: ordering an audit, ending it, and convicting whoever kept silent.

use crate::{
    types::{Due, Opening, Ordered, Pace},
    weights::WeightInfo,
    Audits, AuditsOf, Config, DueAt, Event, Paces, Pallet,
};
use alloc::vec::Vec;
use codec::Encode;
use frame_support::weights::Weight;
use pensum_primitives::{solver::Fault, AccountId, BlockNumber, TaskId};
use sp_runtime::traits::Get;

/// How many blocks are looked at for one with room, before the draw waits for the next block.
const MAX_PROBES: BlockNumber = 64;

impl<T: Config> Pallet<T> {
    /// Has the solver open a node whose step has so many bytes. Not before `OpenWindow` is over, nor while as much is due from it
    /// as it can open: an honest solver must never fail because it was asked for too much at once. None where no block has room.
    /// Counts the blocks it looks at.
    pub(crate) fn order(
        opening: Opening,
        solver: &AccountId,
        bytes: u64,
        now: BlockNumber,
        probes: &mut u32,
    ) -> Option<BlockNumber> {
        let soonest = now.saturating_add(T::OpenWindow::get());
        let wanted = match Paces::<T>::get(solver) {
            Some(pace) if pace.until >= soonest && pace.due < T::SolverPace::get() => pace.until,
            Some(pace) if pace.until >= soonest => pace.until.saturating_add(1),
            _ => soonest,
        };
        let has_room = |block: &BlockNumber| {
            *probes = probes.saturating_add(1);
            DueAt::<T>::get(block).has_room(bytes, T::MaxDueBytes::get())
        };
        let until = (wanted..wanted.saturating_add(MAX_PROBES)).find(has_room)?;

        let placed = DueAt::<T>::mutate(until, |due: &mut Due| {
            due.bytes = due.bytes.saturating_add(bytes);
            due.openings.try_push(opening)
        });
        placed.ok()?;
        Paces::<T>::mutate(solver, |pace| {
            let due = pace.filter(|pace| pace.until == until).map_or(0, |pace| pace.due);
            *pace = Some(Pace {
                until,
                due: due.saturating_add(1),
            });
        });
        let Opening { task, node } = opening;
        Audits::<T>::insert(
            task,
            node,
            Ordered {
                solver: solver.clone(),
                until,
            },
        );
        AuditsOf::<T>::insert(solver, opening, until);
        Self::deposit_event(Event::AuditOrdered {
            task,
            solver: solver.clone(),
            node,
            until,
        });
        Some(until)
    }

    /// Strikes an audit that is over.
    pub(crate) fn end_audit(opening: Opening, audit: &Ordered) {
        Audits::<T>::remove(opening.task, opening.node);
        AuditsOf::<T>::remove(&audit.solver, opening);
        DueAt::<T>::mutate_exists(audit.until, |due| {
            if let Some(due) = due {
                due.openings.retain(|other| *other != opening);
            }
            if due.as_ref().is_some_and(|due| due.openings.is_empty()) {
                *due = None;
            }
        });
        if AuditsOf::<T>::iter_key_prefix(&audit.solver).next().is_none() {
            Paces::<T>::remove(&audit.solver);
        }
    }

    /// Strikes all audits of a task.
    pub(crate) fn drop_audits(task: TaskId) {
        let audits: Vec<(u16, Ordered)> = Audits::<T>::iter_prefix(task).collect();
        for (node, audit) in audits {
            Self::end_audit(Opening { task, node }, &audit);
        }
    }

    /// Convicts the solvers that did not open what was due in the block before `now`; at most `MAX_DUE`, since no more is ever due in
    /// the same block. Each block does all of the one before, so that there is no backlog.
    pub(crate) fn expire(now: BlockNumber) -> Weight {
        let due = DueAt::<T>::take(now.saturating_sub(1));
        let mut convicted = 0u32;
        for opening in due.openings {
            // A conviction strikes the other audits of its task.
            let Some(audit) = Audits::<T>::get(opening.task, opening.node) else {
                continue;
            };
            let evidence = sp_io::hashing::blake2_256(&(opening, audit.until).encode());
            Self::fail(opening, audit.solver, Fault::Unopened, evidence.into());
            convicted = convicted.saturating_add(1);
        }
        let verdicts = T::VerdictWeight::get().saturating_mul(convicted.into());
        T::WeightInfo::expire(convicted).saturating_add(verdicts)
    }
}
