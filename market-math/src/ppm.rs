//! Shares in parts per million.

/// The whole, in parts per million.
pub const WHOLE: u32 = 1_000_000;

const MILLION: u128 = WHOLE as u128;

/// `amount × ppm / 10⁶`, rounded down. Exact for every `amount`; saturates where `ppm` is above the whole and the result
/// does not fit.
pub const fn times_rounded_down(amount: u128, ppm: u32) -> u128 {
    // Cut at a million first, since `amount × ppm` itself may not fit.
    let wholes = (amount / MILLION).saturating_mul(ppm as u128);
    let rest = (amount % MILLION).saturating_mul(ppm as u128) / MILLION;
    wholes.saturating_add(rest)
}

/// `amount × ppm / 10⁶`, rounded up. Saturates as [`times_rounded_down`] does.
pub const fn times_rounded_up(amount: u128, ppm: u32) -> u128 {
    let wholes = (amount / MILLION).saturating_mul(ppm as u128);
    let rest = (amount % MILLION).saturating_mul(ppm as u128).div_ceil(MILLION);
    wholes.saturating_add(rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn agrees_with_plain_arithmetic_where_that_fits(amount in 0..u128::MAX / u32::MAX as u128, ppm: u32) {
            let product = amount * ppm as u128;
            prop_assert_eq!(times_rounded_down(amount, ppm), product / MILLION);
            prop_assert_eq!(times_rounded_up(amount, ppm), product.div_ceil(MILLION));
        }

        #[test]
        fn a_share_and_its_complement_make_the_whole(amount: u128, ppm in 0..=WHOLE) {
            let (share, rest) = (times_rounded_down(amount, ppm), times_rounded_up(amount, WHOLE - ppm));
            prop_assert_eq!(share.checked_add(rest), Some(amount));
        }
    }
}
