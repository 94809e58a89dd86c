use crate::mock::*;
use frame_support::{assert_noop, assert_ok};
use pensum_primitives::{
    verdict::Reason,
    workflow::{
        StepFailure::{Cancelled, Refunded},
        StepState::{Answered, Failed},
    },
};
use sp_runtime::DispatchError;
use std::collections::BTreeMap;

fn cancel(id: u64) {
    assert_ok!(Workflows::cancel(RuntimeOrigin::signed(REQUESTER), id));
}

#[test]
fn cancelling_before_anything_is_posted_gives_everything_back_at_once() {
    ExtBuilder.build_and_execute(|| {
        let before = free(&REQUESTER);
        let id = run(languages());
        cancel(id);
        assert_eq!(ended(id).unwrap(), [Failed(Cancelled); 3]);
        assert_eq!(free(&REQUESTER), before);
        // What still stands in the queue is of no consequence.
        run_for(1);
        assert_eq!(Desk::open(), []);
        assert!(is_empty());
    });
}

#[test]
fn cancelling_takes_back_what_runs_and_posts_nothing_more() {
    ExtBuilder.build_and_execute(|| {
        let before = free(&REQUESTER);
        let id = run(languages());
        run_for(1);
        let running = task(id, 0);
        cancel(id);
        assert_eq!(budget_of(&REQUESTER), 0);
        run_for(1);
        assert_eq!(
            ended(id).unwrap(),
            [
                Failed(Refunded(running, Reason::Cancelled)),
                Failed(Cancelled),
                Failed(Cancelled)
            ]
        );
        assert_eq!(free(&REQUESTER), before - Fee::get());
        assert!(events().contains(&Event::WorkflowCancelled {
            workflow: id,
            steps: 2,
            tasks: 1
        }));
    });
}

#[test]
fn what_the_market_does_not_cancel_runs_to_its_end() {
    ExtBuilder.build_and_execute(|| {
        Moods::set(BTreeMap::from([(moody(), Mood::Stubborn)]));
        let id = run(vec![given(moody()), reads(writer(), 0), given(writer())]);
        run_for(1);
        let (stubborn, other) = (task(id, 0), task(id, 2));
        cancel(id);
        run_for(1);
        assert_eq!(Desk::open(), [stubborn]);
        assert!(events().contains(&Event::WorkflowCancelled {
            workflow: id,
            steps: 1,
            tasks: 1
        }));
        Desk::answer(stubborn, b"lorem");
        run_for(1);
        assert_eq!(
            ended(id).unwrap(),
            [
                Answered(stubborn),
                Failed(Cancelled),
                Failed(Refunded(other, Reason::Cancelled))
            ]
        );
    });
}

#[test]
fn a_workflow_can_be_cancelled_again_while_something_runs() {
    ExtBuilder.build_and_execute(|| {
        Moods::set(BTreeMap::from([(moody(), Mood::Stubborn)]));
        let id = run(vec![given(moody())]);
        run_for(1);
        cancel(id);
        Moods::set(BTreeMap::new());
        cancel(id);
        run_for(1);
        assert!(ended(id).is_some());
    });
}

#[test]
fn cancel_fails_when_the_workflow_is_somebody_elses() {
    ExtBuilder.build_and_execute(|| {
        let id = run(languages());
        assert_noop!(
            Workflows::cancel(RuntimeOrigin::signed(OTHER), id),
            Error::NotRequester
        );
    });
}

#[test]
fn cancel_fails_when_the_workflow_is_not_live() {
    ExtBuilder.build_and_execute(|| {
        let id = run(languages());
        cancel(id);
        for id in [id, 99] {
            assert_noop!(
                Workflows::cancel(RuntimeOrigin::signed(REQUESTER), id),
                Error::NotLive
            );
        }
    });
}

#[test]
fn cancel_fails_unsigned() {
    ExtBuilder.build_and_execute(|| {
        let id = run(languages());
        assert_noop!(
            Workflows::cancel(RuntimeOrigin::none(), id),
            DispatchError::BadOrigin
        );
    });
}
