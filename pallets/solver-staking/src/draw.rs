//! Drawing the members of a panel.

use crate::{engagement::total, types::Solver, Books, Config, Pallet, Solvers, WeightInfo};
use alloc::vec::Vec;
use codec::Encode;
use frame_support::{pallet_prelude::Weight, traits::Get};
use market_math::selection::weighted_index;
use pensum_primitives::{
    solver::Offer,
    traits::{NoOffer, PanelQuery, Seat},
    AccountId, Balance,
};
use sp_io::hashing::blake2_256;

/// A solver that could take a seat.
struct Candidate<T: Config> {
    who: AccountId,
    solver: Solver<T>,
    prices: Vec<Balance>,
    bonds: Vec<Balance>,
}

impl<T: Config> Pallet<T> {
    /// Draws a whole panel without replacement among all offers within the cap, each with a chance in proportion to the stake at
    /// work: who cuts its stake into many solvers has the same chances as before. Reads the book and at most `MaxOffersPerModel`
    /// solvers, since a panel drawn from the cheapest only could be had by undercutting; writes as many as are drawn.
    pub(crate) fn do_draw(query: PanelQuery) -> Result<Vec<Seat>, NoOffer> {
        let book = Books::<T>::get(query.model);
        let fitting = Self::within_cap(&book, query.input_lens, query.member_cap, query.asset)?;
        let mut ready: Vec<Candidate<T>> = fitting
            .into_iter()
            .filter(|quote| !query.exclude.contains(quote.solver))
            .filter_map(|quote| Self::candidate(quote.solver, &quote.offer, &query))
            .collect();
        if ready.len() < query.size as usize {
            return Err(NoOffer::NobodyFree);
        }
        // Each lot is drawn among those left, with a number of its own from the seed.
        let mut stakes: Vec<Balance> = ready.iter().map(|candidate| candidate.solver.backing()).collect();
        let mut seats = Vec::new();
        for lot in 0..query.size {
            let index = weighted_index(&stakes, blake2_256(&(query.seed, lot).encode()))
                .ok_or(NoOffer::NobodyFree)?;
            stakes.swap_remove(index);
            seats.push(ready.swap_remove(index));
        }
        Ok(seats.into_iter().map(Self::seat).collect())
    }

    /// Weight of drawing so many members, or of finding that there are not enough.
    pub fn draw_weight(members: u32) -> Weight {
        T::WeightInfo::draw(T::MaxOffersPerModel::get(), members)
    }

    /// The solver, if it can take all tasks of the query now.
    fn candidate(who: &AccountId, offer: &Offer, query: &PanelQuery) -> Option<Candidate<T>> {
        let solver = Solvers::<T>::get(who)?;
        let tasks = query.input_lens.len();
        if solver.is_jailed()
            || solver.reputation.score_ppm() < query.min_reputation
            || (offer.capacity.saturating_sub(solver.in_flight) as usize) < tasks
        {
            return None;
        }
        let prices: Vec<Balance> = query.input_lens.iter().map(|len| offer.price(*len)).collect();
        let bonds: Vec<Balance> = prices.iter().copied().map(Self::bond_behind).collect();
        (total(&bonds) <= solver.free()).then(|| Candidate {
            who: who.clone(),
            solver,
            prices,
            bonds,
        })
    }

    /// Puts a candidate's stake behind its seat.
    fn seat(candidate: Candidate<T>) -> Seat {
        let Candidate {
            who,
            mut solver,
            prices,
            bonds,
        } = candidate;
        solver.lock(bonds.len() as u32, total(&bonds));
        Solvers::<T>::insert(&who, solver);
        Seat {
            solver: who,
            prices,
            bonds,
        }
    }
}
