//! What an amount is worth, and when it has no worth.

use crate::{mock::*, Error};
use frame_support::{assert_noop, assert_ok};
use pensum_primitives::{asset::ListedAsset, solver::StringAmount, traits::Rates as _, Balance};

#[test]
fn worth_is_rounded_down_whatever_the_decimals() {
    build_and_execute(|| {
        // 18 decimals, three PEN each.
        set_pool(WEI, 30_000 * PEN, 10_000 * 1_000_000_000_000_000_000);
        list(WEI);
        settled();
        run_for(SettlingPeriod::get());
        assert_ok!(Rates::worth(TUSD, 3), 1_500_000);
        assert_ok!(Rates::worth(WEI, 1_000_000_000_000_000_000), 3 * PEN);
        assert_ok!(Rates::worth(WEI, 1_000_000), 3);
        assert_ok!(Rates::worth(WEI, 999_999), 2);
        assert_ok!(Rates::worth(WEI, 0), 0);
    });
}

#[test]
fn worth_fails_when_asset_is_not_listed() {
    build_and_execute(|| {
        assert_noop!(Rates::worth(TUSD, USD), Error::<Test>::NotListed);
    });
}

#[test]
fn worth_fails_when_pool_has_had_no_price() {
    build_and_execute(|| {
        list(TUSD);
        run_for(10);
        assert_noop!(Rates::worth(TUSD, USD), Error::<Test>::NoRate);
    });
}

#[test]
fn worth_fails_when_price_has_not_settled() {
    build_and_execute(|| {
        set_price(500);
        list(TUSD);
        run_for(SettlingPeriod::get());
        assert_noop!(Rates::worth(TUSD, USD), Error::<Test>::RateNotSettled);
        run_for(1);
        assert_ok!(Rates::worth(TUSD, USD), PEN / 2);
    });
}

#[test]
fn worth_fails_when_rate_is_too_old() {
    build_and_execute(|| {
        settled();
        remove_pool(TUSD);
        run_for(MaxAge::get());
        assert_ok!(Rates::worth(TUSD, USD), PEN / 2);
        run_for(1);
        assert_noop!(Rates::worth(TUSD, USD), Error::<Test>::RateTooOld);
    });
}

#[test]
fn worth_fails_when_price_is_far_from_its_average() {
    build_and_execute(|| {
        settled();
        set_price(551);
        run_for(1);
        assert_noop!(Rates::worth(TUSD, USD), Error::<Test>::PriceMoves);
        // The average follows until they are near again.
        run_for(10);
        let worth = Rates::worth(TUSD, USD).unwrap();
        assert!((PEN / 2..PEN * 551 / 1_000).contains(&worth));
    });
}

#[test]
fn worth_fails_when_amount_is_beyond_counting() {
    build_and_execute(|| {
        settled();
        assert_noop!(Rates::worth(TUSD, Balance::MAX), Error::<Test>::AmountTooLarge);
    });
}

#[test]
fn whoever_asks_is_told_what_is_listed_and_what_it_is_worth() {
    build_and_execute(|| {
        settled();
        list(WEI);
        assert_ok!(Rates::set_stable(RuntimeOrigin::root(), Some(TUSD)));
        let now = System::block_number();
        assert_eq!(
            Rates::listed(),
            vec![
                ListedAsset {
                    asset: TUSD,
                    symbol: b"tUSD".to_vec(),
                    decimals: 6,
                    worth: Some(StringAmount(PEN / 2)),
                    sampled_at: now,
                    stable: true,
                },
                ListedAsset {
                    asset: WEI,
                    symbol: b"tETH".to_vec(),
                    decimals: 18,
                    worth: None,
                    sampled_at: now,
                    stable: false,
                },
            ]
        );
    });
}
