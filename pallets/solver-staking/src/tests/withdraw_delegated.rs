use crate::{mock::*, Delegations, Error, Event, PoolRewards, Solvers};
use frame_support::{assert_noop, assert_ok};
use pensum_primitives::{
    solver::Fault,
    traits::{FaultReport, Solvers as _},
};

/// Solver 1 with 1 000 of its own and 3 000 of delegator 5, which is on its way out.
fn leaving_delegator() {
    join_with_pool(1, 1_000);
    delegate(5, 1, 3_000);
    assert_ok!(Staking::undelegate(origin(5), account(1), 3_000));
}

#[test]
fn withdrawing_the_last_of_a_delegation_pays_stake_and_rewards() {
    ExtBuilder.build_and_execute(|| {
        join_with_pool(1, 1_000);
        delegate(5, 1, 3_000);
        let share = earn(1, 1_000);
        assert_eq!(share, 675);
        assert_ok!(Staking::undelegate(origin(5), account(1), 3_000));
        run_to(1 + UNBONDING_PERIOD);
        assert_ok!(Staking::withdraw_delegated(origin(5), account(1)));
        assert_eq!(
            staking_events(),
            [
                Event::RewardsClaimed {
                    solver: account(1),
                    delegator: account(5),
                    asset: None,
                    amount: 674
                },
                Event::DelegationWithdrawn {
                    solver: account(1),
                    delegator: account(5),
                    amount: 3_000
                }
            ]
        );
        assert_eq!(Balances::free_balance(account(5)), RICH + 674);
        assert!(!Delegations::<Test>::contains_key(account(1), account(5)));
        // What rounding left waits in the pool.
        assert_eq!(pool_funds(1), (EXISTENTIAL_DEPOSIT + 1, 0));
    });
}

#[test]
fn withdrawing_fails_one_block_too_early() {
    ExtBuilder.build_and_execute(|| {
        leaving_delegator();
        let withdraw = || Staking::withdraw_delegated(origin(5), account(1));
        run_to(UNBONDING_PERIOD);
        assert_noop!(withdraw(), Error::<Test>::NothingToWithdraw);
        run_to(1 + UNBONDING_PERIOD);
        assert_ok!(withdraw());
        assert_noop!(withdraw(), Error::<Test>::NotDelegator);
    });
}

#[test]
fn withdrawing_waits_for_a_pending_slash() {
    ExtBuilder.build_and_execute(|| {
        SlashDefer::set(2 * UNBONDING_PERIOD);
        leaving_delegator();
        assert!(Staking::lock(&account(1), 800));
        let withheld = FaultReport {
            tasks: 0,
            ..report(Fault::BidWithheld, 800, 0)
        };
        Staking::fault(&account(1), withheld).unwrap();
        run_to(1 + UNBONDING_PERIOD);
        assert_noop!(
            Staking::withdraw_delegated(origin(5), account(1)),
            Error::<Test>::SlashPending
        );
        // Nor can the solver leave the slash to those who delegated.
        assert_noop!(Staking::withdraw_unbonded(origin(1)), Error::<Test>::SlashPending);
        run_to(1 + 2 * UNBONDING_PERIOD);
        assert_ok!(Staking::withdraw_delegated(origin(5), account(1)));
        assert_eq!(Balances::free_balance(account(5)), RICH - 600);
        assert_eq!(solver(1).bonded, 800);
    });
}

#[test]
fn withdrawing_waits_for_tasks_that_were_taken_before() {
    ExtBuilder.build_and_execute(|| {
        join_with_pool(1, 1_000);
        delegate(5, 1, 3_000);
        assert!(Staking::lock(&account(1), 2_000));
        assert_ok!(Staking::undelegate(origin(5), account(1), 3_000));
        run_to(1 + UNBONDING_PERIOD);
        // No new work can be had on stake that leaves.
        assert!(!Staking::lock(&account(1), 1));
        let withdraw = || Staking::withdraw_delegated(origin(5), account(1));
        assert_noop!(withdraw(), Error::<Test>::StakeNotFree);
        Staking::unlock(&account(1), 1_000);
        assert_ok!(withdraw());
        assert_eq!((solver(1).locked, solver(1).bonded), (1_000, 1_000));
    });
}

#[test]
fn delegators_of_a_solver_that_left_have_everything_back_and_the_pool_is_closed() {
    ExtBuilder.build_and_execute(|| {
        join_with_pool(1, 1_000);
        delegate(5, 1, 1_000);
        delegate(6, 1, 2_000);
        let share = earn(1, 1_001);
        assert_ok!(Staking::leave(origin(1)));
        run_for(UNBONDING_PERIOD);
        assert_ok!(Staking::withdraw_unbonded(origin(1)));
        assert!(Solvers::<Test>::contains_key(account(1)));
        for delegator in [5, 6] {
            let (staked, _) = delegated(delegator, 1);
            assert_ok!(Staking::undelegate(origin(delegator), account(1), staked));
        }
        run_for(UNBONDING_PERIOD);
        assert_ok!(Staking::withdraw_delegated(origin(5), account(1)));
        assert_ok!(Staking::withdraw_delegated(origin(6), account(1)));
        assert!(!Solvers::<Test>::contains_key(account(1)));
        assert!(!PoolRewards::<Test>::contains_key(account(1)));
        assert_eq!(pool_funds(1), (0, 0));
        let paid: Balance = [5, 6]
            .map(|number| Balances::free_balance(account(number)) - RICH)
            .iter()
            .sum();
        let dust = Balances::free_balance(TREASURY) - RICH;
        assert_eq!(paid + dust, share);
        assert!(dust <= 2);
        // The deposit is back too.
        assert_eq!(Balances::free_balance(account(1)), RICH);
        join_with_pool(1, 1_000);
        assert_eq!(pool(1).shares, 0);
    });
}

#[test]
fn who_lost_everything_to_a_slash_is_let_out_at_once_with_its_rewards() {
    ExtBuilder.build_and_execute(|| {
        join_with_pool(1, 1_000);
        delegate(5, 1, 1_000);
        delegate(6, 1, 1_000);
        let share = earn(1, 900);
        assert!(Staking::lock(&account(1), 3_000));
        assert_ok!(Staking::undelegate(origin(6), account(1), 500));
        let rejected = FaultReport {
            tasks: 0,
            ..report(Fault::Rejected, 3_000, 0)
        };
        Staking::fault(&account(1), rejected).unwrap();
        run_for(SlashDefer::get());
        assert_eq!((solver(1).total(), pool(1).value), (0, 0));
        // What rounding took from the first is there for the last.
        for (delegator, reward) in [(5, share / 2 - 1), (6, share / 2)] {
            assert_ok!(Staking::withdraw_delegated(origin(delegator), account(1)));
            let earned = Balances::free_balance(account(delegator)) + 1_000 - RICH;
            assert_eq!(earned, reward);
        }
        assert!(!Solvers::<Test>::contains_key(account(1)));
    });
}
