use crate::mock::*;
use frame_support::assert_ok;
use pensum_primitives::{
    solver::{Fault, SolverStatus, StringAmount},
    traits::Solvers as _,
};
use sp_core::Pair;

#[test]
fn status_tells_everything_about_a_solver() {
    ExtBuilder.build_and_execute(|| {
        join_with_offer(1, 4_000, 500, 2);
        accept(1, 3);
        accept(1, 1);
        assert_ok!(assign(2));
        assert_ok!(Staking::unbond(origin(1), 1_000));
        let id = Staking::fault(&account(1), report(Fault::TimedOut, 1_000, 500)).unwrap();
        assert_eq!(
            Staking::solver_status(&account(1)),
            Some(SolverStatus {
                stash: account(1),
                operator: operator(1).public(),
                bonded: 3_000,
                delegated: 0,
                locked: 1_000,
                at_risk: 100,
                free: 1_900,
                unbonding: vec![(StringAmount(1_000), 1 + UNBONDING_PERIOD)],
                in_flight: 1,
                reputation: solver(1).reputation.score_ppm(),
                jailed_until: None,
                offers: vec![(model(1), flat(500, 2))],
                pending_slashes: vec![(id, StringAmount(100), Fault::TimedOut, 1 + SlashDefer::get())],
                commission: None,
                next_commission: None,
                accepts: vec![3, 1],
                slashing: true,
            })
        );
    });
}

#[test]
fn status_of_somebody_else_is_none() {
    ExtBuilder.build_and_execute(|| {
        assert_eq!(Staking::solver_status(&account(1)), None);
    });
}
