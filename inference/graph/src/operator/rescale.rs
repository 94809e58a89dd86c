//! From an int32 accumulator to an int8 output.

use alloc::vec::Vec;
use core::ops::Range;

use super::part::slice;
use crate::{bounds::Interval, GraphError};

/// How an accumulator becomes int8: times a factor, rounded, plus a zero point, clamped.
#[derive(Clone, Debug)]
pub(super) struct Rescale<'a> {
    pub(super) factors: Factors<'a>,
    pub(super) zero_point: i32,
    pub(super) min: i32,
    pub(super) max: i32,
}

/// The factors: one for all units, or one for each.
#[derive(Clone, Debug)]
pub(super) enum Factors<'a> {
    FixedPoint {
        multipliers: &'a [[u8; 4]],
        shifts: &'a [u8],
    },
    Binary64(&'a [[u8; 8]]),
}

impl<'a> Factors<'a> {
    /// Those of a range of the units, or the one of them all.
    fn part(&self, units: u32, range: &Range<u32>) -> Self {
        match *self {
            Self::FixedPoint { multipliers, shifts } if shifts.len() == units as usize => Self::FixedPoint {
                multipliers: slice(multipliers, range, 1),
                shifts: slice(shifts, range, 1),
            },
            Self::Binary64(factors) if factors.len() == units as usize => {
                Self::Binary64(slice(factors, range, 1))
            }
            ref one => one.clone(),
        }
    }

    /// Length in bytes.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::FixedPoint { multipliers, shifts } => {
                multipliers.as_flattened().len().saturating_add(shifts.len())
            }
            Self::Binary64(factors) => factors.as_flattened().len(),
        }
    }

    pub(super) fn write(&self, weights: &mut Vec<u8>) {
        match self {
            Self::FixedPoint { multipliers, shifts } => {
                weights.extend_from_slice(multipliers.as_flattened());
                weights.extend_from_slice(shifts);
            }
            Self::Binary64(factors) => weights.extend_from_slice(factors.as_flattened()),
        }
    }
}

/// One unit's factor.
#[derive(Clone, Copy)]
enum Factor {
    /// `multiplier / 2^shift`, rounded half up.
    FixedPoint { multiplier: i64, shift: u32 },
    /// `mantissa × 2^exponent` where `2^52 <= mantissa < 2^53`: the product is rounded to 53 bits, half to even, and
    /// then to an integer, half away from zero. This is `std::round(double(sum) * factor)` without a floating-point unit.
    Binary64 { mantissa: u64, exponent: i32 },
}

/// Exponent fields of the binary64 numbers from 2^-64 to below 2^31.
const EXPONENT_FIELDS: core::ops::RangeInclusive<u64> = 959..=1053;
const FRACTION_BITS: u32 = 52;

impl Factors<'_> {
    /// The unit's factor; the last one serves where there is only one.
    fn of(&self, unit: u32) -> Factor {
        match self {
            Self::FixedPoint { multipliers, shifts } => {
                let at = (unit as usize).min(shifts.len().saturating_sub(1));
                let multiplier = multipliers.get(at).map_or(0, |bytes| i32::from_le_bytes(*bytes));
                let exponent = shifts.get(at).map_or(0, |e| i32::from(*e as i8));
                Factor::FixedPoint {
                    multiplier: multiplier.into(),
                    shift: 31i32.wrapping_sub(exponent) as u32,
                }
            }
            Self::Binary64(factors) => {
                let at = (unit as usize).min(factors.len().saturating_sub(1));
                let bits = factors.get(at).map_or(0, |bytes| u64::from_le_bytes(*bytes));
                let one = 1u64 << FRACTION_BITS;
                let mantissa = (bits & one.wrapping_sub(1)) | one;
                // The field counts from 1023 below, and the mantissa is an integer.
                let exponent = (bits >> FRACTION_BITS) as i32;
                Factor::Binary64 {
                    mantissa,
                    exponent: exponent.wrapping_sub(1075),
                }
            }
        }
    }

    fn is_valid(&self, unit: u32) -> bool {
        match self.of(unit) {
            Factor::FixedPoint { multiplier, shift } => multiplier >= 0 && (1..=62).contains(&shift),
            // A set sign bit makes the field too large.
            Factor::Binary64 { exponent, .. } => {
                EXPONENT_FIELDS.contains(&(i64::from(exponent).wrapping_add(1075) as u64))
            }
        }
    }
}

impl Factor {
    /// The rounded product. Of a valid factor it lies within 2^62, and it grows with `sum`.
    #[inline]
    fn times(self, sum: i32) -> i64 {
        match self {
            Self::FixedPoint { multiplier, shift } => {
                let half = 1i64.wrapping_shl(shift.wrapping_sub(1));
                i64::from(sum)
                    .wrapping_mul(multiplier)
                    .wrapping_add(half)
                    .wrapping_shr(shift)
            }
            Self::Binary64 { mantissa, exponent } => {
                let size = times_binary64(sum.unsigned_abs(), mantissa, exponent) as i64;
                if sum < 0 {
                    size.wrapping_neg()
                } else {
                    size
                }
            }
        }
    }
}

/// `size × mantissa × 2^exponent`, rounded to 53 bits and then to an integer, half up.
#[inline]
fn times_binary64(size: u32, mantissa: u64, exponent: i32) -> u64 {
    // The product has at most 84 bits: `high × 2^32 + low`.
    let size = u64::from(size);
    let low = size.wrapping_mul(mantissa & 0xFFFF_FFFF);
    let high = size.wrapping_mul(mantissa >> 32).wrapping_add(low >> 32);
    let low = low & 0xFFFF_FFFF;
    // At most 31 of them are beyond 53, and those lie in `low`.
    let excess = 43u32.saturating_sub(high.leading_zeros());
    let kept = high.wrapping_shl(32u32.wrapping_sub(excess)) | low.wrapping_shr(excess);
    // To even or up makes no difference here: the two differ in the last of 53 bits of an odd number, which decides
    // the rounding to an integer only of products beyond 2^51, and a validated graph has none beyond 2^31.
    let half = 1u64.wrapping_shl(excess) >> 1;
    let kept = kept.wrapping_add((low & half != 0).into());
    match exponent.wrapping_add(excess as i32) {
        left @ 0.. => kept.wrapping_shl(left as u32),
        right @ -63..=-1 => {
            let right = right.unsigned_abs();
            kept.wrapping_add(1u64.wrapping_shl(right.wrapping_sub(1)))
                .wrapping_shr(right)
        }
        // Fifty-three bits, sixty-four places down.
        _ => 0,
    }
}

impl<'a> Rescale<'a> {
    pub(super) fn part(&self, units: u32, range: &Range<u32>) -> Self {
        Self {
            factors: self.factors.part(units, range),
            ..*self
        }
    }
}

impl Rescale<'_> {
    #[inline]
    pub(super) fn apply(&self, unit: u32, sum: i32) -> i32 {
        let scaled = self.factors.of(unit).times(sum) as i32;
        scaled.wrapping_add(self.zero_point).max(self.min).min(self.max)
    }

    /// The interval of the unit's output, for accumulators that were found to fit 32 bits.
    pub(super) fn bounds(&self, node: u32, unit: u32, sum: Interval) -> Result<Interval, GraphError> {
        if !self.factors.is_valid(unit) {
            return Err(GraphError::Multiplier { node, unit });
        }
        // Rescaling is monotone, so the ends of the interval stand for all of it.
        let factor = self.factors.of(unit);
        let made = Interval {
            lo: factor.times(sum.lo as i32),
            hi: factor.times(sum.hi as i32),
        };
        let largest = made
            .magnitude()
            .saturating_add(i64::from(self.zero_point).saturating_abs());
        if largest > i32::MAX.into() {
            return Err(GraphError::RequantisedOverflow { node, unit });
        }
        let zero = i64::from(self.zero_point);
        Ok(made
            .plus(Interval { lo: zero, hi: zero })
            .clamped(self.min.into(), self.max.into()))
    }
}
