//! Matching, as the chain does it: by the book of standing offers, by sealed bids, or by lot for a panel.

use crate::{agents::Solver, parameters::Parameters, rng::Rng, scenario::Matching};
use market_math::{auction, bond, selection};

/// A solver that was chosen, and its price.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Chosen {
    /// Its place among the solvers.
    pub solver: usize,
    /// What the task costs.
    pub price: u128,
    /// Stake locked behind it.
    pub bond: u128,
}

/// Stake behind a task of this price.
pub const fn bond_behind(price: u128, parameters: &Parameters) -> u128 {
    bond::task_bond(price, parameters.min_task_bond, parameters.bond_factor_ppm)
}

/// Chooses one solver among those that did not fail the task before.
pub fn choose(
    matching: Matching,
    solvers: &[Solver],
    failed: &[usize],
    max_reward: u128,
    parameters: &Parameters,
    rng: &mut Rng,
) -> Option<Chosen> {
    let ready: Vec<usize> = ready(solvers, max_reward, parameters)
        .filter(|place| !failed.contains(place))
        .collect();
    let (solver, price) = match matching {
        // Whatever found the first solver, the book finds the next.
        _ if !failed.is_empty() => most_reputable(solvers, ready, rng)?,
        Matching::Book => from_book(solvers, ready, parameters, rng)?,
        Matching::Sealed => by_bids(solvers, &ready, max_reward, rng)?,
    };
    Some(Chosen {
        solver,
        price,
        bond: bond_behind(price, parameters),
    })
}

/// Draws a panel without replacement, weighted by stake. None where there are not enough solvers.
pub fn draw(
    solvers: &[Solver],
    excluded: &[usize],
    size: u32,
    member_cap: u128,
    parameters: &Parameters,
    rng: &mut Rng,
) -> Option<Vec<Chosen>> {
    let mut ready: Vec<usize> = ready(solvers, member_cap, parameters)
        .filter(|place| !excluded.contains(place))
        .collect();
    if ready.len() < size as usize {
        return None;
    }
    let mut stakes: Vec<u128> = ready.iter().map(|place| solvers[*place].stake).collect();
    (0..size)
        .map(|_| {
            let index = selection::weighted_index(&stakes, rng.seed())?;
            stakes.swap_remove(index);
            let solver = ready.swap_remove(index);
            let price = solvers[solver].price;
            Some(Chosen {
                solver,
                price,
                bond: bond_behind(price, parameters),
            })
        })
        .collect()
}

/// Solvers within the cap that are not in jail and can lock the bond.
fn ready<'a>(
    solvers: &'a [Solver],
    cap: u128,
    parameters: &'a Parameters,
) -> impl Iterator<Item = usize> + 'a {
    solvers
        .iter()
        .enumerate()
        .filter(move |(_, solver)| {
            solver.price <= cap && solver.is_ready(bond_behind(solver.price, parameters))
        })
        .map(|(place, _)| place)
}

/// The cheapest by effective price and those within tolerance of it draw lots, weighted by free stake.
fn from_book(
    solvers: &[Solver],
    mut ready: Vec<usize>,
    parameters: &Parameters,
    rng: &mut Rng,
) -> Option<(usize, u128)> {
    ready.sort_by_key(|place| solvers[*place].price);
    ready.truncate(parameters.max_candidates as usize);
    let effective = |place: &usize| {
        let solver = &solvers[*place];
        selection::effective_price(solver.price, solver.reputation.score_ppm())
    };
    let best = ready.iter().map(effective).min()?;
    let limit = selection::within_tolerance(best, parameters.tolerance_ppm);
    ready.retain(|place| effective(place) <= limit);
    let stakes: Vec<u128> = ready.iter().map(|place| solvers[*place].stake).collect();
    let solver = ready[selection::weighted_index(&stakes, rng.seed())?];
    Some((solver, solvers[solver].price))
}

/// Who is best after a failure: the most reputable, and among equals the cheapest; several draw lots, weighted by free stake.
fn most_reputable(solvers: &[Solver], mut ready: Vec<usize>, rng: &mut Rng) -> Option<(usize, u128)> {
    let rank = |place: &usize| {
        let solver = &solvers[*place];
        selection::rank_after_failure(solver.price, solver.reputation.score_ppm())
    };
    let best = ready.iter().map(rank).min()?;
    ready.retain(|place| rank(place) == best);
    let stakes: Vec<u128> = ready.iter().map(|place| solvers[*place].stake).collect();
    let solver = ready[selection::weighted_index(&stakes, rng.seed())?];
    Some((solver, solvers[solver].price))
}

/// Everybody bids what it asks, since the second price makes that the best bid.
fn by_bids(solvers: &[Solver], ready: &[usize], reserve: u128, rng: &mut Rng) -> Option<(usize, u128)> {
    let bids: Vec<(u128, u32)> = ready
        .iter()
        .map(|place| (solvers[*place].price, solvers[*place].reputation.score_ppm()))
        .collect();
    let outcome = auction::clear(&bids, reserve, rng.seed())?;
    Some((ready[outcome.winner], outcome.payment))
}
