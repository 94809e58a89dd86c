use crate::mock::*;
use codec::Encode;
use frame_support::{assert_noop, dispatch::RawOrigin};
use pensum_primitives::{operator::Refusal, BatchId};
use sp_runtime::DispatchError;

#[test]
fn a_take_pays_the_price_of_its_block() {
    build_and_execute(|| {
        let id = open(1, DUTCH);
        run_to(4);
        submit(take_call(1, id, 200)).unwrap();
        assert_eq!(end(id), Some(End::Sold(solver(1), 250)));
        assert!(is_empty());
        assert_eq!((person(1).in_flight, person(1).bonds), (2, 2 * TASK_BOND));
        assert_eq!(
            events().last(),
            Some(&Event::AuctionWon {
                batch: id,
                round: 0,
                solver: solver(1),
                price: 250
            })
        );
    });
}

#[test]
fn the_first_block_has_the_first_price_and_the_last_the_last() {
    build_and_execute(|| {
        let (early, late) = (open(1, DUTCH), open(2, DUTCH));
        submit(take_call(1, early, 0)).unwrap();
        assert_eq!(end(early), Some(End::Sold(solver(1), 100)));
        run_to(9);
        submit(take_call(1, late, 500)).unwrap();
        assert_eq!(end(late), Some(End::Sold(solver(1), 500)));
    });
}

#[test]
fn a_take_is_free_of_others_until_it_is_included_and_tagged_by_batch() {
    build_and_execute(|| {
        let id = open(1, DUTCH);
        run_to(3);
        let valid = validate(&take_call(1, id, 0)).unwrap();
        assert_eq!(valid.priority, Priority::get());
        assert_eq!(valid.longevity, 9 - 3);
        assert!(valid.propagate);
        assert_eq!(valid.provides, [("pensum/auction", (*b"take", id)).encode()]);
        assert_eq!(valid.provides, validate(&take_call(2, id, 50)).unwrap().provides);
    });
}

#[test]
fn rehearsing_a_take_changes_nothing() {
    build_and_execute(|| {
        let id = open(1, DUTCH);
        let root = || sp_io::storage::root(sp_core::storage::StateVersion::V1);
        let before = root();
        validate(&take_call(1, id, 0)).unwrap();
        assert_eq!(root(), before);
        assert_eq!(end(id), None);
    });
}

#[test]
fn take_fails_when_the_price_has_not_reached_the_floor() {
    build_and_execute(|| {
        let id = open(1, DUTCH);
        run_to(3);
        refused(take_call(1, id, 201), Refusal::PriceTooLow);
        submit(take_call(1, id, 200)).unwrap();
    });
}

#[test]
fn take_fails_when_no_dutch_auction_is_open() {
    build_and_execute(|| {
        refused(take_call(1, BatchId(9), 0), Refusal::AuctionNotOpen);
        let id = open(1, SEALED);
        refused(take_call(1, id, 0), Refusal::AuctionNotOpen);
        let taken = open(2, DUTCH);
        submit(take_call(1, taken, 0)).unwrap();
        refused(take_call(2, taken, 0), Refusal::AuctionNotOpen);
    });
}

#[test]
fn take_fails_when_the_price_has_risen_to_its_end_and_the_chain_is_behind() {
    build_and_execute(|| {
        let id = open(1, DUTCH);
        fall_behind_to(10);
        refused(take_call(1, id, 0), Refusal::AuctionNotOpen);
    });
}

#[test]
fn take_fails_when_nobody_uses_the_key() {
    build_and_execute(|| {
        let id = open(1, DUTCH);
        refused(take_call(99, id, 0), Refusal::UnknownOperator);
    });
}

#[test]
fn take_fails_when_the_signature_is_of_another_key_or_content() {
    build_and_execute(|| {
        let id = open(1, DUTCH);
        refused(signed_by(2, take_call(1, id, 0)), Refusal::BadSignature);
        let Call::take { signature, .. } = take_call(1, id, 50) else {
            panic!("another call than was made")
        };
        let lower = Call::take {
            operator: person(1).operator,
            batch: id,
            floor: 0,
            signature,
        };
        refused(lower, Refusal::BadSignature);
    });
}

#[test]
fn take_fails_when_the_solver_may_not_work_for_the_model() {
    build_and_execute(|| {
        let picky = Batch {
            min_reputation: SCORE,
            exclude: vec![solver(4)],
            ..Default::default()
        };
        put_up(1, DUTCH, picky).unwrap();
        change(1, |person| person.jailed = true);
        change(2, |person| person.model = other_model());
        change(3, |person| person.reputation -= 1);
        for number in 1..=4 {
            refused(take_call(number, BatchId(1), 0), Refusal::NotEligible);
        }
        submit(take_call(5, BatchId(1), 0)).unwrap();
    });
}

#[test]
fn take_fails_when_the_market_would_not_award() {
    build_and_execute(|| {
        let id = open(1, DUTCH);
        change(1, |person| person.capacity = 1);
        change(2, |person| person.stake = 2 * TASK_BOND - 1);
        refused(take_call(1, id, 0), Refusal::NotEligible);
        refused(take_call(2, id, 0), Refusal::NotEligible);
        assert!(events()
            .iter()
            .all(|event| !matches!(event, Event::AwardRefused { .. })));
    });
}

#[test]
fn take_fails_signed() {
    build_and_execute(|| {
        let id = open(1, DUTCH);
        let Call::take {
            operator, signature, ..
        } = take_call(1, id, 0)
        else {
            panic!("another call than was made")
        };
        let signed = RuntimeOrigin::from(RawOrigin::Signed(solver(1)));
        assert_noop!(
            Auction::take(signed, operator, id, 0, signature),
            DispatchError::BadOrigin
        );
    });
}

#[test]
fn a_take_that_was_not_authorised_for_this_block_fails_without_effect() {
    build_and_execute(|| {
        let id = open(1, DUTCH);
        let authorised = || RuntimeOrigin::from(RawOrigin::Authorized);
        let take = |number, batch, floor| {
            let Call::take {
                operator, signature, ..
            } = take_call(number, batch, floor)
            else {
                panic!("another call than was made")
            };
            Auction::take(authorised(), operator, batch, floor, signature)
        };
        assert_noop!(take(1, id, 101), Error::PriceTooLow);
        assert_noop!(take(1, BatchId(9), 0), Error::AuctionNotOpen);
        assert_noop!(take(99, id, 0), Error::NotReady);
        change(1, |person| person.capacity = 0);
        let call = RuntimeCall::from(take_call(1, id, 0));
        let failed = sp_runtime::traits::Dispatchable::dispatch(call, authorised());
        assert_eq!(
            failed.map(|_| ()).map_err(|error| error.error),
            Err(Error::NotReady.into())
        );
        check();
    });
}
