//! Stake: whether it suffices to join, and how many tasks it backs.

use super::Finding;
use crate::{view::Solver, AccountId, Amount, Chain, Error};
use market_math::bond::task_bond;

/// Length of a usual input in bytes, for which the bond behind a task is worked out.
const USUAL_INPUT: u32 = 256;
/// What a solver should have for the fees of its own transactions: some hundred of them.
const FEES: u128 = crate::amount::PEN / 100;

/// How much stake the chain wants.
struct Wants {
    min_bond: u128,
    min_task_bond: u128,
    bond_factor_ppm: u32,
    /// What 10⁻¹² of the stable unit is worth in PEN.
    rate: Option<(u128, u128)>,
}

pub(super) async fn examine(
    chain: &Chain,
    stash: &AccountId,
    solver: &Solver,
) -> Result<Vec<Finding>, Error> {
    let at = chain.best().await?;
    let constant = |name| chain.constant::<u128>(&at, "SolverStaking", name);
    let wants = Wants {
        min_bond: constant("MinBond")?,
        min_task_bond: constant("MinTaskBond")?,
        bond_factor_ppm: chain.constant(&at, "SolverStaking", "BondFactor")?,
        rate: chain.stable_unit().await?.and_then(|stable| stable.rate()),
    };
    let balance = chain.balance(&at, *AsRef::<[u8; 32]>::as_ref(stash)).await?;
    Ok(vec![
        bond(solver, &wants),
        backing(solver, &wants),
        capacity(solver),
        fees(Amount(balance.free)),
    ])
}

fn bond(solver: &Solver, wants: &Wants) -> Finding {
    let least = Amount(wants.min_bond);
    if solver.bonded < least {
        return Finding::problem(
            "bond",
            format!("{} are bonded and {least} are the least.", solver.bonded),
            format!(
                "Bond {} more with `pensum solver bond`.",
                Amount(least.0 - solver.bonded.0)
            ),
        );
    }
    Finding::ok("bond", format!("{} are bonded.", solver.bonded))
}

/// The dearest offer locks most: it decides what the free stake is good for.
fn backing(solver: &Solver, wants: &Wants) -> Finding {
    // Without a rate an offer in the stable unit is passed over, and locks nothing.
    let in_pen = solver
        .offers
        .iter()
        .filter_map(|(_, offer)| offer.in_native(wants.rate));
    let prices = in_pen.map(|offer| offer.price(USUAL_INPUT));
    let each = task_bond(
        prices.max().unwrap_or(0),
        wants.min_task_bond,
        wants.bond_factor_ppm,
    );
    let backed = solver.free.0 / each.max(1);
    let wanted = solver
        .offers
        .iter()
        .map(|(_, offer)| offer.capacity)
        .max()
        .unwrap_or(1)
        .saturating_sub(solver.in_flight);
    let fact = format!(
        "{} of stake are free; a task locks {}, so that {backed} more can be taken.",
        solver.free,
        Amount(each)
    );
    let short = u128::from(wanted).saturating_sub(backed).saturating_mul(each);
    let remedy = format!(
        "Bond {} more to fill the capacity that is offered, or offer less.",
        Amount(short)
    );
    match backed {
        _ if wanted == 0 => Finding::ok("stake", fact),
        0 => Finding::problem("stake", fact, remedy),
        backed if backed < u128::from(wanted) => Finding::warning("stake", fact, remedy),
        _ => Finding::ok("stake", fact),
    }
}

fn capacity(solver: &Solver) -> Finding {
    let most = solver.offers.iter().map(|(_, offer)| offer.capacity).max();
    match most {
        Some(most) if solver.in_flight >= most => Finding::warning(
            "capacity",
            format!(
                "The solver holds {} tasks and offers to hold {most}.",
                solver.in_flight
            ),
            "It is busy. If it is not slow, raise the capacity with `pensum solver offer`.",
        ),
        _ => Finding::ok(
            "capacity",
            format!("The solver holds {} tasks.", solver.in_flight),
        ),
    }
}

fn fees(free: Amount) -> Finding {
    if free.0 < FEES {
        return Finding::warning(
            "fees",
            format!("The stash has {free} to pay fees with."),
            "Send it some: joining, bonding and offering cost fees; answering costs none.",
        );
    }
    Finding::ok("fees", format!("The stash has {free} to pay fees with."))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::{
        doctor::Level,
        view::{Offer, Unit},
        ModelId,
    };

    const WANTS: Wants = Wants {
        min_bond: 10,
        min_task_bond: 5,
        bond_factor_ppm: 10_000_000,
        rate: Some((1, 2)),
    };

    pub(crate) fn solver(bonded: u128, free: u128) -> Solver {
        Solver {
            stash: "stash".into(),
            operator: "operator".into(),
            bonded: Amount(bonded),
            locked: Amount(0),
            at_risk: Amount(0),
            free: Amount(free),
            unbonding: vec![],
            in_flight: 0,
            reputation: 1_000_000,
            jailed_until: None,
            offers: vec![(
                ModelId::default(),
                Offer {
                    base: 2,
                    per_byte: 0,
                    min_reward: 0,
                    capacity: 4,
                    unit: Unit::Native,
                },
            )],
            accepts: vec![],
            pending_slashes: vec![],
            rest: Default::default(),
        }
    }

    #[test]
    fn too_small_a_bond_is_told_with_what_is_missing() {
        assert_eq!(bond(&solver(10, 10), &WANTS).level, Level::Ok);
        let finding = bond(&solver(4, 4), &WANTS);
        assert_eq!(finding.level, Level::Problem);
        assert!(finding.remedy.contains(&Amount(6).to_string()));
    }

    #[test]
    fn free_stake_backs_tasks_of_the_dearest_offer() {
        // A task at 2 locks 20.
        assert_eq!(backing(&solver(100, 80), &WANTS).level, Level::Ok);
        let short = backing(&solver(100, 79), &WANTS);
        assert_eq!(short.level, Level::Warning);
        assert!(short.fact.contains("3 more can be taken"));
        assert!(short.remedy.contains(&Amount(20).to_string()));
        assert_eq!(backing(&solver(100, 19), &WANTS).level, Level::Problem);
    }

    #[test]
    fn a_price_in_the_stable_unit_locks_what_it_is_worth() {
        let mut solver = solver(100, 40);
        solver.offers[0].1.unit = Unit::Stable;
        // At half a PEN for a unit a task at 2 locks 10.
        assert_eq!(backing(&solver, &WANTS).level, Level::Ok);
    }

    #[test]
    fn a_solver_that_is_full_is_busy_and_not_broken() {
        let mut solver = solver(100, 0);
        solver.in_flight = 4;
        assert_eq!(backing(&solver, &WANTS).level, Level::Ok);
        assert_eq!(capacity(&solver).level, Level::Warning);
    }

    #[test]
    fn fees_need_a_little_money() {
        assert_eq!(fees(Amount(0)).level, Level::Warning);
        assert_eq!(fees(Amount(FEES)).level, Level::Ok);
    }
}
