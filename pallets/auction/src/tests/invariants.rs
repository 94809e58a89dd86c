//! Random sequences of what solvers, market and time do, with every invariant checked after each step.

use crate::{mock::*, Auctions, Bids};
use pensum_primitives::{matching::Matching, AccountId, BatchId};
use proptest::{prelude::*, test_runner::TestRunner};
use std::{cell::RefCell, collections::BTreeMap};

/// Solvers that take part.
const SOLVERS: u8 = 6;

#[derive(Clone, Debug)]
enum Step {
    Open {
        matching: Matching,
        tasks: usize,
        min_reputation: u32,
        ahead: u32,
        exclude: u8,
    },
    Take {
        who: u8,
        nth: usize,
        floor: u128,
    },
    Bid {
        who: u8,
        nth: usize,
        price: u128,
    },
    /// Somebody reveals what it committed to, or something near it.
    Reveal {
        nth: usize,
        lie: bool,
    },
    Close {
        nth: usize,
    },
    /// A solver's fortunes change.
    Fate {
        who: u8,
        capacity: u32,
        reputation: u32,
        jailed: bool,
    },
    /// A solver's tasks are done.
    Done {
        who: u8,
    },
    Wait {
        blocks: u32,
    },
}

fn matching() -> impl Strategy<Value = Matching> {
    prop_oneof![
        1 => (0..900u128, 0..900u128, 1..7u32).prop_map(|(start, end, blocks)| Matching::Dutch {
            start: start.min(end), end, blocks,
        }),
        3 => (300..1_100u128, 1..4u32, 2..5u32)
            .prop_map(|(reserve, commit, reveal)| Matching::Sealed { reserve, commit, reveal }),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let who = || 1..=SOLVERS;
    let scores = prop::sample::select(vec![100_000u32, 300_000, 500_000, 700_000, 900_000]);
    prop_oneof![
        4 => (matching(), 1..4usize, prop::sample::select(vec![0u32, 0, 0, 400_000]), 3..40u32, 0..9u8).prop_map(
            |(matching, tasks, min_reputation, ahead, exclude)| Step::Open { matching, tasks, min_reputation, ahead, exclude }),
        3 => (who(), any::<usize>(), 0..600u128).prop_map(|(who, nth, floor)| Step::Take { who, nth, floor }),
        14 => (who(), any::<usize>(), 0..600u128).prop_map(|(who, nth, price)| Step::Bid { who, nth, price }),
        14 => (any::<usize>(), prop::bool::weighted(0.1)).prop_map(|(nth, lie)| Step::Reveal { nth, lie }),
        1 => any::<usize>().prop_map(|nth| Step::Close { nth }),
        4 => (who(), 0..12u32, scores, prop::bool::weighted(0.2))
            .prop_map(|(who, capacity, reputation, jailed)| Step::Fate { who, capacity, reputation, jailed }),
        2 => who().prop_map(|who| Step::Done { who }),
        6 => (1..4u32).prop_map(|blocks| Step::Wait { blocks }),
    ]
}

/// How often each kind of event was met, over all lives.
#[derive(Default)]
struct Tally(BTreeMap<String, u32>);

impl Tally {
    /// Counts the events of a block, and what of it the hook's limit bounds.
    fn take(&mut self) -> u32 {
        let mut rounds_ended = 0;
        for event in events() {
            let debug = format!("{event:?}");
            let name = debug
                .trim_start_matches("Event::")
                .split([' ', '{'])
                .next()
                .unwrap();
            *self.0.entry(name.to_string()).or_default() += 1;
            let ended = matches!(event, Event::AuctionWon { .. } | Event::AuctionFailed { .. });
            let opened = matches!(event, Event::RoundOpened { .. });
            rounds_ended += u32::from(ended || opened);
        }
        System::reset_events();
        rounds_ended
    }
}

/// What the test knows beside the chain.
#[derive(Default)]
struct World {
    batches: u64,
    /// Prices behind the commitments, by batch, round and solver.
    prices: BTreeMap<(BatchId, u8, AccountId), u128>,
}

impl World {
    /// Some open auction, and its round.
    fn pick(nth: usize, sealed: Option<bool>) -> Option<(BatchId, u8)> {
        let mut open: Vec<_> = Auctions::<Test>::iter()
            .filter(|(_, auction)| sealed.is_none_or(|sealed| sealed == (auction.deposit > 0)))
            .map(|(id, auction)| (id, auction.round))
            .collect();
        open.sort();
        (!open.is_empty()).then(|| open[nth % open.len()])
    }

    fn run(&mut self, step: &Step, tally: &mut Tally) {
        match *step {
            Step::Open {
                ref matching,
                tasks,
                min_reputation,
                ahead,
                exclude,
            } => {
                let batch = Batch {
                    lens: vec![LEN; tasks],
                    min_reputation,
                    award_by: now() + ahead,
                    exclude: if exclude == 0 {
                        vec![]
                    } else {
                        vec![solver(exclude)]
                    },
                    ..Default::default()
                };
                // Refused where windows or prices do not fit; then nothing is known of it.
                if put_up(self.batches, *matching, batch).is_ok() {
                    self.batches += 1;
                }
            }
            Step::Take { who, nth, floor } => {
                if let Some((id, _)) = Self::pick(nth, Some(false)) {
                    if submit(take_call(who, id, floor)).is_ok() {
                        let Some(End::Sold(winner, price)) = end(id) else {
                            panic!("taken and not sold")
                        };
                        assert!(winner == solver(who) && price >= floor);
                    }
                }
            }
            Step::Bid { who, nth, price } => {
                if let Some((id, round)) = Self::pick(nth, Some(true)) {
                    if submit(bid_call(who, id, round, price)).is_ok() {
                        self.prices.insert((id, round, solver(who)), price);
                    }
                }
            }
            Step::Reveal { nth, lie } => self.reveal(nth, lie),
            Step::Close { nth } => {
                if let Some((id, _)) = Self::pick(nth, None) {
                    close(id);
                }
            }
            Step::Fate {
                who,
                capacity,
                reputation,
                jailed,
            } => change(who, |person| {
                (person.capacity, person.reputation, person.jailed) = (capacity, reputation, jailed)
            }),
            Step::Done { who } => change(who, |person| (person.in_flight, person.bonds) = (0, 0)),
            Step::Wait { blocks } => (0..blocks).for_each(|_| self.wait(tally)),
        }
    }

    /// Some bid that can be revealed now, or will never be.
    fn reveal(&self, nth: usize, lie: bool) {
        let mut hidden: Vec<_> = Bids::<Test>::iter()
            .filter(|(id, _)| now() > Auctions::<Test>::get(id).unwrap().first_phase_until())
            .flat_map(|(id, bids)| bids.into_iter().map(move |bid| (id, bid)))
            .filter(|(_, bid)| bid.revealed.is_none())
            .collect();
        hidden.sort_by_key(|(id, bid)| (*id, bid.solver.clone()));
        let Some((id, bid)) = nth.checked_rem(hidden.len()).map(|at| hidden.swap_remove(at)) else {
            return;
        };
        let round = Auctions::<Test>::get(id).unwrap().round;
        let price = self.prices[&(id, round, bid.solver.clone())];
        let number = AsRef::<[u8]>::as_ref(&bid.solver)[0];
        let accepted = submit(reveal_call(number, id, round, price + u128::from(lie))).is_ok();
        assert!(!(accepted && lie), "a lie was taken for the bid");
    }

    fn wait(&self, tally: &mut Tally) {
        tally.take();
        run_for(1);
        let ended = tally.take();
        assert!(ended <= MaxWorkPerBlock::get(), "the hook did more than it may");
        check();
        self.check();
    }

    /// No bid is in another round than it was made for, and every price that was revealed is the one committed to.
    fn check(&self) {
        for (id, bids) in Bids::<Test>::iter() {
            let round = Auctions::<Test>::get(id).unwrap().round;
            for bid in bids {
                let price = self.prices[&(id, round, bid.solver.clone())];
                let number = AsRef::<[u8]>::as_ref(&bid.solver)[0];
                assert_eq!(bid.commitment, commitment(number, id, round, price));
                assert!(bid.revealed.is_none_or(|revealed| revealed == price));
            }
        }
    }
}

fn live(steps: &[Step], tally: &mut Tally) {
    let mut world = World::default();
    for step in steps {
        world.run(step, tally);
        check();
        world.check();
    }
    let mut blocks = 0;
    while !is_empty() {
        world.wait(tally);
        blocks += 1;
        // Each batch may take a block of its own in each round.
        assert!(blocks < 150 + 6 * world.batches, "an auction is stuck");
    }
    assert!(every_batch_ended());
    assert!(people().iter().all(|(_, person)| person.deposits == 0));
}

#[test]
fn no_auction_gets_stuck_and_no_deposit_gets_lost() {
    let lives = (
        prop::collection::vec(step(), 1..160),
        prop_oneof![Just(1u32), Just(3), Just(1_000)],
        1..5u32,
    );
    let tally = RefCell::new(Tally::default());
    let config = ProptestConfig {
        cases: 512,
        max_shrink_iters: 2_000,
        ..Default::default()
    };
    TestRunner::new(config)
        .run(&lives, |(steps, work, most)| {
            build().execute_with(|| {
                MaxWorkPerBlock::set(work);
                MaxBids::set(most);
                live(&steps, &mut tally.borrow_mut());
            });
            Ok(())
        })
        .unwrap();
    // The lives were worth living.
    let met = tally.into_inner().0;
    for kind in [
        "RoundOpened",
        "BidCommitted",
        "BidEvicted",
        "BidRevealed",
        "BidWithheld",
        "AuctionWon",
        "AwardRefused",
        "AuctionFailed",
        "AuctionClosed",
    ] {
        assert!(met.contains_key(kind), "{kind} was never met: {met:?}");
    }
}
