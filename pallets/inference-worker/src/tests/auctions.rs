//! Auctions: the standing offer is the bid.

use crate::mock::{chain, Node, Sent, SOLVER};
use pensum_primitives::{
    operator::Work,
    panel::bid_commitment,
    solver::Offer,
    traits::{AuctionDuty, Turn},
    BatchId, Digest,
};

const BATCH: BatchId = BatchId(5);
/// What the offer below asks for 20 bytes.
const WORTH: u128 = 100 + 20 * 3;

fn bidder(turn: Turn) -> Node {
    let node = Node::new();
    meets(turn);
    chain(|chain| {
        chain.offer = Some(Offer {
            base: 100,
            per_byte: 3,
            min_reward: 0,
            capacity: 10,
            unit: Default::default(),
        });
    });
    node
}

fn meets(turn: Turn) {
    chain(|chain| {
        chain.auctions = vec![AuctionDuty {
            batch: BATCH,
            model: Default::default(),
            input_lens: vec![7, 20],
            round: 2,
            turn,
            until: 30,
        }];
    });
}

#[test]
fn a_batch_is_taken_once_its_price_is_the_offers() {
    let mut node = bidder(Turn::Take { price: WORTH - 1 });
    node.block(10);
    assert_eq!(node.sent(), []);
    meets(Turn::Take { price: WORTH + 5 });
    node.block(11);
    let take = Work::Take {
        batch: BATCH,
        floor: WORTH,
    };
    assert_eq!(node.sent(), [Sent::Other(take)]);
}

#[test]
fn the_bid_is_the_offers_price_and_is_revealed_as_committed() {
    let mut node = bidder(Turn::Bid { reserve: WORTH });
    node.block(10);
    let sent = node.sent();
    let [Sent::Other(Work::Bid {
        batch: BATCH,
        round: 2,
        commitment,
    })] = sent.as_slice()
    else {
        panic!("not a bid alone: {sent:?}");
    };
    meets(Turn::Reveal {
        commitment: *commitment,
    });
    // A dearer offer since does not change what was bid.
    chain(|chain| chain.offer.as_mut().unwrap().base = 900);
    node.block(15);
    let sent = node.sent();
    let [Sent::Other(Work::RevealBid { price, salt, .. })] = sent.as_slice() else {
        panic!("not a reveal alone: {sent:?}");
    };
    assert_eq!(*price, WORTH);
    assert_eq!(bid_commitment(BATCH, 2, &SOLVER, *price, salt), *commitment);
}

#[test]
fn what_is_bid_is_what_the_offer_is_worth_in_pen() {
    let mut node = bidder(Turn::Take { price: 5 * WORTH });
    chain(|chain| chain.rate = Some(5));
    node.block(10);
    let take = Work::Take {
        batch: BATCH,
        floor: 5 * WORTH,
    };
    assert_eq!(node.sent(), [Sent::Other(take)]);
}

#[test]
fn nothing_is_bid_above_the_reserve_or_without_an_offer() {
    let mut node = bidder(Turn::Bid { reserve: WORTH - 1 });
    node.block(10);
    assert_eq!(node.sent(), []);
    meets(Turn::Bid { reserve: WORTH });
    chain(|chain| chain.offer = None);
    node.block(11);
    assert_eq!(node.sent(), []);
}

#[test]
fn a_bid_of_another_node_is_not_revealed() {
    let mut node = bidder(Turn::Reveal {
        commitment: Digest::repeat_byte(3),
    });
    node.block(10);
    assert_eq!(node.sent(), []);
}
