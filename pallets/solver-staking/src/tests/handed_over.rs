use crate::{mock::*, Solvers};
use frame_support::{assert_noop, assert_ok};
use market_math::reputation::Weight;
use pensum_primitives::{
    solver::HANDED_OVER_CANDIDATES,
    traits::{NoOffer, Solvers as _},
    AccountId,
};
use proptest::prelude::*;

/// A query for tasks that somebody failed before.
fn failed(tasks: usize) -> Query {
    Query {
        handed_over: true,
        ..query(tasks)
    }
}

/// Gives a solver as many good verdicts.
fn praise(number: u8, times: u32) {
    Solvers::<Test>::mutate(account(number), |solver| {
        let solver = solver.as_mut().unwrap();
        solver.reputation = solver.reputation.agreed_n(Weight::of(100, 100), times);
    });
}

fn chosen(query: Query) -> AccountId {
    query.ask().unwrap().solver
}

#[test]
fn failed_tasks_go_to_the_best_reputation_within_the_cap() {
    ExtBuilder.build_and_execute(|| {
        join_with_offer(1, MIN_BOND, 10, 9);
        join_with_offer(2, MIN_BOND, 90, 9);
        join_with_offer(3, MIN_BOND, 100, 9);
        praise(2, 3);
        praise(3, 9);
        assert_eq!(chosen(query(1)), account(1));
        assert_eq!(chosen(failed(1)), account(3));
        let capped = Query {
            max_reward: 99,
            ..failed(1)
        };
        assert_eq!(chosen(capped), account(2));
        let without = Query {
            exclude: vec![account(2), account(3)],
            ..failed(1)
        };
        assert_eq!(chosen(without), account(1));
    });
}

#[test]
fn among_those_of_the_same_reputation_the_cheapest_has_them() {
    ExtBuilder.build_and_execute(|| {
        join_with_offer(1, MIN_BOND, 30, 9);
        join_with_offer(2, MIN_BOND, 20, 9);
        join_with_offer(3, MIN_BOND, 20, 9);
        let of_seed = |number| {
            let query = Query {
                seed: seed(number),
                ..failed(1)
            };
            frame_support::hypothetically!(chosen(query))
        };
        // Those who ask the same draw lots.
        let drawn: std::collections::BTreeSet<_> = (0..2_000).step_by(100).map(of_seed).collect();
        assert_eq!(drawn, [account(2), account(3)].into());
    });
}

#[test]
fn reputation_helps_nobody_who_cannot_take_the_first_task() {
    ExtBuilder.build_and_execute(|| {
        join_with_offer(1, MIN_BOND, 10, 9);
        join_with_offer(2, MIN_BOND, 10, 1);
        join_with_offer(3, MIN_BOND, 10, 9);
        join_with_offer(4, MIN_BOND, 10, 9);
        (2..=4).for_each(|number| praise(number, 5));
        assert_ok!(Staking::engage(&account(2), at(&model(1), &[10])));
        assert!(Staking::lock(&account(3), MIN_BOND - 5));
        Solvers::<Test>::mutate(account(4), |solver| {
            solver.as_mut().unwrap().jailed_until = Some(9)
        });
        assert_eq!(chosen(failed(1)), account(1));
        let picky = Query {
            min_reputation: solver(1).reputation.score_ppm() + 1,
            ..failed(1)
        };
        assert_noop!(picky.ask(), NoOffer::NobodyFree);
        assert_ok!(Staking::withdraw_offer(origin(4), model(1)));
    });
}

#[test]
fn more_solvers_are_read_than_for_new_tasks_but_not_all() {
    MaxCandidates::set(1);
    ExtBuilder.build_and_execute(|| {
        // The mock's books have four places, as many as are read.
        assert_eq!(HANDED_OVER_CANDIDATES, MaxOffersPerModel::get());
        for number in 1..=4 {
            join_with_offer(number, MIN_BOND, 10 * Balance::from(number), 9);
        }
        praise(4, 1);
        assert_eq!(chosen(failed(1)), account(4));
        MaxCandidates::set(0);
        assert_noop!(failed(1).ask(), NoOffer::NobodyFree);
    });
}

proptest! {
    #[test]
    fn nobody_better_is_passed_over(
        offers in prop::collection::vec((1..100u128, 0..6u32, 1..3u32), 1..5), cap in 20..120u128, drawn: u128,
    ) {
        ExtBuilder.build().execute_with(|| {
            for (number, (price, praised, capacity)) in (1..).zip(&offers) {
                join_with_offer(number, MIN_BOND, *price, *capacity);
                praise(number, *praised);
            }
            let query = Query { max_reward: cap, seed: seed(drawn), ..failed(2) };
            let within = || (1..).zip(&offers).filter(|(_, (price, ..))| *price <= cap);
            let Ok(assignment) = query.ask() else {
                assert_eq!(within().count(), 0);
                return;
            };
            let rank = |number| (u32::MAX - solver(number).reputation.score_ppm(), offers[usize::from(number) - 1].0);
            let best = within().map(|(number, _)| rank(number)).min().unwrap();
            let place = (1..5).find(|number| account(*number) == assignment.solver).unwrap();
            assert_eq!(rank(place), best);
            assert!(assignment.offer.base <= cap);
        });
    }
}
