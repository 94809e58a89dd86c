use crate::mock::*;
use frame_support::pallet_prelude::Weight;
use pensum_primitives::{traits::Panels as _, BatchId};

/// As little as possible: one panel for each block.
fn at_a_time_one() {
    MaxHookWeight::set(Weight::from_parts(1, 0));
}

#[test]
fn a_block_does_no_more_than_its_limit_and_the_rest_follows() {
    ExtBuilder::default().build_and_execute(|| {
        at_a_time_one();
        (0..5).for_each(|batch| Panel::summon(summons(BatchId(batch))).unwrap());
        for drawn in 1..=5 {
            run_for(1);
            let committing = crate::Panels::<Test>::iter_values().filter(|panel| !panel.members.is_empty());
            assert_eq!(committing.count(), drawn);
            assert_eq!(crate::AgendaCursor::<Test>::get().is_some(), drawn < 5);
            check();
        }
        MaxHookWeight::set(Weight::from_parts(400_000_000_000, 0));
    });
}

#[test]
fn nothing_is_skipped_when_the_chain_is_far_behind() {
    ExtBuilder::default().build_and_execute(|| {
        at_a_time_one();
        for batch in 0..12 {
            Panel::summon(summons(BatchId(batch))).unwrap();
            run_for(1);
            check();
        }
        let mut blocks = 0;
        while Verdicts::get().len() < 12 {
            run_for(1);
            check();
            blocks += 1;
            assert!(blocks < 200, "something is stuck");
        }
        MaxHookWeight::set(Weight::from_parts(400_000_000_000, 0));
    });
}

#[test]
fn whoever_commits_while_the_chain_is_behind_is_heard_within_its_time_only() {
    ExtBuilder::default().build_and_execute(|| {
        let members = drawn(summons(BATCH));
        let until = panel(BATCH).until;
        at_a_time_one();
        (100..104).for_each(|batch| crate::Agenda::<Test>::insert(until, BatchId(batch), ()));
        (100..104).for_each(|batch| {
            let waiting = crate::types::Panel {
                stage: crate::types::Stage::Drawing,
                members: Default::default(),
                due: until,
                ..panel(BATCH)
            };
            crate::Panels::<Test>::insert(BatchId(batch), waiting);
        });
        run_to(until + 2);
        assert_eq!(panel(BATCH).stage, crate::types::Stage::Committing);
        refused(
            commit_call(members[0], BATCH, round(BATCH), Default::default()),
            pensum_primitives::operator::Refusal::TooLate,
        );
        MaxHookWeight::set(Weight::from_parts(400_000_000_000, 0));
    });
}
