use crate::{mock::*, types::Stage};
use pensum_primitives::{
    panel::{Ballot, PanelVerdict},
    traits::{Panels as _, Summons},
};

/// Everybody says something else about the last task, and the same about the others.
fn divided(members: &[u8], tasks: usize) -> Vec<(u8, Ballot)> {
    let answers = |number: u8| {
        let mut answers = vec!["same".to_string(); tasks];
        answers[tasks - 1] = number.to_string();
        answers
    };
    members
        .iter()
        .map(|number| {
            let answers = answers(*number);
            (
                *number,
                ballot(&answers.iter().map(String::as_str).collect::<Vec<_>>()),
            )
        })
        .collect()
}

#[test]
fn without_a_majority_twice_as_many_others_are_asked_about_what_is_open() {
    ExtBuilder::default().build_and_execute(|| {
        let first = drawn(summons(BATCH));
        all_vote(BATCH, &divided(&first, 2));
        assert_eq!(
            events().last().unwrap(),
            &Event::RoundUndecided {
                batch: BATCH,
                round: now() - 1,
                tasks: 1
            }
        );
        assert!(Verdicts::get().is_empty());
        assert_eq!(panel(BATCH).stage, Stage::Drawing);
        assert_eq!(panel(BATCH).due, now() + 1);
        let own = |number: u8, reward| Told::Agreed(number, 1, reward);
        for number in &first {
            assert!(Notes::get().contains(&own(*number, price(*number))));
            assert!(Notes::get().contains(&Told::Released(*number, 1, price(*number), false)));
        }

        run_for(1);
        let second = members(BATCH);
        assert_eq!(second.len(), 6);
        assert!(first.iter().all(|former| !second.contains(former)));
        assert_eq!(panel(BATCH).tasks.to_vec(), [(3, 20)]);
        assert_eq!(panel(BATCH).majority(), 4);

        let ballots: Vec<_> = second.iter().map(|number| (*number, ballot(&["now"]))).collect();
        all_vote(BATCH, &ballots);
        let paid = |verdict: &PanelVerdict| match verdict {
            PanelVerdict::Agreed { members, .. } => {
                members.iter().map(|(member, _)| number(member)).collect()
            }
            PanelVerdict::Inconclusive => vec![],
        };
        let verdicts: Vec<_> = verdicts()
            .iter()
            .map(|(place, verdict)| (*place, paid(verdict)))
            .collect();
        assert_eq!(verdicts, [(0, first), (3, second)]);
        assert!(is_empty());
    });
}

#[test]
fn after_the_last_round_the_rest_is_inconclusive() {
    ExtBuilder::default().build_and_execute(|| {
        let first = drawn(summons(BATCH));
        all_vote(BATCH, &divided(&first, 2));
        run_for(1);
        let second = members(BATCH);
        all_vote(BATCH, &divided(&second, 1));
        let verdicts = verdicts();
        assert!(matches!(verdicts[0], (0, PanelVerdict::Agreed { .. })));
        assert_eq!(verdicts[1], (3, PanelVerdict::Inconclusive));
        let wrong = |told: &Told| matches!(told, Told::Fault(..));
        assert!(
            !Notes::get().iter().any(wrong),
            "to differ from nobody is no fault"
        );
        assert!(is_empty());
    });
}

#[test]
fn former_members_sit_again_where_there_are_too_few_others() {
    ExtBuilder::default().solvers(7).build_and_execute(|| {
        let first = drawn(Summons {
            exclude: vec![solver(7)],
            ..summons(BATCH)
        });
        all_vote(BATCH, &divided(&first, 2));
        run_for(1);
        assert_eq!(members(BATCH), [1, 2, 3, 4, 5, 6]);
    });
}

#[test]
fn a_larger_round_that_cannot_be_drawn_keeps_what_was_decided() {
    ExtBuilder::default().solvers(5).build_and_execute(|| {
        let first = drawn(summons(BATCH));
        all_vote(BATCH, &divided(&first, 2));
        run_for(1);
        let verdicts = verdicts();
        assert!(matches!(verdicts[0], (0, PanelVerdict::Agreed { .. })));
        assert_eq!(verdicts[1], (3, PanelVerdict::Inconclusive));
        assert!(is_empty());
    });
}

#[test]
fn a_panel_takes_no_longer_than_it_says() {
    for rounds in 1..=2u8 {
        ExtBuilder::default().build_and_execute(|| {
            let summoned = now();
            drawn(Summons {
                rounds,
                ..summons(BATCH)
            });
            // The slowest life: everybody does everything in the last block, and nobody agrees.
            for _ in 0..rounds {
                let members = members(BATCH);
                run_to(panel(BATCH).until);
                let ballots = divided(&members, panel(BATCH).tasks.len());
                let (idle, busy) = ballots.split_last().unwrap();
                all_commit(BATCH, busy);
                run_for(1);
                assert!(!crate::mock::members(BATCH).contains(&idle.0));
                run_to(panel(BATCH).until);
                all_reveal(BATCH, busy);
                run_for(1);
                if Verdicts::get().is_empty() {
                    run_for(1);
                }
            }
            assert_eq!(Verdicts::get().len(), 1);
            assert_eq!(now() - summoned, Panel::longest(rounds));
        });
    }
}
