//! Matching a query against a book.

use crate::{
    engagement::total,
    types::{accepted, BookEntry, Solver},
    Books, Config, Pallet, Solvers,
};
use alloc::vec::Vec;
use frame_support::traits::Get;
use market_math::selection;
use pensum_primitives::{
    solver::{Offer, HANDED_OVER_CANDIDATES},
    traits::{Assignment, BookQuery, NoOffer},
    AccountId, AssetId, Balance,
};

/// An offer as it stands in this block.
pub(crate) struct Quote<'a> {
    /// Whose it is.
    pub solver: &'a AccountId,
    /// In PEN.
    pub offer: Offer,
    /// The price of the dearest task.
    pub price: Balance,
}

/// A solver that could take at least the first task.
struct Candidate<'a, T: Config> {
    quote: Quote<'a>,
    solver: Solver<T>,
}

impl<T: Config> Candidate<'_, T> {
    fn effective_price(&self) -> Balance {
        selection::effective_price(self.quote.price, self.solver.reputation.score_ppm())
    }

    fn rank_after_failure(&self) -> (u32, Balance) {
        selection::rank_after_failure(self.quote.price, self.solver.reputation.score_ppm())
    }
}

impl<T: Config> Pallet<T> {
    /// Chooses among the offers within the cap those that are best for the query, which draw lots, weighted by free stake. Reads one
    /// book, the stable unit's rate where an offer is quoted in it, and solvers: at most `MaxCandidates`, or for tasks that somebody
    /// failed [`HANDED_OVER_CANDIDATES`] times as many. Writes one.
    pub(crate) fn do_assign(query: BookQuery) -> Result<Assignment, NoOffer> {
        let book = Books::<T>::get(query.model);
        let mut fitting = Self::within_cap(&book, query.input_lens, query.max_reward, query.asset)?;
        fitting.retain(|quote| !query.exclude.contains(quote.solver));
        let ready = if query.handed_over {
            Self::most_reputable(fitting, &query)
        } else {
            Self::cheapest(fitting, &query)
        };
        let stakes: Vec<Balance> = ready.iter().map(|candidate| candidate.solver.free()).collect();
        let Candidate { quote, mut solver } = selection::weighted_index(&stakes, query.seed.0)
            .and_then(|index| ready.into_iter().nth(index))
            .ok_or(NoOffer::NobodyFree)?;

        let bonds = Self::affordable_bonds(&solver, &quote.offer, query.input_lens);
        let taken = bonds.len() as u32;
        solver.lock(taken, total(&bonds));
        Solvers::<T>::insert(quote.solver, solver);
        Ok(Assignment {
            solver: quote.solver.clone(),
            offer: quote.offer,
            taken,
            bonds,
        })
    }

    /// The offers that can be had for the cap and the asset, cheapest first by the price of the dearest task, and of those who ask the
    /// same whoever came first.
    pub(crate) fn within_cap<'a>(
        book: &'a [BookEntry],
        input_lens: &[u32],
        cap: Balance,
        asset: Option<AssetId>,
    ) -> Result<Vec<Quote<'a>>, NoOffer> {
        if book.is_empty() {
            return Err(NoOffer::NobodyOffers);
        }
        let mut accepting = book
            .iter()
            .filter(|entry| accepted(&entry.accepts, asset))
            .peekable();
        if accepting.peek().is_none() {
            return Err(NoOffer::AssetNotAccepted);
        }
        let stable = Self::stable_rate(book);
        let longest = input_lens.iter().copied().max().unwrap_or(0);
        let quote = |entry: &'a BookEntry| {
            let offer = entry.offer.in_native(stable)?;
            Some(Quote {
                solver: &entry.solver,
                offer,
                price: offer.price(longest),
            })
        };
        let mut quotes: Vec<Quote> = accepting.filter_map(quote).collect();
        // The book is in order for its reference length only, and for the rate at which the last offer was set.
        quotes.sort_by_key(|quote| quote.price);
        let cheapest = quotes.first().map(|quote| quote.price).ok_or(NoOffer::NoRate)?;
        if cheapest > cap {
            return Err(NoOffer::CapTooLow { cheapest });
        }
        quotes.retain(|quote| quote.price <= cap);
        Ok(quotes)
    }

    /// Of the cheapest who can take at least the first task, those within tolerance of the best effective price.
    fn cheapest<'a>(fitting: Vec<Quote<'a>>, query: &BookQuery) -> Vec<Candidate<'a, T>> {
        let mut ready: Vec<Candidate<T>> = Vec::new();
        let mut limit = Balance::MAX;
        for quote in fitting.into_iter().take(T::MaxCandidates::get() as usize) {
            // An effective price is never below the price, so from here on nobody comes within tolerance.
            if quote.price > limit {
                break;
            }
            let Some(candidate) = Self::ready(quote, query) else {
                continue;
            };
            limit = limit.min(selection::within_tolerance(
                candidate.effective_price(),
                T::SelectionTolerance::get(),
            ));
            ready.push(candidate);
        }
        ready.retain(|candidate| candidate.effective_price() <= limit);
        ready
    }

    /// Of the cheapest who can take at least the first task, those of the best reputation who ask the least.
    fn most_reputable<'a>(fitting: Vec<Quote<'a>>, query: &BookQuery) -> Vec<Candidate<'a, T>> {
        let most = T::MaxCandidates::get().saturating_mul(HANDED_OVER_CANDIDATES);
        let mut ready: Vec<Candidate<T>> = fitting
            .into_iter()
            .take(most as usize)
            .filter_map(|quote| Self::ready(quote, query))
            .collect();
        let best = ready.iter().map(Candidate::rank_after_failure).min();
        ready.retain(|candidate| Some(candidate.rank_after_failure()) == best);
        ready
    }

    /// The solver, if it can take at least the first task.
    fn ready<'a>(quote: Quote<'a>, query: &BookQuery) -> Option<Candidate<'a, T>> {
        let solver = Solvers::<T>::get(quote.solver)?;
        if solver.is_jailed() || solver.reputation.score_ppm() < query.min_reputation {
            return None;
        }
        let first = query.input_lens.get(..1).unwrap_or_default();
        (!Self::affordable_bonds(&solver, &quote.offer, first).is_empty())
            .then_some(Candidate { quote, solver })
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
