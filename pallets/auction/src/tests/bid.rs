use crate::mock::*;
use codec::Encode;
use frame_support::{assert_noop, dispatch::RawOrigin};
use pensum_primitives::{operator::Refusal, BatchId};
use sp_runtime::DispatchError;

#[test]
fn a_bid_locks_its_deposit_and_hides_its_price() {
    build_and_execute(|| {
        let id = open(1, SEALED);
        bids(id, &[(1, 300)]);
        assert_eq!(person(1).deposits, MAX_REWARD);
        assert_eq!(
            events().last(),
            Some(&Event::BidCommitted {
                batch: id,
                round: 0,
                solver: solver(1),
                commitment: commitment(1, id, 0, 300),
                deposit: MAX_REWARD,
            })
        );
    });
}

#[test]
fn a_bid_is_tagged_by_solver_batch_and_round() {
    build_and_execute(|| {
        let id = open(1, SEALED);
        run_to(2);
        let valid = validate(&bid_call(1, id, 0, 300)).unwrap();
        let tag = ("pensum/auction", (*b"bid", solver(1), id, 0u8)).encode();
        assert_eq!(valid.provides, [tag]);
        assert_eq!(valid.longevity, 4 - 2);
        assert_eq!(
            valid.provides,
            validate(&bid_call(1, id, 0, 200)).unwrap().provides
        );
    });
}

#[test]
fn bids_are_taken_in_the_last_block_of_the_window_and_not_after() {
    build_and_execute(|| {
        let id = open(1, SEALED);
        bids(id, &[(2, 1)]);
        run_to(4);
        bids(id, &[(1, 300)]);
        run_to(5);
        refused(bid_call(3, id, 0, 300), Refusal::AuctionNotOpen);
    });
}

#[test]
fn bid_fails_when_no_sealed_auction_is_open() {
    build_and_execute(|| {
        refused(bid_call(1, BatchId(9), 0, 1), Refusal::AuctionNotOpen);
        let id = open(1, DUTCH);
        refused(bid_call(1, id, 0, 1), Refusal::AuctionNotOpen);
    });
}

#[test]
fn bid_fails_when_it_is_for_another_round() {
    build_and_execute(|| {
        let id = open(1, SEALED);
        refused(bid_call(1, id, 1, 1), Refusal::AuctionNotOpen);
        run_to(5);
        refused(bid_call(1, id, 0, 1), Refusal::AuctionNotOpen);
        submit(bid_call(1, id, 1, 1)).unwrap();
    });
}

#[test]
fn bid_fails_when_the_solver_has_bid() {
    build_and_execute(|| {
        let id = open(1, SEALED);
        bids(id, &[(1, 300)]);
        refused(bid_call(1, id, 0, 200), Refusal::AlreadyBid);
    });
}

#[test]
fn bid_fails_when_the_solver_may_not_work_for_the_model() {
    build_and_execute(|| {
        let picky = Batch {
            min_reputation: SCORE,
            exclude: vec![solver(4)],
            ..Default::default()
        };
        put_up(1, SEALED, picky).unwrap();
        change(1, |person| person.jailed = true);
        change(2, |person| person.model = other_model());
        change(3, |person| person.reputation -= 1);
        for number in 1..=4 {
            // The first round after one failed solver.
            refused(bid_call(number, BatchId(1), 3, 1), Refusal::NotEligible);
        }
    });
}

#[test]
fn bid_fails_when_free_stake_does_not_cover_the_deposit() {
    build_and_execute(|| {
        let id = open(1, SEALED);
        change(1, |person| person.stake = MAX_REWARD - 1);
        refused(bid_call(1, id, 0, 1), Refusal::NotEligible);
        change(1, |person| person.stake = MAX_REWARD);
        bids(id, &[(1, 1)]);
    });
}

#[test]
fn bid_fails_when_the_auction_is_full_of_solvers_as_good() {
    build_and_execute(|| {
        let id = open(1, SEALED);
        bids(id, &[(1, 10), (2, 20), (3, 30), (4, 40)]);
        refused(bid_call(5, id, 0, 1), Refusal::AuctionFull);
    });
}

#[test]
fn a_full_auction_gives_up_its_least_reputed_bid_to_a_better_one() {
    build_and_execute(|| {
        let id = open(1, SEALED);
        change(2, |person| person.reputation -= 2);
        change(3, |person| person.reputation -= 2);
        bids(id, &[(1, 10), (2, 20), (3, 30), (4, 40)]);
        bids(id, &[(5, 50)]);
        // Of two of the same reputation the later gives way.
        assert!(events().contains(&Event::BidEvicted {
            batch: id,
            round: 0,
            solver: solver(3),
        }));
        assert_eq!(person(3).deposits, 0);
        refused(bid_call(3, id, 0, 1), Refusal::AuctionFull);
        run_to(5);
        refused(reveal_call(3, id, 0, 30), Refusal::CommitmentMismatch);
        reveals(id, &[(1, 10), (2, 20), (4, 40), (5, 50)]);
        run_for(1);
        assert!(matches!(end(id), Some(End::Sold(winner, _)) if winner == solver(1)));
        assert_eq!(person(3).withheld, (0, 0));
    });
}

#[test]
fn bid_fails_when_nobody_uses_the_key_or_another_signed() {
    build_and_execute(|| {
        let id = open(1, SEALED);
        refused(bid_call(99, id, 0, 1), Refusal::UnknownOperator);
        refused(signed_by(2, bid_call(1, id, 0, 1)), Refusal::BadSignature);
    });
}

#[test]
fn bid_fails_signed() {
    build_and_execute(|| {
        let id = open(1, SEALED);
        let Call::bid {
            operator,
            commitment,
            signature,
            ..
        } = bid_call(1, id, 0, 1)
        else {
            panic!("another call than was made")
        };
        let signed = RuntimeOrigin::from(RawOrigin::Signed(solver(1)));
        assert_noop!(
            Auction::bid(signed, operator, id, 0, commitment, signature),
            DispatchError::BadOrigin
        );
    });
}
