use crate::{ledger::MAX_REWARD_ASSETS, mock::*, types::MAX_ACCEPTED, Error, Event, PoolRewards};
use frame_support::{assert_noop, assert_ok};
use pensum_primitives::traits::{NoOffer, Solvers as _};
use sp_runtime::TokenError;

/// Solver 1 with an offer and a pool, in which account 5 has as much as it has itself.
fn pooled() {
    join_with_offer(1, 2_048, 10, 9);
    assert_ok!(Staking::set_commission(origin(1), 0));
    delegate(5, 1, 2_048);
}

fn refuse(asset: AssetId) {
    assert_ok!(Staking::refuse_asset(origin(1), asset));
}

#[test]
fn whoever_refuses_an_asset_gets_no_new_work_for_it() {
    ExtBuilder.build_and_execute(|| {
        join_with_offer(1, MIN_BOND, 10, 9);
        accept(1, 2);
        accept(1, 3);
        refuse(2);
        assert_eq!(
            last_event(),
            Event::AssetRefused {
                solver: account(1),
                asset: 2
            }
        );
        assert_eq!(solver(1).accepts.to_vec(), [3]);
        let ask = |asset| {
            let query = Query {
                asset: Some(asset),
                ..query(1)
            };
            query.ask().map(|assignment| assignment.solver)
        };
        assert_noop!(ask(2), NoOffer::AssetNotAccepted);
        assert_eq!(ask(3), Ok(account(1)));
    });
}

#[test]
fn refusing_gives_the_deposit_back_where_nothing_is_owed() {
    ExtBuilder.build_and_execute(|| {
        pooled();
        accept(1, 3);
        refuse(3);
        assert_eq!(
            last_event(),
            Event::RewardsClosed {
                solver: account(1),
                asset: 3
            }
        );
        assert_eq!((pool_balance(1, 3), balance_of(3, &account(1))), (0, RICH));
        assert_eq!(Staking::delegators_share(&account(1), Some(3), 100), None);
        assert_noop!(
            Staking::refuse_asset(origin(1), 3),
            Error::<Test>::AssetNotAccepted
        );
    });
}

#[test]
fn a_refused_asset_is_still_paid_to_delegators_for_tasks_that_are_held() {
    ExtBuilder.build_and_execute(|| {
        pooled();
        accept(1, 3);
        let in_asset = Query {
            asset: Some(3),
            ..query(1)
        };
        assert_ok!(in_asset.ask());
        refuse(3);
        assert_noop!(
            Staking::refuse_asset(origin(1), 3),
            Error::<Test>::RewardsOutstanding
        );
        assert_eq!(earn_in(Some(3), 1, 10), 5);
        Staking::agreed(&account(1), 1, 20, 10);
        // Theirs until they claim it.
        assert_noop!(
            Staking::refuse_asset(origin(1), 3),
            Error::<Test>::RewardsOutstanding
        );
        assert_ok!(Staking::claim_rewards(origin(5), account(1), Some(3)));
        assert_eq!(balance_of(3, &account(5)), RICH + 5);
        refuse(3);
        assert_eq!(balance_of(3, &account(1)), RICH);
    });
}

#[test]
fn what_rounding_took_from_delegators_does_not_keep_the_deposit() {
    ExtBuilder.build_and_execute(|| {
        pooled();
        delegate(6, 1, 1_003);
        delegate(7, 1, 1_007);
        accept(1, 3);
        earn_in(Some(3), 1, 1_000);
        earn_in(Some(3), 1, 777);
        refuse(3);
        for _ in 0..2 {
            for delegator in 5..=7 {
                // Nothing was left for somebody at the second time.
                let _ = Staking::claim_rewards(origin(delegator), account(1), Some(3));
            }
        }
        assert!(pool_balance(1, 3) < LEAST + 3);
        refuse(3);
        assert_eq!((pool_balance(1, 3), balance_of(3, &account(1))), (0, RICH));
    });
}

#[test]
fn what_could_be_shared_out_among_nobody_goes_to_the_treasury() {
    ExtBuilder.build_and_execute(|| {
        join_with_pool(1, 2_048);
        accept(1, 3);
        let pool = Staking::pool_account(&account(1));
        assert_ok!(Assets::transfer(origin(7), 3, pool, 30));
        refuse(3);
        assert_eq!(balance_of(3, &account(1)), RICH);
        assert_eq!(balance_of(3, &TREASURY), RICH + 30);
    });
}

#[test]
fn an_asset_accepted_again_starts_anew_for_everybody() {
    ExtBuilder.build_and_execute(|| {
        pooled();
        accept(1, 3);
        assert_eq!(earn_in(Some(3), 1, 1_000), 500);
        assert_ok!(Staking::claim_rewards(origin(5), account(1), Some(3)));
        refuse(3);
        accept(1, 3);
        assert_eq!(claimable(5, 1, Some(3)), 0);
        assert_eq!(earn_in(Some(3), 1, 20), 10);
        assert_eq!(claimable(5, 1, Some(3)), 10);
    });
}

#[test]
fn an_asset_accepted_again_before_all_was_claimed_goes_on() {
    ExtBuilder.build_and_execute(|| {
        pooled();
        accept(1, 3);
        assert_eq!(earn_in(Some(3), 1, 1_000), 500);
        refuse(3);
        accept(1, 3);
        assert_eq!(pool_balance(1, 3), LEAST + 500);
        assert_eq!(earn_in(Some(3), 1, 20), 10);
        assert_eq!(claimable(5, 1, Some(3)), 510);
    });
}

#[test]
fn a_frozen_asset_can_be_refused_and_its_deposit_had_later() {
    ExtBuilder.build_and_execute(|| {
        pooled();
        accept(1, 3);
        assert_ok!(Assets::freeze_asset(RuntimeOrigin::signed(ISSUER), 3));
        refuse(3);
        assert_eq!(pool_balance(1, 3), LEAST);
        assert_noop!(
            Staking::refuse_asset(origin(1), 3),
            Error::<Test>::RewardsOutstanding
        );
        assert_ok!(Assets::thaw_asset(RuntimeOrigin::signed(ISSUER), 3));
        refuse(3);
        assert_eq!(balance_of(3, &account(1)), RICH);
    });
}

#[test]
fn a_deposit_that_was_frozen_when_the_pool_was_closed_can_be_had_later() {
    ExtBuilder.build_and_execute(|| {
        join_with_pool(1, MIN_BOND);
        // One that keeps its account from dying.
        assert_ok!(Assets::force_asset_status(
            RuntimeOrigin::root(),
            3,
            ISSUER,
            ISSUER,
            ISSUER,
            ISSUER,
            LEAST,
            false,
            false
        ));
        accept(1, 3);
        assert_ok!(Assets::freeze_asset(RuntimeOrigin::signed(ISSUER), 3));
        assert_ok!(Staking::leave(origin(1)));
        run_for(UNBONDING_PERIOD);
        assert_ok!(Staking::withdraw_unbonded(origin(1)));
        assert_eq!(Staking::solver_status(&account(1)), None);
        assert_eq!(
            (pool_balance(1, 3), pool_funds(1).0),
            (LEAST, EXISTENTIAL_DEPOSIT)
        );

        assert_noop!(Staking::refuse_asset(origin(1), 3), TokenError::Frozen);
        assert_ok!(Assets::thaw_asset(RuntimeOrigin::signed(ISSUER), 3));
        refuse(3);
        assert_eq!((balance_of(3, &account(1)), pool_balance(1, 3)), (RICH, 0));
        assert_eq!((Balances::free_balance(account(1)), pool_funds(1).0), (RICH, 0));
        assert_noop!(Staking::refuse_asset(origin(1), 3), Error::<Test>::NotSolver);
    });
}

#[test]
fn a_pool_has_rewards_in_a_bounded_number_of_assets() {
    ExtBuilder.build_and_execute(|| {
        pooled();
        for asset in 1..=MAX_REWARD_ASSETS {
            accept(1, asset);
            assert_eq!(earn_in(Some(asset), 1, 20), 10);
            if asset > MAX_ACCEPTED {
                continue;
            }
            refuse(asset);
        }
        assert_eq!(PoolRewards::<Test>::get(account(1)).assets(), MAX_REWARD_ASSETS);
        refuse(MAX_REWARD_ASSETS);
        assert_noop!(
            Staking::accept_asset(origin(1), PLENTY),
            Error::<Test>::TooManyRewardAssets
        );
        assert_ok!(Staking::claim_rewards(origin(5), account(1), Some(1)));
        refuse(1);
        assert_ok!(Staking::accept_asset(origin(1), PLENTY));
    });
}

#[test]
fn refusing_fails_when_not_accepted() {
    ExtBuilder.build_and_execute(|| {
        assert_noop!(Staking::refuse_asset(origin(1), 3), Error::<Test>::NotSolver);
        join(1, MIN_BOND);
        assert_noop!(
            Staking::refuse_asset(origin(1), 3),
            Error::<Test>::AssetNotAccepted
        );
    });
}
