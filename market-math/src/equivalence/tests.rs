use super::*;
use proptest::{prelude::*, sample::SizeRange};

const POINTER: Rule = Rule::JsonField { pointer: b"/v" };

fn rule() -> impl Strategy<Value = Rule<'static>> {
    prop_oneof![
        Just(Rule::Exact),
        prop_oneof![Just(0u32), 1..50_000u32, any::<u32>()].prop_map(|ppm| Rule::Numeric { ppm }),
        prop_oneof![Just(""), Just("/v"), Just("/v/1"), Just("v")].prop_map(|pointer| Rule::JsonField {
            pointer: pointer.as_bytes()
        }),
        Just(Rule::Label),
    ]
}

/// Answers that often agree under one rule or another, and hostile ones.
fn answer() -> impl Strategy<Value = Vec<u8>> {
    let text = prop_oneof![
        (90..110u32).prop_map(|number| number.to_string()),
        (90..110u32).prop_map(|number| format!(" {number}.50e-1 ")),
        Just("-100".to_string()),
        (0..3u32).prop_map(|number| format!("{{\"v\":{number}}}")),
        (0..3u32).prop_map(|number| format!("{{ \"w\": null, \"v\": {number}.0 }}")),
        (0..3u32).prop_map(|number| format!("{{\"v\":[0,{{\"x\":{number}}}]}}")),
        Just("[".repeat(1024)),
        prop_oneof![Just("Cat"), Just(" cat\n"), Just("CAT"), Just("dog"), Just("")].prop_map(Into::into),
    ];
    prop_oneof![
        6 => text.prop_map(String::into_bytes),
        1 => (0..3u32).prop_map(|label| label.to_le_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..1024),
    ]
}

fn answers(size: impl Into<SizeRange>) -> impl Strategy<Value = Vec<Option<Vec<u8>>>> {
    prop::collection::vec(prop::option::weighted(0.9, answer()), size)
}

/// A few distinct answers, each given by several: majorities are common.
fn crowd() -> impl Strategy<Value = Vec<Option<Vec<u8>>>> {
    (
        answers(1..4),
        prop::collection::vec(any::<prop::sample::Index>(), 1..15),
    )
        .prop_map(|(few, picks)| picks.iter().map(|pick| pick.get(&few).clone()).collect())
}

fn slices(answers: &[Option<Vec<u8>>]) -> Vec<Option<&[u8]>> {
    answers.iter().map(Option::as_deref).collect()
}

fn tally_of(rule: Rule, answers: &[&str], threshold: usize) -> Tally {
    let answers: Vec<_> = answers.iter().map(|answer| Some(answer.as_bytes())).collect();
    tally(rule, &answers, threshold)
}

#[test]
fn exact_answers_agree_byte_for_byte() {
    assert!(agree(Rule::Exact, b"\xff\0", b"\xff\0"));
    assert!(agree(Rule::Exact, b"", b""));
    assert!(!agree(Rule::Exact, b"a", b"a "));
}

#[test]
fn labels_agree_whatever_their_case_and_the_space_around_them() {
    for (one, other) in [
        ("Cat", "\u{a0}cAT\r\n"),
        ("ÉTÉ", "été"),
        ("ΟΔΟΣ", "οδοσ"),
        ("a b", "A B"),
    ] {
        assert!(
            agree(Rule::Label, one.as_bytes(), other.as_bytes()),
            "{one} {other}"
        );
    }
    assert!(!agree(Rule::Label, b"cat", b"c at"));
    assert!(!agree(Rule::Label, b" \n", b" \n"), "nothing is no label");
    assert!(!agree(Rule::Label, b"\xff", b"\xff"), "neither text nor number");
}

#[test]
fn label_numbers_are_never_taken_for_text() {
    for (one, other) in [(32u32, 10u32), (65, 97), (0, 32), (0x0041_0000, 0x0061_0000)] {
        assert!(!agree(Rule::Label, &one.to_le_bytes(), &other.to_le_bytes()));
        assert!(agree(Rule::Label, &one.to_le_bytes(), &one.to_le_bytes()));
    }
}

#[test]
fn json_fields_agree_whatever_surrounds_them() {
    let one = br#"{"v":{"price":10.50,"unit":"EUR"},"at":1}"#;
    let other = br#"{ "at": 2, "v": {"unit": "\u0045UR", "price": 1.05e1} }"#;
    assert!(agree(POINTER, one, other));
    assert!(!agree(POINTER, one, br#"{"v":{"price":10.51,"unit":"EUR"}}"#));
    assert!(!agree(POINTER, b"{}", b"{}"), "the field is missing");
    assert!(
        !agree(POINTER, br#"{"v":1,"v":1}"#, br#"{"v":1,"v":1}"#),
        "ambiguous"
    );
}

#[test]
fn a_rule_with_a_bad_pointer_is_unsound_and_reads_nothing() {
    let bad = Rule::JsonField { pointer: b"v" };
    assert!(!bad.is_sound() && POINTER.is_sound());
    assert!(!agree(bad, b"1", b"1"));
}

#[test]
fn the_winner_is_what_most_of_the_group_gave_byte_for_byte() {
    let labels = tally_of(Rule::Label, &[" cat", "Cat", "dog", "Cat", "CAT"], 3);
    assert_eq!(labels.winner, Some(1));
    let even = tally_of(Rule::Label, &["cat", "Cat", "CAT"], 3);
    assert_eq!(even.winner, Some(2), "of equally many the least bytes");
}

#[test]
fn one_member_cannot_put_its_own_words_around_an_agreed_field() {
    let honest = r#"{"v":1}"#;
    let smuggled = "\t{\"!\":\"lies\",\"v\":1}";
    let fields = tally_of(POINTER, &[smuggled, honest, honest], 3);
    assert_eq!(fields.winner, Some(1));
    assert_eq!(fields.standings, [Standing::Agrees; 3]);
}

#[test]
fn the_winner_of_numbers_is_their_median() {
    let rule = Rule::Numeric { ppm: 10_000 };
    let numbers = tally_of(rule, &["100", "200", "101", "103", "102"], 3);
    assert_eq!(numbers.winner, Some(4));
    use Standing::{Agrees, Apart, Differs};
    assert_eq!(numbers.standings, [Apart, Differs, Agrees, Agrees, Agrees]);
}

#[test]
fn too_few_that_agree_decide_nothing_and_nobody_differs() {
    let split = tally_of(Rule::Exact, &["a", "a", "b", "c", "x"], 3);
    assert_eq!(split.winner, None);
    assert_eq!(split.standings, [Standing::Apart; 5]);
    let none = tally(Rule::Numeric { ppm: 0 }, &[None, Some(b"x")], 1);
    assert_eq!(none.winner, None);
    assert_eq!(none.standings, [Standing::Unreadable; 2]);
    assert_eq!(tally(Rule::Exact, &[], 0).winner, None);
}

proptest! {
    #[test]
    fn agreeing_is_symmetric_and_reflexive_on_what_can_be_read(rule in rule(), one in answer(), other in answer()) {
        prop_assert_eq!(agree(rule, &one, &other), agree(rule, &other, &one));
        prop_assert_eq!(agree(rule, &one, &one), rule.read(&one).is_some());
        if rule == Rule::Exact {
            prop_assert!(agree(rule, &one, &one));
        }
    }

    #[test]
    fn the_winner_and_the_standings_do_not_depend_on_the_order(
        rule in rule(), crowd in crowd(), threshold in 0..9usize, seed: u64,
    ) {
        let mut order: Vec<usize> = (0..crowd.len()).collect();
        order.sort_by_key(|place| (*place as u64 + 1).wrapping_mul(seed | 1).rotate_left(31));
        let shuffled: Vec<_> = order.iter().map(|place| crowd[*place].clone()).collect();
        let (before, after) = (
            tally(rule, &slices(&crowd), threshold), tally(rule, &slices(&shuffled), threshold),
        );
        prop_assert_eq!(
            before.winner.map(|place| crowd[place].clone()), after.winner.map(|place| shuffled[place].clone()),
        );
        for (place, standing) in order.iter().zip(&after.standings) {
            prop_assert_eq!(&before.standings[*place], standing);
        }
    }

    #[test]
    fn a_winning_group_reaches_the_threshold_and_agrees_with_its_winner(
        rule in rule(), crowd in crowd(), threshold in 1..9usize,
    ) {
        let slices = slices(&crowd);
        let Tally { winner, standings } = tally(rule, &slices, threshold);
        prop_assert_eq!(standings.len(), crowd.len());
        let group: Vec<_> = slices.iter().zip(&standings).filter(|(_, standing)| **standing == Standing::Agrees)
            .map(|(answer, _)| answer.unwrap()).collect();
        let Some(winner) = winner else {
            prop_assert!(group.is_empty());
            prop_assert!(!standings.contains(&Standing::Differs));
            return Ok(());
        };
        prop_assert!(group.len() >= threshold);
        let winner = slices[winner].unwrap();
        for (answer, standing) in slices.iter().zip(&standings) {
            prop_assert_eq!(late(rule, winner, &group, *answer), *standing);
        }
        prop_assert!(group.iter().all(|member| agree(rule, winner, member)));
    }

    #[test]
    fn whoever_has_a_majority_of_all_wins_whatever_the_rest_says(
        rule in rule(), honest in answer(), others in answers(0..7),
    ) {
        prop_assume!(agree(rule, &honest, &honest));
        let mut all = others.clone();
        all.extend(vec![Some(honest.clone()); others.len() + 1]);
        let Tally { winner, standings } = tally(rule, &slices(&all), others.len() + 1);
        prop_assert!(agree(rule, &honest, all[winner.unwrap()].as_ref().unwrap()));
        prop_assert!(standings[others.len()..].iter().all(|standing| *standing == Standing::Agrees));
    }

    #[test]
    fn numbers_near_each_other_that_are_the_majority_all_agree_with_the_median(
        honest in prop::collection::vec(1_000_000..1_010_000u32, 4..8), liars in prop::collection::vec(any::<i64>(), 0..4),
    ) {
        let rule = Rule::Numeric { ppm: 10_000 };
        let texts: Vec<String> = honest.iter().map(ToString::to_string).chain(liars.iter().map(ToString::to_string)).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let Tally { winner, standings } = tally_of(rule, &texts, 4);
        prop_assert!(standings[..honest.len()].iter().all(|standing| *standing == Standing::Agrees));
        let median: u32 = texts[winner.unwrap()].parse().unwrap();
        prop_assert!(honest.iter().min() <= Some(&median) && Some(&median) <= honest.iter().max());
    }

    #[test]
    fn no_bytes_panic(rule in rule(), answers in answers(0..29), threshold: usize) {
        let tally = tally(rule, &slices(&answers), threshold);
        prop_assert_eq!(tally.standings.len(), answers.len());
    }
}
