use crate::{mock::*, types::Stage};
use pensum_primitives::{
    traits::{Panels as _, Summons},
    BatchId,
};

/// Dismisses the panel; everybody has its stake back, nobody is at fault, and nothing is left.
#[track_caller]
fn dismissed() {
    Notes::set(vec![]);
    Panel::dismiss(BATCH);
    assert!(Notes::get()
        .iter()
        .all(|told| matches!(told, Told::Released(_, _, _, false))));
    assert_eq!(events().last().unwrap(), &Event::PanelDismissed { batch: BATCH });
    assert!(Panel::locked().is_empty());
    assert!(is_empty());
    check();
    assert!(Verdicts::get().is_empty());
}

#[test]
fn a_panel_is_dismissed_before_its_draw() {
    ExtBuilder::default().build_and_execute(|| {
        Panel::summon(summons(BATCH)).unwrap();
        dismissed();
        assert!(Notes::get().is_empty());
    });
}

#[test]
fn a_panel_is_dismissed_while_it_commits() {
    ExtBuilder::default().build_and_execute(|| {
        let members = drawn(summons(BATCH));
        commits(members[0], BATCH, &ballot(&["a", "b"])).unwrap();
        excuses(members[1], BATCH).unwrap();
        dismissed();
        assert_eq!(Notes::get().len(), 2);
    });
}

#[test]
fn a_panel_is_dismissed_while_it_reveals() {
    ExtBuilder::default().build_and_execute(|| {
        let (members, answers) = unanimous();
        for member in &members[..2] {
            reveals(*member, BATCH, &answers).unwrap();
        }
        assert_eq!(panel(BATCH).stage, Stage::Revealing);
        dismissed();
        assert_eq!(Notes::get().len(), 3);
    });
}

#[test]
fn a_panel_is_dismissed_between_two_rounds() {
    ExtBuilder::default().build_and_execute(|| {
        let members = drawn(Summons {
            rounds: 2,
            ..summons(BATCH)
        });
        let ballots: Vec<_> = members
            .iter()
            .map(|number| (*number, ballot(&["a", &number.to_string()])))
            .collect();
        all_vote(BATCH, &ballots);
        assert_eq!(panel(BATCH).stage, Stage::Drawing);
        assert_eq!(crate::Decided::<Test>::get(BATCH).len(), 1);
        dismissed();
    });
}

#[test]
fn dismissing_nothing_does_nothing() {
    ExtBuilder::default().build_and_execute(|| {
        let members = drawn(summons(BATCH));
        Panel::dismiss(BatchId(99));
        assert_eq!(crate::mock::members(BATCH), members);
    });
}
