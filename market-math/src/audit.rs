//! Audits: how many nodes of a claimed answer's graph the chain must have opened so that cheating loses even when nobody
//! watches.
//!
//! An audit of *s* × *n* of the *n* nodes, drawn by lot, meets any one false node with probability *s*, however many nodes there
//! are: *s* is the **share**. Drawing only one node would meet it with probability 1 / *n*, and one false node is all that a
//! cheater needs: the first, replaced by a constant, after which the rest of the trace is the same for every task. For the same
//! reason every node must be as likely to be drawn as any other, cheap or dear. What the audits cost is the same share of one run.

use crate::ppm::{self, WHOLE};

const MILLION: u64 = WHOLE as u64;

/// The least share for which `share × slash ≥ gain × (1 + margin)`, where `slash` is what a conviction costs the cheater and
/// `gain` what an answer earns it beyond an honest one. Rounded up; the whole where even that is too little.
pub const fn share_ppm(gain: u128, slash: u128, margin_ppm: u32) -> u32 {
    let wanted = ppm::times_rounded_up(gain, WHOLE.saturating_add(margin_ppm));
    if wanted >= slash {
        return if wanted == 0 { 0 } else { WHOLE };
    }
    // Brought to a size that can be multiplied by a million, the one rounded up and the other down.
    let shift = 20u32.saturating_sub(slash.leading_zeros());
    let slash = slash.wrapping_shr(shift);
    let wanted = wanted.div_ceil(1u128.wrapping_shl(shift));
    let share = wanted.saturating_mul(WHOLE as u128).div_ceil(slash);
    if share < WHOLE as u128 {
        share as u32
    } else {
        WHOLE
    }
}

/// How many of `nodes` nodes to open: `share × nodes` on average over all values of `lot`, and never more than a whole node from it.
pub const fn openings(share_ppm: u32, nodes: u32, lot: u64) -> u32 {
    let share = if share_ppm < WHOLE { share_ppm } else { WHOLE };
    let wanted = (share as u64).saturating_mul(nodes as u64);
    let drawn = if lot % MILLION < wanted % MILLION { 1 } else { 0 };
    (wanted / MILLION).saturating_add(drawn) as u32
}

/// The probability that opening `opened` different nodes out of `nodes`, each as likely as any other, meets at least one of
/// `falsified` false ones. Rounded down.
pub const fn detection_ppm(nodes: u32, opened: u32, falsified: u32) -> u32 {
    const SCALE: u128 = 1_000_000_000_000;
    const SCALE_OF_A_MILLIONTH: u128 = 1_000_000;
    if nodes == 0 || falsified == 0 {
        return 0;
    }
    let mut missed = SCALE;
    let mut done = 0u32;
    while done < opened {
        let left = nodes.saturating_sub(done);
        let honest = left.saturating_sub(falsified);
        if honest == 0 {
            return WHOLE;
        }
        missed = missed.saturating_mul(honest as u128).div_ceil(left as u128);
        done = done.saturating_add(1);
    }
    (SCALE.saturating_sub(missed) / SCALE_OF_A_MILLIONTH) as u32
}

/// What an answer costs to make and to verify, relative to one honest run: the run itself, and the share of what opening every
/// node once would cost (executing it, hashing its weights and tensors). In the same unit of work; rounded up.
pub const fn cost_ppm(run: u128, opening_all: u128, share_ppm: u32) -> u128 {
    let share = if share_ppm < WHOLE { share_ppm } else { WHOLE };
    let opened = ppm::times_rounded_up(opening_all, share);
    let run = if run == 0 { 1 } else { run };
    opened
        .saturating_mul(WHOLE as u128)
        .div_ceil(run)
        .saturating_add(WHOLE as u128)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What the runtime is proposed to use: a conviction costs twenty times the price in bond, and the price.
    const PROPOSED: u32 = share_ppm(1_000_000, 21_000_000, 1_000_000);

    #[test]
    fn the_proposed_share_deters_twice_over_and_costs_less_than_a_tenth() {
        assert_eq!(PROPOSED, 95_239);
        for nodes in [1, 4, 13, 14, 100, 256] {
            let expected: u64 = (0..1_000_000)
                .map(|lot| u64::from(detection_ppm(nodes, openings(PROPOSED, nodes, lot), 1)))
                .sum();
            assert!(expected / 1_000_000 >= u64::from(PROPOSED) - 1, "{nodes} nodes");
        }
        assert!(cost_ppm(50_000_000, 50_000_000, PROPOSED) <= 1_100_000);
    }

    #[test]
    fn cheating_loses_even_if_a_friend_has_the_repairers_share() {
        let saved = 20 * 300_000;
        let loss = 21_000_000 - saved;
        assert!(ppm::times_rounded_down(loss, PROPOSED) > 1_000_000);
    }

    #[test]
    fn opening_one_node_of_many_would_deter_nobody() {
        let one = u128::from(detection_ppm(256, 1, 1));
        assert!(
            one * 21 < 1_000_000,
            "a false node among 256 pays even if every answer is audited"
        );
    }

    #[test]
    fn whoever_cannot_be_slashed_is_always_audited() {
        assert_eq!(share_ppm(1, 0, 0), WHOLE);
        assert_eq!(share_ppm(10, 10, 0), WHOLE);
        assert_eq!(share_ppm(0, 0, 0), 0);
    }

    #[test]
    fn two_false_nodes_are_met_more_than_once_and_a_half_as_often_as_one() {
        // Why a conviction of a node under audit names no rescuer, and needs to do so for single false nodes only.
        for opened in 1..=20 {
            assert!(detection_ppm(256, opened, 2) > detection_ppm(256, opened, 1) * 3 / 2);
        }
    }

    proptest! {
        #[test]
        fn cheating_loses_at_the_share_and_not_below_it(
            gain in 1..1u128 << 90, slash in 1..1u128 << 100, margin_ppm in 0..1_000_000_000u32,
        ) {
            let share = share_ppm(gain, slash, margin_ppm);
            let wanted = ppm::times_rounded_up(gain, WHOLE + margin_ppm);
            if share < WHOLE {
                prop_assert!(ppm::times_rounded_down(slash, share) >= wanted);
                prop_assert!(share == 1 || ppm::times_rounded_down(slash, share - 1) < wanted || slash >= 1 << 100);
            } else {
                prop_assert!(ppm::times_rounded_down(slash, WHOLE - 1) < wanted);
            }
        }

        #[test]
        fn amounts_of_any_size_err_to_the_safe_side(gain: u128, slash: u128, margin_ppm in 0..1_000_000_000u32) {
            let share = share_ppm(gain, slash, margin_ppm);
            prop_assert!(share <= WHOLE);
            prop_assert!(share == WHOLE || ppm::times_rounded_up(slash, share) >= gain);
        }

        #[test]
        fn a_greater_slash_or_a_smaller_gain_never_needs_a_greater_share(
            gain: u128, less: u128, slash: u128, more: u128, margin_ppm: u32,
        ) {
            let share = share_ppm(gain, slash, margin_ppm);
            prop_assert!(share_ppm(gain, slash.saturating_add(more), margin_ppm) <= share.saturating_add(1));
            prop_assert!(share_ppm(gain.saturating_sub(less), slash, margin_ppm) <= share);
        }

        #[test]
        fn openings_are_the_share_of_the_nodes_to_less_than_one(share in 0..=WHOLE, nodes in 0..=65_535u32, lot: u64) {
            let opened = u64::from(openings(share, nodes, lot)) * 1_000_000;
            let wanted = u64::from(share) * u64::from(nodes);
            prop_assert!(opened.abs_diff(wanted) < 1_000_000);
            prop_assert!(opened <= u64::from(nodes) * 1_000_000);
        }

        #[test]
        fn detection_is_that_of_drawing_without_putting_back(nodes in 1..=256u32, opened in 0..=300u32, false_ones in 0..=300u32) {
            let exact = 1.0 - (0..opened.min(nodes)).fold(1.0, |missed, done| {
                missed * f64::from(nodes.saturating_sub(done + false_ones)) / f64::from(nodes - done)
            });
            let found = f64::from(detection_ppm(nodes, opened, false_ones)) / 1e6;
            prop_assert!(found <= exact + 1e-9 && exact - found < 2e-6, "{} and {}", found, exact);
        }

        #[test]
        fn verification_costs_the_share_of_a_run(run in 1..1u128 << 80, times in 0..10u128, share: u32) {
            let cost = cost_ppm(run, run * times, share);
            let share = u128::from(share.min(WHOLE));
            prop_assert!(cost >= 1_000_000 + share * times);
            prop_assert!(cost <= 1_000_000 + share * times + 1_000_000u128.div_ceil(run) + 1);
        }
    }
}
