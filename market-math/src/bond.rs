//! Stake behind a task.

use crate::ppm;

/// Stake that an assignment locks: `reward × factor`, rounded up, and at least `min_bond`. The factor may exceed the whole.
pub const fn task_bond(reward: u128, min_bond: u128, factor_ppm: u32) -> u128 {
    let bond = ppm::times_rounded_up(reward, factor_ppm);
    if bond < min_bond {
        min_bond
    } else {
        bond
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_fraction_of_the_smallest_unit_is_locked_whole() {
        assert_eq!(task_bond(1, 0, 1), 1);
        assert_eq!(task_bond(3, 0, 1_500_000), 5);
    }

    proptest! {
        #[test]
        fn never_below_the_minimum_nor_below_the_factor(
            reward in 0..1u128 << 90, min_bond in 0..1u128 << 90, factor_ppm: u32,
        ) {
            let bond = task_bond(reward, min_bond, factor_ppm);
            prop_assert!(bond >= min_bond);
            prop_assert!(bond * 1_000_000 >= reward * factor_ppm as u128);
            prop_assert!(bond == min_bond || (bond - 1) * 1_000_000 < reward * factor_ppm as u128);
        }

        #[test]
        fn grows_with_the_reward(reward: u128, more: u128, min_bond: u128, factor_ppm: u32) {
            let dearer = reward.saturating_add(more);
            prop_assert!(task_bond(reward, min_bond, factor_ppm) <= task_bond(dearer, min_bond, factor_ppm));
        }
    }
}
