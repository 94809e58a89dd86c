use crate::mock::*;
use codec::Encode;
use frame_support::{assert_noop, dispatch::RawOrigin};
use pensum_primitives::{operator::Refusal, panel::bid_commitment, BatchId};
use sp_runtime::DispatchError;

/// An auction in which solvers 1 and 2 have bid, in the first block in which they can reveal.
fn at_reveal() -> BatchId {
    let id = open(1, SEALED);
    bids(id, &[(1, 300), (2, 500)]);
    run_to(5);
    id
}

#[test]
fn a_revealed_bid_is_known_and_keeps_its_deposit() {
    build_and_execute(|| {
        let id = at_reveal();
        reveals(id, &[(1, 300)]);
        assert_eq!(person(1).deposits, MAX_REWARD);
        assert_eq!(
            events().last(),
            Some(&Event::BidRevealed {
                batch: id,
                round: 0,
                solver: solver(1),
                price: 300
            })
        );
    });
}

#[test]
fn a_reveal_is_tagged_by_solver_batch_and_round() {
    build_and_execute(|| {
        let id = at_reveal();
        let valid = validate(&reveal_call(1, id, 0, 300)).unwrap();
        let tag = ("pensum/auction", (*b"reveal-bid", solver(1), id, 0u8)).encode();
        assert_eq!(valid.provides, [tag]);
        assert_eq!(valid.longevity, 6 - 5);
    });
}

#[test]
fn reveal_bid_fails_while_bids_are_committed() {
    build_and_execute(|| {
        let id = open(1, SEALED);
        bids(id, &[(1, 300)]);
        run_to(4);
        refused(reveal_call(1, id, 0, 300), Refusal::AuctionNotOpen);
        run_to(5);
        reveals(id, &[(1, 300)]);
    });
}

#[test]
fn reveal_bid_fails_after_the_window() {
    build_and_execute(|| {
        let id = at_reveal();
        run_to(6);
        reveals(id, &[(2, 500)]);
        run_to(7);
        refused(reveal_call(1, id, 0, 300), Refusal::AuctionNotOpen);
    });
}

#[test]
fn reveal_bid_fails_when_price_salt_or_round_differ() {
    build_and_execute(|| {
        let id = at_reveal();
        refused(reveal_call(1, id, 0, 299), Refusal::CommitmentMismatch);
        refused(reveal_call(1, id, 1, 300), Refusal::AuctionNotOpen);
        let Call::reveal_bid { operator, .. } = reveal_call(1, id, 0, 300) else {
            panic!("another call than was made")
        };
        let salt = [6; 32];
        let payload = pensum_primitives::operator::reveal_bid_payload(
            System::block_hash(0),
            &operator,
            id,
            0,
            300,
            &salt,
        );
        let call = Call::reveal_bid {
            operator,
            batch: id,
            round: 0,
            price: 300,
            salt,
            signature: sp_core::Pair::sign(&crate::mock::operator(1), &payload),
        };
        refused(call, Refusal::CommitmentMismatch);
    });
}

#[test]
fn a_copied_commitment_cannot_be_revealed() {
    build_and_execute(|| {
        let id = open(1, SEALED);
        bids(id, &[(1, 300)]);
        let copied = bid_commitment(id, 0, &solver(1), 300, &SALT);
        let Call::bid { operator, .. } = bid_call(2, id, 0, 300) else {
            panic!("another call than was made")
        };
        let payload =
            pensum_primitives::operator::bid_payload(System::block_hash(0), &operator, id, 0, copied);
        submit(Call::bid {
            operator,
            batch: id,
            round: 0,
            commitment: copied,
            signature: sp_core::Pair::sign(&crate::mock::operator(2), &payload),
        })
        .unwrap();
        run_to(5);
        reveals(id, &[(1, 300)]);
        refused(reveal_call(2, id, 0, 300), Refusal::CommitmentMismatch);
        run_to(7);
        assert_eq!(person(2).withheld, (1, MAX_REWARD));
        assert!(matches!(end(id), Some(End::Sold(winner, 800)) if winner == solver(1)));
    });
}

#[test]
fn reveal_bid_fails_without_a_bid() {
    build_and_execute(|| {
        let id = at_reveal();
        refused(reveal_call(3, id, 0, 300), Refusal::CommitmentMismatch);
    });
}

#[test]
fn reveal_bid_fails_twice() {
    build_and_execute(|| {
        let id = at_reveal();
        reveals(id, &[(1, 300)]);
        refused(reveal_call(1, id, 0, 300), Refusal::AlreadyDone);
    });
}

#[test]
fn a_bid_above_the_reserve_cannot_be_revealed_and_costs_its_deposit() {
    build_and_execute(|| {
        let id = open(1, SEALED);
        bids(id, &[(1, 801), (2, 800)]);
        run_to(5);
        refused(reveal_call(1, id, 0, 801), Refusal::AboveReserve);
        reveals(id, &[(2, 800)]);
        run_to(7);
        assert_eq!(person(1).withheld, (1, MAX_REWARD));
        assert_eq!(end(id), Some(End::Sold(solver(2), 800)));
    });
}

#[test]
fn reveal_bid_fails_when_nobody_uses_the_key_or_another_signed() {
    build_and_execute(|| {
        let id = at_reveal();
        refused(reveal_call(99, id, 0, 300), Refusal::UnknownOperator);
        refused(signed_by(2, reveal_call(1, id, 0, 300)), Refusal::BadSignature);
        refused(reveal_call(1, BatchId(9), 0, 300), Refusal::AuctionNotOpen);
    });
}

#[test]
fn reveal_bid_fails_signed() {
    build_and_execute(|| {
        let id = at_reveal();
        let Call::reveal_bid {
            operator, signature, ..
        } = reveal_call(1, id, 0, 300)
        else {
            panic!("another call than was made")
        };
        let signed = RuntimeOrigin::from(RawOrigin::Signed(solver(1)));
        assert_noop!(
            Auction::reveal_bid(signed, operator, id, 0, 300, SALT, signature),
            DispatchError::BadOrigin
        );
    });
}
