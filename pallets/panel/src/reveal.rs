//! Reveals.

use crate::{authorize::Sitting, types::Progress, Ballots, Config, Error, Event, Pallet, Seats};
use frame_support::pallet_prelude::DispatchResult;
use pensum_primitives::{
    operator::OperatorId,
    panel::{Ballot, RoundId},
    BatchId,
};

impl<T: Config> Pallet<T> {
    /// Notes a ballot, which the authorisation has compared with its commitment. It is tallied at the start of a later block, so
    /// that all reveals of one block count alike, in whatever order their author put them.
    pub(crate) fn do_reveal(
        operator: &OperatorId,
        batch: BatchId,
        round: RoundId,
        ballot: Ballot,
    ) -> DispatchResult {
        let (sitting, _) = Self::revealing(operator, batch, round).map_err(|_| Error::<T>::NotDue)?;
        let Sitting {
            solver,
            mut panel,
            mut seat,
        } = sitting;
        seat.progress = Progress::Revealed;
        panel.revealed = panel.revealed.saturating_add(1);
        Seats::<T>::insert(&solver, batch, seat);
        Ballots::<T>::insert(batch, &solver, ballot);
        Self::deposit_event(Event::BallotRevealed {
            batch,
            round,
            member: solver,
        });
        let due = if panel.is_ripe() {
            Self::now().saturating_add(1)
        } else {
            panel.due
        };
        Self::move_to(batch, panel, due);
        Ok(())
    }
}
