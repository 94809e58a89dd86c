use crate::mock::*;
use pallet_solver_staking::Slashes;
use pensum_primitives::{
    solver::Fault,
    task::Terms,
    traits::{Claims, Solvers},
    verdict::Reason,
    AccountId, Digest, TaskId,
};

fn convict(task: TaskId, fault: Fault, prover: Option<AccountId>) {
    Market::convict(task, fault, prover.as_ref(), Digest::repeat_byte(0xc0));
}

#[test]
fn a_convicted_answer_goes_to_the_next_solver_and_the_others_stay() {
    ExtBuilder::default().build_and_execute(|| {
        let id = claimed(3);
        convict(id.task(1), Fault::Wrong, Some(OTHER));
        assert_eq!(holder_number(id.task(1)), 2);
        assert_eq!(holder_number(id.task(0)), 1);
        assert_eq!(Staking::in_flight(&solver(1)), 2);
        assert!(batch(id).failed.contains(&solver(1)));
        check();
        let (_, slash) = Slashes::<Test>::iter().next().unwrap();
        assert_eq!((slash.solver, slash.rescuer), (solver(1), Some(OTHER)));
        assert_eq!((slash.fault, slash.harmed), (Fault::Wrong, REQUESTER));
        assert_eq!(slash.evidence, Digest::repeat_byte(0xc0));
        answers(2, vec![traced(id.task(1), truth(id.task(1)))]);
        let before = free(&solver(1));
        run_for(WINDOW + 1);
        assert!(free(&solver(1)) > before, "what nobody disproved is paid");
        assert!(is_empty());
    });
}

#[test]
fn without_a_prover_nobody_is_the_rescuer() {
    ExtBuilder::default().build_and_execute(|| {
        let id = claimed(1);
        convict(id.task(0), Fault::Unopened, None);
        let (slash, _) = Slashes::<Test>::iter().next().unwrap();
        assert!(batch(id).parts[0].repairs.is_empty());
        answers(2, vec![traced(id.task(0), truth(id.task(0)))]);
        run_for(WINDOW + 1);
        assert_eq!(Slashes::<Test>::get(slash).unwrap().rescuer, None);
    });
}

#[test]
fn several_convictions_of_one_solver_count_as_one_failure() {
    ExtBuilder::default().solvers(6).build_and_execute(|| {
        let id = claimed(5);
        for place in 0..4 {
            convict(id.task(place), Fault::Wrong, Some(OTHER));
            check();
        }
        assert_eq!(batch(id).failed.to_vec(), [solver(1)]);
        let holders = [0, 1, 2, 3].map(|place| holder_number(id.task(place)));
        assert_eq!(holders, [2, 3, 4, 5]);
    });
}

#[test]
fn a_conviction_too_late_for_another_answer_ends_in_a_refund() {
    ExtBuilder::default().build_and_execute(|| {
        let terms = Terms {
            deadline: 6,
            ..windowed()
        };
        let id = post_on(terms, 1);
        answers(1, vec![traced(id.task(0), label(1))]);
        run_to(5);
        convict(id.task(0), Fault::Wrong, Some(OTHER));
        assert!(is_empty());
        assert_refunded(id.task(0), Reason::DeadlinePassed, MAX_REWARD);
    });
}

#[test]
fn a_conviction_of_what_is_not_claimed_changes_nothing() {
    ExtBuilder::default().build_and_execute(|| {
        let (working, submitted) = (post_on(windowed(), 1), submitted());
        for task in [working.task(0), submitted.task(0), submitted.task(1)] {
            convict(task, Fault::Wrong, None);
            Market::void(task);
            Market::postpone(task, 1_000);
        }
        assert_eq!(Slashes::<Test>::iter().count(), 0);
        assert_eq!((batch(working).tasks(), batch(submitted).tasks()), (1, 1));
        check();
    });
}

#[test]
fn a_broken_model_is_nobodys_fault() {
    ExtBuilder::default().build_and_execute(|| {
        let id = claimed(2);
        Market::void(id.task(1));
        assert_eq!(Slashes::<Test>::iter().count(), 0);
        assert_eq!(escrow(&REQUESTER), MAX_REWARD);
        assert_eq!(Staking::in_flight(&solver(1)), 1);
        assert_refunded(id.task(1), Reason::ModelBroken, MAX_REWARD);
        check();
    });
}

#[test]
fn a_claim_of_a_solver_that_was_convicted_does_not_start_another_auction() {
    ExtBuilder::default().solvers(1).build_and_execute(|| {
        let terms = Terms {
            verification: windowed().verification,
            ..dutch()
        };
        let id = post_on(terms, 2);
        assert!(award(id, solver(1), 10_000));
        answers(
            1,
            vec![traced(id.task(0), label(1)), traced(id.task(1), label(1))],
        );
        convict(id.task(0), Fault::Wrong, Some(OTHER));
        assert_eq!(OnSale::get(id).unwrap().tasks, 1);
        check();
        nobody_bids(id);
        convict(id.task(1), Fault::Wrong, Some(OTHER));
        assert!(is_empty());
    });
}
