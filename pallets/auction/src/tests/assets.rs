//! Auctions of batches that another asset than PEN pays.

use crate::mock::*;
use frame_support::assert_noop;
use pensum_primitives::{
    operator::Refusal,
    traits::{Auctions, Turn},
    BatchId,
};

const ASSET: u32 = 7;

/// Two batches for the same model: one in PEN, one in an asset that the first solver accepts.
fn two(matching: pensum_primitives::matching::Matching) -> (BatchId, BatchId) {
    change(1, |person| person.accepts = Some(ASSET));
    change(2, |person| person.accepts = Some(ASSET + 1));
    let batch = Batch {
        asset: Some(ASSET),
        ..Batch::default()
    };
    put_up(2, matching, batch).unwrap();
    (open(1, matching), BatchId(2))
}

/// What the solver could take or bid for.
fn offered(number: u8) -> Vec<BatchId> {
    let mut batches: Vec<_> = Auction::open_to(&solver(number), 10)
        .into_iter()
        .inspect(|duty| assert!(!matches!(duty.turn, Turn::Reveal { .. })))
        .map(|duty| duty.batch)
        .collect();
    batches.sort();
    batches
}

#[test]
fn a_solver_is_shown_only_what_it_would_be_paid_for_in_an_asset_that_it_accepts() {
    for matching in [DUTCH, SEALED] {
        build_and_execute(|| {
            let (pen, asset) = two(matching);
            assert_eq!(offered(1), [pen, asset]);
            assert_eq!(offered(2), [pen]);
            assert_eq!(offered(3), [pen]);
        });
    }
}

#[test]
fn a_bid_is_refused_of_a_solver_that_does_not_accept_the_asset() {
    build_and_execute(|| {
        let (_, asset) = two(SEALED);
        run_to(2);
        for number in [2, 3] {
            refused(bid_call(number, asset, 0, 300), Refusal::NotEligible);
            assert_noop!(
                Auction::do_bid(solver(number), asset, commitment(number, asset, 0, 300)),
                Error::NotReady
            );
        }
        bids(asset, &[(1, 300)]);
    });
}

#[test]
fn a_winner_that_refuses_the_asset_since_is_passed_over() {
    build_and_execute(|| {
        let (_, asset) = two(SEALED);
        change(3, |person| person.accepts = Some(ASSET));
        bids(asset, &[(1, 100), (3, 300)]);
        change(1, |person| person.accepts = None);
        run_to(5);
        reveals(asset, &[(1, 100), (3, 300)]);
        run_to(9);
        assert!(matches!(end(asset), Some(End::Sold(winner, _)) if winner == solver(3)));
    });
}
