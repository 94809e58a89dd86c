use crate::{mock::*, types::Chunk, Error, Event, HoldReason, Operators, Solvers};
use frame_support::{assert_noop, assert_ok, traits::fungible::InspectHold};
use pensum_primitives::{solver::Fault, traits::Solvers as _};
use sp_core::Pair;

#[test]
fn withdraw_releases_what_has_waited_long_enough() {
    ExtBuilder.build_and_execute(|| {
        join(1, 3_000);
        assert_ok!(Staking::unbond(origin(1), 500));
        run_for(5);
        assert_ok!(Staking::unbond(origin(1), 700));
        run_to(1 + UNBONDING_PERIOD);
        assert_ok!(Staking::withdraw_unbonded(origin(1)));

        assert_eq!(
            Balances::balance_on_hold(&HoldReason::Bond.into(), &account(1)),
            2_500
        );
        assert_eq!(
            solver(1).unbonding.to_vec(),
            [Chunk {
                amount: 700,
                withdrawable_from: 6 + UNBONDING_PERIOD
            }]
        );
        assert_eq!(
            last_event(),
            Event::Withdrawn {
                solver: account(1),
                amount: 500
            }
        );
    });
}

#[test]
fn withdraw_fails_one_block_too_early() {
    ExtBuilder.build_and_execute(|| {
        join(1, 3_000);
        assert_ok!(Staking::unbond(origin(1), 500));
        run_to(UNBONDING_PERIOD);
        assert_noop!(
            Staking::withdraw_unbonded(origin(1)),
            Error::<Test>::NothingToWithdraw
        );
        run_to(1 + UNBONDING_PERIOD);
        assert_ok!(Staking::withdraw_unbonded(origin(1)));
    });
}

#[test]
fn withdraw_leaves_what_a_pending_slash_will_take() {
    ExtBuilder.build_and_execute(|| {
        SlashDefer::set(100);
        join_with_offer(1, 11_000, 500, 1);
        assert_ok!(assign(1));
        assert_ok!(Staking::unbond(origin(1), 10_000));
        // The bond of 1 000 is all that is bonded, so the tenth of the rest lies in what is unbonding.
        Staking::fault(&account(1), report(Fault::Wrong, 1_000, 500)).unwrap();
        assert_eq!((solver(1).bonded, solver(1).at_risk), (1_000, 2_000));

        run_to(1 + UNBONDING_PERIOD);
        assert_ok!(Staking::withdraw_unbonded(origin(1)));
        assert_eq!(
            last_event(),
            Event::Withdrawn {
                solver: account(1),
                amount: 9_000
            }
        );
        assert_noop!(
            Staking::withdraw_unbonded(origin(1)),
            Error::<Test>::NothingToWithdraw
        );

        run_to(101);
        assert_eq!(
            last_event(),
            Event::Removed {
                solver: account(1),
                operator: operator(1).public()
            }
        );
    });
}

#[test]
fn withdrawing_the_last_stake_removes_the_solver_and_frees_the_key() {
    ExtBuilder.build_and_execute(|| {
        join(1, 3_000);
        assert_ok!(Staking::leave(origin(1)));
        run_for(UNBONDING_PERIOD);
        assert_ok!(Staking::withdraw_unbonded(origin(1)));

        let key = operator(1).public();
        assert!(!Solvers::<Test>::contains_key(account(1)));
        assert!(!Operators::<Test>::contains_key(&key));
        assert_eq!(Balances::free_balance(account(1)), RICH);
        assert_eq!(
            last_event(),
            Event::Removed {
                solver: account(1),
                operator: key
            }
        );
        let (key, proof) = operator_for(1, &account(2));
        assert_ok!(Staking::join(origin(2), key, proof, MIN_BOND));
    });
}

#[test]
fn withdraw_fails_when_not_a_solver() {
    ExtBuilder.build_and_execute(|| {
        assert_noop!(Staking::withdraw_unbonded(origin(1)), Error::<Test>::NotSolver);
    });
}
