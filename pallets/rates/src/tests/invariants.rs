//! Random calls, prices and times, with every invariant checked after each step.

use crate::{mock::*, Error, Listings};
use market_math::rate::is_near;
use pensum_primitives::{traits::Rates as _, AssetId, Balance};
use proptest::prelude::*;
use sp_runtime::DispatchError;
use std::collections::BTreeMap;

#[derive(Clone, Debug)]
enum Step {
    List(AssetId),
    Delist(AssetId),
    SetStable(Option<AssetId>),
    Pool(AssetId, Balance, Balance),
    NoPool(AssetId),
    Rename(AssetId, u8),
    Wait(u32),
}

fn step() -> impl Strategy<Value = Step> {
    let asset = || 1..5u32;
    let amount = || {
        prop_oneof![
            4 => (1..1_000_000u128).prop_map(|pens| pens * PEN),
            1 => any::<Balance>(),
        ]
    };
    prop_oneof![
        3 => asset().prop_map(Step::List),
        1 => asset().prop_map(Step::Delist),
        2 => prop::option::of(asset()).prop_map(Step::SetStable),
        6 => (asset(), amount(), amount()).prop_map(|(asset, native, reserve)| Step::Pool(asset, native, reserve)),
        1 => asset().prop_map(Step::NoPool),
        1 => (asset(), 0..24u8).prop_map(|(asset, decimals)| Step::Rename(asset, decimals)),
        8 => (1..90u32).prop_map(Step::Wait),
    ]
}

/// Averages in use, by asset.
fn averages() -> BTreeMap<AssetId, Balance> {
    let now = System::block_number();
    let listings = Listings::<Test>::get();
    listings
        .iter()
        .filter_map(|listing| Some((listing.asset, listing.usable::<Test>(now).ok()?)))
        .collect()
}

fn run(step: Step) {
    let root = RuntimeOrigin::root();
    // Refusals are others' tests; here they must change nothing that the invariants see.
    let _ = match step {
        Step::List(asset) => Rates::list(root, asset),
        Step::Delist(asset) => Rates::delist(root, asset),
        Step::SetStable(asset) => Rates::set_stable(root, asset),
        Step::Pool(asset, native, reserve) => {
            set_pool(asset, native, reserve);
            Ok(())
        }
        Step::NoPool(asset) => {
            remove_pool(asset);
            Ok(())
        }
        Step::Rename(asset, decimals) => {
            Assets::force_set_metadata(root, asset, b"N".to_vec(), b"N".to_vec(), decimals, false)
        }
        Step::Wait(blocks) => {
            (0..blocks).for_each(|_| wait());
            Ok(())
        }
    };
}

/// Begins a block, and checks that no rate in use jumped.
fn wait() {
    let before = averages();
    run_for(1);
    for (asset, average) in averages() {
        if let Some(before) = before.get(&asset) {
            assert!(
                is_near(*before, average, 16 * 500),
                "{asset} jumped from {before} to {average}"
            );
        }
    }
}

fn check() {
    Rates::do_try_state().unwrap();
    for asset in 1..5 {
        let worth = Rates::worth(asset, 1_000_000);
        let listed = Listings::<Test>::get()
            .iter()
            .any(|listing| listing.asset == asset);
        assert_eq!(
            worth == Err(DispatchError::from(Error::<Test>::NotListed)),
            !listed
        );
    }
    if let Some((part, of)) = Rates::stable() {
        assert!(part > 0 && of > 0);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..Default::default() })]
    #[test]
    fn no_rate_in_use_jumps_and_no_listing_breaks(steps in prop::collection::vec(step(), 1..60)) {
        build().execute_with(|| {
            for step in steps {
                run(step);
                check();
            }
            // Whatever happened, listing it anew brings an asset back whose price keeps still.
            let _ = Rates::delist(RuntimeOrigin::root(), TUSD);
            run(Step::Rename(TUSD, 6));
            list(TUSD);
            set_price(500);
            // The others have their turns before it.
            run_for(4 + SettlingPeriod::get() + 4);
            assert_eq!(Rates::worth(TUSD, USD), Ok(PEN / 2));
        });
    }
}
