use crate::{mock::*, types::Sale};
use frame_support::assert_ok;
use pensum_primitives::{matching::Matching, traits::Auctions, BatchId};

fn rounds() -> Vec<(u8, (u128, u128), u32)> {
    events()
        .into_iter()
        .filter_map(|event| match event {
            Event::RoundOpened {
                round, sale, until, ..
            } => Some((round, sale.prices(), until)),
            _ => None,
        })
        .collect()
}

#[test]
fn a_dutch_auction_that_nobody_takes_goes_through_dearer_rounds_and_is_unsold() {
    build_and_execute(|| {
        let id = open(1, DUTCH);
        run_to(27);
        assert_eq!(
            rounds(),
            [(0, (100, 500), 9), (1, (125, 625), 18), (2, (157, 782), 27)]
        );
        assert_eq!(end(id), None);
        run_to(28);
        assert_eq!(end(id), Some(End::Unsold));
        assert_eq!(
            events().last(),
            Some(&Event::AuctionFailed { batch: id, round: 2 })
        );
        assert!(is_empty());
    });
}

#[test]
fn a_sealed_auction_without_bids_does_not_wait_for_reveals() {
    build_and_execute(|| {
        let id = open(1, SEALED);
        run_to(12);
        assert_eq!(
            rounds(),
            [(0, (0, 800), 6), (1, (0, 1_000), 10), (2, (0, 1_000), 14)]
        );
        run_to(13);
        assert_eq!(end(id), Some(End::Unsold));
    });
}

#[test]
fn no_price_is_ever_above_the_cap() {
    build_and_execute(|| {
        let near = Matching::Dutch {
            start: 990,
            end: 999,
            blocks: 2,
        };
        open(1, near);
        run_to(5);
        assert_eq!(rounds()[1].1, (1_000, 1_000));
        submit(take_call(1, BatchId(1), 1_000)).unwrap();
        assert_eq!(end(BatchId(1)), Some(End::Sold(solver(1), 1_000)));
    });
}

#[test]
fn no_round_opens_that_could_not_end_in_time() {
    build_and_execute(|| {
        for (number, award_by, last_round) in [(1, 17, 0), (2, 18, 1), (3, 26, 1), (4, 27, 2)] {
            let batch = Batch {
                award_by,
                ..Default::default()
            };
            assert_ok!(put_up(number, DUTCH, batch));
            run_to(award_by);
            let id = BatchId(number);
            let last = rounds().last().copied();
            assert_eq!(last.map(|(round, ..)| round), Some(last_round));
            run_for(2);
            assert_eq!(end(id), Some(End::Unsold));
            System::reset_events();
            System::set_block_number(1);
        }
    });
}

#[test]
fn a_batch_is_taken_in_a_later_round_at_the_later_price() {
    build_and_execute(|| {
        let id = open(1, DUTCH);
        run_to(10);
        // The new round begins below where the last one ended.
        submit(take_call(1, id, 0)).unwrap();
        assert_eq!(end(id), Some(End::Sold(solver(1), 125)));
    });
}

#[test]
fn a_bid_of_one_round_is_worth_nothing_in_the_next() {
    build_and_execute(|| {
        let id = open(1, SEALED);
        bids(id, &[(1, 100)]);
        run_to(7);
        assert_eq!(person(1).withheld.0, 1);
        assert_eq!(Auction::view(id).unwrap().round, 1);
        run_to(11);
        refused(
            reveal_call(1, id, 0, 100),
            pensum_primitives::operator::Refusal::AuctionNotOpen,
        );
        refused(
            bid_call(1, id, 0, 100),
            pensum_primitives::operator::Refusal::AuctionNotOpen,
        );
    });
}

#[test]
fn the_sale_of_a_round_is_the_matching_that_was_asked_for() {
    assert_eq!(Sale::of(&Matching::Book), None);
    assert_eq!(Sale::of(&DUTCH).unwrap().blocks(), 8);
    assert_eq!(Sale::of(&SEALED).unwrap().blocks(), 6);
}
