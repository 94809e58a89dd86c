use crate::mock::*;
use pensum_primitives::{
    follower::Follower,
    traits::Followers,
    verdict::{Outcome, Reason},
    workflow::{
        StepFailure::{BudgetSpent, NotPosted, Refunded, Upstream},
        StepState::{Answered, Failed},
    },
};
use std::collections::BTreeMap;

fn mood(mood: Mood) {
    Moods::set(BTreeMap::from([(moody(), mood)]));
}

#[test]
fn failure_spreads_to_all_that_needs_the_answer_and_names_the_step() {
    ExtBuilder.build_and_execute(|| {
        let id = run(vec![
            given(shuffler()),
            reads(shuffler(), 0),
            reads(shuffler(), 1),
            when(given(writer()), 0, &[b"8 bytes!"]),
            given(writer()),
        ]);
        run_for(1);
        let (failing, other) = (task(id, 0), task(id, 4));
        Desk::refund(failing, Reason::NobodyLeft);
        run_for(1);
        let failed = Failed(Refunded(failing, Reason::NobodyLeft));
        assert_eq!(
            states(id)[..4],
            [
                failed,
                Failed(Upstream(0)),
                Failed(Upstream(1)),
                Failed(Upstream(0))
            ]
        );
        // What does not need it goes on.
        Desk::answer(other, b"lorem");
        run_for(1);
        assert_eq!(ended(id).unwrap()[4], Answered(other));
    });
}

#[test]
fn a_step_that_cannot_run_does_not_wait_for_what_else_it_needs() {
    ExtBuilder.build_and_execute(|| {
        let both = when(reads(writer(), 1), 0, &[&label(1)]);
        let id = run(vec![given(classifier()), given(writer()), both]);
        run_for(1);
        Desk::refund(task(id, 1), Reason::NoQuorum);
        run_for(1);
        assert_eq!(states(id)[2], Failed(Upstream(1)));
    });
}

#[test]
fn a_step_fails_when_the_market_refuses_it_by_now() {
    for refusal in [Mood::Refuses, Mood::RefusesLate, Mood::Greedy] {
        ExtBuilder.build_and_execute(|| {
            let id = run(vec![given(moody()), reads(moody(), 0)]);
            mood(refusal);
            let (free_before, fees) = (free(&REQUESTER), free(&FEES));
            run_for(1);
            assert_eq!(ended(id).unwrap(), [Failed(NotPosted), Failed(Upstream(0))]);
            // Not even the fee is gone.
            assert_eq!((free(&REQUESTER), free(&FEES)), (free_before + BUDGET, fees));
        });
    }
}

#[test]
fn what_the_market_says_is_told() {
    ExtBuilder.build_and_execute(|| {
        let id = run(vec![given(moody())]);
        mood(Mood::Greedy);
        run_for(1);
        assert!(events().contains(&Event::StepRefused {
            workflow: id,
            step: 0,
            error: Error::DearerThanQuoted.into()
        }));
    });
}

#[test]
fn a_step_fails_when_the_rest_of_the_budget_does_not_cover_it() {
    ExtBuilder.build_and_execute(|| {
        let steps = vec![given(shuffler()), reads(shuffler(), 0), reads(shuffler(), 1)];
        let each = MAX_REWARD + Fee::get();
        let id = run_as(REQUESTER, steps, 3 * each - 1).unwrap();
        run_for(1);
        for step in 0..2 {
            Desk::answer(task(id, step), b"8 bytes!");
            run_for(1);
        }
        assert_eq!(ended(id).unwrap()[2], Failed(BudgetSpent));
    });
}

#[test]
fn a_task_may_end_while_it_is_posted() {
    ExtBuilder.build_and_execute(|| {
        mood(Mood::Hasty);
        let id = run(vec![given(moody()), reads(moody(), 0)]);
        run_for(1);
        let states = ended(id).unwrap();
        assert!(matches!(states[0], Failed(Refunded(_, Reason::ModelGone))));
        assert_eq!(states[1], Failed(Upstream(0)));
    });
}

#[test]
fn an_ended_workflow_tells_how_every_step_ended_and_leaves_nothing() {
    ExtBuilder.build_and_execute(|| {
        let id = run(vec![given(shuffler()), reads(shuffler(), 0), given(classifier())]);
        run_for(1);
        let (first, lost) = (task(id, 0), task(id, 2));
        Desk::answer(first, b"8 bytes!");
        Desk::refund(lost, Reason::DeadlinePassed);
        run_for(1);
        let second = task(id, 1);
        Desk::answer(second, b"!setyb 8");
        run_for(1);
        assert!(is_empty());
        assert_eq!(Workflows::view(id), None);
        let steps = vec![
            Answered(first),
            Answered(second),
            Failed(Refunded(lost, Reason::DeadlinePassed)),
        ];
        assert_eq!(
            events().last(),
            Some(&Event::WorkflowEnded {
                workflow: id,
                requester: REQUESTER,
                steps: steps.try_into().unwrap()
            })
        );
    });
}

#[test]
fn every_end_of_a_step_is_told_once() {
    ExtBuilder.build_and_execute(|| {
        let id = run(languages());
        run_for(1);
        Desk::answer(task(id, 0), &label(0));
        run_for(1);
        Desk::answer(task(id, 1), b"lorem");
        run_for(1);
        let told: Vec<u8> = events()
            .into_iter()
            .filter_map(|event| match event {
                Event::StepEnded { step, .. } => Some(step),
                _ => None,
            })
            .collect();
        assert_eq!(told, [0, 2, 1]);
    });
}

#[test]
#[should_panic(expected = "a task ended that does not run")]
fn the_invariants_find_a_task_that_nobody_posted() {
    ExtBuilder.build_and_execute(|| {
        let id = run(languages());
        let stranger = pensum_primitives::TaskId(77);
        Workflows::ended(Follower::Workflow(id), &told(stranger, Outcome::Answered));
    });
}
