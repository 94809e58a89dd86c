use crate::{mock::*, Error, Event};
use frame_support::{assert_noop, assert_ok};
use pensum_primitives::traits::Solvers as _;

#[test]
fn rewards_are_shared_in_proportion_to_stake_less_commission() {
    ExtBuilder.build_and_execute(|| {
        join_with_pool(1, 2_000);
        delegate(5, 1, 4_000);
        delegate(6, 1, 2_000);
        // Three quarters of 10 000, less a tenth.
        assert_eq!(earn(1, 10_000), 6_750);
        assert_eq!((delegated(5, 1).1, delegated(6, 1).1), (4_500, 2_250));
        assert_ok!(Staking::claim_rewards(origin(5), account(1), None));
        assert_eq!(
            last_event(),
            Event::RewardsClaimed {
                solver: account(1),
                delegator: account(5),
                asset: None,
                amount: 4_500
            }
        );
        assert_eq!(Balances::free_balance(account(5)), RICH - 4_000 + 4_500);
        assert_noop!(
            Staking::claim_rewards(origin(5), account(1), None),
            Error::<Test>::NothingToClaim
        );
        assert_eq!(delegated(6, 1).1, 2_250);
    });
}

#[test]
fn whoever_comes_later_has_nothing_of_what_was_earned_before() {
    ExtBuilder.build_and_execute(|| {
        join(1, 1_000);
        assert_ok!(Staking::set_commission(origin(1), 0));
        delegate(5, 1, 1_000);
        assert_eq!(earn(1, 1_000), 500);
        delegate(6, 1, 1_000);
        assert_eq!((delegated(5, 1).1, delegated(6, 1).1), (500, 0));
        assert_eq!(earn(1, 1_500), 1_000);
        assert_eq!((delegated(5, 1).1, delegated(6, 1).1), (1_000, 500));
        // More of it later changes nothing of before.
        delegate(6, 1, 1_000);
        assert_eq!(delegated(6, 1), (2_000, 500));
    });
}

#[test]
fn a_reward_below_the_existential_deposit_arrives_too() {
    ExtBuilder.build_and_execute(|| {
        join(1, 1_024);
        assert_ok!(Staking::set_commission(origin(1), 0));
        delegate(5, 1, 1_024);
        assert_eq!(earn(1, 2), 1);
        assert_eq!(delegated(5, 1).1, 1);
        assert_ok!(Staking::claim_rewards(origin(5), account(1), None));
        assert_eq!(pool_funds(1), (EXISTENTIAL_DEPOSIT, 1_024));
    });
}

#[test]
fn claiming_fails_when_nothing_was_delegated() {
    ExtBuilder.build_and_execute(|| {
        join_with_pool(1, 1_000);
        assert_noop!(
            Staking::claim_rewards(origin(5), account(1), None),
            Error::<Test>::NotDelegator
        );
        assert_eq!(Staking::delegation(&account(1), &account(5)), None);
    });
}

#[test]
fn without_delegators_nothing_is_shared() {
    ExtBuilder.build_and_execute(|| {
        let share = |payment| Staking::delegators_share(&account(1), None, payment);
        assert_eq!(share(1_000), None);
        join(1, 1_000);
        assert_eq!(share(1_000), None);
        assert_ok!(Staking::set_commission(origin(1), 0));
        assert_eq!(share(1_000), None);
        delegate(5, 1, 1_000);
        assert_eq!(share(1_000), Some((Staking::pool_account(&account(1)), 500)));
        assert_eq!(share(1), None);
        assert_ok!(Staking::undelegate(origin(5), account(1), 1_000));
        assert_eq!(share(1_000), None);
    });
}
