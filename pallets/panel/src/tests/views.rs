use crate::mock::*;
use pensum_primitives::{
    panel::{PanelDuty, Phase, Question},
    task::{Input, TaskState},
    traits::{Panels as _, Summons},
    verification::Rule,
    BatchId, Digest,
};

#[test]
fn a_view_says_where_a_panel_stands_and_what_happens_next() {
    ExtBuilder::default().build_and_execute(|| {
        assert_eq!(Panel::view(BATCH), None);
        Panel::summon(summons(BATCH)).unwrap();
        let view = Panel::view(BATCH).unwrap();
        assert_eq!((view.state, view.until, view.round), (TaskState::Drawn, 2, 0));
        assert_eq!(view.next, "Block 2 draws 3 members by its randomness.");
        run_for(1);
        let members = members(BATCH);
        commits(members[0], BATCH, &ballot(&["a", "b"])).unwrap();
        let view = Panel::view(BATCH).unwrap();
        assert_eq!((view.state, view.until), (TaskState::Committing, 8));
        assert_eq!(view.members, panel(BATCH).members.to_vec());
        assert_eq!(
            view.next,
            "1 of 3 members have committed to their answers; the others have until block 8. Then they reveal."
        );
        commits(members[1], BATCH, &ballot(&["a", "b"])).unwrap();
        commits(members[2], BATCH, &ballot(&["a", "b"])).unwrap();
        reveals(members[2], BATCH, &ballot(&["a", "b"])).unwrap();
        let view = Panel::view(BATCH).unwrap();
        assert_eq!((view.state, view.until), (TaskState::Revealing, 6));
        assert_eq!(
            view.next,
            "1 of 3 members have revealed their answers; the others have until block 6. 2 must agree."
        );
    });
}

#[test]
fn a_duty_says_what_to_commit_and_then_what_to_reveal() {
    ExtBuilder::default().build_and_execute(|| {
        let members = drawn(summons(BATCH));
        let member = solver(members[0]);
        let input = |place| {
            let task = BATCH.task(place);
            (
                task,
                Input::Inline(codec::Encode::encode(&task).try_into().unwrap()),
            )
        };
        let duty = PanelDuty {
            batch: BATCH,
            round: 2,
            model: MODEL,
            weights: Digest::repeat_byte(0x77),
            question: Question::Answers(Rule::Exact),
            phase: Phase::Commit,
            until: 8,
            tasks: vec![input(0), input(3)],
            judged: vec![b"judged".to_vec().try_into().unwrap(); 2],
        };
        assert_eq!(Panel::duties(&member, 10), std::slice::from_ref(&duty));
        let ballots: Vec<_> = members
            .iter()
            .map(|number| (*number, ballot(&["a", "b"])))
            .collect();
        commits(members[0], BATCH, &ballots[0].1).unwrap();
        assert_eq!(Panel::duties(&member, 10), []);
        all_commit(BATCH, &ballots[1..]);
        let commitment = sealed(members[0], BATCH, &ballots[0].1);
        let reveal = PanelDuty {
            phase: Phase::Reveal { commitment },
            until: 6,
            ..duty
        };
        assert_eq!(Panel::duties(&member, 10), std::slice::from_ref(&reveal));
        all_reveal(BATCH, &ballots[1..]);
        run_for(1);
        // The panel has decided without it and the market has forgotten the tasks; the duty stands.
        HasInputs::set(false);
        let late = PanelDuty {
            tasks: vec![],
            ..reveal
        };
        assert_eq!(Panel::duties(&member, 10), [late]);
        reveals(members[0], BATCH, &ballots[0].1).unwrap();
        assert_eq!(Panel::duties(&member, 10), []);
        HasInputs::set(true);
    });
}

#[test]
fn duties_come_soonest_first_and_one_at_least() {
    ExtBuilder::default().solvers(3).build_and_execute(|| {
        for batch in [9, 4, 6] {
            Panel::summon(summons(BatchId(batch))).unwrap();
            run_for(1);
        }
        let batches = |limit| -> Vec<u64> {
            let duties = Panel::duties(&solver(1), limit);
            duties.into_iter().map(|duty| duty.batch.0).collect()
        };
        assert_eq!(batches(100), [9, 4, 6]);
        assert_eq!(batches(4), [9, 4]);
        assert_eq!(batches(3), [9]);
        assert_eq!(batches(0), [9]);
    });
}

#[test]
fn there_is_no_duty_that_no_block_could_take() {
    ExtBuilder::default().build_and_execute(|| {
        let member = solver(drawn(summons(BATCH))[0]);
        run_to(panel(BATCH).until - 1);
        assert_eq!(Panel::duties(&member, 10).len(), 1);
        run_for(1);
        assert_eq!(Panel::duties(&member, 10), []);
    });
}

#[test]
fn locked_sums_all_seats_of_a_solver() {
    ExtBuilder::default().solvers(3).build_and_execute(|| {
        for batch in [1, 2] {
            drawn(Summons {
                tasks: vec![(0, 1)],
                ..summons(BatchId(batch))
            });
        }
        let all: Vec<_> = (1..=3)
            .map(|number| (solver(number), 2 * bond(number), 2))
            .collect();
        assert_eq!(Panel::locked(), all);
    });
}
