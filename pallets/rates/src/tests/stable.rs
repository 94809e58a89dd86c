//! `set_stable`, and the unit that offers may be quoted in.

use crate::{mock::*, Error, Event, Stable};
use frame_support::{assert_noop, assert_ok};
use market_math::ratio::proportion_rounded_down;
use pensum_primitives::traits::Rates as _;

#[test]
fn the_stable_unit_is_worth_what_the_stable_asset_is() {
    build_and_execute(|| {
        settled();
        assert_eq!(Rates::stable(), None);
        assert_ok!(Rates::set_stable(RuntimeOrigin::root(), Some(TUSD)));
        let (part, of) = Rates::stable().unwrap();
        assert_eq!(
            proportion_rounded_down(1_000_000_000_000, part, of),
            Some(PEN / 2)
        );
        assert_eq!(events().last(), Some(&Event::StableSet { asset: Some(TUSD) }));
    });
}

#[test]
fn set_stable_fails_when_asset_is_not_listed() {
    build_and_execute(|| {
        assert_noop!(
            Rates::set_stable(RuntimeOrigin::root(), Some(TUSD)),
            Error::<Test>::NotListed
        );
    });
}

#[test]
fn there_is_no_stable_unit_while_its_rate_cannot_be_used() {
    build_and_execute(|| {
        settled();
        assert_ok!(Rates::set_stable(RuntimeOrigin::root(), Some(TUSD)));
        remove_pool(TUSD);
        run_for(MaxAge::get());
        assert!(Rates::stable().is_some());
        run_for(1);
        assert_eq!(Rates::stable(), None);
    });
}

#[test]
fn there_is_no_stable_unit_once_it_is_unset_or_its_asset_delisted() {
    build_and_execute(|| {
        settled();
        for unset in [true, false] {
            assert_ok!(Rates::set_stable(RuntimeOrigin::root(), Some(TUSD)));
            assert!(Rates::stable().is_some());
            if unset {
                assert_ok!(Rates::set_stable(RuntimeOrigin::root(), None));
            } else {
                assert_ok!(Rates::delist(RuntimeOrigin::root(), TUSD));
            }
            assert_eq!(Stable::<Test>::get(), None);
            assert_eq!(Rates::stable(), None);
            assert_eq!(events().last(), Some(&Event::StableSet { asset: None }));
        }
    });
}
