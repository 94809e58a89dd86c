use crate::mock::*;
use frame_support::{assert_ok, hypothetically};
use pensum_primitives::{
    solver::{Fault, Offer, Unit},
    traits::{Assignment, NoOffer, Solvers as _},
};

#[test]
fn assign_locks_stake_behind_each_task_and_takes_capacity() {
    ExtBuilder.build_and_execute(|| {
        let offer = Offer {
            base: 10,
            per_byte: 1,
            min_reward: 0,
            capacity: 5,
            unit: Unit::Native,
        };
        join(1, MIN_BOND);
        assert_ok!(Staking::set_offer(origin(1), model(1), offer));
        let assignment = Query {
            input_lens: vec![5, 90],
            ..query(1)
        }
        .ask()
        .unwrap();
        // Twice the price of 15 and of 100.
        assert_eq!(
            assignment,
            Assignment {
                solver: account(1),
                offer,
                taken: 2,
                bonds: vec![30, 200]
            }
        );
        assert_eq!(
            (Staking::locked(&account(1)), Staking::in_flight(&account(1))),
            (230, 2)
        );
        assert_eq!(solver(1).free(), MIN_BOND - 230);
    });
}

#[test]
fn assign_locks_at_least_the_least_task_bond() {
    ExtBuilder.build_and_execute(|| {
        join_with_offer(1, MIN_BOND, 1, 1);
        assert_eq!(assign(1).unwrap().bonds, [MIN_TASK_BOND]);
    });
}

#[test]
fn assign_takes_the_cheapest() {
    ExtBuilder.build_and_execute(|| {
        join_with_offer(1, MIN_BOND, 30, 1);
        join_with_offer(2, MIN_BOND, 20, 1);
        join_with_offer(3, MIN_BOND, 40, 1);
        assert_eq!(assign(1).unwrap().solver, account(2));
        // Solver 2 is at capacity now.
        assert_eq!(assign(1).unwrap().solver, account(1));
    });
}

#[test]
fn assign_orders_by_the_price_of_the_longest_input_and_not_by_the_book() {
    ExtBuilder.build_and_execute(|| {
        join(1, MIN_BOND);
        join(2, MIN_BOND);
        let by_length = Offer {
            base: 0,
            per_byte: 1,
            min_reward: 0,
            capacity: 9,
            unit: Unit::Native,
        };
        assert_ok!(Staking::set_offer(origin(1), model(1), by_length));
        assert_ok!(Staking::set_offer(origin(2), model(1), flat(100, 9)));
        assert_eq!(Staking::offers(&model(1))[0].0, account(2));
        let short = Query {
            input_lens: vec![50],
            ..query(1)
        }
        .ask()
        .unwrap();
        assert_eq!(short.solver, account(1));
        let long = Query {
            input_lens: vec![50, 300],
            ..query(1)
        }
        .ask()
        .unwrap();
        assert_eq!(long.solver, account(2));
    });
}

#[test]
fn a_better_reputation_outweighs_a_small_difference_in_price() {
    ExtBuilder.build_and_execute(|| {
        join_with_offer(1, MIN_BOND, 100, 5);
        join_with_offer(2, MIN_BOND, 110, 5);
        assert_eq!(assign(1).unwrap().solver, account(1));
        assert_ok!(Query {
            exclude: vec![account(1)],
            ..query(4)
        }
        .ask());
        Staking::agreed(&account(2), 4, 880, 4_400);
        assert_eq!(assign(1).unwrap().solver, account(2));
    });
}

#[test]
fn assign_takes_only_what_capacity_allows() {
    ExtBuilder.build_and_execute(|| {
        join_with_offer(1, MIN_BOND, 10, 3);
        assert_eq!(assign(2).unwrap().taken, 2);
        assert_eq!(assign(5).unwrap().taken, 1);
        assert_eq!(assign(1), Err(NoOffer::NobodyFree));
    });
}

#[test]
fn capacity_counts_the_tasks_of_all_models() {
    ExtBuilder.build_and_execute(|| {
        join_with_offer(1, MIN_BOND, 10, 3);
        assert_ok!(Staking::set_offer(origin(1), model(2), flat(10, 3)));
        assert_eq!(
            Query {
                model: model(2),
                ..query(2)
            }
            .ask()
            .unwrap()
            .taken,
            2
        );
        assert_eq!(assign(3).unwrap().taken, 1);
    });
}

#[test]
fn assign_takes_only_what_free_stake_allows() {
    ExtBuilder.build_and_execute(|| {
        join_with_offer(1, MIN_BOND, 150, 9);
        let assignment = assign(9).unwrap();
        assert_eq!((assignment.taken, assignment.bonds), (3, vec![300; 3]));
        assert_eq!(solver(1).free(), 100);
        assert_eq!(assign(1), Err(NoOffer::NobodyFree));
    });
}

#[test]
fn nobody_offers_a_model_without_a_book() {
    ExtBuilder.build_and_execute(|| {
        assert_eq!(assign(1), Err(NoOffer::NobodyOffers));
    });
}

#[test]
fn a_cap_below_every_offer_is_told_the_least_price() {
    ExtBuilder.build_and_execute(|| {
        join_with_offer(1, MIN_BOND, 30, 1);
        join_with_offer(2, MIN_BOND, 20, 1);
        let capped = |max_reward| {
            Query {
                max_reward,
                ..query(1)
            }
            .ask()
        };
        assert_eq!(capped(19), Err(NoOffer::CapTooLow { cheapest: 20 }));
        assert_ok!(capped(20));
        // Solver 2 would be within the cap, but is busy.
        assert_eq!(capped(20), Err(NoOffer::NobodyFree));
    });
}

#[test]
fn the_cap_holds_for_the_longest_input() {
    ExtBuilder.build_and_execute(|| {
        join(1, MIN_BOND);
        let by_length = Offer {
            base: 0,
            per_byte: 1,
            min_reward: 0,
            capacity: 9,
            unit: Unit::Native,
        };
        assert_ok!(Staking::set_offer(origin(1), model(1), by_length));
        let result = Query {
            input_lens: vec![10, 200],
            max_reward: 199,
            ..query(2)
        }
        .ask();
        assert_eq!(result, Err(NoOffer::CapTooLow { cheapest: 200 }));
    });
}

#[test]
fn nobody_is_free_when_all_are_excluded() {
    ExtBuilder.build_and_execute(|| {
        join_with_offer(1, MIN_BOND, 30, 1);
        let result = Query {
            exclude: vec![account(1)],
            ..query(1)
        }
        .ask();
        assert_eq!(result, Err(NoOffer::NobodyFree));
    });
}

#[test]
fn nobody_is_free_when_reputation_is_too_low() {
    ExtBuilder.build_and_execute(|| {
        join_with_offer(1, MIN_BOND, 30, 1);
        let wanting = |min_reputation| {
            Query {
                min_reputation,
                ..query(1)
            }
            .ask()
        };
        assert_eq!(wanting(400_001), Err(NoOffer::NobodyFree));
        assert_ok!(wanting(400_000));
    });
}

#[test]
fn a_refused_query_changes_nothing() {
    ExtBuilder.build_and_execute(|| {
        join_with_offer(1, MIN_BOND, 30, 1);
        frame_support::assert_storage_noop!(Query {
            max_reward: 1,
            ..query(1)
        }
        .ask()
        .unwrap_err());
        frame_support::assert_storage_noop!(assign(0).unwrap_err());
    });
}

#[test]
fn offers_alike_share_the_work_in_proportion_to_free_stake() {
    ExtBuilder.build_and_execute(|| {
        join_with_offer(1, 1_000, 100, 9);
        join_with_offer(2, 3_000, 100, 9);
        let drawn = |number: u128| {
            hypothetically!(
                Query {
                    seed: seed(number),
                    ..query(1)
                }
                .ask()
                .unwrap()
                .solver
            )
        };
        assert_eq!(
            [0, 999, 1_000, 3_999, 4_000].map(drawn),
            [1, 1, 2, 2, 1].map(account)
        );
    });
}

#[test]
fn offers_within_tolerance_of_the_best_have_their_chance() {
    ExtBuilder.build_and_execute(|| {
        SelectionTolerance::set(50_000);
        join_with_offer(1, 1_000, 100, 9);
        join_with_offer(2, 1_000, 105, 9);
        join_with_offer(3, 1_000, 106, 9);
        let drawn = |number: u128| {
            hypothetically!(
                Query {
                    seed: seed(number),
                    ..query(1)
                }
                .ask()
                .unwrap()
                .solver
            )
        };
        let all: std::collections::BTreeSet<_> = (0..30).map(|number| drawn(number * 100)).collect();
        assert_eq!(all, [account(1), account(2)].into());
    });
}

#[test]
fn assign_reads_no_more_records_than_it_may() {
    ExtBuilder.build_and_execute(|| {
        for number in 1..=4 {
            join_with_offer(number, MIN_BOND, Balance::from(number), 1);
        }
        assert_ok!(assign(1));
        assert_ok!(assign(1));
        // Solvers 1 and 2 are busy; whoever may read two records does not get to know the others.
        MaxCandidates::set(2);
        assert_eq!(assign(1), Err(NoOffer::NobodyFree));
        // Those excluded cost no read.
        let result = Query {
            exclude: vec![account(1)],
            ..query(1)
        }
        .ask();
        assert_eq!(result.unwrap().solver, account(3));
    });
}

#[test]
fn stake_at_risk_backs_no_assignment() {
    ExtBuilder.build_and_execute(|| {
        join_with_offer(1, MIN_BOND, 250, 9);
        assert_ok!(assign(1));
        Staking::fault(&account(1), report(Fault::Wrong, 500, 250)).unwrap();
        // 500 and a tenth of the other 500 are at risk.
        assert_eq!(solver(1).free(), 450);
        assert_eq!(assign(1), Err(NoOffer::NobodyFree));
    });
}

#[test]
fn a_usual_record_is_small() {
    ExtBuilder.build_and_execute(|| {
        join_with_offer(1, MIN_BOND, 10, 1);
        assert_ok!(Staking::set_offer(origin(1), model(2), flat(10, 1)));
        assert!(record_len(1) <= 256, "{} bytes", record_len(1));
    });
}
