//! `list` and `delist`.

use crate::{mock::*, types::Listing, Error, Event, Listings};
use frame_support::{assert_noop, assert_ok};
use pensum_primitives::{asset::MAX_LISTED, traits::Rates as _, AssetId};
use sp_runtime::DispatchError::BadOrigin;

/// Creates an asset with this many decimals.
fn create(asset: AssetId, decimals: u8) {
    assert_ok!(Assets::force_create(RuntimeOrigin::root(), asset, ALICE, true, 1));
    let (name, symbol) = (b"Name".to_vec(), b"SYM".to_vec());
    assert_ok!(Assets::force_set_metadata(
        RuntimeOrigin::root(),
        asset,
        name,
        symbol,
        decimals,
        false
    ));
}

#[test]
fn a_listed_asset_has_the_decimals_of_its_metadata() {
    build_and_execute(|| {
        list(WEI);
        list(TUSD);
        let listing = |asset, decimals| Listing {
            asset,
            decimals,
            looked_at: 1,
            rate: None,
        };
        assert_eq!(
            Listings::<Test>::get().into_inner(),
            vec![listing(TUSD, 6), listing(WEI, 18)]
        );
        assert_eq!(
            events(),
            vec![
                Event::AssetListed {
                    asset: WEI,
                    decimals: 18
                },
                Event::AssetListed {
                    asset: TUSD,
                    decimals: 6
                }
            ]
        );
    });
}

#[test]
fn list_fails_when_origin_is_an_account() {
    build_and_execute(|| {
        assert_noop!(Rates::list(RuntimeOrigin::signed(ALICE), TUSD), BadOrigin);
        assert_noop!(Rates::delist(RuntimeOrigin::signed(ALICE), TUSD), BadOrigin);
        assert_noop!(Rates::set_stable(RuntimeOrigin::signed(ALICE), None), BadOrigin);
    });
}

#[test]
fn list_fails_when_there_is_no_such_asset() {
    build_and_execute(|| {
        assert_noop!(
            Rates::list(RuntimeOrigin::root(), 99),
            Error::<Test>::UnknownAsset
        );
    });
}

#[test]
fn list_fails_when_asset_has_no_metadata() {
    build_and_execute(|| {
        assert_noop!(
            Rates::list(RuntimeOrigin::root(), NAMELESS),
            Error::<Test>::NoMetadata
        );
    });
}

#[test]
fn list_fails_when_asset_has_nineteen_decimals() {
    build_and_execute(|| {
        create(9, 19);
        assert_noop!(
            Rates::list(RuntimeOrigin::root(), 9),
            Error::<Test>::TooManyDecimals
        );
    });
}

#[test]
fn list_fails_when_asset_is_listed() {
    build_and_execute(|| {
        list(TUSD);
        assert_noop!(
            Rates::list(RuntimeOrigin::root(), TUSD),
            Error::<Test>::AlreadyListed
        );
    });
}

#[test]
fn list_fails_when_as_many_are_listed_as_can_be() {
    build_and_execute(|| {
        for asset in 100..100 + MAX_LISTED {
            create(asset, 0);
            list(asset);
        }
        assert_noop!(
            Rates::list(RuntimeOrigin::root(), TUSD),
            Error::<Test>::TooManyListed
        );
    });
}

#[test]
fn delist_fails_when_asset_is_not_listed() {
    build_and_execute(|| {
        assert_noop!(
            Rates::delist(RuntimeOrigin::root(), TUSD),
            Error::<Test>::NotListed
        );
    });
}

#[test]
fn a_delisted_asset_is_worth_nothing_and_is_forgotten() {
    build_and_execute(|| {
        settled();
        events();
        assert_ok!(Rates::delist(RuntimeOrigin::root(), TUSD));
        assert_noop!(Rates::worth(TUSD, USD), Error::<Test>::NotListed);
        assert_eq!(events(), vec![Event::AssetDelisted { asset: TUSD }]);
        // Listed again, it settles again.
        list(TUSD);
        run_for(1);
        assert_noop!(Rates::worth(TUSD, USD), Error::<Test>::RateNotSettled);
    });
}

#[test]
fn metadata_that_changes_later_changes_no_worth() {
    build_and_execute(|| {
        settled();
        assert_ok!(Assets::force_set_metadata(
            RuntimeOrigin::root(),
            TUSD,
            b"Other".to_vec(),
            b"OTHER".to_vec(),
            18,
            false
        ));
        assert_ok!(Rates::worth(TUSD, USD), PEN / 2);
        assert_ok!(Assets::force_clear_metadata(RuntimeOrigin::root(), TUSD));
        run_for(5);
        assert_ok!(Rates::worth(TUSD, USD), PEN / 2);
        let listed = Rates::listed();
        assert_eq!((listed[0].decimals, listed[0].symbol.len()), (6, 0));
    });
}

#[test]
fn an_asset_that_is_destroyed_is_delisted_so_that_no_other_takes_its_place() {
    build_and_execute(|| {
        settled();
        assert_ok!(Rates::set_stable(RuntimeOrigin::root(), Some(TUSD)));
        events();
        assert_ok!(Assets::start_destroy(RuntimeOrigin::signed(ALICE), TUSD));
        assert_ok!(Assets::finish_destroy(RuntimeOrigin::signed(ALICE), TUSD));
        assert_eq!(
            events(),
            vec![
                Event::AssetDelisted { asset: TUSD },
                Event::StableSet { asset: None }
            ]
        );
        create(TUSD, 6);
        run_for(1);
        assert_noop!(Rates::worth(TUSD, USD), Error::<Test>::NotListed);
        // What was never listed can be destroyed as well.
        assert_ok!(Assets::start_destroy(RuntimeOrigin::signed(ALICE), WEI));
        assert_ok!(Assets::finish_destroy(RuntimeOrigin::signed(ALICE), WEI));
        assert_eq!(events(), vec![]);
    });
}
