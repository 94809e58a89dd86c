//! Which of several offers is taken.

use crate::ppm::{self, WHOLE};

/// Price as the matching sees it: the best reputation leaves it as it is, the worst doubles it. Rounded up; saturates.
pub const fn effective_price(price: u128, score_ppm: u32) -> u128 {
    price.saturating_add(ppm::times_rounded_up(price, WHOLE.saturating_sub(score_ppm)))
}

/// The dearest effective price that still counts as equal to `best`: `best` and `tolerance_ppm` of it, rounded down.
pub const fn within_tolerance(best: u128, tolerance_ppm: u32) -> u128 {
    best.saturating_add(ppm::times_rounded_down(best, tolerance_ppm))
}

/// The rank of an offer for work that somebody failed before, the least being the best: reputation decides, and among those of the
/// same reputation the price.
pub const fn rank_after_failure(price: u128, score_ppm: u32) -> (u32, u128) {
    (WHOLE.saturating_sub(score_ppm), price)
}

/// Draws an index, each with a chance in proportion to its weight; all alike where no weight is above zero. `None` only for
/// an empty slice.
///
/// The draw is the first 16 bytes of `seed` modulo the sum of weights, which favours low indices by less than
/// `sum / 2¹²⁸`. Weights whose sum exceeds 2¹²⁸ are cut there.
pub fn weighted_index(weights: &[u128], seed: [u8; 32]) -> Option<usize> {
    let number = leading_number(seed);
    let sum = weights
        .iter()
        .fold(0u128, |sum, weight| sum.saturating_add(*weight));
    let Some(mut draw) = number.checked_rem(sum) else {
        return number
            .checked_rem(weights.len() as u128)
            .map(|index| index as usize);
    };
    for (index, weight) in weights.iter().enumerate() {
        match draw.checked_sub(*weight) {
            Some(rest) => draw = rest,
            None => return Some(index),
        }
    }
    weights.len().checked_sub(1)
}

/// The first 16 bytes as a little-endian number.
fn leading_number(seed: [u8; 32]) -> u128 {
    seed.iter()
        .take(16)
        .rev()
        .fold(0, |number, byte| number << 8 | u128::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn seed(number: u128) -> [u8; 32] {
        let mut seed = [0xab; 32];
        seed[..16].copy_from_slice(&number.to_le_bytes());
        seed
    }

    #[test]
    fn the_worst_reputation_doubles_the_price() {
        assert_eq!(effective_price(100, 0), 200);
        assert_eq!(effective_price(100, 400_000), 160);
        assert_eq!(effective_price(100, 1_000_000), 100);
        assert_eq!(effective_price(u128::MAX, 0), u128::MAX);
    }

    #[test]
    fn after_a_failure_no_price_makes_up_for_reputation() {
        let mut offers = [(1, 500_000), (30, 900_000), (20, 900_000), (9, 899_999)];
        offers.sort_by_key(|(price, score)| rank_after_failure(*price, *score));
        assert_eq!(offers, [(20, 900_000), (30, 900_000), (9, 899_999), (1, 500_000)]);
        assert_eq!(rank_after_failure(7, u32::MAX), (0, 7));
    }

    #[test]
    fn every_weight_is_drawn_as_often_as_it_weighs() {
        let weights = [3, 0, 5, 2];
        let mut drawn = [0u128; 4];
        for number in 0..10 {
            drawn[weighted_index(&weights, seed(number)).unwrap()] += 1;
        }
        assert_eq!(drawn, weights);
    }

    #[test]
    fn zero_weights_are_drawn_alike() {
        let drawn: Vec<_> = (0..3)
            .map(|number| weighted_index(&[0, 0, 0], seed(number)))
            .collect();
        assert_eq!(drawn, [Some(0), Some(1), Some(2)]);
    }

    #[test]
    fn nothing_is_drawn_from_nothing() {
        assert_eq!(weighted_index(&[], seed(7)), None);
    }

    proptest! {
        #[test]
        fn effective_price_falls_with_reputation_and_rises_with_price(
            price in 0..1u128 << 100, more in 0..1u128 << 100, score in 0..=WHOLE, better in 0..=WHOLE,
        ) {
            let (score, better) = (score.min(better), score.max(better));
            let effective = effective_price(price, score);
            prop_assert!((price..=2 * price).contains(&effective));
            prop_assert!(effective_price(price, better) <= effective);
            prop_assert!(effective_price(price + more, score) >= effective);
        }

        #[test]
        fn the_best_is_always_within_tolerance(best: u128, tolerance_ppm: u32) {
            prop_assert!(within_tolerance(best, tolerance_ppm) >= best);
        }

        #[test]
        fn the_index_is_in_range_and_its_weight_not_zero(
            weights in proptest::collection::vec(any::<u128>(), 1..20), seed: [u8; 32],
        ) {
            let index = weighted_index(&weights, seed).unwrap();
            prop_assert!(index < weights.len());
            prop_assert!(weights[index] > 0 || weights.iter().all(|weight| *weight == 0));
        }
    }
}
