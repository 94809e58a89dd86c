use crate::{mock::*, Error, Event, Solvers};
use frame_support::{assert_noop, assert_ok};
use pensum_primitives::traits::Solvers as _;

fn set(commission: u32) {
    assert_ok!(Staking::set_commission(origin(1), commission));
}

/// What delegators have of 1 000, of which half is theirs before commission.
fn share() -> Balance {
    Staking::delegators_share(&account(1), None, 1_000).unwrap().1
}

#[test]
fn the_first_commission_opens_a_pool_and_holds_at_once() {
    ExtBuilder.build_and_execute(|| {
        join(1, 1_000);
        assert_eq!(Staking::solver_status(&account(1)).unwrap().commission, None);
        set(100_000);
        assert_eq!(
            last_event(),
            Event::CommissionSet {
                solver: account(1),
                commission: 100_000,
                from: 1
            }
        );
        assert_eq!(pool_funds(1), (EXISTENTIAL_DEPOSIT, 0));
        assert_eq!(
            Balances::free_balance(account(1)),
            RICH - 1_000 - EXISTENTIAL_DEPOSIT
        );
        delegate(5, 1, 1_000);
        assert_eq!(share(), 450);
    });
}

#[test]
fn a_raise_waits_until_delegators_could_leave() {
    ExtBuilder.build_and_execute(|| {
        join_with_pool(1, 1_000);
        delegate(5, 1, 1_000);
        set(500_000);
        let from = 1 + COMMISSION_NOTICE;
        assert_eq!(
            last_event(),
            Event::CommissionSet {
                solver: account(1),
                commission: 500_000,
                from
            }
        );
        let status = Staking::solver_status(&account(1)).unwrap();
        assert_eq!(
            (status.commission, status.next_commission),
            (Some(100_000), Some((500_000, from)))
        );
        run_to(from - 1);
        assert_eq!(share(), 450);
        run_to(from);
        assert_eq!(share(), 250);
        let status = Staking::solver_status(&account(1)).unwrap();
        assert_eq!((status.commission, status.next_commission), (Some(500_000), None));
    });
}

#[test]
fn lowering_holds_at_once_and_takes_back_a_raise() {
    ExtBuilder.build_and_execute(|| {
        join_with_pool(1, 1_000);
        delegate(5, 1, 1_000);
        set(500_000);
        set(0);
        assert_eq!(share(), 500);
        run_for(2 * COMMISSION_NOTICE);
        assert_eq!(share(), 500);
    });
}

#[test]
fn a_raise_that_is_announced_again_waits_again() {
    ExtBuilder.build_and_execute(|| {
        join_with_pool(1, 1_000);
        delegate(5, 1, 1_000);
        set(200_000);
        run_for(COMMISSION_NOTICE - 1);
        set(300_000);
        run_for(1);
        assert_eq!(share(), 450);
        run_for(COMMISSION_NOTICE);
        assert_eq!(share(), 350);
    });
}

#[test]
fn setting_a_commission_fails_when_no_solver_too_high_or_the_deposit_is_not_covered() {
    ExtBuilder.build_and_execute(|| {
        let set = |commission| Staking::set_commission(origin(1), commission);
        assert_noop!(set(0), Error::<Test>::NotSolver);
        join(1, RICH - EXISTENTIAL_DEPOSIT);
        assert_noop!(set(500_001), Error::<Test>::CommissionTooHigh);
        assert_noop!(set(500_000), Error::<Test>::PoolDepositUnaffordable);
        assert!(Solvers::<Test>::get(account(1)).unwrap().pool.is_none());
    });
}
