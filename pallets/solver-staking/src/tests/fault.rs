use crate::{mock::*, types::PendingSlash, Event, Slashes};
use frame_support::assert_ok;
use market_math::reputation::Reputation;
use pensum_primitives::{
    solver::Fault,
    traits::{FaultReport, Solvers as _},
    Digest, SlashId, TaskId,
};

#[test]
fn a_late_answer_puts_a_tenth_of_the_bond_at_risk_and_frees_the_rest() {
    ExtBuilder.build_and_execute(|| {
        join_with_offer(1, MIN_BOND, 100, 1);
        assert_ok!(assign(1));
        let before = solver(1).reputation.score_ppm();
        let id = Staking::fault(&account(1), report(Fault::TimedOut, 200, 100)).unwrap();

        let now = solver(1);
        assert_eq!(
            (now.locked, now.at_risk, now.free(), now.in_flight),
            (0, 20, MIN_BOND - 20, 0)
        );
        assert!(now.reputation.score_ppm() < before);
        let apply_at = 1 + SlashDefer::get();
        let evidence = Digest::repeat_byte(0xe1);
        assert_eq!(
            Slashes::<Test>::get(id),
            Some(PendingSlash {
                solver: account(1),
                amount: 20,
                fault: Fault::TimedOut,
                task: TaskId(7),
                harmed: REQUESTER,
                rescuer: None,
                evidence,
                apply_at,
            })
        );
        assert_eq!(
            last_event(),
            Event::SlashScheduled {
                id,
                solver: account(1),
                amount: 20,
                fault: Fault::TimedOut,
                task: TaskId(7),
                harmed: REQUESTER,
                evidence,
                apply_at,
            }
        );
    });
}

#[test]
fn repeats_cost_more_and_are_forgotten() {
    ExtBuilder.build_and_execute(|| {
        join_with_offer(1, 10_000, 500, 9);
        assert_eq!(assign(3).unwrap().taken, 3);
        let costs = |_: u32| {
            let id = Staking::fault(&account(1), report(Fault::TimedOut, 1_000, 500)).unwrap();
            Slashes::<Test>::get(id).unwrap().amount
        };
        assert_eq!([0, 1].map(costs), [100, 200]);
        run_for(2 * JAIL_PERIOD);
        assert_eq!(costs(2), 100);
    });
}

#[test]
fn a_batch_that_timed_out_is_one_fault() {
    ExtBuilder.build_and_execute(|| {
        join_with_offer(1, MIN_BOND, 10, 20);
        assert_eq!(assign(20).unwrap().taken, 20);
        let batch = FaultReport {
            tasks: 20,
            ..report(Fault::TimedOut, 400, 200)
        };
        Staking::fault(&account(1), batch).unwrap();
        assert_eq!(
            (solver(1).faults.count, solver(1).in_flight, solver(1).at_risk),
            (1, 0, 40)
        );
    });
}

#[test]
fn a_wrong_answer_puts_the_bond_and_a_share_of_the_rest_at_risk() {
    ExtBuilder.build_and_execute(|| {
        join_with_offer(1, 5_000, 100, 3);
        assert_ok!(assign(3));
        Staking::fault(&account(1), report(Fault::Wrong, 200, 100)).unwrap();
        // A tenth of what is neither locked for the other two tasks nor part of this bond: 5 000 - 600.
        assert_eq!((solver(1).locked, solver(1).at_risk), (400, 640));
    });
}

#[test]
fn a_wrong_answer_reaches_into_stake_on_its_way_out() {
    ExtBuilder.build_and_execute(|| {
        join_with_offer(1, 11_000, 500, 1);
        assert_ok!(assign(1));
        assert_ok!(Staking::unbond(origin(1), 10_000));
        Staking::fault(&account(1), report(Fault::Wrong, 1_000, 500)).unwrap();
        assert_eq!((solver(1).at_risk, solver(1).free()), (2_000, 0));
        run_for(SlashDefer::get());
        assert_eq!(
            (solver(1).bonded, solver(1).unbonding_total(), solver(1).at_risk),
            (0, 9_000, 0)
        );
    });
}

#[test]
fn ids_of_slashes_are_not_reused() {
    ExtBuilder.build_and_execute(|| {
        join_with_offer(1, MIN_BOND, 100, 2);
        assert_ok!(assign(2));
        let fault = || Staking::fault(&account(1), report(Fault::TimedOut, 200, 100));
        assert_eq!(fault(), Some(SlashId(0)));
        assert_ok!(Staking::cancel_slash(RuntimeOrigin::root(), SlashId(0)));
        assert_eq!(fault(), Some(SlashId(1)));
    });
}

#[test]
fn only_the_first_rescuer_is_named_and_never_the_one_who_failed() {
    ExtBuilder.build_and_execute(|| {
        join_with_offer(1, MIN_BOND, 100, 1);
        assert_ok!(assign(1));
        let id = Staking::fault(&account(1), report(Fault::TimedOut, 200, 100)).unwrap();
        let rescuer = || Slashes::<Test>::get(id).unwrap().rescuer;
        Staking::name_rescuer(id, &account(1));
        assert_eq!(rescuer(), None);
        Staking::name_rescuer(id, &account(2));
        assert_eq!(
            last_event(),
            Event::RescuerNamed {
                id,
                rescuer: account(2)
            }
        );
        Staking::name_rescuer(id, &account(3));
        assert_eq!(rescuer(), Some(account(2)));
        Staking::name_rescuer(SlashId(77), &account(3));
    });
}

/// What a first fault costs a solver with 5 000 bonded, of which 1 000 stood behind the task.
fn cost_of(fault: Fault) -> (Balance, bool) {
    let mut cost = (0, false);
    ExtBuilder.build_and_execute(|| {
        join_with_offer(1, 5_000, 500, 9);
        assert_ok!(assign(1));
        let id = Staking::fault(&account(1), report(fault, 1_000, 500)).unwrap();
        let failed = solver(1).reputation == Reputation::new().failed(Staking::verdict_weight(500, 1));
        cost = (Slashes::<Test>::get(id).unwrap().amount, failed);
    });
    cost
}

#[test]
fn every_fault_has_its_price() {
    let whole_and_share = 1_000 + 400;
    let prices = [
        (Fault::TimedOut, 100, true),
        (Fault::Unrevealed, 200, true),
        (Fault::Wrong, whole_and_share, true),
        (Fault::Unopened, whole_and_share, true),
        (Fault::Rejected, 1_000, true),
        (Fault::BidWithheld, 1_000, false),
    ];
    for (fault, amount, is_failure) in prices {
        assert_eq!(cost_of(fault), (amount, is_failure), "{fault:?}");
    }
}

#[test]
fn hiding_costs_twice_as_much_with_each_repeat_up_to_the_bond() {
    ExtBuilder.build_and_execute(|| {
        join_with_offer(1, 10_000, 500, 9);
        assert_eq!(assign(5).unwrap().taken, 5);
        let costs = |_: u32| {
            let id = Staking::fault(&account(1), report(Fault::Unrevealed, 1_000, 500)).unwrap();
            Slashes::<Test>::get(id).unwrap().amount
        };
        assert_eq!([0, 1, 2, 3, 4].map(costs), [200, 400, 800, 1_000, 1_000]);
    });
}

#[test]
fn a_wrong_answer_weighs_delegated_stake_too() {
    ExtBuilder.build_and_execute(|| {
        join_with_pool(1, 2_000);
        delegate(5, 1, 6_000);
        assert_ok!(Staking::set_offer(origin(1), model(1), flat(500, 9)));
        assert_ok!(assign(2));
        Staking::fault(&account(1), report(Fault::Wrong, 1_000, 500)).unwrap();
        // The bond, and a tenth of what is neither that nor behind the other task.
        assert_eq!((solver(1).locked, solver(1).at_risk), (1_000, 1_600));
    });
}
