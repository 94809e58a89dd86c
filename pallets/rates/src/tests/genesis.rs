//! What a genesis lists.

use crate::{mock::*, Error, GenesisConfig};
use frame_support::{assert_noop, assert_ok};
use pensum_primitives::traits::Rates as _;

fn listing() -> GenesisConfig<Test> {
    GenesisConfig {
        listed: vec![TUSD],
        stable: Some(TUSD),
        ..Default::default()
    }
}

#[test]
fn a_pool_of_the_genesis_has_a_rate_from_the_first_block_on() {
    with_genesis(listing(), || set_price(500)).execute_with(|| {
        assert_ok!(Rates::worth(TUSD, USD), PEN / 2);
        assert!(Rates::stable().is_some());
        run_for(1_000);
        assert_ok!(Rates::worth(TUSD, USD), PEN / 2);
    });
}

#[test]
fn without_a_pool_in_the_genesis_the_rate_settles_as_any_other() {
    with_genesis(listing(), || ()).execute_with(|| {
        assert_noop!(Rates::worth(TUSD, USD), Error::<Test>::NoRate);
        set_price(500);
        run_for(SettlingPeriod::get());
        assert_noop!(Rates::worth(TUSD, USD), Error::<Test>::RateNotSettled);
        run_for(1);
        assert_ok!(Rates::worth(TUSD, USD), PEN / 2);
    });
}
