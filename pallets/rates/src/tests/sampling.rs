//! The hook: whose turn it is, and what a sample does.

use crate::{mock::*, types::Rate, weights::WeightInfo, Error, Event, Listings};
use frame_support::{assert_noop, assert_ok, traits::Hooks};
use market_math::rate::PRECISION;
use pensum_primitives::{traits::Rates as _, AssetId, Balance, BlockNumber};

const HALF: Balance = PEN / 2 * PRECISION;

fn rate(asset: AssetId) -> Option<Rate> {
    Listings::<Test>::get()
        .into_iter()
        .find(|listing| listing.asset == asset)
        .unwrap()
        .rate
}

fn looked_at() -> Vec<BlockNumber> {
    Listings::<Test>::get()
        .iter()
        .map(|listing| listing.looked_at)
        .collect()
}

#[test]
fn listed_assets_take_turns_and_none_is_passed_over() {
    build_and_execute(|| {
        list(TUSD);
        list(WEI);
        run_for(1);
        assert_eq!(looked_at(), vec![2, 1]);
        run_for(1);
        assert_eq!(looked_at(), vec![2, 3]);
        run_for(1);
        assert_eq!(looked_at(), vec![4, 3]);
        // One that comes later waits for those that wait for longer.
        assert_ok!(Assets::force_set_metadata(
            RuntimeOrigin::root(),
            NAMELESS,
            b"N".to_vec(),
            b"N".to_vec(),
            0,
            false
        ));
        list(NAMELESS);
        run_for(1);
        assert_eq!(looked_at(), vec![4, 5, 4]);
        run_for(1);
        assert_eq!(looked_at(), vec![6, 5, 4]);
        run_for(1);
        assert_eq!(looked_at(), vec![6, 5, 7]);
    });
}

#[test]
fn the_hook_weighs_one_sample_and_less_where_nothing_is_listed() {
    build_and_execute(|| {
        type Weights = <Test as crate::Config>::WeightInfo;
        assert_eq!(Rates::on_initialize(1), Weights::nothing_listed());
        list(TUSD);
        assert_eq!(Rates::on_initialize(1), Weights::sample());
    });
}

#[test]
fn a_rate_starts_at_the_first_price_and_says_when_it_is_used() {
    build_and_execute(|| {
        set_price(500);
        list(TUSD);
        events();
        run_for(1);
        let settles_at = 2 + SettlingPeriod::get();
        assert_eq!(
            rate(TUSD),
            Some(Rate {
                average: HALF,
                spot: HALF,
                sampled_at: 2,
                settles_at
            })
        );
        assert_eq!(
            events(),
            vec![Event::RateStarted {
                asset: TUSD,
                rate: HALF,
                settles_at
            }]
        );
        run_for(2 * SettlingPeriod::get());
        assert_eq!(events(), vec![]);
    });
}

#[test]
fn a_rate_that_leaves_its_start_before_it_settles_starts_again() {
    build_and_execute(|| {
        set_price(50_000);
        list(TUSD);
        run_for(SettlingPeriod::get() - 1);
        // The price was a manipulator's; the market takes it back before it counts.
        set_price(500);
        run_for(1);
        assert_eq!(rate(TUSD).unwrap().average, HALF);
        run_for(SettlingPeriod::get() - 1);
        assert_noop!(Rates::worth(TUSD, USD), Error::<Test>::RateNotSettled);
        run_for(1);
        assert_ok!(Rates::worth(TUSD, USD), PEN / 2);
    });
}

#[test]
fn a_pool_without_liquidity_reserves_or_worth_has_no_price() {
    build_and_execute(|| {
        list(TUSD);
        for (native, reserve) in [
            (MinLiquidity::get() - 1, 20_000 * USD),
            (0, 20_000 * USD),
            (MinLiquidity::get(), 0),
            (MinLiquidity::get(), Balance::MAX),
            (Balance::MAX, 1),
        ] {
            set_pool(TUSD, native, reserve);
            run_for(1);
            assert_eq!(rate(TUSD), None);
        }
        set_pool(TUSD, MinLiquidity::get(), 20_000 * USD);
        run_for(1);
        assert_eq!(rate(TUSD).unwrap().average, HALF);
    });
}

#[test]
fn a_pool_that_pauses_goes_on_and_one_that_was_away_too_long_settles_again() {
    build_and_execute(|| {
        settled();
        remove_pool(TUSD);
        run_for(MaxAge::get() - 1);
        set_price(512);
        run_for(1);
        // Sixteen blocks at most speak in one sample, though sixty went by: 2.4 % × 16 / 600.
        assert_eq!(rate(TUSD).unwrap().average - HALF, HALF * 24 / 1_000 * 16 / 600);
        assert!(Rates::worth(TUSD, USD).is_ok());
        remove_pool(TUSD);
        run_for(MaxAge::get());
        set_price(5_000);
        run_for(1);
        assert_eq!(rate(TUSD).unwrap().average, 10 * HALF);
        assert_noop!(Rates::worth(TUSD, USD), Error::<Test>::RateNotSettled);
        run_for(SettlingPeriod::get());
        assert_ok!(Rates::worth(TUSD, USD), 5 * PEN);
    });
}
