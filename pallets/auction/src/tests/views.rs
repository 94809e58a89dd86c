use crate::mock::*;
use pensum_primitives::{
    traits::{AuctionDuty, Auctions, Turn},
    BatchId,
};

fn duties(number: u8) -> Vec<AuctionDuty> {
    Auction::open_to(&solver(number), 10)
}

fn turns(number: u8) -> Vec<(u64, Turn)> {
    let mut turns: Vec<_> = duties(number)
        .into_iter()
        .map(|duty| (duty.batch.0, duty.turn))
        .collect();
    turns.sort_by_key(|(batch, _)| *batch);
    turns
}

#[test]
fn the_view_tells_the_price_now_and_what_comes_next() {
    build_and_execute(|| {
        let id = open(1, DUTCH);
        run_to(3);
        let view = Auction::view(id).unwrap();
        assert_eq!((view.price, view.until, view.round, view.bids), (200, 9, 0, 0));
        assert_eq!(
            view.next,
            "The first solver to take it has it, at a price that rises to 500 until block 9, or else a dearer round opens (up to \
             2 more), if there is time for it."
        );
        assert_eq!(Auction::view(BatchId(9)), None);
    });
}

#[test]
fn the_view_of_a_sealed_auction_counts_bids_and_shows_none() {
    build_and_execute(|| {
        let id = open(1, SEALED);
        bids(id, &[(1, 100), (2, 200)]);
        let view = Auction::view(id).unwrap();
        assert_eq!((view.price, view.until, view.bids), (800, 4, 2));
        assert!(view
            .next
            .starts_with("Solvers commit to bids of at most 800 until block 4"));
        run_to(5);
        let view = Auction::view(id).unwrap();
        assert_eq!((view.price, view.until, view.bids), (800, 6, 2));
        assert!(view.next.starts_with("The 2 bidders reveal until block 6"));
        fall_behind_to(7);
        let view = Auction::view(id).unwrap();
        assert!(view.next.starts_with("The round is over"));
    });
}

#[test]
fn the_last_round_says_that_the_escrow_comes_back() {
    build_and_execute(|| {
        let id = open(1, DUTCH);
        run_to(20);
        assert!(Auction::view(id)
            .unwrap()
            .next
            .ends_with("or else the escrow comes back."));
    });
}

#[test]
fn a_solver_sees_what_it_can_do_in_the_next_block() {
    build_and_execute(|| {
        open(1, DUTCH);
        let id = open(2, SEALED);
        assert_eq!(
            turns(1),
            [(1, Turn::Take { price: 150 }), (2, Turn::Bid { reserve: 800 })]
        );
        let duty = duties(1).into_iter().find(|duty| duty.batch == id).unwrap();
        assert_eq!((duty.model, duty.round, duty.until), (model(), 0, 4));
        assert_eq!(duty.input_lens, [LEN, LEN]);
        bids(id, &[(1, 100)]);
        assert_eq!(turns(1), [(1, Turn::Take { price: 150 })]);
        // In the last block to commit, the next is the first to reveal.
        run_to(4);
        let reveal = Turn::Reveal {
            commitment: commitment(1, id, 0, 100),
        };
        assert_eq!(turns(1), [(1, Turn::Take { price: 300 }), (2, reveal)]);
        assert_eq!(duties(1)[0].turn, reveal, "what costs a deposit comes first");
        assert_eq!(turns(2), [(1, Turn::Take { price: 300 })]);
        run_to(5);
        reveals(id, &[(1, 100)]);
        assert_eq!(turns(1), [(1, Turn::Take { price: 350 })]);
    });
}

#[test]
fn a_solver_does_not_see_what_it_cannot_do() {
    build_and_execute(|| {
        let picky = Batch {
            min_reputation: SCORE,
            exclude: vec![solver(4)],
            ..Default::default()
        };
        put_up(1, SEALED, picky.clone()).unwrap();
        change(1, |person| person.jailed = true);
        change(2, |person| person.model = other_model());
        change(3, |person| person.reputation -= 1);
        change(5, |person| person.stake = MAX_REWARD - 1);
        for number in 1..=5 {
            assert_eq!(turns(number), [], "solver {number}");
        }
        assert_eq!(turns(6).len(), 1);
        assert_eq!(turns(99), []);
    });
}

#[test]
fn a_full_auction_is_shown_to_better_solvers_only() {
    build_and_execute(|| {
        let id = open(1, SEALED);
        bids(id, &[(1, 10), (2, 20), (3, 30), (4, 40)]);
        assert_eq!(turns(5), []);
        change(5, |person| person.reputation += 1);
        assert_eq!(turns(5).len(), 1);
    });
}

#[test]
fn models_that_a_solver_does_not_offer_are_passed_over_as_a_whole() {
    build_and_execute(|| {
        change(1, |person| person.model = other_model());
        for number in 1..=40 {
            let model = if number % 10 == 0 { other_model() } else { model() };
            let batch = Batch {
                model,
                ..Default::default()
            };
            put_up(number, DUTCH, batch).unwrap();
        }
        let batches: Vec<_> = turns(1).into_iter().map(|(batch, _)| batch).collect();
        assert_eq!(batches, [10, 20, 30, 40]);
        assert_eq!(Auction::open_to(&solver(2), 100).len(), 36);
        assert_eq!(Auction::open_to(&solver(2), 7).len(), 7);
    });
}
