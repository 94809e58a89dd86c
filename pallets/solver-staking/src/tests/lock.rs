use crate::{mock::*, Error, Slashes};
use frame_support::{assert_noop, assert_ok};
use market_math::reputation::Reputation;
use pensum_primitives::{
    solver::Fault,
    traits::{FaultReport, Solvers as _},
};

#[test]
fn a_deposit_locks_stake_and_no_capacity() {
    ExtBuilder.build_and_execute(|| {
        join_with_offer(1, MIN_BOND, 10, 1);
        assert!(Staking::lock(&account(1), 600));
        assert_eq!((solver(1).locked, solver(1).in_flight), (600, 0));
        assert_ok!(assign(1));
        Staking::unlock(&account(1), 600);
        assert_eq!((solver(1).locked, solver(1).in_flight), (20, 1));
    });
}

#[test]
fn no_stake_is_locked_twice() {
    ExtBuilder.build_and_execute(|| {
        join(1, MIN_BOND);
        assert!(Staking::lock(&account(1), 600));
        assert!(!Staking::lock(&account(1), 401));
        assert!(Staking::lock(&account(1), 400));
        assert!(!Staking::lock(&account(1), 1));
        assert_eq!(solver(1).locked, MIN_BOND);
        assert!(!Staking::lock(&account(2), 0));
        Staking::unlock(&account(2), 5);
    });
}

#[test]
fn leaving_and_unbonding_wait_for_a_deposit() {
    ExtBuilder.build_and_execute(|| {
        join(1, 2 * MIN_BOND);
        assert!(Staking::lock(&account(1), MIN_BOND + 1));
        assert_noop!(Staking::unbond(origin(1), MIN_BOND), Error::<Test>::StakeNotFree);
        assert_noop!(Staking::leave(origin(1)), Error::<Test>::StillAtWork);
        Staking::unlock(&account(1), MIN_BOND + 1);
        assert_ok!(Staking::leave(origin(1)));
    });
}

#[test]
fn a_bid_that_is_withheld_costs_its_deposit_a_little_reputation_and_no_jail() {
    ExtBuilder.build_and_execute(|| {
        join(1, MIN_BOND);
        assert!(Staking::lock(&account(1), 300));
        let withheld = FaultReport {
            tasks: 0,
            ..report(Fault::BidWithheld, 300, 100)
        };
        let id = Staking::fault(&account(1), withheld).unwrap();
        assert_eq!(Slashes::<Test>::get(id).unwrap().amount, 300);
        let now = solver(1);
        assert_eq!((now.locked, now.at_risk, now.in_flight), (0, 300, 0));
        assert_eq!((now.faults.count, now.jailed_until), (1, None));

        // As much as one task given back.
        let weight = Staking::verdict_weight(100, 1);
        assert_eq!(now.reputation, Reputation::new().declined(weight));
    });
}
