use crate::{mock::*, Books, Error, Event};
use frame_support::{assert_noop, assert_ok};
use pensum_primitives::{solver::Fault, traits::Solvers as _};

#[test]
fn leave_withdraws_all_offers_and_unbonds_everything() {
    ExtBuilder.build_and_execute(|| {
        join_with_offer(1, 3_000, 10, 1);
        assert_ok!(Staking::set_offer(origin(1), model(2), flat(10, 1)));
        System::reset_events();
        assert_ok!(Staking::leave(origin(1)));

        let solver_account = account(1);
        assert_eq!(
            staking_events(),
            [
                Event::OfferWithdrawn {
                    solver: solver_account.clone(),
                    model: model(1)
                },
                Event::OfferWithdrawn {
                    solver: solver_account.clone(),
                    model: model(2)
                },
                Event::Unbonded {
                    solver: solver_account.clone(),
                    amount: 3_000,
                    withdrawable_from: 1 + UNBONDING_PERIOD
                },
                Event::Left {
                    solver: solver_account
                },
            ]
        );
        assert_eq!((solver(1).bonded, solver(1).unbonding_total()), (0, 3_000));
        assert_eq!(Books::<Test>::iter().count(), 0);
    });
}

#[test]
fn leave_fails_while_a_task_is_held() {
    ExtBuilder.build_and_execute(|| {
        join_with_offer(1, 3_000, 10, 1);
        assert_ok!(assign(1));
        assert_noop!(Staking::leave(origin(1)), Error::<Test>::StillAtWork);
        Staking::agreed(&account(1), 1, 20, 10);
        assert_ok!(Staking::leave(origin(1)));
    });
}

#[test]
fn leave_fails_while_a_slash_is_pending() {
    ExtBuilder.build_and_execute(|| {
        join_with_offer(1, 3_000, 10, 1);
        assert_ok!(assign(1));
        Staking::fault(&account(1), report(Fault::TimedOut, 20, 10)).unwrap();
        assert_noop!(Staking::leave(origin(1)), Error::<Test>::StillAtRisk);
        run_for(SlashDefer::get());
        assert_ok!(Staking::leave(origin(1)));
    });
}

#[test]
fn leave_fails_when_left_before() {
    ExtBuilder.build_and_execute(|| {
        join(1, 3_000);
        assert_ok!(Staking::leave(origin(1)));
        assert_noop!(Staking::leave(origin(1)), Error::<Test>::NothingBonded);
    });
}

#[test]
fn leave_fails_when_too_many_chunks_are_on_their_way() {
    ExtBuilder.build_and_execute(|| {
        join(1, 3_000);
        for _ in 0..MaxUnbonding::get() {
            assert_ok!(Staking::unbond(origin(1), 100));
            run_for(1);
        }
        assert_noop!(Staking::leave(origin(1)), Error::<Test>::TooManyUnbonding);
    });
}

#[test]
fn leave_fails_when_not_a_solver() {
    ExtBuilder.build_and_execute(|| {
        assert_noop!(Staking::leave(origin(1)), Error::<Test>::NotSolver);
    });
}
