use crate::mock::*;
use pensum_primitives::{
    panel::PanelVerdict,
    traits::{Panels as _, Summons},
    BatchId,
};
use std::collections::BTreeMap;

#[test]
fn the_next_block_seats_different_members_and_takes_their_stake() {
    ExtBuilder::default().build_and_execute(|| {
        let members = drawn(summons(BATCH));
        assert_eq!(members.len(), 3);
        assert!(members.is_sorted_by(|one, next| one < next));
        let locked: Vec<_> = members
            .iter()
            .map(|number| (solver(*number), 2 * bond(*number), 2))
            .collect();
        assert_eq!(Panel::locked(), locked);
        assert_eq!(
            events(),
            [Event::PanelDrawn {
                batch: BATCH,
                round: now(),
                earlier: 0,
                members: panel(BATCH).members,
                until: now() + CommitWindow::get(),
            }]
        );
    });
}

#[test]
fn what_is_known_when_a_panel_is_summoned_does_not_say_who_is_drawn() {
    let draw = |beacon: u64| {
        let mut members = vec![];
        ExtBuilder::default().build_and_execute(|| {
            Panel::summon(summons(BATCH)).unwrap();
            // Everything but the next block's randomness is the same.
            Salt::set(beacon);
            run_for(1);
            members = crate::mock::members(BATCH);
            Salt::set(0);
        });
        members
    };
    let draws: std::collections::BTreeSet<_> = (0..20).map(draw).collect();
    assert!(draws.len() > 10, "only {} different panels", draws.len());
}

#[test]
fn every_panel_of_a_block_is_drawn_by_itself() {
    ExtBuilder::default().build_and_execute(|| {
        (0..8).for_each(|batch| Panel::summon(summons(BatchId(batch))).unwrap());
        run_for(1);
        let draws: std::collections::BTreeSet<_> = (0..8).map(|batch| members(BatchId(batch))).collect();
        assert!(draws.len() > 4);
    });
}

#[test]
fn stake_is_what_counts_in_the_draw() {
    let mut seats = BTreeMap::<u8, u32>::new();
    ExtBuilder::default().build_and_execute(|| {
        Stakes::mutate(solver(5), |stake| stake.as_mut().unwrap().free *= 50);
        for batch in 0..40 {
            for number in drawn(summons(BatchId(batch))) {
                *seats.entry(number).or_default() += 1;
            }
            Panel::dismiss(BatchId(batch));
        }
    });
    assert!(seats[&5] >= 35, "{seats:?}");
}

#[test]
fn excluded_and_dear_solvers_are_never_drawn() {
    ExtBuilder::default().solvers(6).build_and_execute(|| {
        let members = drawn(Summons {
            exclude: vec![solver(1), solver(2)],
            member_cap: price(5),
            ..summons(BATCH)
        });
        assert_eq!(members, [3, 4, 5]);
    });
}

#[test]
fn too_few_to_draw_is_inconclusive_at_once() {
    ExtBuilder::default().solvers(2).build_and_execute(|| {
        assert!(drawn(summons(BATCH)).is_empty());
        let nothing = [(0, PanelVerdict::Inconclusive), (3, PanelVerdict::Inconclusive)];
        assert_eq!(verdicts(), nothing);
        assert!(Notes::get().is_empty());
        assert!(is_empty());
    });
}

#[test]
fn only_solvers_that_accept_the_asset_are_drawn() {
    let paid_in = |asset| Summons {
        asset: Some(asset),
        ..summons(BATCH)
    };
    ExtBuilder::default().solvers(6).build_and_execute(|| {
        assert_eq!(drawn(paid_in(3)), [1, 2, 3]);
    });
    ExtBuilder::default().solvers(6).build_and_execute(|| {
        assert!(drawn(paid_in(2)).is_empty(), "two cannot be three");
    });
}
