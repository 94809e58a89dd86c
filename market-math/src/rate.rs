//! What an asset is worth, from the reserves of its pool: an average that follows the pool's price slowly, so that nobody moves it
//! by moving the price for a moment.
//!
//! A *rate* is the worth of one whole unit of an asset, in 10⁻¹² of the native token's smallest unit. So many digits that an
//! asset with 18 decimals and one with none are told apart from their neighbours equally well.

use crate::ratio::{proportion_rounded_down, proportion_rounded_up};

/// Parts of the native token's smallest unit in which a rate counts.
pub const PRECISION: u128 = 1_000_000_000_000;

/// The smallest units of the stable unit, in which offers are quoted, that make a whole one.
pub const STABLE_UNITS: u128 = 1_000_000_000_000;

/// Most decimals that an asset can have: with more, a whole unit in parts of a smallest unit would not fit.
pub const MAX_DECIMALS: u8 = 18;

/// The whole, in parts per million.
const MILLION: u128 = 1_000_000;

/// How an average follows a price.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Pace {
    /// Blocks in which the average would go all the way to a price that stays. Zero counts as one.
    pub window: u32,
    /// Most that the average rises in one block, in parts per million; it falls by as much as such a rise would make good.
    pub max_change_ppm: u32,
}

/// Smallest units of one whole unit; none above [`MAX_DECIMALS`].
pub const fn whole(decimals: u8) -> Option<u128> {
    if decimals > MAX_DECIMALS {
        return None;
    }
    10u128.checked_pow(decimals as u32)
}

/// The rate at which a pool with these reserves would trade a speck, rounded down. None where a reserve is empty, where a whole unit
/// is worth less than the native token's smallest unit, so that too few digits would be left, or where the rate does not fit.
pub const fn spot_rounded_down(native: u128, asset: u128, whole: u128) -> Option<u128> {
    let Some(scale) = PRECISION.checked_mul(whole) else {
        return None;
    };
    match proportion_rounded_down(native, scale, asset) {
        Some(rate) if rate >= PRECISION => Some(rate),
        _ => None,
    }
}

/// What so many of an asset's smallest units are worth, in the native token's smallest unit, rounded down. None where it does not fit.
pub const fn worth_rounded_down(amount: u128, rate: u128, whole: u128) -> Option<u128> {
    match PRECISION.checked_mul(whole) {
        Some(scale) => proportion_rounded_down(amount, rate, scale),
        None => None,
    }
}

/// What a whole unit is worth in the native token's smallest unit, rounded down.
pub const fn of_whole_rounded_down(rate: u128) -> u128 {
    rate.div_euclid(PRECISION)
}

/// What the smallest unit of the stable unit is worth in the native token's smallest unit, as a fraction.
pub const fn of_stable_unit(rate: u128) -> (u128, u128) {
    (rate, PRECISION.saturating_mul(STABLE_UNITS))
}

/// An average after a price has been seen that speaks for so many blocks: it goes that part of the way which those blocks are of the
/// window, rounded up, but not further than `max_change_ppm` for each of them, and never beyond the price.
pub const fn moved(average: u128, spot: u128, blocks: u32, pace: Pace) -> u128 {
    let window = if pace.window == 0 { 1 } else { pace.window };
    let part = if blocks < window { blocks } else { window };
    // A part is at most the whole, so this fits.
    let step = match proportion_rounded_up(average.abs_diff(spot), part as u128, window as u128) {
        Some(step) => step,
        None => 0,
    };
    let change = (pace.max_change_ppm as u128).saturating_mul(blocks as u128);
    if spot >= average {
        let most = match proportion_rounded_down(average, change, MILLION) {
            Some(most) => most,
            None => u128::MAX,
        };
        average.saturating_add(if step < most { step } else { most })
    } else {
        let least = match proportion_rounded_up(average, MILLION, MILLION.saturating_add(change)) {
            Some(least) => least,
            None => average,
        };
        let moved = average.saturating_sub(step);
        if moved > least {
            moved
        } else {
            least
        }
    }
}

/// Whether a price differs from an average by no more than so many parts per million of the average.
pub const fn is_near(average: u128, spot: u128, tolerance_ppm: u32) -> bool {
    match proportion_rounded_down(average, tolerance_ppm as u128, MILLION) {
        Some(most) => average.abs_diff(spot) <= most,
        None => true,
    }
}

/// What it costs to move the price in a pool without concentrated liquidity, in the native token's smallest unit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Push {
    /// What is swapped in.
    pub stake: u128,
    /// What is lost for certain: the pool's fee, there and back, where the manipulator himself swaps back and nobody was faster.
    pub fees: u128,
    /// What is lost besides where somebody else was faster and swapped the price back.
    pub taken: u128,
}

/// What it costs to raise the price by so many parts per million, in a pool with so much of the native token and such a fee.
/// All amounts are rounded down, so that nothing is said to be dearer than it is. Lowering the price to the same factor costs as much,
/// with the asset in place of the native token.
pub const fn push_rounded_down(native: u128, rise_ppm: u32, fee_ppm: u32) -> Push {
    // The product of the reserves stays: for a price of F the native side grows by √F.
    let factor = MILLION.saturating_add(rise_ppm as u128);
    let root = factor.saturating_mul(MILLION).isqrt();
    let growth = root.saturating_sub(MILLION);
    let stake = share(native, growth, MILLION);
    Push {
        stake,
        fees: share(stake, (fee_ppm as u128).saturating_mul(2), MILLION),
        taken: share(stake, growth, root),
    }
}

/// A share that is at most the whole, or as much as fits.
const fn share(amount: u128, part: u128, whole: u128) -> u128 {
    match proportion_rounded_down(amount, part, whole) {
        Some(share) => share,
        None => u128::MAX,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PACE: Pace = Pace {
        window: 600,
        max_change_ppm: 500,
    };
    const PEN: u128 = 1_000_000_000_000;
    /// One PEN for a whole unit.
    const PAR: u128 = PEN * PRECISION;

    #[test]
    fn two_units_for_a_pen_are_worth_half_of_one_each_whatever_their_decimals() {
        for decimals in 0..=MAX_DECIMALS {
            let whole = whole(decimals).unwrap();
            let rate = spot_rounded_down(100_000 * PEN, 200_000 * whole, whole).unwrap();
            assert_eq!(rate, PAR / 2);
            assert_eq!(worth_rounded_down(3 * whole, rate, whole), Some(3 * PEN / 2));
            assert_eq!(of_whole_rounded_down(rate), PEN / 2);
        }
        assert_eq!(whole(MAX_DECIMALS + 1), None);
    }

    #[test]
    fn the_stable_unit_counts_as_finely_as_the_native_token() {
        let (part, of) = of_stable_unit(PAR / 2);
        assert_eq!(proportion_rounded_down(STABLE_UNITS, part, of), Some(PEN / 2));
        assert_eq!(proportion_rounded_down(7, part, of), Some(3));
    }

    #[test]
    fn a_pool_without_reserves_or_worth_has_no_price() {
        assert_eq!(spot_rounded_down(0, 5, 1), None);
        assert_eq!(spot_rounded_down(5, 0, 1), None);
        assert_eq!(spot_rounded_down(1, 2, 1), None, "too few digits");
        assert_eq!(spot_rounded_down(1, 1, 1), Some(PRECISION));
        assert_eq!(spot_rounded_down(u128::MAX, 1, 1), None, "does not fit");
        assert_eq!(spot_rounded_down(1, 1, u128::MAX), None);
        assert_eq!(worth_rounded_down(u128::MAX, u128::MAX, 1), None);
        assert_eq!(worth_rounded_down(1, 1, u128::MAX), None);
    }

    #[test]
    fn a_price_that_doubles_is_caught_up_with_in_twenty_four_minutes() {
        let mut average = PAR;
        let mut blocks = 0;
        while !is_near(average, 2 * PAR, 100_000) {
            average = moved(average, 2 * PAR, 1, PACE);
            blocks += 1;
        }
        assert_eq!(blocks, 1_421);
    }

    /// The numbers of the pallet's README.
    #[test]
    fn what_a_manipulator_pays_at_the_least_liquidity() {
        let pool = 10_000 * PEN;
        // As far as one block's price counts at all: the limit on a block's change over its share in the window.
        let far = push_rounded_down(pool, 300_000, 3_000);
        assert_eq!(
            (far.stake / PEN, far.fees * 100 / PEN, far.taken / PEN),
            (1_401, 841, 172)
        );
        assert_eq!(moved(PAR, PAR * 13 / 10, 1, PACE) - PAR, PAR / 2_000);
        assert_eq!(moved(PAR, PAR * 1_000, 1, PACE) - PAR, PAR / 2_000);
        assert_eq!(moved(PAR, PAR * 1_000, 16, PACE) - PAR, PAR * 16 / 2_000);
        // As far as the rate stays in use.
        let near = push_rounded_down(pool, 100_000, 3_000);
        assert_eq!(
            (near.stake / PEN, near.fees * 100 / PEN, near.taken / PEN),
            (488, 292, 22)
        );
        assert_eq!((moved(PAR, PAR * 11 / 10, 1, PACE) - PAR) * 1_000_000 / PAR, 166);
    }

    #[test]
    fn to_be_a_tenth_wrong_takes_191_blocks_or_12_turns_of_16() {
        for (blocks, turns) in [(1, 191), (16, 12)] {
            let after = |turns| (0..turns).fold(PAR, |average, _| moved(average, PAR * 1_000, blocks, PACE));
            assert!(!is_near(PAR, after(turns), 100_000));
            assert!(is_near(PAR, after(turns - 1), 100_000));
        }
    }

    #[test]
    fn extreme_rates_do_not_wrap() {
        let wild = Pace {
            window: 0,
            max_change_ppm: u32::MAX,
        };
        assert_eq!(
            moved(u128::MAX, 0, u32::MAX, wild),
            18_446_744_082_298_486_210_999_069
        );
        assert_eq!(moved(1, u128::MAX, u32::MAX, wild), 1 + 18_446_744_065_119);
        assert_eq!(moved(u128::MAX, u128::MAX, 1, wild), u128::MAX);
        assert_eq!(moved(0, 5, 1, PACE), 0);
        assert!(is_near(u128::MAX, 0, u32::MAX));
        assert_eq!(push_rounded_down(u128::MAX, u32::MAX, u32::MAX).stake, u128::MAX);
    }

    fn rates() -> impl Strategy<Value = u128> {
        (0u32..100, any::<u128>()).prop_map(|(shift, bits)| (bits >> shift).max(PRECISION))
    }

    fn paces() -> impl Strategy<Value = Pace> {
        (0u32..2_000, 0u32..100_000).prop_map(|(window, max_change_ppm)| Pace {
            window,
            max_change_ppm,
        })
    }

    proptest! {
        #[test]
        fn an_average_moves_towards_the_price_and_never_beyond(a in rates(), s in rates(), blocks in 0u32..2_000, pace in paces()) {
            let m = moved(a, s, blocks, pace);
            prop_assert!((a.min(s)..=a.max(s)).contains(&m));
        }

        #[test]
        fn one_sample_moves_it_no_further_than_its_blocks_allow(a in rates(), s in rates(), blocks in 0u32..2_000, pace in paces()) {
            let m = moved(a, s, blocks, pace);
            let change = u128::from(pace.max_change_ppm) * u128::from(blocks);
            prop_assert!(m <= a.saturating_add(proportion_rounded_down(a, change, 1_000_000).unwrap_or(u128::MAX)));
            prop_assert!(m >= proportion_rounded_down(a, 1_000_000, 1_000_000 + change).unwrap());
        }

        #[test]
        fn a_higher_price_never_gives_a_lower_average(a in rates(), s in rates(), t in rates(), blocks in 0u32..2_000, pace in paces()) {
            let (low, high) = (s.min(t), s.max(t));
            prop_assert!(moved(a, low, blocks, pace) <= moved(a, high, blocks, pace));
        }

        #[test]
        fn a_higher_average_stays_the_higher(a in rates(), b in rates(), s in rates(), blocks in 0u32..2_000, pace in paces()) {
            let (low, high) = (a.min(b), a.max(b));
            prop_assert!(moved(low, s, blocks, pace) <= moved(high, s, blocks, pace));
        }

        #[test]
        fn a_price_that_stays_is_reached(factor in 100_000u128..10_000_000, blocks in 1u32..17) {
            let spot = PAR * factor / 1_000_000;
            let mut average = PAR;
            for _ in 0..40_000 / blocks {
                average = moved(average, spot, blocks, PACE);
            }
            prop_assert_eq!(average, spot);
        }

        #[test]
        fn up_and_down_again_is_no_gain(a in PRECISION..u128::MAX >> 40, blocks in 1u32..17) {
            let up = moved(a, u128::MAX, blocks, PACE);
            prop_assert!(moved(up, 0, blocks, PACE).abs_diff(a) <= 1);
        }

        #[test]
        fn worth_is_the_price_within_rounding(native in 1u128 << 40..1u128 << 70, asset in 1u128 << 10..1u128 << 90, decimals in 0u8..19, amount in 0u128..1 << 80) {
            let whole = whole(decimals).unwrap();
            let Some(rate) = spot_rounded_down(native, asset, whole) else { return Ok(()) };
            let worth = worth_rounded_down(amount, rate, whole).unwrap();
            let exact = proportion_rounded_down(amount, native, asset).unwrap();
            prop_assert!(worth <= exact);
            // The rate has at least twelve digits.
            prop_assert!(exact - worth <= exact / PRECISION + 1);
        }

        #[test]
        fn a_further_push_is_dearer(native in 1u128..1 << 90, rise in 0u32..1_000_000, more in 1u32..1_000_000) {
            let (near, far) = (push_rounded_down(native, rise, 3_000), push_rounded_down(native, rise + more, 3_000));
            prop_assert!(near.stake <= far.stake && near.fees <= far.fees && near.taken <= far.taken);
        }
    }
}
