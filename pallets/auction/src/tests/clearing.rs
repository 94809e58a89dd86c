use crate::{mock::*, types::Auction as Record};
use pensum_primitives::BatchId;

/// Bids in the first round, revealed by all but those with the price 0, cleared.
fn cleared(given: &[(u8, u128)]) -> BatchId {
    let id = open(1, SEALED);
    bids(id, given);
    run_to(5);
    let revealed: Vec<_> = given.iter().copied().filter(|(_, price)| *price > 0).collect();
    reveals(id, &revealed);
    run_to(7);
    id
}

/// Who won, and at what price.
#[track_caller]
fn sold(id: BatchId) -> (u8, u128) {
    match end(id) {
        Some(End::Sold(winner, price)) => (AsRef::<[u8]>::as_ref(&winner)[0], price),
        other => panic!("not sold: {other:?}"),
    }
}

#[test]
fn the_lowest_bid_wins_and_is_paid_the_second_lowest() {
    build_and_execute(|| {
        let (winner, price) = sold(cleared(&[(1, 500), (2, 300), (3, 400)]));
        assert_eq!(winner, 2);
        // 399 where the lot between equals would have gone against the winner.
        assert!(price == 400 || price == 399);
        assert!(people().iter().all(|(_, person)| person.deposits == 0));
        assert!(events().contains(&Event::AuctionWon {
            batch: BatchId(1),
            round: 0,
            solver: solver(2),
            price,
        }));
    });
}

#[test]
fn a_single_bid_is_paid_the_reserve() {
    build_and_execute(|| assert_eq!(sold(cleared(&[(1, 10)])), (1, 800)));
}

#[test]
fn reputation_wins_over_a_small_difference_and_is_paid_for_it() {
    build_and_execute(|| {
        change(2, |person| person.reputation = 1_000_000);
        let (winner, price) = sold(cleared(&[(1, 300), (2, 400)]));
        assert_eq!(winner, 2);
        // 300 at half the reputation looks like 450.
        assert!(price == 450 || price == 449);
    });
}

#[test]
fn reputation_counts_as_it_was_when_the_bid_was_made() {
    build_and_execute(|| {
        let id = open(1, SEALED);
        bids(id, &[(1, 300), (2, 310)]);
        change(2, |person| person.reputation = 1_000_000);
        run_to(5);
        reveals(id, &[(1, 300), (2, 310)]);
        run_to(7);
        assert_eq!(sold(id).0, 1);
    });
}

#[test]
fn bids_count_in_ticks_rounded_up() {
    build_and_execute(|| {
        // Both count as 310, so that the lot decides and the winner is paid 310 or 309 at least 301.
        let mut winners = std::collections::BTreeSet::new();
        for chance in 0..16 {
            Chance::set(chance);
            let id = open(chance, SEALED);
            bids(id, &[(1, 301), (2, 309)]);
            run_for(4);
            reveals(id, &[(1, 301), (2, 309)]);
            run_for(1);
            let (winner, price) = sold(id);
            assert_eq!(price, 310);
            winners.insert(winner);
            for number in [1, 2] {
                change(number, |person| (person.in_flight, person.bonds) = (0, 0));
            }
        }
        assert_eq!(winners.len(), 2, "chance decides between equals");
    });
}

#[test]
fn an_auction_is_cleared_in_the_block_after_all_have_revealed() {
    build_and_execute(|| {
        let id = open(1, SEALED);
        bids(id, &[(1, 300), (2, 500)]);
        run_to(5);
        reveals(id, &[(1, 300), (2, 500)]);
        assert_eq!(crate::Auctions::<Test>::get(id).unwrap().due, 5);
        check();
        run_to(6);
        assert_eq!(sold(id).0, 1);
    });
}

#[test]
fn an_auction_waits_for_its_window_while_a_bid_is_hidden() {
    build_and_execute(|| {
        let id = open(1, SEALED);
        bids(id, &[(1, 300), (2, 500)]);
        run_to(5);
        reveals(id, &[(1, 300)]);
        run_to(6);
        assert_eq!(end(id), None);
        run_to(7);
        assert_eq!(sold(id), (1, 800));
    });
}

#[test]
fn a_bidder_that_does_not_reveal_loses_its_deposit_to_the_harmed() {
    build_and_execute(|| {
        let id = cleared(&[(1, 300), (2, 0)]);
        assert_eq!(sold(id), (1, 800));
        assert_eq!(person(2).withheld, (1, MAX_REWARD));
        assert_eq!(person(2).deposits, 0);
        let reported = (id.task(0).0, MAX_REWARD, 0, MAX_REWARD, REQUESTER);
        assert_eq!(LastFault::get(), Some(reported));
        assert!(events().contains(&Event::BidWithheld {
            batch: id,
            round: 0,
            solver: solver(2),
            slash: Some(pensum_primitives::SlashId(id.task(0).0)),
        }));
    });
}

#[test]
fn the_next_best_wins_where_the_best_cannot_be_engaged() {
    build_and_execute(|| {
        let id = open(1, SEALED);
        bids(id, &[(1, 100), (2, 300), (3, 500)]);
        run_to(5);
        change(1, |person| person.capacity = 1);
        reveals(id, &[(1, 100), (2, 300), (3, 500)]);
        run_to(6);
        let (winner, price) = sold(id);
        assert_eq!(winner, 2);
        assert!(price == 500 || price == 499);
        assert!(events().iter().any(
            |event| matches!(event, Event::AwardRefused { solver: refused, .. } if *refused == solver(1))
        ));
        assert_eq!((person(1).deposits, person(1).withheld), (0, (0, 0)));
    });
}

#[test]
fn the_deposit_is_free_again_for_the_bonds_of_the_award() {
    build_and_execute(|| {
        change(1, |person| person.stake = MAX_REWARD);
        assert_eq!(sold(cleared(&[(1, 100)])), (1, 800));
        assert_eq!(person(1).free(), MAX_REWARD - 2 * TASK_BOND);
    });
}

#[test]
fn a_round_in_which_nobody_can_be_engaged_is_followed_by_another() {
    build_and_execute(|| {
        let id = open(1, SEALED);
        bids(id, &[(1, 100)]);
        change(1, |person| person.capacity = 0);
        run_to(5);
        reveals(id, &[(1, 100)]);
        run_to(6);
        assert_eq!(end(id), None);
        assert_eq!(crate::Auctions::<Test>::get(id).unwrap().round, 1);
        assert_eq!(crate::Bids::<Test>::get(id).len(), 0);
    });
}

#[test]
fn a_block_does_no_more_than_its_limit_and_nothing_is_passed_over() {
    build_and_execute(|| {
        MaxWorkPerBlock::set(2);
        let ids: Vec<_> = (1..=4).map(|number| open(number, SEALED)).collect();
        for id in &ids {
            bids(*id, &[(1, 100)]);
        }
        run_to(5);
        // Two auctions were looked at, and wait for their reveals; two stand where they stood.
        let due = || {
            ids.iter()
                .map(|id| crate::Auctions::<Test>::get(*id).map(|open: Record| open.due))
        };
        assert_eq!(due().filter(|due| *due == Some(4)).count(), 2);
        assert_eq!(crate::AgendaCursor::<Test>::get(), Some(4));
        check();
        // Whoever waits for the hook can be revealed to.
        for id in &ids {
            reveals(*id, &[(1, 100)]);
        }
        check();
        for block in 6..=9 {
            run_to(block);
            check();
            let ended = ids.iter().filter(|id| end(**id).is_some()).count();
            // Looking at one auction, its bid and its award are three.
            assert_eq!(ended as u32, block - 5);
        }
        assert_eq!(crate::AgendaCursor::<Test>::get(), None);
    });
}

#[test]
fn a_chain_far_behind_does_not_award_too_late() {
    build_and_execute(|| {
        let hasty = Batch {
            award_by: 7,
            ..Default::default()
        };
        put_up(1, SEALED, hasty).unwrap();
        let id = BatchId(1);
        bids(id, &[(1, 100)]);
        run_to(5);
        reveals(id, &[(1, 100)]);
        fall_behind_to(7);
        run_for(1);
        assert_eq!(end(id), Some(End::Unsold));
        assert_eq!((person(1).deposits, person(1).withheld), (0, (0, 0)));
    });
}
