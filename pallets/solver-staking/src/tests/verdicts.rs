use crate::mock::*;
use frame_support::assert_ok;
use pensum_primitives::{solver::Fault, traits::Solvers as _};

#[test]
fn agreed_gives_back_stake_and_capacity_and_raises_reputation() {
    ExtBuilder.build_and_execute(|| {
        join_with_offer(1, MIN_BOND, 100, 3);
        assert_ok!(assign(3));
        let before = solver(1).reputation.score_ppm();
        Staking::agreed(&account(1), 2, 400, 200);
        assert_eq!(
            (Staking::locked(&account(1)), Staking::in_flight(&account(1))),
            (200, 1)
        );
        assert!(solver(1).reputation.score_ppm() > before);
    });
}

#[test]
fn released_without_fault_leaves_reputation_alone() {
    ExtBuilder.build_and_execute(|| {
        join_with_offer(1, MIN_BOND, 100, 1);
        assert_ok!(assign(1));
        let before = solver(1).reputation;
        Staking::released(&account(1), 1, 200, 100, false);
        assert_eq!(
            (Staking::locked(&account(1)), Staking::in_flight(&account(1))),
            (0, 0)
        );
        assert_eq!(solver(1).reputation, before);
    });
}

#[test]
fn declining_costs_a_little_reputation_and_no_stake() {
    ExtBuilder.build_and_execute(|| {
        for number in [1, 2] {
            join_with_offer(number, MIN_BOND, 100, 1);
            assert_ok!(assign(1));
        }
        let before = solver(1).reputation.score_ppm();
        Staking::released(&account(1), 1, 200, 100, true);
        Staking::fault(&account(2), report(Fault::TimedOut, 200, 100)).unwrap();
        let (declined, failed) = (solver(1).reputation.score_ppm(), solver(2).reputation.score_ppm());
        assert!(failed < declined && declined < before);
        assert_eq!(solver(1).free(), MIN_BOND);
    });
}

#[test]
fn a_batch_counts_as_much_as_its_tasks_one_by_one() {
    ExtBuilder.build_and_execute(|| {
        for number in [1, 2] {
            join_with_offer(number, 10_000, 100, 20);
            assert_eq!(assign(20).unwrap().taken, 20);
        }
        Staking::agreed(&account(1), 20, 4_000, 2_000);
        (0..20).for_each(|_| Staking::agreed(&account(2), 1, 200, 100));
        let [batch, singly] = [1, 2].map(|number| solver(number).reputation.score_ppm());
        assert!(batch.abs_diff(singly) <= 1);
    });
}

#[test]
fn verdicts_on_somebody_unknown_change_nothing() {
    ExtBuilder.build_and_execute(|| {
        Staking::agreed(&account(1), 1, 1, 1);
        Staking::released(&account(1), 1, 1, 1, true);
        assert_eq!(Staking::fault(&account(1), report(Fault::Wrong, 1, 1)), None);
        assert_eq!(
            (Staking::locked(&account(1)), Staking::in_flight(&account(1))),
            (0, 0)
        );
    });
}
