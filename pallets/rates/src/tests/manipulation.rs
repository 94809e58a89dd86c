//! What a manipulation moves: the numbers of the README.

use crate::{mock::*, Error};
use frame_support::{assert_noop, assert_ok};
use pensum_primitives::{asset::MAX_LISTED, traits::Rates as _, Balance};

fn worth() -> Balance {
    Rates::worth(TUSD, USD).unwrap()
}

#[test]
fn a_swap_within_one_block_is_not_seen_at_all() {
    build_and_execute(|| {
        settled();
        let before = worth();
        set_price(5_000);
        assert_eq!(worth(), before);
        set_price(500);
        run_for(1);
        assert_eq!(worth(), before);
    });
}

#[test]
fn one_block_of_any_price_moves_the_rate_by_half_a_permille_and_suspends_it() {
    build_and_execute(|| {
        settled();
        set_price(500_000);
        run_for(1);
        assert_noop!(Rates::worth(TUSD, USD), Error::<Test>::PriceMoves);
        set_price(500);
        run_for(1);
        let moved = worth() - PEN / 2;
        assert!((PEN / 2 / 2_100..=PEN / 2 / 2_000).contains(&moved));
    });
}

#[test]
fn the_rate_in_use_is_never_a_tenth_from_the_price_that_was_last_seen() {
    build_and_execute(|| {
        settled();
        for milli in (500..5_000).step_by(90) {
            set_price(milli);
            run_for(7);
            if let Ok(worth) = Rates::worth(TUSD, USD) {
                assert!(worth.abs_diff(milli * PEN / 1_000) <= worth / 10 + 1);
            }
        }
    });
}

#[test]
fn with_all_places_taken_one_sample_moves_it_by_no_more_than_sixteen_blocks_may() {
    build_and_execute(|| {
        settled();
        let before = worth();
        for asset in 100..99 + MAX_LISTED {
            assert_ok!(Assets::force_create(RuntimeOrigin::root(), asset, ALICE, true, 1));
            assert_ok!(Assets::force_set_metadata(
                RuntimeOrigin::root(),
                asset,
                b"N".to_vec(),
                b"N".to_vec(),
                0,
                false
            ));
            list(asset);
        }
        run_for(2 * MAX_LISTED);
        set_price(500_000);
        run_for(MAX_LISTED);
        set_price(500);
        run_for(MAX_LISTED);
        let moved = worth() - before;
        assert!(moved <= before * 16 * 500 / 1_000_000 && moved > 0);
    });
}
