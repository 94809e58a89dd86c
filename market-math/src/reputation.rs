//! Reputation: the expected share of good verdicts, as a beta distribution whose evidence fades.
//!
//! Evidence is a mass of good and a mass of bad verdicts, each counted by its [`Weight`]. A verdict first fades what was
//! known by `weight / MEMORY`, then adds itself, so the total mass never exceeds [`MEMORY`] and old deeds are forgotten in
//! the measure in which new ones arrive: a dust-sized verdict neither teaches nor erases anything. The score is
//! `(good + 2) / (good + bad + 5)`.
//!
//! * A new solver stands at 400 000 ppm. Since a failure counts [`FAILURE`] times, a solver that fails more than about 27 %
//!   of its tasks ends below that; anybody better has more to lose by a fresh identity than to gain.
//! * Whitewashing (leaving, and joining again under a new name) costs the work that the stake could have done while it was
//!   unbonding. With the runtime's parameters that is more than the new name ever gains, for a solver with `MIN_BOND` and
//!   enough work, at every reward that such a bond covers, as long as a task binds its stake for 6 blocks at most; for usual
//!   rewards even for an hour. The tests have the model. Where work is slow and dear a longer unbonding period is needed.
//! * The score is bounded: between 2 / 133 and 130 / 133.
//! * It never falls on success and never rises on failure.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// One verdict of the greatest weight, in the fixed point of this module (2³²).
const UNIT: u64 = 1 << 32;
/// The most evidence kept: 128 verdicts of the greatest weight.
pub const MEMORY: u64 = UNIT << 7;
/// How many times a failure counts against a success.
pub const FAILURE: u64 = 4;
/// What part of its weight counts, as bad evidence, when a task is given back in time: one in four.
pub const DECLINED_PART: u64 = 4;

/// Evidence that everybody starts with, so that a first verdict does not decide everything.
const PRIOR_GOOD: u64 = 2 << 32;
const PRIOR_BAD: u64 = 3 << 32;

/// Fraction bits of the factor by which evidence fades.
const FADE_BITS: u32 = 62;
/// 1 in that fixed point.
const FADE_ONE: u64 = 1 << FADE_BITS;
/// `weight / MEMORY` in that fixed point is the weight shifted left by this (`MEMORY` is 2³⁹).
const WEIGHT_TO_FADE: u32 = FADE_BITS - 39;

/// How much one verdict counts: more for a greater reward, but ever less so and never above a fixed limit. One giant
/// reward cannot buy a reputation.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Weight(u64);

impl Weight {
    /// The greatest weight.
    pub const MAX: Self = Self(UNIT);

    /// `reward / (reward + half)` of the greatest weight, rounded down: a reward of `half` counts half. Amounts above 2⁹⁵
    /// count as 2⁹⁵.
    pub const fn of(reward: u128, half: u128) -> Self {
        let (reward, half) = (within_95_bits(reward), within_95_bits(half));
        // Below 2⁹⁵ × 2³², which fits; the quotient is at most 2³².
        match reward
            .saturating_mul(UNIT as u128)
            .checked_div(reward.saturating_add(half))
        {
            Some(weight) => Self(weight as u64),
            None => Self(0),
        }
    }
}

const fn within_95_bits(amount: u128) -> u128 {
    const LIMIT: u128 = 1 << 95;
    if amount < LIMIT {
        amount
    } else {
        LIMIT
    }
}

/// The reputation of one solver: 16 bytes.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Reputation {
    good: u64,
    bad: u64,
}

impl Default for Reputation {
    fn default() -> Self {
        Self::new()
    }
}

impl Reputation {
    /// Of a solver about which nothing is known.
    pub const fn new() -> Self {
        Self { good: 0, bad: 0 }
    }

    /// After a verdict `Agreed`.
    #[must_use]
    pub const fn agreed(self, weight: Weight) -> Self {
        self.agreed_n(weight, 1)
    }

    /// After `times` verdicts `Agreed` of the same weight; costs the same for any number of them.
    #[must_use]
    pub const fn agreed_n(self, weight: Weight, times: u32) -> Self {
        let kept = kept(weight.0, times);
        Self {
            good: towards_memory(self.good, kept),
            bad: fade(self.bad, kept),
        }
    }

    /// After a verdict `Wrong` or `TimedOut`.
    #[must_use]
    pub const fn failed(self, weight: Weight) -> Self {
        self.failed_n(weight, 1)
    }

    /// After `times` verdicts `Wrong` or `TimedOut` of the same weight.
    #[must_use]
    pub const fn failed_n(self, weight: Weight, times: u32) -> Self {
        self.blamed(weight.0.saturating_mul(FAILURE), times)
    }

    /// After the solver gave a task back in time.
    #[must_use]
    pub const fn declined(self, weight: Weight) -> Self {
        self.declined_n(weight, 1)
    }

    /// After the solver gave `times` tasks of the same weight back in time.
    #[must_use]
    pub const fn declined_n(self, weight: Weight, times: u32) -> Self {
        self.blamed(weight.0 / DECLINED_PART, times)
    }

    /// The expected share of good verdicts in parts per million, rounded down.
    pub const fn score_ppm(&self) -> u32 {
        let good = self.good.saturating_add(PRIOR_GOOD) as u128;
        let all = good
            .saturating_add(self.bad as u128)
            .saturating_add(PRIOR_BAD as u128);
        match good.saturating_mul(1_000_000).checked_div(all) {
            Some(score) => score as u32,
            None => 0,
        }
    }

    const fn blamed(self, weight: u64, times: u32) -> Self {
        let kept = kept(weight, times);
        Self {
            good: fade(self.good, kept),
            bad: towards_memory(self.bad, kept),
        }
    }
}

/// `(1 - weight / MEMORY)^times`: the part of the evidence that outlives so many verdicts. Rounded down.
const fn kept(weight: u64, times: u32) -> u64 {
    let mut base = FADE_ONE.saturating_sub(weight << WEIGHT_TO_FADE);
    let mut left = times;
    let mut product = FADE_ONE;
    while left > 0 {
        if left & 1 == 1 {
            product = fade(product, base);
        }
        base = fade(base, base);
        left >>= 1;
    }
    product
}

/// `evidence × kept`, rounded down.
const fn fade(evidence: u64, kept: u64) -> u64 {
    ((evidence as u128).saturating_mul(kept as u128) >> FADE_BITS) as u64
}

/// `evidence × kept + MEMORY × (1 - kept)`, rounded up: the sum of the geometric series that repeated verdicts add.
const fn towards_memory(evidence: u64, kept: u64) -> u64 {
    MEMORY.saturating_sub(fade(MEMORY.saturating_sub(evidence), kept))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn weight() -> impl Strategy<Value = Weight> {
        (0..=UNIT).prop_map(Weight)
    }

    /// Reputations that histories really lead to.
    fn reputation() -> impl Strategy<Value = Reputation> {
        proptest::collection::vec((0..3u8, weight(), 1..50u32), 0..20).prop_map(|history| {
            history
                .into_iter()
                .fold(Reputation::new(), |known, (kind, weight, times)| match kind {
                    0 => known.agreed_n(weight, times),
                    1 => known.failed_n(weight, times),
                    _ => known.declined_n(weight, times),
                })
        })
    }

    /// Where a solver ends that fails `failures` of every `cycle` tasks.
    fn after_long(failures: u32, cycle: u32) -> u32 {
        let mut known = Reputation::new();
        for task in 0..cycle * 400 {
            // Spread evenly, so that the end of the history is no better than its whole.
            let fails = (task * failures) / cycle != ((task + 1) * failures) / cycle;
            known = if fails {
                known.failed(Weight::MAX)
            } else {
                known.agreed(Weight::MAX)
            };
        }
        known.score_ppm()
    }

    #[test]
    fn memory_is_two_to_the_thirty_nine() {
        assert_eq!(MEMORY, 1 << 39);
    }

    #[test]
    fn a_new_solver_starts_below_the_middle() {
        assert_eq!(Reputation::new().score_ppm(), 400_000);
    }

    #[test]
    fn whitewashing_does_not_pay_unless_history_is_bad() {
        let fresh = Reputation::new().score_ppm();
        for failures in 0..=25 {
            assert!(after_long(failures, 100) > fresh, "{failures} % failures");
        }
        assert!(after_long(30, 100) < fresh);
        assert!(after_long(1, 100) > 900_000);
    }

    /// What a solver can ask for so many tasks in sum, if it always looks exactly as cheap as one of the best reputation that asks a
    /// million: its price is doubled at the worst. All its verdicts are `Agreed`, told in steps so small that the score hardly moves.
    fn income(mut known: Reputation, weight: Weight, tasks: u64) -> u128 {
        let step = (UNIT / weight.0 / 4).clamp(1, u64::from(u32::MAX));
        let (mut left, mut sum) = (tasks, 0);
        while left > 0 {
            let now = left.min(step);
            sum += u128::from(now) * 1_000_000_000_000 / u128::from(2_000_000 - known.score_ppm());
            known = known.agreed_n(weight, now as u32);
            left -= now;
        }
        sum
    }

    /// Whether working on under the old name earns more than a new one, for a solver with the least stake, always busy, in the
    /// parameters of the runtime (amounts in millionths of the token): a new name costs the work that the stake could have done while it
    /// was unbonding, or that as much more stake could do.
    fn staying_pays(known: Reputation, reward: u128, blocks_per_task: u64) -> bool {
        const MIN_BOND: u128 = 10_000_000;
        const MIN_TASK_BOND: u128 = 10_000;
        const BOND_FACTOR_PPM: u32 = 10_000_000;
        const HALF_WEIGHT_REWARD: u128 = 1_000;
        const UNBONDING: u64 = 600;
        let weight = Weight::of(reward, HALF_WEIGHT_REWARD);
        let at_once = MIN_BOND / crate::bond::task_bond(reward, MIN_TASK_BOND, BOND_FACTOR_PPM);
        let idle = at_once as u64 * UNBONDING / blocks_per_task;
        // Ten times the memory: by then the past is forgotten, and both earn the same for ever.
        let long = 10 * (MEMORY / weight.0);
        income(known, weight, idle + long) > income(Reputation::new(), weight, long)
    }

    #[test]
    fn whitewashing_costs_more_than_it_gains_even_from_the_worst() {
        let worst = Reputation::new().failed_n(Weight::MAX, u32::MAX);
        for reward in (0..7).map(|power| 10u128.pow(power)) {
            assert!(staying_pays(worst, reward, 6), "at a reward of {reward}");
        }
        // Of work that binds the stake for hours this is true only while the stake is far above the reward.
        assert!(staying_pays(worst, 1_000, 3_600));
        assert!(!staying_pays(worst, 1_000_000, 3_600));
    }

    #[test]
    fn one_giant_reward_buys_no_more_than_one_verdict() {
        let giant = Reputation::new().agreed(Weight::of(u128::MAX, 1));
        assert!(giant.score_ppm() <= 500_000);
    }

    #[test]
    fn dust_neither_teaches_nor_erases() {
        let known = Reputation::new().failed_n(Weight::MAX, 10);
        let washed = known.agreed_n(Weight::of(1, 1 << 60), 1_000_000);
        assert_eq!(washed.score_ppm(), known.score_ppm());
    }

    #[test]
    fn a_reward_of_half_counts_half() {
        assert_eq!(Weight::of(7, 7), Weight(UNIT / 2));
        assert_eq!(Weight::of(0, 7), Weight(0));
        assert_eq!(Weight::of(0, 0), Weight(0));
    }

    #[test]
    fn failing_everything_ends_at_the_lower_bound() {
        let worst = Reputation::new().failed_n(Weight::MAX, u32::MAX);
        assert_eq!(worst.score_ppm(), 2_000_000 / 133);
        let best = worst.agreed_n(Weight::MAX, u32::MAX);
        assert_eq!(best.score_ppm(), 130_000_000 / 133);
    }

    proptest! {
        #[test]
        fn whitewashing_costs_more_than_it_gains_whatever_the_past(known in reputation(), reward in 1..1_000_000u128) {
            prop_assert!(staying_pays(known, reward, 6));
        }

        #[test]
        fn weight_is_bounded_monotone_and_concave(reward in 0..1u128 << 80, step in 0..1u128 << 80, half in 1..1u128 << 80) {
            let [near, mid, far] = [0, 1, 2].map(|steps| Weight::of(reward + steps * step, half).0);
            prop_assert!(near <= mid && mid <= far && far <= UNIT);
            // Rounding may shift each of the two gains by one.
            prop_assert!(far - mid <= mid - near + 2);
        }

        #[test]
        fn evidence_and_score_stay_bounded(known in reputation()) {
            prop_assert!(known.good + known.bad <= MEMORY);
            prop_assert!((2_000_000 / 133..=130_000_000 / 133).contains(&known.score_ppm()));
        }

        #[test]
        fn success_never_lowers_and_failure_never_raises(known in reputation(), weight in weight(), times in 0..300u32) {
            let score = known.score_ppm();
            prop_assert!(known.agreed_n(weight, times).score_ppm() >= score);
            prop_assert!(known.failed_n(weight, times).score_ppm() <= score);
            prop_assert!(known.declined_n(weight, times).score_ppm() <= score);
        }

        #[test]
        fn declining_hurts_less_than_failing(known in reputation(), weight in weight()) {
            prop_assert!(known.declined(weight).score_ppm() >= known.failed(weight).score_ppm());
        }

        #[test]
        fn better_known_stays_better_after_the_same_verdict(a in reputation(), b in reputation(), weight in weight()) {
            let better = Reputation { good: a.good.max(b.good), bad: a.bad.min(b.bad) };
            prop_assert!(better.agreed(weight).score_ppm() >= a.agreed(weight).score_ppm());
            prop_assert!(better.failed(weight).score_ppm() >= a.failed(weight).score_ppm());
        }

        #[test]
        fn many_at_once_is_the_same_as_one_by_one(known in reputation(), weight in weight(), times in 0..200u32) {
            let at_once = known.agreed_n(weight, times);
            let one_by_one = (0..times).fold(known, |known, _| known.agreed(weight));
            prop_assert!(at_once.good.abs_diff(one_by_one.good) <= 1_024);
            prop_assert!(at_once.bad.abs_diff(one_by_one.bad) <= 1_024);
        }

        #[test]
        fn the_past_is_forgotten(one in reputation(), other in reputation()) {
            let (one, other) = (one.agreed_n(Weight::MAX, 2_000), other.agreed_n(Weight::MAX, 2_000));
            prop_assert!(one.score_ppm().abs_diff(other.score_ppm()) <= 1);
        }
    }
}
