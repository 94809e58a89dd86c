//! Matching a query against a book.

use crate::{engagement::total, types::BookEntry, types::Solver, Books, Config, Pallet, Solvers};
use alloc::vec::Vec;
use frame_support::traits::Get;
use market_math::selection;
use pensum_primitives::{
    solver::Offer,
    traits::{Assignment, BookQuery, NoOffer},
    Balance,
};

/// A solver that could take at least the first task.
struct Candidate<'a, T: Config> {
    entry: &'a BookEntry,
    solver: Solver<T>,
    effective_price: Balance,
}

impl<T: Config> Pallet<T> {
    /// Chooses among the offers within the cap: the cheapest by effective price and those within tolerance of it draw lots,
    /// weighted by free stake. Reads one book and at most `MaxCandidates` solvers; writes one.
    pub(crate) fn do_assign(query: BookQuery) -> Result<Assignment, NoOffer> {
        let book = Books::<T>::get(query.model);
        let fitting = Self::within_cap(&book, query.input_lens, query.max_reward)?;
        let ready = Self::ready(fitting, &query);
        let stakes: Vec<Balance> = ready.iter().map(|candidate| candidate.solver.free()).collect();
        let chosen = selection::weighted_index(&stakes, query.seed.0)
            .and_then(|index| ready.into_iter().nth(index))
            .ok_or(NoOffer::NobodyFree)?;

        let Candidate {
            entry, mut solver, ..
        } = chosen;
        let bonds = Self::affordable_bonds(&solver, &entry.offer, query.input_lens);
        let taken = bonds.len() as u32;
        solver.lock(taken, total(&bonds));
        Solvers::<T>::insert(&entry.solver, solver);
        Ok(Assignment {
            solver: entry.solver.clone(),
            offer: entry.offer,
            taken,
            bonds,
        })
    }

    /// The entries that can be had for the cap, with the price of the dearest task, cheapest first.
    pub(crate) fn within_cap<'a>(
        book: &'a [BookEntry],
        input_lens: &[u32],
        cap: Balance,
    ) -> Result<Vec<(Balance, &'a BookEntry)>, NoOffer> {
        let longest = input_lens.iter().copied().max().unwrap_or(0);
        let mut priced: Vec<_> = book
            .iter()
            .map(|entry| (entry.offer.price(longest), entry))
            .collect();
        // The book is in order for its reference length only.
        priced.sort_by_key(|(price, _)| *price);
        let cheapest = priced
            .first()
            .map(|(price, _)| *price)
            .ok_or(NoOffer::NobodyOffers)?;
        if cheapest > cap {
            return Err(NoOffer::CapTooLow { cheapest });
        }
        priced.retain(|(price, _)| *price <= cap);
        Ok(priced)
    }

    /// Those that can take at least the first task and are within tolerance of the best of them.
    fn ready<'a>(fitting: Vec<(Balance, &'a BookEntry)>, query: &BookQuery) -> Vec<Candidate<'a, T>> {
        let mut ready: Vec<Candidate<T>> = Vec::new();
        let mut limit = Balance::MAX;
        let asked = fitting
            .into_iter()
            .filter(|(_, entry)| !query.exclude.contains(&entry.solver));
        for (price, entry) in asked.take(T::MaxCandidates::get() as usize) {
            // An effective price is never below the price, so from here on nobody comes within tolerance.
            if price > limit {
                break;
            }
            let Some(solver) = Solvers::<T>::get(&entry.solver) else {
                continue;
            };
            let score = solver.reputation.score_ppm();
            if solver.is_jailed() || score < query.min_reputation {
                continue;
            }
            if Self::affordable_bonds(
                &solver,
                &entry.offer,
                query.input_lens.get(..1).unwrap_or_default(),
            )
            .is_empty()
            {
                continue;
            }
            let effective_price = selection::effective_price(price, score);
            limit = limit.min(selection::within_tolerance(
                effective_price,
                T::SelectionTolerance::get(),
            ));
            ready.push(Candidate {
                entry,
                solver,
                effective_price,
            });
        }
        ready.retain(|candidate| candidate.effective_price <= limit);
        ready
    }

    /// The bonds of as many of the first tasks as the solver's capacity and free stake allow.
    fn affordable_bonds(solver: &Solver<T>, offer: &Offer, input_lens: &[u32]) -> Vec<Balance> {
        let room = offer.capacity.saturating_sub(solver.in_flight) as usize;
        let mut free = solver.free();
        let mut bonds = Vec::new();
        for len in input_lens.iter().take(room) {
            let bond = Self::bond_behind(offer.price(*len));
            let Some(rest) = free.checked_sub(bond) else { break };
            free = rest;
            bonds.push(bond);
        }
        bonds
    }
}
