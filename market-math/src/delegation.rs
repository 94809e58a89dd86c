//! Stake that others put behind a solver: a pool cut into shares.
//!
//! A pool has a value in stake and a number of shares; a share is worth `value / shares`. A slash lowers the value and leaves
//! the shares alone, so that it reaches everybody in proportion at once, however many they are. Money that is earned does not
//! enter the value: it is counted per share in the fixed point of [`REWARD_POINT`]. Everything is rounded so that what
//! rounding leaves stays in the pool: nobody can be paid more than went in.

use crate::{
    ppm::{self, WHOLE},
    ratio::{multiply, proportion_rounded_down, proportion_rounded_up},
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// Fraction bits of a reward per share.
pub const REWARD_POINT: u32 = 64;
/// 1 in that fixed point.
pub const REWARD_ONE: u128 = 1 << REWARD_POINT;

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

/// What `arrived` adds to the reward of each of so many shares, rounded down. `None` where there are no shares.
pub const fn reward_per_share(arrived: u128, shares: u128) -> Option<u128> {
    proportion_rounded_down(arrived, REWARD_ONE, shares)
}

/// What so many shares earn while the reward per share rises by `risen`, in whole units and the fraction bits beyond. `None` where
/// that does not fit.
const fn product(shares: u128, risen: u128) -> Option<(u128, u64)> {
    let (high, low) = multiply(shares, risen);
    if high >= REWARD_ONE {
        return None;
    }
    Some((high << REWARD_POINT | low >> REWARD_POINT, low as u64))
}

/// What so many shares have earned while the reward per share rose by `risen`, rounded down.
pub const fn earned(shares: u128, risen: u128) -> u128 {
    match product(shares, risen) {
        Some((whole, _)) => whole,
        None => 0,
    }
}

/// What is owed to the holders of shares, counted down to the fraction bits of a reward per share. So it is nothing again once all
/// have been paid, and the fraction of a unit that rounding takes from one of them is there for all.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, Default, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Owed {
    whole: u128,
    fraction: u64,
}

impl Owed {
    /// After the reward of each of so many shares rose by `risen`. `None` where that does not fit.
    pub const fn risen(self, shares: u128, risen: u128) -> Option<Self> {
        let Some((whole, fraction)) = product(shares, risen) else {
            return None;
        };
        let (fraction, carry) = self.fraction.overflowing_add(fraction);
        let Some(whole) = self.whole.checked_add(whole) else {
            return None;
        };
        match whole.checked_add(carry as u128) {
            Some(whole) => Some(Self { whole, fraction }),
            None => None,
        }
    }

    /// After what so many shares [`earned`] was counted for their holder in whole units, who loses the fraction beyond.
    pub const fn counted(self, shares: u128, risen: u128) -> Self {
        let lost = match product(shares, risen) {
            Some((_, fraction)) => fraction,
            None => 0,
        };
        let (fraction, borrow) = self.fraction.overflowing_sub(lost);
        Self {
            whole: self.whole.saturating_sub(borrow as u128),
            fraction,
        }
    }

    /// After so much was paid.
    pub const fn paid(self, amount: u128) -> Self {
        Self {
            whole: self.whole.saturating_sub(amount),
            fraction: self.fraction,
        }
    }

    /// In whole units, rounded up.
    pub const fn rounded_up(self) -> u128 {
        self.whole.saturating_add((self.fraction > 0) as u128)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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
        fn holders_are_owed_what_arrived_and_nothing_once_all_are_paid(
            parts in prop::collection::vec(1..1u128 << 70, 1..20), arrivals in prop::collection::vec(0..1u128 << 80, 1..10),
        ) {
            let shares: u128 = parts.iter().sum();
            let (mut arrived, mut risen, mut owed) = (0u128, 0u128, Owed::default());
            for more in &arrivals {
                arrived += more;
                let step = reward_per_share(arrived - owed.rounded_up(), shares).unwrap();
                owed = owed.risen(shares, step).unwrap();
                prop_assert!(owed.rounded_up() <= arrived);
                risen += step;
            }
            // What waits is no more than the least reward per share hands out, in whole units: what is owed is counted rounded up, so the
            // fraction of a unit that a step before left over can wait with it.
            let waits = shares.div_ceil(REWARD_ONE);
            prop_assert!(arrived - owed.rounded_up() <= waits);
            for part in &parts {
                let earned = earned(*part, risen);
                owed = owed.counted(*part, risen).paid(earned);
                arrived = arrived.checked_sub(earned).unwrap();
            }
            prop_assert_eq!(owed, Owed::default());
            prop_assert!(arrived <= parts.len() as u128 + waits);
        }

        #[test]
        fn what_is_owed_refuses_what_does_not_fit(shares: u128, risen: u128, owed: u128) {
            let whole = proportion_rounded_down(shares, risen, REWARD_ONE);
            let owed = Owed { whole: owed, fraction: 0 };
            prop_assert_eq!(whole.unwrap_or(0), earned(shares, risen));
            let sum = whole.and_then(|whole| whole.checked_add(owed.whole));
            prop_assert_eq!(owed.risen(shares, risen).map(|owed| owed.whole), sum);
        }
    }
}
