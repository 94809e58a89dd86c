//! Late reveals: members that had time left when their panel decided.

use crate::{
    types::{Agreed, Panel, Stage},
    weights::WeightInfo,
    Agenda, Ballots, Config, Decided, Pallet, Panels, Seats,
};
use alloc::{collections::BTreeMap, vec::Vec};
use codec::Encode;
use frame_support::weights::Weight;
use market_math::equivalence::{late, Standing};
use pensum_primitives::{panel::Ballot, solver::Fault, AccountId, BatchId};
use sp_io::hashing::blake2_256;

impl<T: Config> Pallet<T> {
    /// Settles the late members by the verdict that stands: nobody is paid for agreeing late, but whoever differs, or never
    /// reveals, is at fault as if there had been no verdict yet.
    pub(crate) fn close(batch: BatchId, panel: Panel) -> Weight {
        let decided = Decided::<T>::get(batch);
        let ballots: BTreeMap<AccountId, Ballot> = Ballots::<T>::iter_prefix(batch).collect();
        for member in &panel.members {
            let Some(seat) = Seats::<T>::get(member, batch) else {
                continue;
            };
            let Some(ballot) = ballots.get(member) else {
                Self::forfeit(batch, &panel, member, &seat, Fault::Unrevealed);
                continue;
            };
            let standings = (0..)
                .zip(&decided)
                .map(|(index, agreed)| standing(&panel, agreed, &ballots, ballot, index))
                .collect::<Vec<_>>();
            let verdict = decided.first().map(|agreed| agreed.evidence);
            let evidence = blake2_256(&(verdict, member, ballot).encode()).into();
            Self::settle(batch, &panel, member, &seat, &standings, evidence);
        }
        Self::remove(batch);
        let bytes = ballots.values().fold(0, |sum: u32, ballot| {
            sum.saturating_add(ballot.encoded_size() as u32)
        });
        let (seats, tasks) = (panel.seats(), panel.tasks.len() as u32);
        T::WeightInfo::tally(seats, tasks, bytes).saturating_add(T::WeightInfo::settle(panel.count(), tasks))
    }

    /// Makes room for a new panel where late members of the one before still had a seat: nobody waits for them any more.
    pub(crate) fn forget_closing(batch: BatchId) {
        let Some(panel) = Panels::<T>::get(batch).filter(|panel| panel.stage == Stage::Closing) else {
            return;
        };
        Agenda::<T>::remove(panel.due, batch);
        Self::release_all(batch, &panel);
        Self::remove(batch);
    }
}

fn standing(
    panel: &Panel,
    agreed: &Agreed,
    ballots: &BTreeMap<AccountId, Ballot>,
    ballot: &Ballot,
    index: usize,
) -> Standing {
    let group: Vec<&[u8]> = agreed
        .members
        .iter()
        .filter_map(|(member, _)| panel.answer(ballots.get(member)?, index))
        .collect();
    late(panel.rule(), &agreed.output, &group, panel.answer(ballot, index))
}
