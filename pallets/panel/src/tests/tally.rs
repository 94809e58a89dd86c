use crate::mock::*;
use codec::Encode;
use pensum_primitives::{
    panel::{PanelVerdict, Question},
    solver::Fault,
    traits::Summons,
    verification::Rule,
    AccountId, Digest,
};

/// `blake2_256` of who revealed what.
fn evidence(ballots: &[(u8, pensum_primitives::panel::Ballot)]) -> Digest {
    let revealed: Vec<(AccountId, _)> = ballots
        .iter()
        .map(|(number, ballot)| (solver(*number), ballot.clone()))
        .collect();
    sp_io::hashing::blake2_256(&revealed.encode()).into()
}

/// Who is paid for the only task, and for what answer.
fn outcome() -> Option<(String, Vec<u8>)> {
    match &verdicts()[0].1 {
        PanelVerdict::Agreed { output, members, .. } => Some((
            String::from_utf8_lossy(output).into(),
            members.iter().map(|(member, _)| number(member)).collect(),
        )),
        PanelVerdict::Inconclusive => None,
    }
}

fn faults() -> Vec<(u8, Fault)> {
    Notes::get()
        .into_iter()
        .filter_map(|told| match told {
            Told::Fault(number, fault, ..) => Some((number, fault)),
            _ => None,
        })
        .collect()
}

/// One round of as many members as there are answers, on one task; the members.
fn voted(rule: Rule, threshold: u8, answers: &[&str]) -> Vec<u8> {
    let members = drawn(Summons {
        tasks: vec![(5, 1)],
        question: Question::Answers(rule),
        size: answers.len() as u8,
        threshold,
        rounds: 1,
        ..summons(BATCH)
    });
    let ballots: Vec<_> = members
        .iter()
        .zip(answers)
        .map(|(number, answer)| (*number, ballot(&[answer])))
        .collect();
    all_vote(BATCH, &ballots);
    members
}

#[test]
fn the_majority_is_paid_and_whoever_differs_is_at_fault() {
    ExtBuilder::default().build_and_execute(|| {
        let members = drawn(summons(BATCH));
        let ballots = [
            (members[0], ballot(&["a", "b"])),
            (members[1], ballot(&["a", "x"])),
            (members[2], ballot(&["a", "b"])),
        ];
        all_vote(BATCH, &ballots);
        let agreed = |answer: &str, members: &[u8]| PanelVerdict::Agreed {
            output: answer.as_bytes().to_vec().try_into().unwrap(),
            members: members
                .iter()
                .map(|number| (solver(*number), price(*number)))
                .collect(),
            evidence: evidence(&ballots),
        };
        assert_eq!(
            verdicts(),
            [
                (0, agreed("a", &members)),
                (3, agreed("b", &[members[0], members[2]]))
            ]
        );
        let [one, two, three] = [0, 1, 2].map(|place: usize| members[place]);
        assert_eq!(
            Notes::get(),
            [
                Told::Agreed(one, 2, 2 * price(one)),
                Told::Agreed(two, 1, price(two)),
                Told::Fault(two, Fault::Wrong, 1, price(two), BATCH.task(3)),
                Told::Agreed(three, 2, 2 * price(three)),
            ]
        );
        assert_eq!(
            events().last().unwrap(),
            &Event::PanelDecided {
                batch: BATCH,
                agreed: 2,
                inconclusive: 0
            }
        );
        assert!(is_empty());
    });
}

#[test]
fn free_text_is_never_slashed_for_differing() {
    ExtBuilder::default().build_and_execute(|| {
        let members = drawn(Summons {
            slash_difference: false,
            ..summons(BATCH)
        });
        let ballots = [
            (members[0], ballot(&["a", "b"])),
            (members[1], ballot(&["A.", "b"])),
            (members[2], ballot(&["a", "b"])),
        ];
        all_vote(BATCH, &ballots);
        assert!(faults().is_empty());
        assert!(Notes::get().contains(&Told::Released(members[1], 1, price(members[1]), false)));
    });
}

#[test]
fn unable_is_neither_paid_nor_at_fault() {
    ExtBuilder::default().build_and_execute(|| {
        let members = voted(Rule::Exact, 2, &["a", "-", "a"]);
        assert_eq!(outcome(), Some(("a".into(), vec![members[0], members[2]])));
        assert!(faults().is_empty());
        assert!(Notes::get().contains(&Told::Released(members[1], 1, price(members[1]), true)));
    });
}

#[test]
fn a_majority_of_those_who_answer_is_none_of_the_panel() {
    ExtBuilder::default().build_and_execute(|| {
        voted(Rule::Exact, 3, &["a", "-", "a", "-", "-"]);
        assert_eq!(outcome(), None);
        assert!(faults().is_empty());
    });
}

#[test]
fn the_threshold_decides_and_not_the_largest_group() {
    ExtBuilder::default().build_and_execute(|| {
        voted(Rule::Exact, 4, &["a", "a", "a", "b", "c"]);
        assert_eq!(outcome(), None);
        assert!(faults().is_empty());
    });
}

#[test]
fn labels_and_fields_are_compared_by_their_rules() {
    ExtBuilder::default().build_and_execute(|| {
        let members = voted(Rule::Label, 2, &["Spam", " spam\n", "ham"]);
        assert_eq!(outcome(), Some((" spam\n".into(), vec![members[0], members[1]])));
        assert_eq!(faults(), [(members[2], Fault::Wrong)]);
    });
    ExtBuilder::default().build_and_execute(|| {
        let pointer = b"/price".to_vec().try_into().unwrap();
        let answers = [
            r#"{"price":1.50}"#,
            r#"{"at":9,"price":15e-1}"#,
            r#"{"price":"1.5"}"#,
        ];
        let members = voted(Rule::JsonField { pointer }, 2, &answers);
        assert_eq!(outcome(), Some((answers[1].into(), vec![members[0], members[1]])));
        assert_eq!(faults(), [(members[2], Fault::Wrong)]);
    });
}

#[test]
fn numbers_agree_around_the_median_and_only_those_near_nobody_are_wrong() {
    ExtBuilder::default().build_and_execute(|| {
        let rule = Rule::Numeric { ppm: 10_000 };
        let members = voted(rule, 3, &["100", "101", "102", "103", "200"]);
        assert_eq!(outcome(), Some(("102".into(), members[1..4].to_vec())));
        assert_eq!(faults(), [(members[4], Fault::Wrong)]);
        assert!(Notes::get().contains(&Told::Released(members[0], 1, price(members[0]), false)));
    });
}

#[test]
fn what_a_rule_cannot_read_counts_as_no_answer() {
    ExtBuilder::default().build_and_execute(|| {
        let members = voted(Rule::Numeric { ppm: 0 }, 2, &["1", "one", "1.0"]);
        assert_eq!(outcome().unwrap().1, [members[0], members[2]]);
        assert!(Notes::get().contains(&Told::Released(members[1], 1, price(members[1]), true)));
    });
    ExtBuilder::default().build_and_execute(|| {
        voted(Rule::Numeric { ppm: 0 }, 2, &["n/a", "n/a", "n/a"]);
        assert_eq!(outcome(), None, "not even where all say the same");
    });
}

#[test]
fn all_reveals_of_a_block_count_alike_in_any_order() {
    let answers = ["b", "a", "b", "a", "b"];
    let told = |order: [usize; 5]| {
        let mut told = (vec![], vec![]);
        ExtBuilder::default().build_and_execute(|| {
            let members = drawn(Summons {
                tasks: vec![(0, 1)],
                size: 5,
                threshold: 3,
                ..summons(BATCH)
            });
            let ballots = order.map(|place| (members[place], ballot(&[answers[place]])));
            all_vote(BATCH, &ballots);
            told = (verdicts(), Notes::get());
        });
        told
    };
    assert_eq!(told([0, 1, 2, 3, 4]), told([3, 1, 4, 2, 0]));
}
