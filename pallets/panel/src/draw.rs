//! The draw: who sits on a panel.

use crate::{
    types::{Amounts, Members, Panel, Progress, Seat, Stage},
    weights::WeightInfo,
    Config, Event, Pallet, Seats,
};
use alloc::vec::Vec;
use codec::Encode;
use frame_support::weights::Weight;
use pensum_primitives::{
    traits::{self, BlockRandomness, NoOffer, PanelQuery, Solvers},
    AccountId, BatchId, BlockNumber, Digest,
};
use sp_runtime::traits::Get;

/// How often a later round is drawn at most: among others than before, and then among all.
pub(crate) const MOST_DRAWS: u32 = 2;

impl<T: Config> Pallet<T> {
    /// Draws the members of a round by this block's randomness, which nobody knew when the panel was summoned or when the round
    /// before left something undecided. Those who sat on it before are drawn only where there are not enough others.
    pub(crate) fn draw(batch: BatchId, panel: Panel, now: BlockNumber) -> Weight {
        let seed =
            sp_io::hashing::blake2_256(&(T::Randomness::of_block(), batch, panel.round).encode()).into();
        let (drawn, attempts) = Self::draw_seats(&panel, seed);
        let weight = T::WeightInfo::draw(panel.seats(), attempts);
        match drawn {
            Ok(seats) => {
                Self::seat(batch, panel, seats, now);
                weight
            }
            Err(_) => {
                let undecided = panel.tasks.clone();
                let given = Self::give_verdicts(batch, panel, Vec::new(), undecided, Members::new());
                weight.saturating_add(given)
            }
        }
    }

    /// The seats, and how often was drawn.
    fn draw_seats(panel: &Panel, seed: Digest) -> (Result<Vec<traits::Seat>, NoOffer>, u32) {
        let input_lens: Vec<u32> = panel.tasks.iter().map(|(_, len)| *len).collect();
        let draw = |exclude: &[AccountId]| {
            T::Solvers::draw(PanelQuery {
                model: &panel.model,
                input_lens: &input_lens,
                size: panel.seats(),
                member_cap: panel.member_cap,
                asset: panel.asset,
                min_reputation: panel.min_reputation,
                exclude,
                seed,
            })
        };
        if panel.former.is_empty() {
            return (draw(&panel.exclude), 1);
        }
        let not_fresh: Vec<AccountId> = panel.exclude.iter().chain(&panel.former).cloned().collect();
        match draw(&not_fresh) {
            Ok(seats) => (Ok(seats), 1),
            Err(_) => (draw(&panel.exclude), MOST_DRAWS),
        }
    }

    fn seat(batch: BatchId, mut panel: Panel, seats: Vec<traits::Seat>, now: BlockNumber) {
        let mut members: Vec<AccountId> = Vec::new();
        for traits::Seat {
            solver,
            prices,
            bonds,
        } in seats
        {
            let seat = Seat {
                prices: Amounts::truncate_from(prices),
                bonds: Amounts::truncate_from(bonds),
                progress: Progress::Drawn,
            };
            Seats::<T>::insert(&solver, batch, seat);
            members.push(solver);
        }
        members.sort();
        panel.members = Members::truncate_from(members);
        panel.drawn_at = now;
        panel.stage = Stage::Committing;
        panel.until = now.saturating_add(T::CommitWindow::get());
        panel.committed = 0;
        panel.revealed = 0;
        Self::deposit_event(Event::PanelDrawn {
            batch,
            round: now,
            earlier: panel.round,
            members: panel.members.clone(),
            until: panel.until,
        });
        let due = panel.until.saturating_add(1);
        Self::put(batch, panel, due);
    }
}
