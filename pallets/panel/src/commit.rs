//! Commitments and excuses: the phase in which nobody knows what others answer.

use crate::{
    authorize::Sitting,
    types::{Members, Panel, Progress, Stage},
    weights::WeightInfo,
    Config, Error, Event, Pallet, Seats,
};
use alloc::vec::Vec;
use frame_support::{pallet_prelude::DispatchResult, weights::Weight};
use pensum_primitives::{
    operator::OperatorId, panel::RoundId, solver::Fault, traits::Solvers, verdict::Unable, AccountId,
    BatchId, BlockNumber, Digest,
};
use sp_runtime::traits::Get;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_commit(
        operator: &OperatorId,
        batch: BatchId,
        round: RoundId,
        commitment: Digest,
    ) -> DispatchResult {
        let Sitting {
            solver,
            mut panel,
            mut seat,
        } = Self::committing(operator, batch, round).map_err(|_| Error::<T>::NotDue)?;
        seat.progress = Progress::Committed(commitment);
        panel.committed = panel.committed.saturating_add(1);
        Seats::<T>::insert(&solver, batch, seat);
        Self::deposit_event(Event::BallotCommitted {
            batch,
            round,
            member: solver,
            commitment,
        });
        Self::after_change(batch, panel);
        Ok(())
    }

    pub(crate) fn do_excuse(
        operator: &OperatorId,
        batch: BatchId,
        round: RoundId,
        reason: Unable,
    ) -> DispatchResult {
        let Sitting {
            solver,
            mut panel,
            seat,
        } = Self::committing(operator, batch, round).map_err(|_| Error::<T>::NotDue)?;
        Seats::<T>::remove(&solver, batch);
        T::Solvers::released(&solver, seat.tasks(), seat.bond(), seat.price(), true);
        panel.retire(&solver);
        Self::deposit_event(Event::SeatExcused {
            batch,
            round,
            member: solver,
            reason,
        });
        Self::after_change(batch, panel);
        Ok(())
    }

    /// Goes on once all that are left have committed, and ends the round where too few are left.
    fn after_change(batch: BatchId, panel: Panel) {
        let now = Self::now();
        if panel.is_hopeless() {
            Self::move_to(batch, panel, now.saturating_add(1));
        } else if panel.committed == panel.count() {
            let panel = Self::opened(batch, panel, now);
            let due = panel.until.saturating_add(1);
            Self::move_to(batch, panel, due);
        } else {
            let due = panel.due;
            Self::move_to(batch, panel, due);
        }
    }

    /// The panel with reveals open: from here on nobody can commit.
    fn opened(batch: BatchId, mut panel: Panel, now: BlockNumber) -> Panel {
        panel.stage = Stage::Revealing;
        panel.until = now.saturating_add(T::RevealWindow::get());
        Self::deposit_event(Event::RevealsOpened {
            batch,
            round: panel.drawn_at,
            members: panel.count(),
            until: panel.until,
        });
        panel
    }

    /// Ends the phase of commitments. Whoever did not commit in time is at fault; where the panel became hopeless before, nobody
    /// was late.
    pub(crate) fn close_commitments(batch: BatchId, mut panel: Panel, now: BlockNumber) -> Weight {
        let is_late = now > panel.until;
        let mut committed: Vec<AccountId> = Vec::new();
        for member in panel.members.clone() {
            let Some(seat) = Seats::<T>::get(&member, batch) else {
                continue;
            };
            if seat.progress != Progress::Drawn {
                committed.push(member);
            } else if is_late {
                Self::forfeit(batch, &panel, &member, &seat, Fault::TimedOut);
                panel.retire(&member);
            } else {
                Self::release(batch, &member, &seat);
            }
        }
        let weight = T::WeightInfo::close_commitments(panel.seats());
        panel.members = Members::truncate_from(committed);
        if panel.is_hopeless() {
            // What they committed to is never asked for.
            Self::release_all(batch, &panel);
            let undecided = panel.tasks.clone();
            return weight.saturating_add(Self::end_round(
                batch,
                panel,
                Vec::new(),
                undecided,
                Members::new(),
                now,
            ));
        }
        let panel = Self::opened(batch, panel, now);
        let due = panel.until.saturating_add(1);
        Self::put(batch, panel, due);
        weight
    }
}
