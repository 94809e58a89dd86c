use crate::mock::*;
use pensum_primitives::{traits::Auctions, BatchId};

#[test]
fn a_closed_auction_gives_all_deposits_back() {
    build_and_execute(|| {
        let id = open(1, SEALED);
        bids(id, &[(1, 100), (2, 200)]);
        run_to(5);
        reveals(id, &[(1, 100)]);
        close(id);
        assert!(is_empty());
        for number in [1, 2] {
            assert_eq!((person(number).deposits, person(number).withheld), (0, (0, 0)));
        }
        assert_eq!(events().last(), Some(&Event::AuctionClosed { batch: id }));
    });
}

#[test]
fn closing_what_is_not_at_auction_does_nothing() {
    build_and_execute(|| {
        Auction::close(BatchId(9));
        assert_eq!(events(), []);
        let id = open(1, DUTCH);
        close(id);
        close(id);
        assert_eq!(events().len(), 2);
    });
}

#[test]
fn a_closed_batch_can_be_put_up_again() {
    build_and_execute(|| {
        close(open(1, SEALED));
        run_to(2);
        let id = open(1, DUTCH);
        submit(take_call(1, id, 0)).unwrap();
        assert_eq!(end(id), Some(End::Sold(solver(1), 100)));
    });
}
