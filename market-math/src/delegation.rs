//! Stake that others put behind a solver: a pool cut into shares.
//!
//! A pool has a value in stake and a number of shares; a share is worth `value / shares`. A slash lowers the value and leaves
//! the shares alone, so that it reaches everybody in proportion at once, however many they are. Money that is earned does not
//! enter the value: it is counted per share in the fixed point of [`REWARD_POINT`]. Everything is rounded so that what
//! rounding leaves stays in the pool: nobody can be paid more than went in.

use crate::ppm::{self, WHOLE};

/// Fraction bits of a reward per share.
pub const REWARD_POINT: u32 = 64;
/// 1 in that fixed point.
const REWARD_ONE: u128 = 1 << REWARD_POINT;
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
const fn multiply(a: u128, b: u128) -> (u128, u128) {
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

/// What so many shares of a pool are worth, rounded down. Nothing where there are no shares.
pub const fn worth(part: u128, value: u128, shares: u128) -> u128 {
    // The common case, in which nobody leaves, is spared the long division.
    if part == shares && shares > 0 {
        return value;
    }
    match proportion_rounded_down(value, part, shares) {
        Some(worth) => worth,
        None => 0,
    }
}

/// Shares for stake that enters, rounded down; the first are one for each unit. `None` where the pool has shares that are
/// worth nothing, or so many that the number does not fit.
pub const fn shares_for(amount: u128, value: u128, shares: u128) -> Option<u128> {
    if shares == 0 {
        return Some(amount);
    }
    proportion_rounded_down(amount, shares, value)
}

/// The fewest shares that are worth `amount`, rounded up; all of them where that is not enough.
pub const fn shares_worth(amount: u128, value: u128, shares: u128) -> u128 {
    match proportion_rounded_up(amount, shares, value) {
        Some(needed) if needed < shares => needed,
        _ => shares,
    }
}

/// How much of the delegated stake counts beside the solver's own: at most `factor` times as much.
pub const fn counted(delegated: u128, own: u128, factor: u32) -> u128 {
    let limit = own.saturating_mul(factor as u128);
    if delegated < limit {
        delegated
    } else {
        limit
    }
}

/// The parts of a slash; they sum to it exactly.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SlashParts {
    /// What the solver bears.
    pub own: u128,
    /// What those who delegated bear.
    pub delegated: u128,
}

/// Shares out a slash between the solver's own stake and what was delegated to it, in proportion; of the latter only so much is
/// weighed as [`counted`] says, so that the solver bears at least `1 / (1 + factor)` while it has it. The delegated part is rounded
/// down. What the own stake cannot bear falls to the delegated.
pub const fn slash_parts(amount: u128, own: u128, delegated: u128, factor: u32) -> SlashParts {
    let counted = counted(delegated, own, factor);
    let part = worth(amount, counted, own.saturating_add(counted));
    let borne = amount.saturating_sub(part);
    let borne = if borne < own { borne } else { own };
    SlashParts {
        own: borne,
        delegated: amount.saturating_sub(borne),
    }
}

/// The part of a payment that belongs to those who delegated `counted` beside the solver's `own` stake, after its commission.
/// Rounded down twice, so that the solver has the remainder.
pub const fn rewards(payment: u128, own: u128, counted: u128, commission_ppm: u32) -> u128 {
    let share = worth(payment, counted, own.saturating_add(counted));
    ppm::times_rounded_down(share, WHOLE.saturating_sub(commission_ppm))
}

/// What `arrived` adds to the reward of each of so many shares, and how much of it that hands out: the rest is dust that waits for
/// more. `None` where there are no shares.
pub const fn reward_per_share(arrived: u128, shares: u128) -> Option<(u128, u128)> {
    match proportion_rounded_down(arrived, REWARD_ONE, shares) {
        Some(per_share) => match proportion_rounded_up(per_share, shares, REWARD_ONE) {
            Some(handed_out) => Some((per_share, handed_out)),
            None => None,
        },
        None => None,
    }
}

/// What so many shares have earned while the reward per share rose by `risen`, rounded down.
pub const fn earned(shares: u128, risen: u128) -> u128 {
    worth(shares, risen, REWARD_ONE)
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

    #[test]
    fn nobody_enters_a_pool_that_was_slashed_to_nothing() {
        assert_eq!(shares_for(5, 0, 10), None);
        assert_eq!(shares_for(5, 0, 0), Some(5));
    }

    #[test]
    fn a_solver_with_little_of_its_own_bears_its_part_all_the_same() {
        assert_eq!(
            slash_parts(100, 1_000, 1_000, 4),
            SlashParts {
                own: 50,
                delegated: 50
            }
        );
        // A fifth, although it has a hundredth.
        assert_eq!(
            slash_parts(100, 1_000, 99_000, 4),
            SlashParts {
                own: 20,
                delegated: 80
            }
        );
        assert_eq!(
            slash_parts(100, 10, 1_000, 4),
            SlashParts {
                own: 10,
                delegated: 90
            }
        );
    }

    #[test]
    fn commission_is_kept_from_the_delegators_share_alone() {
        assert_eq!(rewards(1_000, 600, 400, 0), 400);
        assert_eq!(rewards(1_000, 600, 400, 100_000), 360);
        assert_eq!(rewards(1_000, 600, 0, 0), 0);
        assert_eq!(rewards(1_000, 0, 0, 0), 0);
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

        #[test]
        fn whoever_enters_and_leaves_gains_nothing(
            amount in 0..1u128 << 80, value in 1u128 << 60..1u128 << 90, shares in 1..1u128 << 100,
        ) {
            let bought = shares_for(amount, value, shares).unwrap();
            let back = worth(bought, value + amount, shares + bought);
            prop_assert!(back <= amount);
            // Nor do the others lose.
            prop_assert!(value + amount - back >= value);
        }

        #[test]
        fn shares_for_an_amount_are_worth_it_and_no_fewer_would_be(
            amount in 1..1u128 << 90, value in 1..1u128 << 90, shares in 1..1u128 << 100,
        ) {
            let needed = shares_worth(amount, value, shares);
            prop_assert!(needed <= shares);
            prop_assert!(worth(needed, value, shares) >= amount.min(value) || needed == shares);
            prop_assert!(needed == 0 || needed == shares || worth(needed - 1, value, shares) < amount);
        }

        #[test]
        fn the_parts_of_all_holders_never_exceed_the_pool(
            parts in prop::collection::vec(1..1u128 << 80, 1..20), value in 0..1u128 << 100,
        ) {
            let shares: u128 = parts.iter().sum();
            let sum: u128 = parts.iter().map(|part| worth(*part, value, shares)).sum();
            prop_assert!(sum <= value && value - sum <= parts.len() as u128);
        }

        #[test]
        fn parts_of_a_slash_sum_to_it_and_fit_the_stakes(
            own in 0..1u128 << 100, delegated in 0..1u128 << 100, factor in 1..100u32, share in 0..=WHOLE,
        ) {
            let amount = ppm::times_rounded_up(own + delegated, share);
            let parts = slash_parts(amount, own, delegated, factor);
            prop_assert_eq!(parts.own + parts.delegated, amount);
            prop_assert!(parts.own <= own && parts.delegated <= delegated);
            // In proportion, but never less than its part by the factor.
            prop_assert!(parts.own == own || parts.own * (1 + u128::from(factor)) >= amount);
        }

        #[test]
        fn a_greater_slash_lowers_nobodys_part(
            own in 0..1u128 << 90, delegated in 0..1u128 << 90, factor in 1..100u32, amount in 0..1u128 << 90, more in 0..1u128 << 90,
        ) {
            let (less, greater) = (slash_parts(amount, own, delegated, factor), slash_parts(amount + more, own, delegated, factor));
            prop_assert!(greater.own >= less.own && greater.delegated >= less.delegated);
        }

        #[test]
        fn rewards_are_a_part_of_the_payment_and_fall_with_commission(
            payment in 0..1u128 << 100, own in 0..1u128 << 100, stake in 0..1u128 << 100, commission in 0..=WHOLE, more in 0..=WHOLE,
        ) {
            let (low, high) = (commission.min(more), commission.max(more));
            prop_assert!(rewards(payment, own, stake, low) <= payment);
            prop_assert!(rewards(payment, own, stake, high) <= rewards(payment, own, stake, low));
            prop_assert_eq!(rewards(payment, own, stake, WHOLE), 0);
        }

        #[test]
        fn holders_never_earn_more_than_arrived(
            parts in prop::collection::vec(1..1u128 << 70, 1..20), arrivals in prop::collection::vec(0..1u128 << 80, 1..10),
        ) {
            let shares: u128 = parts.iter().sum();
            let (mut risen, mut waiting, mut handed_out) = (0u128, 0u128, 0u128);
            for arrived in &arrivals {
                waiting += arrived;
                let (step, paid) = reward_per_share(waiting, shares).unwrap();
                prop_assert!(paid <= waiting);
                waiting -= paid;
                handed_out += paid;
                risen += step;
            }
            let earned: u128 = parts.iter().map(|part| earned(*part, risen)).sum();
            prop_assert!(earned <= handed_out);
            // What is lost to rounding is less than a unit for each holder and each arrival, and what waits less than one for all.
            prop_assert!(handed_out - earned <= (parts.len() + arrivals.len()) as u128);
            prop_assert!(waiting <= shares >> REWARD_POINT);
        }
    }
}
