use crate::{mock::*, Delegations, Error, Event};
use frame_support::{assert_noop, assert_ok, traits::fungible::Inspect};
use pensum_primitives::{
    solver::{DelegationView, Fault},
    traits::{NoOffer, Solvers as _},
};

#[test]
fn delegated_stake_lies_on_hold_in_the_pool_and_backs_work() {
    ExtBuilder.build_and_execute(|| {
        join_with_offer(1, 1_000, 1_000, 9);
        assert_noop!(assign(1), NoOffer::NobodyFree);
        assert_ok!(Staking::set_commission(origin(1), 0));
        delegate(5, 1, 3_000);
        assert_eq!(
            last_event(),
            Event::Delegated {
                solver: account(1),
                delegator: account(5),
                amount: 3_000
            }
        );
        assert_eq!(pool_funds(1), (EXISTENTIAL_DEPOSIT, 3_000));
        assert_eq!(Balances::balance(&account(5)), RICH - 3_000);
        assert_eq!(solver(1).free(), 4_000);
        assert_eq!(assign(3).unwrap().bonds, [2_000, 2_000]);
        assert_eq!((solver(1).locked, solver(1).free()), (4_000, 0));
        assert_eq!(
            Staking::delegation(&account(1), &account(5)),
            Some(DelegationView {
                solver: account(1),
                delegator: account(5),
                staked: 3_000,
                leaving: vec![],
                rewards: vec![]
            })
        );
        assert_eq!(Staking::solver_status(&account(1)).unwrap().delegated, 3_000);
    });
}

#[test]
fn the_record_of_a_solver_with_a_pool_stays_small() {
    ExtBuilder.build_and_execute(|| {
        join_with_offer(1, 1_000, 10, 9);
        assert_ok!(Staking::set_offer(origin(1), model(2), flat(10, 1)));
        let without = record_len(1);
        assert_ok!(Staking::set_commission(origin(1), 0));
        assert_ok!(Staking::set_commission(origin(1), 1));
        assert!(record_len(1) <= 256, "{} bytes", record_len(1));
        assert_eq!(record_len(1) - without, 3 * 16 + 4 + 4 + 1 + 8);
    });
}

#[test]
fn whoever_comes_after_a_slash_pays_the_lower_price_of_a_share() {
    ExtBuilder.build_and_execute(|| {
        join_with_pool(1, 2_000);
        delegate(5, 1, 4_000);
        assert!(Staking::lock(&account(1), 3_000));
        Staking::fault(&account(1), report_of_bid(3_000)).unwrap();
        assert_noop!(
            Staking::delegate(origin(6), account(1), 1_000),
            Error::<Test>::SlashPending
        );
        run_for(SlashDefer::get());
        // Half of all stake is gone.
        assert_eq!((solver(1).bonded, delegated(5, 1).0), (1_000, 2_000));
        delegate(6, 1, 1_000);
        assert_eq!(
            Delegations::<Test>::get(account(1), account(6)).unwrap().shares,
            2_000
        );
        assert_eq!((delegated(5, 1).0, delegated(6, 1).0), (2_000, 1_000));
    });
}

fn report_of_bid(deposit: Balance) -> pensum_primitives::traits::FaultReport {
    pensum_primitives::traits::FaultReport {
        tasks: 0,
        ..report(Fault::BidWithheld, deposit, 0)
    }
}

#[test]
fn delegating_fails_when_not_open_or_too_little_or_too_much() {
    ExtBuilder.build_and_execute(|| {
        let delegate = |amount| Staking::delegate(origin(5), account(1), amount);
        assert_noop!(delegate(MIN_DELEGATION), Error::<Test>::NotSolver);
        join(1, MIN_BOND);
        assert_noop!(delegate(MIN_DELEGATION), Error::<Test>::DelegationClosed);
        assert_ok!(Staking::set_commission(origin(1), 0));
        assert_noop!(delegate(0), Error::<Test>::AmountZero);
        assert_noop!(delegate(MIN_DELEGATION - 1), Error::<Test>::DelegationTooSmall);
        assert_noop!(delegate(4 * MIN_BOND + 1), Error::<Test>::PoolFull);
        assert_ok!(delegate(4 * MIN_BOND));
        assert_noop!(delegate(1), Error::<Test>::PoolFull);
        assert_ok!(Staking::bond_extra(origin(1), 1));
        assert_ok!(delegate(4));
    });
}

#[test]
fn delegating_fails_when_the_account_would_die() {
    ExtBuilder.build_and_execute(|| {
        join_with_pool(1, 90_000);
        let delegate = |amount| Staking::delegate(origin(5), account(1), amount);
        assert_noop!(
            delegate(RICH - EXISTENTIAL_DEPOSIT + 1),
            Error::<Test>::BondUnaffordable
        );
        assert_ok!(delegate(RICH - EXISTENTIAL_DEPOSIT));
    });
}

#[test]
fn delegated_stake_counts_only_in_proportion_to_the_solvers_own() {
    ExtBuilder.build_and_execute(|| {
        join_with_pool(1, 3_000);
        delegate(5, 1, 10_000);
        assert_eq!(solver(1).free(), 13_000);
        assert!(Staking::lock(&account(1), 12_000));
        // 2 400 and four times as much are just enough.
        assert_noop!(Staking::unbond(origin(1), 601), Error::<Test>::StakeNotFree);
        assert_ok!(Staking::unbond(origin(1), 600));
        assert_eq!(solver(1).free(), 0);
        Staking::unlock(&account(1), 12_000);
        assert_eq!(solver(1).free(), 12_000);
    });
}

#[test]
fn nobody_can_enter_a_pool_that_a_slash_left_worthless() {
    ExtBuilder.build_and_execute(|| {
        join_with_pool(1, 1_000);
        delegate(5, 1, 4_000);
        assert!(Staking::lock(&account(1), 5_000));
        Staking::fault(&account(1), report_of_bid(5_000)).unwrap();
        run_for(SlashDefer::get());
        assert_eq!((solver(1).total(), pool(1).value), (0, 0));
        assert_ok!(Staking::bond_extra(origin(1), 1_000));
        assert_noop!(
            Staking::delegate(origin(6), account(1), 1_000),
            Error::<Test>::PoolSpent
        );
        // Once the last share is out, the pool is as new.
        assert_ok!(Staking::withdraw_delegated(origin(5), account(1)));
        delegate(6, 1, 1_000);
        assert_eq!(delegated(6, 1).0, 1_000);
    });
}
