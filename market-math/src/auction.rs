//! Prices of auctions: the rising price, the next round's, and who wins a sealed auction at what price.

use crate::{
    ppm::{self, WHOLE},
    selection::effective_price,
};

/// Price of a Dutch auction after `elapsed` of `blocks` blocks: a straight line from `start` to `end`, rounded up and never above
/// `end`. From the last block on, and where the auction has no blocks, it is `end`.
pub const fn dutch(start: u128, end: u128, blocks: u32, elapsed: u32) -> u128 {
    let (blocks, elapsed) = (blocks as u128, elapsed as u128);
    if elapsed >= blocks || start >= end {
        return end;
    }
    // Cut at `blocks` first, since the rise times `elapsed` itself may not fit. `blocks` is above `elapsed`, thus not zero.
    let rise = end.saturating_sub(start);
    let (Some(step), Some(rest)) = (rise.checked_div(blocks), rise.checked_rem(blocks)) else {
        return end;
    };
    start
        .saturating_add(step.saturating_mul(elapsed))
        .saturating_add(rest.saturating_mul(elapsed).div_ceil(blocks))
}

/// A price of the next round: raised by `share_ppm`, rounded up, and at most `cap`.
pub const fn bumped(price: u128, share_ppm: u32, cap: u128) -> u128 {
    at_most(price.saturating_add(ppm::times_rounded_up(price, share_ppm)), cap)
}

/// A bid as it counts: rounded up to a multiple of `tick`, and at most `reserve`.
pub const fn on_tick(bid: u128, tick: u128, reserve: u128) -> u128 {
    let Some(below) = bid.checked_rem(tick) else {
        return at_most(bid, reserve);
    };
    let missing = if below == 0 { 0 } else { tick.saturating_sub(below) };
    at_most(bid.saturating_add(missing), reserve)
}

/// The dearest price that looks no dearer than `effective` with this reputation: the inverse of
/// [`effective_price`], rounded down.
pub const fn dearest_within(effective: u128, score_ppm: u32) -> u128 {
    if effective == u128::MAX {
        // Effective prices saturate here, so that every price is within.
        return u128::MAX;
    }
    let whole = WHOLE as u128;
    let divisor = whole.saturating_add(WHOLE.saturating_sub(score_ppm) as u128);
    // `effective × whole / divisor`, cut at the divisor first; it is never zero.
    let (Some(times), Some(rest)) = (effective.checked_div(divisor), effective.checked_rem(divisor)) else {
        return effective;
    };
    let Some(of_rest) = rest.saturating_mul(whole).checked_div(divisor) else {
        return effective;
    };
    times.saturating_mul(whole).saturating_add(of_rest)
}

/// Who wins a sealed auction, and at what price.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Outcome {
    /// Index of the winning bid.
    pub winner: usize,
    /// What the winner is paid.
    pub payment: u128,
}

/// Clears a sealed auction of bids, each with its bidder's reputation in parts per million.
///
/// The lowest effective price wins; among equals the seed decides, by a number that it gives to every index. The winner is paid the
/// highest price at which it would still have won, which depends on the others' bids only: bidding one's cost is never worse than
/// bidding anything else. It is at most the reserve; bids above that do not count. `None` where no bid counts.
pub fn clear(bids: &[(u128, u32)], reserve: u128, tie_seed: [u8; 32]) -> Option<Outcome> {
    let mut ranked: [Option<Rank>; 2] = [None; 2];
    for (index, (price, score)) in bids.iter().enumerate() {
        if *price > reserve {
            continue;
        }
        let rank = Rank {
            effective: effective_price(*price, *score),
            tie: tie(tie_seed, index),
            index,
        };
        ranked = match ranked {
            [Some(best), _] if rank < best => [Some(rank), Some(best)],
            [Some(best), Some(second)] if rank < second => [Some(best), Some(rank)],
            [Some(best), None] => [Some(best), Some(rank)],
            [None, _] => [Some(rank), None],
            kept => kept,
        };
    }
    let [Some(best), second] = ranked else { return None };
    let (_, score) = bids.get(best.index)?;
    let payment = second.map_or(reserve, |second| {
        // An equal effective price wins only where the lot falls so.
        let wins_ties = (best.tie, best.index) < (second.tie, second.index);
        let limit = second.effective.saturating_sub(u128::from(!wins_ties));
        at_most(dearest_within(limit, *score), reserve)
    });
    Some(Outcome {
        winner: best.index,
        payment,
    })
}

/// A bid's place in the order of bids; fields in order of weight.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    effective: u128,
    tie: u64,
    index: usize,
}

/// A number for each index that the seed decides: the output function of SplitMix64.
const fn tie(seed: [u8; 32], index: usize) -> u64 {
    let [a, b, c, d, e, f, g, h, ..] = seed;
    let start = u64::from_le_bytes([a, b, c, d, e, f, g, h]);
    let step = (index as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut mixed = start.wrapping_add(step);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

const fn at_most(price: u128, cap: u128) -> u128 {
    if price < cap {
        price
    } else {
        cap
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SEED: [u8; 32] = [7; 32];

    fn outcome(winner: usize, payment: u128) -> Option<Outcome> {
        Some(Outcome { winner, payment })
    }

    #[test]
    fn the_price_rises_from_the_first_to_the_last_block() {
        let prices: Vec<_> = (0..6).map(|elapsed| dutch(10, 20, 4, elapsed)).collect();
        assert_eq!(prices, [10, 13, 15, 18, 20, 20]);
        assert_eq!(dutch(10, 20, 0, 0), 20);
        assert_eq!(
            dutch(0, u128::MAX, u32::MAX, u32::MAX - 1),
            u128::MAX - u128::MAX / u128::from(u32::MAX)
        );
    }

    #[test]
    fn the_second_price_is_paid() {
        let bids = [(50, WHOLE), (30, WHOLE), (40, WHOLE)];
        let Outcome { winner, payment } = clear(&bids, 100, SEED).unwrap();
        assert_eq!(winner, 1);
        // One less where the lot between equals would have gone against the winner.
        assert!(payment == 40 || payment == 39);
    }

    #[test]
    fn a_single_bid_is_paid_the_reserve() {
        assert_eq!(clear(&[(1, 0)], 90, SEED), outcome(0, 90));
        assert_eq!(clear(&[(91, WHOLE), (1, 0)], 90, SEED), outcome(1, 90));
    }

    #[test]
    fn nobody_wins_where_no_bid_counts() {
        assert_eq!(clear(&[], 90, SEED), None);
        assert_eq!(clear(&[(91, WHOLE)], 90, SEED), None);
    }

    #[test]
    fn reputation_wins_over_a_small_difference_and_is_paid_for_it() {
        // 100 at a score of 0.4 looks like 160; whoever has 0.9 looks no dearer up to 145.
        let Outcome { winner, payment } = clear(&[(100, 400_000), (120, 900_000)], 1_000, SEED).unwrap();
        assert_eq!(winner, 1);
        assert!(payment == 145 || payment == 144);
    }

    #[test]
    fn equals_win_equally_often() {
        let mut wins = [0u32; 4];
        for number in 0..1_000u64 {
            let mut seed = [0; 32];
            seed[..8].copy_from_slice(&number.to_le_bytes());
            wins[clear(&[(10, 500_000); 4], 100, seed).unwrap().winner] += 1;
        }
        assert!(wins.iter().all(|wins| (200..=300).contains(wins)), "{wins:?}");
    }

    /// Prices near each other, so that ties and close calls happen; some of them at the end of the range.
    fn price() -> impl Strategy<Value = u128> {
        prop_oneof![8 => 0..60u128, 2 => 0..1u128 << 90, 1 => Just(u128::MAX), 1 => Just(u128::MAX - 1)]
    }

    fn score() -> impl Strategy<Value = u32> {
        prop_oneof![3 => prop::sample::select(vec![0, 400_000, 500_000, WHOLE]), 1 => 0..=WHOLE]
    }

    proptest! {
        #[test]
        fn the_price_never_falls_and_stays_between_its_ends(
            one: u128, other: u128, blocks: u32, early: u32, late: u32,
        ) {
            let (start, end) = (one.min(other), one.max(other));
            let (early, late) = (early.min(late), early.max(late));
            let (before, after) = (dutch(start, end, blocks, early), dutch(start, end, blocks, late));
            prop_assert!(start <= before && before <= after && after <= end);
            prop_assert_eq!(dutch(start, end, blocks, blocks), end);
        }

        #[test]
        fn the_price_is_the_straight_line_rounded_up(
            start in 0..1u128 << 90, rise in 0..1u128 << 90, blocks in 1..=u32::MAX, elapsed: u32,
        ) {
            let elapsed = elapsed % blocks;
            let line = (rise * u128::from(elapsed)).div_ceil(blocks.into());
            prop_assert_eq!(dutch(start, start + rise, blocks, elapsed), start + line);
        }

        #[test]
        fn a_bump_raises_up_to_the_cap(price: u128, more: u128, share: u32, cap: u128) {
            let price = price.min(cap);
            let bumped = super::bumped(price, share, cap);
            prop_assert!(price <= bumped && bumped <= cap);
            prop_assert!(bumped <= super::bumped(price.saturating_add(more), share, cap));
        }

        #[test]
        fn a_bid_counts_in_ticks(bid in 0..1u128 << 100, tick in 1..1u128 << 80, reserve in 0..1u128 << 110) {
            let counted = on_tick(bid, tick, reserve);
            prop_assert!(counted == reserve || counted.is_multiple_of(tick));
            prop_assert!(counted >= bid.min(reserve) && counted < bid + tick && counted <= reserve);
            prop_assert_eq!(on_tick(bid, 0, reserve), bid.min(reserve));
        }

        #[test]
        fn the_dearest_price_within_is_within_and_the_next_is_not(effective in price(), score in score()) {
            let dearest = dearest_within(effective, score);
            prop_assert!(effective_price(dearest, score) <= effective);
            prop_assert!(dearest == u128::MAX || effective_price(dearest + 1, score) > effective);
        }

        #[test]
        fn the_payment_covers_the_winners_bid_and_the_reserve_covers_it(
            bids in prop::collection::vec((price(), score()), 0..12), reserve in price(), seed: [u8; 32],
        ) {
            match clear(&bids, reserve, seed) {
                Some(Outcome { winner, payment }) => {
                    prop_assert!(bids[winner].0 <= payment && payment <= reserve);
                    let best = effective_price(bids[winner].0, bids[winner].1);
                    for (price, score) in bids {
                        prop_assert!(price > reserve || effective_price(price, score) >= best);
                    }
                }
                None => prop_assert!(bids.iter().all(|(price, _)| *price > reserve)),
            }
        }

        #[test]
        fn nobody_gains_by_bidding_other_than_its_cost(
            others in prop::collection::vec((price(), score()), 0..8),
            place: prop::sample::Index, cost in price(), lie in price(), score in score(), reserve in price(), seed: [u8; 32],
        ) {
            let place = place.index(others.len() + 1);
            // Gain and loss as the bidder sees them.
            let gain = |bid: u128| {
                let mut bids = others.clone();
                bids.insert(place, (bid, score));
                match clear(&bids, reserve, seed) {
                    Some(Outcome { winner, payment }) if winner == place => {
                        (payment.saturating_sub(cost), cost.saturating_sub(payment))
                    }
                    _ => (0, 0),
                }
            };
            let (honest, dishonest) = (gain(cost), gain(lie));
            prop_assert_eq!(honest.1, 0);
            prop_assert!(dishonest.1 > 0 || honest.0 >= dishonest.0, "{honest:?} {dishonest:?}");
        }

        #[test]
        fn a_lower_bid_wins_whatever_a_higher_one_wins_at_the_same_payment(
            others in prop::collection::vec((price(), score()), 1..8),
            bid in price(), less in price(), score in score(), reserve in price(), seed: [u8; 32],
        ) {
            let with = |bid: u128| {
                let mut bids = others.clone();
                bids.push((bid, score));
                clear(&bids, reserve, seed)
            };
            let won = with(bid).filter(|outcome| outcome.winner == others.len());
            if let Some(outcome) = won {
                prop_assert_eq!(with(bid.min(less)), Some(outcome));
            }
        }
    }
}
