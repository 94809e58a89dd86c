use crate::{mock::*, Delegations, Error, Event, PoolRewards, Solvers};
use frame_support::{assert_noop, assert_ok};
use pensum_primitives::{
    solver::{DelegationView, StringAmount},
    traits::Solvers as _,
};
use sp_runtime::TokenError;

/// Solver 1 with a pool that accepts assets 2 and 3; accounts 5 and 6 have an eighth and three eighths of all stake.
fn pooled() {
    join(1, 4_096);
    accept(1, 2);
    assert_ok!(Staking::set_commission(origin(1), 0));
    accept(1, 3);
    delegate(5, 1, 1_024);
    delegate(6, 1, 3_072);
}

fn rewards(delegator: u8) -> Vec<(Option<AssetId>, StringAmount)> {
    Staking::delegation(&account(1), &account(delegator))
        .unwrap()
        .rewards
}

fn leave_the_pool(delegator: u8, amount: Balance) {
    assert_ok!(Staking::undelegate(origin(delegator), account(1), amount));
    run_for(UNBONDING_PERIOD);
    assert_ok!(Staking::withdraw_delegated(origin(delegator), account(1)));
}

#[test]
fn every_asset_is_shared_out_and_claimed_by_itself() {
    ExtBuilder.build_and_execute(|| {
        pooled();
        assert_eq!(earn(1, 800), 400);
        assert_eq!(earn_in(Some(2), 1, 80), 40);
        assert_eq!(earn_in(Some(3), 1, 16), 8);
        assert_eq!(
            Staking::delegation(&account(1), &account(5)),
            Some(DelegationView {
                solver: account(1),
                delegator: account(5),
                staked: 1_024,
                leaving: vec![],
                rewards: vec![
                    (None, StringAmount(100)),
                    (Some(2), StringAmount(10)),
                    (Some(3), StringAmount(2))
                ],
            })
        );
        assert_ok!(Staking::claim_rewards(origin(5), account(1), Some(2)));
        assert_eq!(
            last_event(),
            Event::RewardsClaimed {
                solver: account(1),
                delegator: account(5),
                asset: Some(2),
                amount: 10
            }
        );
        assert_eq!(balance_of(2, &account(5)), RICH + 10);
        assert_eq!(
            rewards(5),
            [(None, StringAmount(100)), (Some(3), StringAmount(2))]
        );
        assert_noop!(
            Staking::claim_rewards(origin(5), account(1), Some(2)),
            Error::<Test>::NothingToClaim
        );
        assert_noop!(
            Staking::claim_rewards(origin(5), account(1), Some(4)),
            Error::<Test>::NothingToClaim
        );
        assert_ok!(Staking::claim_rewards(origin(6), account(1), Some(2)));
        assert_eq!(pool_balance(1, 2), LEAST);
    });
}

#[test]
fn shares_that_come_and_go_earn_in_every_asset_while_they_are_at_work() {
    ExtBuilder.build_and_execute(|| {
        join(1, 1_024);
        assert_ok!(Staking::set_commission(origin(1), 0));
        delegate(5, 1, 1_024);
        // After the first delegation: it counts from its beginning.
        accept(1, 3);
        assert_eq!(earn_in(Some(3), 1, 200), 100);
        delegate(6, 1, 1_024);
        assert_eq!((claimable(5, 1, Some(3)), claimable(6, 1, Some(3))), (100, 0));
        assert_eq!(earn_in(Some(3), 1, 300), 200);
        assert_eq!((claimable(5, 1, Some(3)), claimable(6, 1, Some(3))), (200, 100));
        assert_ok!(Staking::undelegate(origin(5), account(1), 1_024));
        assert_eq!(earn_in(Some(3), 1, 200), 100);
        assert_eq!((claimable(5, 1, Some(3)), claimable(6, 1, Some(3))), (200, 200));
    });
}

#[test]
fn less_than_a_unit_for_each_delegator_waits_for_more() {
    ExtBuilder.build_and_execute(|| {
        pooled();
        assert_eq!(earn_in(Some(3), 1, 2), 1);
        assert_eq!((claimable(5, 1, Some(3)), claimable(6, 1, Some(3))), (0, 0));
        assert_eq!(earn_in(Some(3), 1, 14), 7);
        assert_eq!((claimable(5, 1, Some(3)), claimable(6, 1, Some(3))), (2, 6));
    });
}

#[test]
fn without_a_way_for_the_asset_nothing_is_shared_in_it() {
    ExtBuilder.build_and_execute(|| {
        pooled();
        let pool = Staking::pool_account(&account(1));
        assert_eq!(
            Staking::delegators_share(&account(1), Some(3), 8),
            Some((pool, 4))
        );
        assert_eq!(Staking::delegators_share(&account(1), Some(4), 8), None);
        assert_eq!(Staking::delegators_share(&account(2), Some(3), 8), None);
    });
}

#[test]
fn the_last_withdrawal_pays_the_rewards_in_every_asset() {
    ExtBuilder.build_and_execute(|| {
        pooled();
        assert_eq!(earn(1, 800), 400);
        assert_eq!(earn_in(Some(2), 1, 80), 40);
        assert_eq!(earn_in(Some(3), 1, 16), 8);
        leave_the_pool(5, 1_024);
        assert_eq!(Balances::free_balance(account(5)), RICH + 100);
        assert_eq!(
            (balance_of(2, &account(5)), balance_of(3, &account(5))),
            (RICH + 10, RICH + 2)
        );
        assert!(!Delegations::<Test>::contains_key(account(1), account(5)));
        assert_eq!(pool(1).delegators, 1);
    });
}

#[test]
fn a_frozen_asset_bars_nobodys_way_out_and_its_rewards_wait() {
    ExtBuilder.build_and_execute(|| {
        pooled();
        assert_eq!(earn_in(Some(3), 1, 80), 40);
        assert_ok!(Assets::freeze_asset(RuntimeOrigin::signed(ISSUER), 3));
        leave_the_pool(5, 1_024);
        leave_the_pool(6, 3_072);
        assert_eq!(Balances::free_balance(account(5)), RICH);
        assert_noop!(
            Staking::claim_rewards(origin(5), account(1), Some(3)),
            TokenError::Frozen
        );
        // Nor does the solver lose them by leaving, refusing, or being removed.
        assert_ok!(Staking::refuse_asset(origin(1), 3));
        assert_ok!(Staking::leave(origin(1)));
        run_for(UNBONDING_PERIOD);
        assert_ok!(Staking::withdraw_unbonded(origin(1)));
        assert_eq!((pool(1).shares, pool(1).delegators), (0, 2));
        assert_eq!(rewards(6), [(Some(3), StringAmount(30))]);

        assert_ok!(Assets::thaw_asset(RuntimeOrigin::signed(ISSUER), 3));
        assert_ok!(Staking::claim_rewards(origin(6), account(1), Some(3)));
        assert_eq!(Staking::delegation(&account(1), &account(6)), None);
        assert_ok!(Staking::claim_rewards(origin(5), account(1), Some(3)));
        assert_eq!(
            last_event(),
            Event::Removed {
                solver: account(1),
                operator: operator_for(1, &account(1)).0
            }
        );
        assert_eq!(
            (balance_of(3, &account(5)), balance_of(3, &account(6))),
            (RICH + 10, RICH + 30)
        );
        // Everything is gone, and the deposits are back.
        assert!(!Solvers::<Test>::contains_key(account(1)) && !PoolRewards::<Test>::contains_key(account(1)));
        assert_eq!(
            (pool_balance(1, 2), pool_balance(1, 3), pool_funds(1)),
            (0, 0, (0, 0))
        );
        assert_eq!(
            (balance_of(2, &account(1)), balance_of(3, &account(1))),
            (RICH, RICH)
        );
        assert_eq!(Balances::free_balance(account(1)), RICH);
    });
}

#[test]
fn rewards_wait_for_an_account_that_can_receive_them() {
    ExtBuilder.build_and_execute(|| {
        pooled();
        // Account 5 has none of the asset, and its part is less than the least balance.
        assert_ok!(Assets::transfer_all(origin(5), 3, account(7), false));
        assert_eq!(earn_in(Some(3), 1, 16), 8);
        assert_noop!(
            Staking::claim_rewards(origin(5), account(1), Some(3)),
            TokenError::BelowMinimum
        );
        leave_the_pool(5, 1_024);
        assert_eq!(rewards(5), [(Some(3), StringAmount(2))]);
        assert_noop!(
            Staking::withdraw_delegated(origin(5), account(1)),
            Error::<Test>::NothingToWithdraw
        );
        assert_ok!(Assets::touch(origin(5), 3));
        assert_ok!(Staking::claim_rewards(origin(5), account(1), Some(3)));
        assert_eq!(balance_of(3, &account(5)), 2);
        assert_eq!(Staking::delegation(&account(1), &account(5)), None);
    });
}

#[test]
fn whoever_waits_for_rewards_can_delegate_again() {
    ExtBuilder.build_and_execute(|| {
        pooled();
        assert_eq!(earn_in(Some(3), 1, 80), 40);
        assert_ok!(Assets::freeze_asset(RuntimeOrigin::signed(ISSUER), 3));
        leave_the_pool(5, 1_024);
        delegate(5, 1, 1_024);
        assert_ok!(Assets::thaw_asset(RuntimeOrigin::signed(ISSUER), 3));
        assert_eq!(earn_in(Some(3), 1, 80), 40);
        assert_eq!(rewards(5), [(Some(3), StringAmount(20))]);
        assert_eq!(pool(1).delegators, 2);
    });
}

#[test]
fn what_its_owner_destroyed_is_owed_to_nobody() {
    ExtBuilder.build_and_execute(|| {
        pooled();
        assert_eq!(earn_in(Some(3), 1, 80), 40);
        let issuer = || RuntimeOrigin::signed(ISSUER);
        // A delegator that is out, and waits for nothing else.
        assert_ok!(Assets::freeze_asset(issuer(), 3));
        leave_the_pool(5, 1_024);
        assert_ok!(Assets::start_destroy(issuer(), 3));
        assert_ok!(Assets::destroy_accounts(issuer(), 3));
        assert_ok!(Assets::finish_destroy(issuer(), 3));
        assert_eq!((rewards(5), rewards(6)), (vec![], vec![]));
        assert_ok!(Staking::claim_rewards(origin(5), account(1), Some(3)));
        assert_eq!(Staking::delegation(&account(1), &account(5)), None);
        assert_ok!(Staking::refuse_asset(origin(1), 3));
        leave_the_pool(6, 3_072);
    });
}

#[test]
fn a_slash_that_leaves_nothing_leaves_the_rewards_in_every_asset() {
    ExtBuilder.build_and_execute(|| {
        pooled();
        assert_eq!(earn_in(Some(3), 1, 80), 40);
        Solvers::<Test>::mutate(account(1), |solver| solver.as_mut().unwrap().lock(1, 8_192));
        Staking::fault(
            &account(1),
            report(pensum_primitives::solver::Fault::Wrong, 8_192, 100),
        )
        .unwrap();
        run_for(SlashDefer::get());
        assert_eq!((pool(1).value, pool(1).delegators), (0, 2));
        for (delegator, reward) in [(5, 10), (6, 30)] {
            assert_ok!(Staking::withdraw_delegated(origin(delegator), account(1)));
            assert_eq!(balance_of(3, &account(delegator)), RICH + reward);
        }
        assert_eq!(balance_of(3, &account(1)), RICH);
        assert!(!PoolRewards::<Test>::contains_key(account(1)));
    });
}
