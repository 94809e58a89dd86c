//! What a fault costs, and who gets it.

use crate::ppm::{self, WHOLE};

/// Slash for a task not answered in time: `share_ppm` of its bond, twice as much for each of the `repeats` (recent faults before
/// this one), until the whole bond is gone. Rounded up.
pub const fn timed_out(bond: u128, share_ppm: u32, repeats: u32) -> u128 {
    let mut share = at_most_whole(share_ppm);
    let mut left = repeats;
    while left > 0 && share > 0 && share < WHOLE {
        share = at_most_whole(share.saturating_mul(2));
        left = left.saturating_sub(1);
    }
    ppm::times_rounded_up(bond, share)
}

/// Slash for what was committed to and not revealed: `factor` times what silence would have cost, and at most the whole bond. Silence
/// is an accident; this hides an answer after seeing those of others.
pub const fn unrevealed(bond: u128, share_ppm: u32, factor: u32, repeats: u32) -> u128 {
    let slash = timed_out(bond, share_ppm, repeats).saturating_mul(factor as u128);
    if slash < bond {
        slash
    } else {
        bond
    }
}

/// Slash for an answer proven wrong: the whole task bond and a share of the stake that remains beside it. Rounded up, and
/// never more than `bond + stake`.
pub const fn wrong(bond: u128, stake: u128, share_ppm: u32) -> u128 {
    let share = if share_ppm < WHOLE {
        ppm::times_rounded_up(stake, share_ppm)
    } else {
        stake
    };
    bond.saturating_add(share)
}

/// The shares of one slash; they sum to it exactly.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SlashSplit {
    /// For the requester that was harmed.
    pub harmed: u128,
    /// For whoever repaired the damage or proved the fault.
    pub repairer: u128,
    /// For the treasury.
    pub treasury: u128,
}

/// Shares out a slash: first the harmed, then the repairer, each rounded down and cut to what is left; the treasury has the
/// remainder, and the repairer's share too where nobody repaired.
pub const fn split(amount: u128, harmed_ppm: u32, repairer_ppm: u32, has_repairer: bool) -> SlashSplit {
    let harmed = share_within(amount, harmed_ppm, amount);
    let after_harmed = amount.saturating_sub(harmed);
    let repairer = if has_repairer {
        share_within(amount, repairer_ppm, after_harmed)
    } else {
        0
    };
    SlashSplit {
        harmed,
        repairer,
        treasury: after_harmed.saturating_sub(repairer),
    }
}

const fn at_most_whole(share_ppm: u32) -> u32 {
    if share_ppm < WHOLE {
        share_ppm
    } else {
        WHOLE
    }
}

const fn share_within(amount: u128, share_ppm: u32, limit: u128) -> u128 {
    let share = ppm::times_rounded_down(amount, share_ppm);
    if share < limit {
        share
    } else {
        limit
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn each_repeat_costs_more_until_the_bond_is_gone() {
        let slashes: Vec<u128> = (0..7).map(|repeats| timed_out(1_000, 100_000, repeats)).collect();
        assert_eq!(slashes, [100, 200, 400, 800, 1_000, 1_000, 1_000]);
        assert_eq!(timed_out(1_000, 0, u32::MAX), 0);
        assert_eq!(timed_out(1_000, u32::MAX, 0), 1_000);
    }

    #[test]
    fn hiding_an_answer_costs_twice_what_silence_costs() {
        let slashes: Vec<u128> = (0..5)
            .map(|repeats| unrevealed(1_000, 100_000, 2, repeats))
            .collect();
        assert_eq!(slashes, [200, 400, 800, 1_000, 1_000]);
    }

    #[test]
    fn a_wrong_answer_costs_the_bond_and_a_share_of_the_rest() {
        assert_eq!(wrong(1_000, 9_001, 100_000), 1_901);
        assert_eq!(wrong(1_000, 9_001, u32::MAX), 10_001);
    }

    #[test]
    fn the_treasury_has_the_share_of_a_missing_repairer() {
        assert_eq!(
            split(1_000, 500_000, 300_000, true),
            SlashSplit {
                harmed: 500,
                repairer: 300,
                treasury: 200
            }
        );
        assert_eq!(
            split(1_000, 500_000, 300_000, false),
            SlashSplit {
                harmed: 500,
                repairer: 0,
                treasury: 500
            }
        );
    }

    #[test]
    fn shares_above_the_whole_are_cut_the_repairer_first() {
        assert_eq!(
            split(1_000, 800_000, 800_000, true),
            SlashSplit {
                harmed: 800,
                repairer: 200,
                treasury: 0
            }
        );
    }

    proptest! {
        #[test]
        fn a_late_answer_never_costs_more_than_its_bond(bond: u128, share_ppm in 1..=u32::MAX, repeats: u32) {
            let slash = timed_out(bond, share_ppm, repeats);
            prop_assert!(slash <= bond);
            prop_assert!(bond == 0 || slash > 0);
            prop_assert!(slash <= timed_out(bond, share_ppm, repeats.saturating_add(1)));
        }

        #[test]
        fn hiding_never_costs_less_than_silence_nor_more_than_the_bond(
            bond: u128, share_ppm: u32, factor in 1..=u32::MAX, repeats: u32,
        ) {
            let slash = unrevealed(bond, share_ppm, factor, repeats);
            prop_assert!(slash <= bond);
            prop_assert!(slash >= timed_out(bond, share_ppm, repeats));
            prop_assert!(slash <= unrevealed(bond, share_ppm, factor, repeats.saturating_add(1)));
        }

        #[test]
        fn a_wrong_answer_costs_at_least_the_bond_and_at_most_everything(
            bond in 0..1u128 << 100, stake in 0..1u128 << 100, share_ppm: u32,
        ) {
            let slash = wrong(bond, stake, share_ppm);
            prop_assert!(slash >= bond);
            prop_assert!(slash <= bond + stake);
            prop_assert!(slash >= unrevealed(bond, share_ppm, 2, share_ppm));
        }

        #[test]
        fn shares_sum_to_the_slash(amount: u128, harmed_ppm: u32, repairer_ppm: u32, has_repairer: bool) {
            let split = split(amount, harmed_ppm, repairer_ppm, has_repairer);
            let sum = split.harmed.checked_add(split.repairer).and_then(|sum| sum.checked_add(split.treasury));
            prop_assert_eq!(sum, Some(amount));
            prop_assert!(has_repairer || split.repairer == 0);
        }
    }
}
