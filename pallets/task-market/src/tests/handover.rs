use crate::mock::*;
use pensum_primitives::{task::Terms, traits::Solvers, verdict::Reason, BatchId};

#[test]
fn a_failed_part_is_shared_out_among_several_solvers() {
    ExtBuilder::default()
        .solvers(4)
        .capacity(6)
        .build_and_execute(|| {
            let id = post(6);
            // Solvers 2 and 3 have room for four and two of them.
            post_as(OTHER, terms(greater()), pairs(2)).unwrap();
            assert_eq!(Staking::in_flight(&solver(2)), 2);
            submit(decline_call(1, id)).unwrap();
            let shares: Vec<_> = batch(id)
                .parts
                .iter()
                .map(|part| (part.solver.clone(), part.count()))
                .collect();
            assert_eq!(shares, [(solver(2), 4), (solver(3), 2)]);
            check();
            answers(2, (0..4).map(|place| right(id.task(place))).collect());
            answers(3, (4..6).map(|place| right(id.task(place))).collect());
            assert_eq!(escrow(&REQUESTER), 0);
        });
}

#[test]
fn what_nobody_takes_of_a_failed_part_is_refunded() {
    ExtBuilder::default()
        .solvers(2)
        .capacity(4)
        .build_and_execute(|| {
            let id = post_as(OTHER, terms(greater()), pairs(1)).unwrap();
            answers(1, vec![right(id.task(0))]);
            let id = post(4);
            // Solver 2 has room for three of the four.
            let terms = Terms {
                max_reward: 60_000,
                ..terms(greater())
            };
            Staking::withdraw_offer(RuntimeOrigin::signed(solver(1)), greater()).unwrap();
            post_as(OTHER, terms, pairs(1)).unwrap();
            submit(decline_call(1, id)).unwrap();
            assert_eq!(batch(id).tasks(), 3);
            assert_eq!(escrow(&REQUESTER), 3 * MAX_REWARD);
            assert_refunded(id.task(3), Reason::NobodyLeft, MAX_REWARD);
        });
}

#[test]
fn a_solver_above_the_price_cap_gets_nothing() {
    ExtBuilder::default().build_and_execute(|| {
        let terms = Terms {
            max_reward: price(2, 2) - 1,
            ..terms(greater())
        };
        let id = post_as(REQUESTER, terms, pairs(1)).unwrap();
        submit(decline_call(1, id)).unwrap();
        assert!(is_empty());
    });
}

#[test]
fn a_solver_that_failed_gets_nothing_of_the_batch_again() {
    ExtBuilder::default().solvers(2).build_and_execute(|| {
        let id = post(1);
        submit(decline_call(1, id)).unwrap();
        assert_eq!(holder_number(id.task(0)), 2);
        submit(decline_call(2, id)).unwrap();
        assert!(is_empty());
    });
}

#[test]
fn the_next_solver_is_paid_its_own_price() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post(1);
        submit(decline_call(1, id)).unwrap();
        let before = free(&solver(2));
        answers(2, vec![right(id.task(0))]);
        let split = market_math::payout::split(price(2, 2), 50_000, 20_000);
        assert_eq!(free(&solver(2)), before + split.solver);
    });
}

#[test]
fn a_solver_that_holds_another_part_gets_no_second_one() {
    ExtBuilder::default()
        .solvers(2)
        .capacity(3)
        .build_and_execute(|| {
            post_as(OTHER, terms(greater()), pairs(2)).unwrap();
            let id = post(3);
            assert_eq!((holder_number(id.task(0)), holder_number(id.task(1))), (1, 2));
            assert_eq!(Staking::in_flight(&solver(2)), 2);
            submit(decline_call(1, id)).unwrap();
            assert_eq!(batch(id).tasks(), 2);
            assert_eq!(Staking::in_flight(&solver(2)), 2);
        });
}

/// Reputation of a solver, in parts per million.
fn reputation(number: u8) -> u32 {
    Staking::standing(&solver(number), &greater(), None)
        .unwrap()
        .reputation
}

/// The dearest of the solvers, the fourth, has answered before; a new task goes to the cheapest.
fn with_a_dear_reputable_solver(then: impl FnOnce(BatchId)) {
    ExtBuilder::default().solvers(4).build_and_execute(|| {
        for _ in 0..3 {
            let id = post_on(dutch(), 1);
            assert!(award(id, solver(4), 40_100));
            answers(4, vec![right(id.task(0))]);
        }
        assert!(reputation(4) > reputation(2));
        let id = post(1);
        assert_eq!(holder_number(id.task(0)), 1);
        then(id);
    });
}

#[test]
fn what_was_failed_goes_to_the_most_reputable_and_not_to_the_cheapest() {
    with_a_dear_reputable_solver(|id| {
        run_for(AnswerWindow::get() + 1);
        assert_eq!(holder_number(id.task(0)), 4);
    });
}

#[test]
fn declining_does_not_steer_work_to_somebody_dear() {
    with_a_dear_reputable_solver(|id| {
        submit(decline_call(1, id)).unwrap();
        assert_eq!(holder_number(id.task(0)), 2);
    });
}

#[test]
fn silent_solvers_cannot_end_a_batch_before_an_honest_one_is_asked() {
    let silent = crate::limits::MAX_HANDOVERS as u8;
    ExtBuilder::default().solvers(silent + 1).build_and_execute(|| {
        let terms = Terms {
            deadline: 1 + MaxDeadline::get(),
            ..terms(greater())
        };
        let id = post_on(terms, 1);
        let mut seen = Vec::new();
        for _ in 0..silent {
            seen.push(holder_number(id.task(0)));
            run_for(AnswerWindow::get() + 1);
            check();
        }
        let last = holder_number(id.task(0));
        assert!(!seen.contains(&last), "{last} after {seen:?}");
        answers(last, vec![right(id.task(0))]);
        assert!(is_empty());
    });
}
