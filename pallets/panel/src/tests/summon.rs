use crate::{mock::*, types::MAX_EXCLUDED};
use frame_support::{assert_noop, assert_ok, pallet_prelude::DispatchError};
use pensum_primitives::{
    panel::Question,
    traits::{Panels as _, Summons},
    verification::Rule,
};

#[track_caller]
fn refuses(summons: Summons, why: Error) {
    assert_noop!(Panel::summon(summons), DispatchError::from(why));
}

#[test]
fn a_summons_waits_for_the_next_block() {
    ExtBuilder::default().build_and_execute(|| {
        run_for(1);
        assert_ok!(Panel::summon(summons(BATCH)));
        assert_eq!(
            events(),
            [Event::PanelSummoned {
                batch: BATCH,
                size: 3,
                threshold: 2,
                rounds: 2
            }]
        );
        assert_eq!(panel(BATCH).due, now() + 1);
        assert!(Panel::locked().is_empty());
    });
}

#[test]
fn summon_fails_when_the_batch_has_a_panel() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(Panel::summon(summons(BATCH)));
        refuses(summons(BATCH), Error::AlreadySummoned);
        run_for(1);
        refuses(summons(BATCH), Error::AlreadySummoned);
    });
}

#[test]
fn summon_fails_when_tasks_are_missing_too_many_or_out_of_order() {
    ExtBuilder::default().build_and_execute(|| {
        let too_many = (0..17).map(|place| (place, 1)).collect();
        for tasks in [vec![], vec![(1, 1), (0, 1)], vec![(1, 1), (1, 1)], too_many] {
            let summons = Summons {
                tasks,
                ..summons(BATCH)
            };
            refuses(summons, Error::TasksMalformed);
        }
    });
}

#[test]
fn summon_fails_when_the_threshold_is_no_majority() {
    ExtBuilder::default().build_and_execute(|| {
        for (size, threshold) in [(3, 1), (4, 2), (3, 4), (0, 0), (6, 3)] {
            let summons = Summons {
                size,
                threshold,
                ..summons(BATCH)
            };
            refuses(summons, Error::ThresholdNotMajority);
        }
    });
}

#[test]
fn summon_fails_when_a_round_would_be_too_large_or_there_is_none() {
    ExtBuilder::default().build_and_execute(|| {
        for (size, rounds) in [(15, 2), (8, 3), (3, 0), (3, 255), (29, 1)] {
            let summons = Summons {
                size,
                threshold: size,
                rounds,
                ..summons(BATCH)
            };
            refuses(summons, Error::PanelTooLarge);
        }
    });
}

#[test]
fn summon_fails_when_too_many_are_excluded() {
    ExtBuilder::default().build_and_execute(|| {
        let exclude = vec![REQUESTER; MAX_EXCLUDED as usize + 1];
        refuses(
            Summons {
                exclude,
                ..summons(BATCH)
            },
            Error::TooManyExcluded,
        );
    });
}

#[test]
fn summon_fails_when_the_pointer_is_none() {
    ExtBuilder::default().build_and_execute(|| {
        let pointer = b"price".to_vec().try_into().unwrap();
        let question = Question::Answers(Rule::JsonField { pointer });
        refuses(
            Summons {
                question,
                ..summons(BATCH)
            },
            Error::PointerMalformed,
        );
    });
}
