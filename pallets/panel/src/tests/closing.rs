//! Verdicts that need not wait for everybody, and what becomes of those that come late.

use crate::{mock::*, types::Stage};
use pensum_primitives::{
    operator::Refusal,
    panel::{Ballot, Question},
    solver::Fault,
    traits::{Panels as _, Summons},
    verification::Rule,
};

/// The first of the ballots are revealed, and the panel decides.
fn decided_by(rule: Rule, threshold: u8, first: usize, answers: &[&str]) -> Vec<(u8, Ballot)> {
    let members = drawn(Summons {
        tasks: vec![(5, 1)],
        question: Question::Answers(rule),
        size: answers.len() as u8,
        threshold,
        ..summons(BATCH)
    });
    let ballots: Vec<_> = members
        .iter()
        .zip(answers)
        .map(|(number, answer)| (*number, ballot(&[answer])))
        .collect();
    all_commit(BATCH, &ballots);
    all_reveal(BATCH, &ballots[..first]);
    run_for(1);
    assert_eq!(verdicts().len(), 1);
    ballots
}

#[test]
fn a_verdict_does_not_wait_for_the_last_reveal() {
    ExtBuilder::default().build_and_execute(|| {
        let ballots = decided_by(Rule::Exact, 2, 2, &["a", "a", "a"]);
        assert_eq!(panel(BATCH).stage, Stage::Closing);
        assert_eq!(members(BATCH), [ballots[2].0]);
        assert_eq!(Panel::view(BATCH), None, "for the market it has ended");
        assert_eq!(Panel::locked().len(), 1);
    });
}

#[test]
fn whoever_agrees_late_has_its_stake_back_but_no_pay() {
    ExtBuilder::default().build_and_execute(|| {
        let ballots = decided_by(Rule::Exact, 2, 2, &["a", "a", "a"]);
        let (late, answer) = &ballots[2];
        reveals(*late, BATCH, answer).unwrap();
        run_for(1);
        assert_eq!(
            Notes::get().last().unwrap(),
            &Told::Agreed(*late, 1, price(*late))
        );
        assert!(is_empty());
        assert_eq!(Verdicts::get().len(), 1);
    });
}

#[test]
fn whoever_differs_late_is_at_fault_as_if_it_had_been_in_time() {
    ExtBuilder::default().build_and_execute(|| {
        let ballots = decided_by(Rule::Exact, 2, 2, &["a", "a", "b"]);
        let (late, answer) = &ballots[2];
        reveals(*late, BATCH, answer).unwrap();
        run_for(1);
        let wrong = Told::Fault(*late, Fault::Wrong, 1, price(*late), BATCH.task(5));
        assert_eq!(Notes::get().last().unwrap(), &wrong);
    });
}

#[test]
fn whoever_never_reveals_is_at_fault_when_its_time_is_over() {
    ExtBuilder::default().build_and_execute(|| {
        let ballots = decided_by(Rule::Exact, 2, 2, &["a", "a", "b"]);
        let late = ballots[2].0;
        run_to(panel(BATCH).until);
        let notes = Notes::get().len();
        run_for(1);
        assert_eq!(
            Notes::get()[notes..],
            [Told::Fault(
                late,
                Fault::Unrevealed,
                1,
                price(late),
                BATCH.task(5)
            )]
        );
        assert!(is_empty());
    });
}

#[test]
fn an_honest_number_that_comes_late_is_never_at_fault() {
    ExtBuilder::default().build_and_execute(|| {
        // Three that collude put themselves just within reach of one honest number, and reveal at once with it.
        let rule = Rule::Numeric { ppm: 10_000 };
        let ballots = decided_by(rule, 4, 4, &["100", "101", "101", "101", "99.5", "99.8", "100.1"]);
        for (number, answer) in &ballots[4..] {
            reveals(*number, BATCH, answer).unwrap();
        }
        run_for(1);
        assert!(!Notes::get().iter().any(|told| matches!(told, Told::Fault(..))));
        assert!(is_empty());
    });
}

#[test]
fn dismissing_a_panel_that_has_decided_spares_nobody() {
    ExtBuilder::default().build_and_execute(|| {
        let ballots = decided_by(Rule::Exact, 2, 2, &["a", "a", "b"]);
        Panel::dismiss(BATCH);
        assert_eq!(members(BATCH), [ballots[2].0]);
        let call = reveal_call(
            ballots[2].0,
            BATCH,
            round(BATCH),
            &ballots[0].1,
            salt(ballots[2].0),
        );
        refused(call, Refusal::CommitmentMismatch);
    });
}

#[test]
fn a_new_panel_for_the_batch_waits_for_nobody() {
    ExtBuilder::default().build_and_execute(|| {
        let ballots = decided_by(Rule::Exact, 2, 2, &["a", "a", "b"]);
        let late = ballots[2].0;
        Panel::summon(summons(BATCH)).unwrap();
        assert_eq!(
            Notes::get().last().unwrap(),
            &Told::Released(late, 1, price(late), false)
        );
        assert_eq!(panel(BATCH).stage, Stage::Drawing);
        check();
        Panel::dismiss(BATCH);
        assert!(is_empty());
    });
}

#[test]
fn a_tally_in_vain_waits_for_further_reveals() {
    ExtBuilder::default().build_and_execute(|| {
        let members = drawn(Summons {
            tasks: vec![(5, 1)],
            size: 5,
            threshold: 3,
            ..summons(BATCH)
        });
        let answers = ["a", "b", "a", "b", "a"];
        let ballots: Vec<_> = members
            .iter()
            .zip(answers)
            .map(|(number, answer)| (*number, ballot(&[answer])))
            .collect();
        all_commit(BATCH, &ballots);
        for (number, answer) in &ballots {
            assert!(Verdicts::get().is_empty());
            assert_eq!(panel(BATCH).due, panel(BATCH).until + 1);
            reveals(*number, BATCH, answer).unwrap();
            run_for(1);
        }
        assert_eq!(verdicts().len(), 1);
        assert!(is_empty());
    });
}
