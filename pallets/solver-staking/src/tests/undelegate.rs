use crate::{mock::*, types::Chunk, Delegations, Error, Event};
use frame_support::{assert_noop, assert_ok};
use pensum_primitives::{
    solver::{Fault, StringAmount},
    traits::{FaultReport, Solvers as _},
};

#[test]
fn undelegated_stake_backs_no_new_work_and_earns_nothing() {
    ExtBuilder.build_and_execute(|| {
        join_with_pool(1, 1_000);
        delegate(5, 1, 3_000);
        delegate(6, 1, 1_000);
        assert_ok!(Staking::undelegate(origin(5), account(1), 3_000));
        let withdrawable_from = 1 + UNBONDING_PERIOD;
        assert_eq!(
            last_event(),
            Event::Undelegated {
                solver: account(1),
                delegator: account(5),
                amount: 3_000,
                withdrawable_from
            }
        );
        assert_eq!(solver(1).free(), 2_000);
        assert_eq!(pool_funds(1).1, 4_000);
        earn(1, 1_000);
        // Half of it, less a tenth, rounded down.
        assert_eq!((delegated(5, 1), delegated(6, 1)), ((0, 0), (1_000, 449)));
        let view = Staking::delegation(&account(1), &account(5)).unwrap();
        assert_eq!(view.leaving, [(StringAmount(3_000), withdrawable_from)]);
    });
}

#[test]
fn what_was_earned_before_undelegating_stays_earned() {
    ExtBuilder.build_and_execute(|| {
        join_with_pool(1, 1_000);
        delegate(5, 1, 1_000);
        let share = earn(1, 1_000);
        assert_ok!(Staking::undelegate(origin(5), account(1), 1_000));
        assert_eq!(share, 450);
        assert_eq!(delegated(5, 1), (0, 449));
    });
}

#[test]
fn undelegated_stake_is_slashed_like_the_rest() {
    ExtBuilder.build_and_execute(|| {
        join_with_pool(1, 2_000);
        delegate(5, 1, 4_000);
        delegate(6, 1, 4_000);
        assert!(Staking::lock(&account(1), 5_000));
        assert_ok!(Staking::undelegate(origin(5), account(1), 4_000));
        let rejected = FaultReport {
            tasks: 0,
            ..report(Fault::Rejected, 5_000, 0)
        };
        Staking::fault(&account(1), rejected).unwrap();
        run_for(SlashDefer::get());
        assert_eq!(solver(1).bonded, 1_000);
        assert_eq!(delegated(6, 1).0, 2_000);
        run_for(UNBONDING_PERIOD);
        assert_ok!(Staking::withdraw_delegated(origin(5), account(1)));
        assert_eq!(Balances::free_balance(account(5)), RICH - 2_000);
    });
}

#[test]
fn undelegating_fails_when_not_that_much_or_too_little_stays() {
    ExtBuilder.build_and_execute(|| {
        join_with_pool(1, MIN_BOND);
        let undelegate = |amount| Staking::undelegate(origin(5), account(1), amount);
        assert_noop!(undelegate(1), Error::<Test>::NotDelegator);
        delegate(5, 1, 1_000);
        assert_noop!(undelegate(0), Error::<Test>::AmountZero);
        assert_noop!(undelegate(1_001), Error::<Test>::NotThatMuchDelegated);
        assert_noop!(
            undelegate(1_001 - MIN_DELEGATION),
            Error::<Test>::DelegationTooSmall
        );
        assert_ok!(undelegate(1_000 - MIN_DELEGATION));
        assert_ok!(undelegate(MIN_DELEGATION));
        assert_eq!(
            Delegations::<Test>::get(account(1), account(5))
                .unwrap()
                .leaving
                .to_vec(),
            [Chunk {
                amount: 1_000,
                withdrawable_from: 1 + UNBONDING_PERIOD
            }]
        );
    });
}

#[test]
fn undelegating_fails_when_too_many_chunks_are_on_their_way() {
    ExtBuilder.build_and_execute(|| {
        join_with_pool(1, MIN_BOND);
        delegate(5, 1, 1_000);
        for _ in 0..3 {
            assert_ok!(Staking::undelegate(origin(5), account(1), 100));
            run_for(1);
        }
        assert_noop!(
            Staking::undelegate(origin(5), account(1), 100),
            Error::<Test>::TooManyUnbonding
        );
    });
}
