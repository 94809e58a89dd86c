//! Proportions of whole amounts, exact in between.

const LOW: u128 = u64::MAX as u128;

/// `amount × part / whole`, rounded down, without loss in between. `None` where `whole` is zero or the result does not fit.
pub const fn proportion_rounded_down(amount: u128, part: u128, whole: u128) -> Option<u128> {
    match divide(multiply(amount, part), whole) {
        Some((quotient, _)) => Some(quotient),
        None => None,
    }
}

/// `amount × part / whole`, rounded up. `None` as [`proportion_rounded_down`].
pub const fn proportion_rounded_up(amount: u128, part: u128, whole: u128) -> Option<u128> {
    match divide(multiply(amount, part), whole) {
        Some((quotient, 0)) => Some(quotient),
        Some((quotient, _)) => quotient.checked_add(1),
        None => None,
    }
}

/// The 256 bits of a product, high half first. Cut into halves of 64 bits, of which no product and no sum here overflows.
pub(crate) const fn multiply(a: u128, b: u128) -> (u128, u128) {
    let (a_high, a_low) = (a >> 64, a & LOW);
    let (b_high, b_low) = (b >> 64, b & LOW);
    let low = a_low.wrapping_mul(b_low);
    let cross = a_high.wrapping_mul(b_low).wrapping_add(low >> 64);
    let other = a_low.wrapping_mul(b_high).wrapping_add(cross & LOW);
    let high = a_high
        .wrapping_mul(b_high)
        .wrapping_add(cross >> 64)
        .wrapping_add(other >> 64);
    (high, (other << 64) | (low & LOW))
}

/// Quotient and remainder; `None` where the quotient does not fit, or of a division by zero.
const fn divide((high, mut low): (u128, u128), by: u128) -> Option<(u128, u128)> {
    if high >= by {
        return None;
    }
    // Nearly all amounts are small enough for this, which is many times faster.
    if high == 0 {
        return match (low.checked_div(by), low.checked_rem(by)) {
            (Some(quotient), Some(remainder)) => Some((quotient, remainder)),
            _ => None,
        };
    }
    let (mut remainder, mut quotient) = (high, 0u128);
    let mut bits = 0;
    while bits < u128::BITS {
        // The bit that leaves `remainder` is the 129th of a number below twice `by`: subtracting brings it back within 128.
        let carry = remainder >> 127;
        remainder = (remainder << 1) | (low >> 127);
        low <<= 1;
        quotient <<= 1;
        if carry == 1 || remainder >= by {
            remainder = remainder.wrapping_sub(by);
            quotient |= 1;
        }
        bits = u32::saturating_add(bits, 1);
    }
    Some((quotient, remainder))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_product_of_two_whole_words_divides_back() {
        let max = u128::MAX;
        assert_eq!(proportion_rounded_down(max, max, max), Some(max));
        assert_eq!(proportion_rounded_up(max, max - 1, max), Some(max - 1));
        assert_eq!(proportion_rounded_down(max, 2, 1), None);
        assert_eq!(proportion_rounded_down(1, 1, 0), None);
        assert_eq!(proportion_rounded_up(max, max, max - 1), None);
    }

    proptest! {
        #[test]
        fn agrees_with_plain_arithmetic_where_that_fits(amount: u64, part: u64, whole in 1..u128::MAX) {
            let product = u128::from(amount) * u128::from(part);
            let (amount, part) = (amount.into(), part.into());
            prop_assert_eq!(proportion_rounded_down(amount, part, whole), Some(product / whole));
            prop_assert_eq!(proportion_rounded_up(amount, part, whole), Some(product.div_ceil(whole)));
        }

        #[test]
        fn quotient_and_remainder_make_the_product(a: u128, b: u128, by in 1..u128::MAX) {
            let product = multiply(a, b);
            if let Some((quotient, remainder)) = divide(product, by) {
                prop_assert!(remainder < by);
                let (high, low) = multiply(quotient, by);
                let (low, carry) = low.overflowing_add(remainder);
                prop_assert_eq!((high + u128::from(carry), low), product);
            } else {
                prop_assert!(product.0 >= by);
            }
        }
    }
}
