use crate::{mock::*, types::Chunk, Error, Event, HoldReason};
use frame_support::{assert_noop, assert_ok, traits::fungible::InspectHold};
use pensum_primitives::{solver::Fault, traits::Solvers as _};

#[test]
fn unbond_sends_free_stake_on_its_way_out_and_keeps_it_on_hold() {
    ExtBuilder.build_and_execute(|| {
        join(1, 3_000);
        assert_ok!(Staking::unbond(origin(1), 2_000));
        let withdrawable_from = 1 + UNBONDING_PERIOD;
        assert_eq!(solver(1).bonded, 1_000);
        assert_eq!(
            solver(1).unbonding.to_vec(),
            [Chunk {
                amount: 2_000,
                withdrawable_from
            }]
        );
        assert_eq!(
            Balances::balance_on_hold(&HoldReason::Bond.into(), &account(1)),
            3_000
        );
        assert_eq!(
            last_event(),
            Event::Unbonded {
                solver: account(1),
                amount: 2_000,
                withdrawable_from
            }
        );
    });
}

#[test]
fn unbond_twice_in_a_block_makes_one_chunk() {
    ExtBuilder.build_and_execute(|| {
        join(1, 3_000);
        assert_ok!(Staking::unbond(origin(1), 300));
        assert_ok!(Staking::unbond(origin(1), 400));
        assert_eq!(
            solver(1).unbonding.to_vec(),
            [Chunk {
                amount: 700,
                withdrawable_from: 1 + UNBONDING_PERIOD
            }]
        );
    });
}

#[test]
fn unbond_fails_for_locked_stake() {
    ExtBuilder.build_and_execute(|| {
        join_with_offer(1, 3_000, 500, 2);
        assert_eq!(assign(2).unwrap().bonds, [1_000, 1_000]);
        assert_noop!(Staking::unbond(origin(1), 1_001), Error::<Test>::StakeNotFree);
        assert_ok!(Staking::unbond(origin(1), 1_000));
    });
}

#[test]
fn unbond_fails_for_stake_at_risk() {
    ExtBuilder.build_and_execute(|| {
        join_with_offer(1, 3_000, 500, 2);
        assert_ok!(assign(2));
        // The whole bond, and a tenth of the 1 000 that are neither locked nor at risk.
        Staking::fault(&account(1), report(Fault::Wrong, 1_000, 500)).unwrap();
        assert_eq!(solver(1).free(), 900);
        assert_noop!(Staking::unbond(origin(1), 901), Error::<Test>::StakeNotFree);
    });
}

#[test]
fn unbond_fails_when_less_than_the_least_bond_would_stay() {
    ExtBuilder.build_and_execute(|| {
        join(1, 3_000);
        assert_noop!(Staking::unbond(origin(1), 2_001), Error::<Test>::RestTooSmall);
        assert_noop!(Staking::unbond(origin(1), 3_000), Error::<Test>::RestTooSmall);
    });
}

#[test]
fn unbond_fails_when_amount_is_zero() {
    ExtBuilder.build_and_execute(|| {
        join(1, 3_000);
        assert_noop!(Staking::unbond(origin(1), 0), Error::<Test>::AmountZero);
    });
}

#[test]
fn unbond_fails_when_not_a_solver() {
    ExtBuilder.build_and_execute(|| {
        assert_noop!(Staking::unbond(origin(1), 1), Error::<Test>::NotSolver);
    });
}

#[test]
fn unbond_fails_when_too_many_chunks_are_on_their_way() {
    ExtBuilder.build_and_execute(|| {
        join(1, 3_000);
        for _ in 0..MaxUnbonding::get() {
            assert_ok!(Staking::unbond(origin(1), 100));
            run_for(1);
        }
        assert_noop!(Staking::unbond(origin(1), 100), Error::<Test>::TooManyUnbonding);
        run_for(UNBONDING_PERIOD);
        assert_ok!(Staking::withdraw_unbonded(origin(1)));
        assert_ok!(Staking::unbond(origin(1), 100));
    });
}
