use crate::{mock::*, Error, Event};
use frame_support::{assert_noop, assert_ok};

#[test]
fn bond_extra_adds_to_the_stake_at_work() {
    ExtBuilder.build_and_execute(|| {
        join(1, MIN_BOND);
        assert_ok!(Staking::bond_extra(origin(1), 500));
        assert_eq!(solver(1).bonded, MIN_BOND + 500);
        assert_eq!(
            last_event(),
            Event::BondIncreased {
                solver: account(1),
                amount: 500,
                bonded: MIN_BOND + 500
            }
        );
    });
}

#[test]
fn bond_extra_is_the_way_back_after_leaving() {
    ExtBuilder.build_and_execute(|| {
        join(1, MIN_BOND);
        assert_ok!(Staking::leave(origin(1)));
        assert_noop!(
            Staking::bond_extra(origin(1), MIN_BOND - 1),
            Error::<Test>::BondTooSmall
        );
        assert_ok!(Staking::bond_extra(origin(1), MIN_BOND));
        assert_ok!(Staking::set_offer(origin(1), model(1), flat(10, 1)));
    });
}

#[test]
fn bond_extra_fails_when_not_a_solver() {
    ExtBuilder.build_and_execute(|| {
        assert_noop!(Staking::bond_extra(origin(1), 1), Error::<Test>::NotSolver);
    });
}

#[test]
fn bond_extra_fails_when_amount_is_zero() {
    ExtBuilder.build_and_execute(|| {
        join(1, MIN_BOND);
        assert_noop!(Staking::bond_extra(origin(1), 0), Error::<Test>::AmountZero);
    });
}

#[test]
fn bond_extra_fails_when_balance_does_not_cover_it() {
    ExtBuilder.build_and_execute(|| {
        join(1, MIN_BOND);
        for amount in [RICH, u128::MAX] {
            assert_noop!(
                Staking::bond_extra(origin(1), amount),
                Error::<Test>::BondUnaffordable
            );
        }
    });
}
