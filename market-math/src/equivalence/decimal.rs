//! Decimal numbers, exactly as they are written: no float, no rounding.

use crate::ppm::{self, WHOLE};

/// Most digits a number may have to be compared under a tolerance, zeros around it not counted: ten times as much still fits
/// 128 bits.
const MAX_DIGITS: usize = 36;
/// Largest power of ten that may be written behind an `e`. Nothing that is measured needs more, and it keeps exponents far from
/// the ends of their type.
const MAX_EXPONENT: i32 = 9_999;

/// A number in its shortest form: `0.digits × 10^exponent`, without zeros at either end of the digits; zero has none.
#[derive(Clone, Copy, Debug)]
pub(super) struct Decimal<'a> {
    pub(super) negative: bool,
    pub(super) exponent: i32,
    /// The digits, in two pieces since there may be a point between them.
    whole: &'a [u8],
    fraction: &'a [u8],
}

impl<'a> Decimal<'a> {
    /// Reads a sign, digits with or without a point, and an exponent.
    pub(super) fn parse(text: &'a [u8]) -> Option<Self> {
        let (negative, text) = signed(text);
        let mut halves = text.splitn(2, |byte| matches!(byte, b'e' | b'E'));
        let mantissa = halves.next()?;
        let written_exponent = halves.next().map_or(Some(0), exponent)?;
        let mut halves = mantissa.splitn(2, |byte| *byte == b'.');
        let whole = halves.next()?;
        let fraction = halves.next().unwrap_or_default();
        let mut digits = whole.iter().chain(fraction).peekable();
        if digits.peek().is_none() || !digits.all(u8::is_ascii_digit) {
            return None;
        }
        let (mut whole, mut fraction) = (without_leading(whole), without_trailing(fraction));
        let mut point = i32::try_from(whole.len()).ok()?;
        if whole.is_empty() {
            let all = fraction.len();
            fraction = without_leading(fraction);
            point = i32::try_from(fraction.len())
                .ok()?
                .checked_sub(i32::try_from(all).ok()?)?;
        }
        if fraction.is_empty() {
            whole = without_trailing(whole);
        }
        let is_zero = whole.is_empty() && fraction.is_empty();
        Some(Self {
            negative: negative && !is_zero,
            exponent: if is_zero {
                0
            } else {
                written_exponent.checked_add(point)?
            },
            whole,
            fraction,
        })
    }

    /// The digits, as they are written.
    pub(super) fn digits(self) -> impl Iterator<Item = &'a u8> {
        self.whole.iter().chain(self.fraction)
    }
}

fn without_leading(digits: &[u8]) -> &[u8] {
    let zeros = digits.iter().take_while(|digit| **digit == b'0').count();
    digits.get(zeros..).unwrap_or_default()
}

fn without_trailing(digits: &[u8]) -> &[u8] {
    let zeros = digits.iter().rev().take_while(|digit| **digit == b'0').count();
    digits
        .get(..digits.len().saturating_sub(zeros))
        .unwrap_or_default()
}

fn signed(text: &[u8]) -> (bool, &[u8]) {
    match text.split_first() {
        Some((b'-', rest)) => (true, rest),
        Some((b'+', rest)) => (false, rest),
        _ => (false, text),
    }
}

fn exponent(text: &[u8]) -> Option<i32> {
    let (negative, digits) = signed(text);
    if digits.is_empty() {
        return None;
    }
    let size = digits.iter().try_fold(0i32, |sum, digit| {
        let digit = digit.is_ascii_digit().then(|| digit.wrapping_sub(b'0'))?;
        let sum = sum.checked_mul(10)?.checked_add(digit.into())?;
        (sum <= MAX_EXPONENT).then_some(sum)
    })?;
    Some(if negative { size.saturating_neg() } else { size })
}

/// A number that can be ordered and compared under a tolerance. The fields are in the order in which they decide: for a negative
/// number the other two are negated.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Number {
    sign: i8,
    exponent: i32,
    /// Of `MAX_DIGITS` digits, unless it is zero.
    mantissa: i128,
}

impl Number {
    /// Reads a decimal number with or without white space around it.
    pub(super) fn parse(text: &[u8]) -> Option<Self> {
        let decimal = Decimal::parse(text.trim_ascii())?;
        let count = decimal.digits().count();
        if count == 0 {
            return Some(Self {
                sign: 0,
                exponent: 0,
                mantissa: 0,
            });
        }
        if count > MAX_DIGITS {
            return None;
        }
        let zeros = core::iter::repeat(&b'0');
        let mantissa = decimal
            .digits()
            .chain(zeros)
            .take(MAX_DIGITS)
            .try_fold(0i128, |sum, digit| {
                sum.checked_mul(10)?.checked_add(digit.wrapping_sub(b'0').into())
            })?;
        Some(if decimal.negative {
            Self {
                sign: -1,
                exponent: decimal.exponent.saturating_neg(),
                mantissa: mantissa.saturating_neg(),
            }
        } else {
            Self {
                sign: 1,
                exponent: decimal.exponent,
                mantissa,
            }
        })
    }

    /// Whether the two differ by at most so many parts per million of the one nearer to zero. Never so for numbers on different
    /// sides of zero; nothing is near zero but zero.
    pub(super) fn is_near(&self, other: &Self, tolerance_ppm: u32) -> bool {
        if self.sign != other.sign {
            return false;
        }
        let (one, two) = (self.size(), other.size());
        let (low, high) = (one.min(two), one.max(two));
        // Within the whole of each other, the larger is at most twice the smaller; at two powers of ten apart it never is.
        let high_at_low_scale = match high.0.saturating_sub(low.0) {
            0 => high.1,
            1 => high.1.saturating_mul(10),
            _ => return false,
        };
        // Both are whole numbers, so that comparing with the allowance rounded down is exact.
        high_at_low_scale.saturating_sub(low.1) <= ppm::times_rounded_down(low.1, tolerance_ppm.min(WHOLE))
    }

    /// Exponent and mantissa of the number without its sign.
    fn size(&self) -> (i32, u128) {
        let exponent = self.exponent.saturating_mul(self.sign.into());
        (exponent, self.mantissa.unsigned_abs())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Sign, exponent and digits.
    fn decimal(text: &str) -> Option<(bool, i32, Vec<u8>)> {
        let decimal = Decimal::parse(text.as_bytes())?;
        Some((
            decimal.negative,
            decimal.exponent,
            decimal.digits().copied().collect(),
        ))
    }

    fn number(text: &str) -> Number {
        Number::parse(text.as_bytes()).unwrap()
    }

    #[test]
    fn the_same_number_reads_the_same_however_it_is_written() {
        for texts in [
            ["120", "1.2e2", "0120.000", "+12E+1"],
            ["-0.005", "-5e-3", "-.005", "-0.0050e0"],
            ["0", "-0", "0.000e99", ".0"],
        ] {
            let first = decimal(texts[0]).unwrap();
            for text in texts {
                assert_eq!(decimal(text).as_ref(), Some(&first), "{text}");
            }
        }
    }

    #[test]
    fn what_is_no_decimal_number_is_not_read() {
        for text in [
            "", ".", "-", "e5", "1e", "1e+", "1.2.3", "1e2e3", "0x10", "1 2", "inf", "NaN", "1_000", "--1",
            "1e10000", "１",
        ] {
            assert_eq!(decimal(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_of_more_than_36_digits_cannot_be_compared() {
        let digits = "1".repeat(36);
        assert!(Number::parse(digits.as_bytes()).is_some());
        assert!(Number::parse(format!("00{digits}000.00").as_bytes()).is_some());
        assert_eq!(Number::parse(format!("{digits}1").as_bytes()), None);
    }

    #[test]
    fn numbers_are_in_the_order_of_their_values() {
        let ascending = [
            "-2e3", "-1999.5", "-1", "-0.999", "0", "1e-9", "0.5", "1", "9.99", "10", "1e40",
        ];
        assert!(ascending.is_sorted_by(|one, next| number(one) < number(next)));
    }

    #[test]
    fn the_tolerance_is_of_the_smaller_one_and_exact() {
        for (one, other, ppm, near) in [
            ("100", "101", 10_000, true),
            ("100", "101.000000000000000000000000000001", 10_000, false),
            ("101", "100", 10_000, true),
            ("-100", "-101", 10_000, true),
            ("99.5", "100.5", 10_050, false),
            ("99.5", "100.5", 10_051, true),
            ("1", "2", 1_000_000, true),
            ("1", "2.1", 1_000_000, false),
            ("1", "2.1", u32::MAX, false),
            ("5", "-5", 1_000_000, false),
            ("0", "0.0000001", 1_000_000, false),
            ("0", "-0.0", 0, true),
            ("1.50", "1.5", 0, true),
            ("1e999", "1.0000001e999", 1, true),
        ] {
            assert_eq!(
                number(one).is_near(&number(other), ppm),
                near,
                "{one} {other} {ppm}"
            );
        }
    }

    proptest! {
        #[test]
        fn agrees_with_whole_numbers(one in 1..1u64 << 40, other in 1..1u64 << 40, ppm in 0..=WHOLE) {
            let (low, high) = (u128::from(one.min(other)), u128::from(one.max(other)));
            let near = (high - low) * 1_000_000 <= low * u128::from(ppm);
            let (one, other) = (number(&one.to_string()), number(&other.to_string()));
            prop_assert_eq!(one.is_near(&other, ppm), near);
            prop_assert_eq!(other.is_near(&one, ppm), near);
        }

        #[test]
        fn order_is_that_of_the_values(one: i64, other: i64, places in 0..20usize) {
            let point = |value: i64| number(&format!("{value}e-{places}"));
            prop_assert_eq!(point(one).cmp(&point(other)), one.cmp(&other));
        }

        #[test]
        fn nothing_panics(text: Vec<u8>) {
            if let Some(number) = Number::parse(&text) {
                prop_assert!(number.is_near(&number, 0));
            }
        }
    }
}
