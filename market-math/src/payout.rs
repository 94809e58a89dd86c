//! How the price of an answered task is shared out.

use crate::ppm;

/// The shares of one price; they sum to it exactly.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Split {
    /// What the solver earns.
    pub solver: u128,
    /// What the model's publisher earns.
    pub royalty: u128,
    /// What the protocol takes.
    pub fee: u128,
}

/// Shares out `price`. Royalty and fee are rounded down, so that the solver has the remainder. Shares that together exceed
/// the whole are cut, the fee first.
pub const fn split(price: u128, royalty_ppm: u32, fee_ppm: u32) -> Split {
    let royalty = at_most(ppm::times_rounded_down(price, royalty_ppm), price);
    let after_royalty = price.saturating_sub(royalty);
    let fee = at_most(ppm::times_rounded_down(price, fee_ppm), after_royalty);
    Split {
        solver: after_royalty.saturating_sub(fee),
        royalty,
        fee,
    }
}

const fn at_most(amount: u128, limit: u128) -> u128 {
    if amount < limit {
        amount
    } else {
        limit
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_round_price_splits_into_round_shares() {
        assert_eq!(
            split(1_000, 100_000, 20_000),
            Split {
                solver: 880,
                royalty: 100,
                fee: 20
            }
        );
    }

    #[test]
    fn the_solver_has_what_rounding_leaves() {
        assert_eq!(
            split(9, 100_000, 100_000),
            Split {
                solver: 9,
                royalty: 0,
                fee: 0
            }
        );
    }

    proptest! {
        #[test]
        fn shares_sum_to_the_price(price: u128, royalty_ppm: u32, fee_ppm: u32) {
            let Split { solver, royalty, fee } = split(price, royalty_ppm, fee_ppm);
            let sum = solver.checked_add(royalty).and_then(|sum| sum.checked_add(fee));
            prop_assert_eq!(sum, Some(price));
        }

        #[test]
        fn royalty_and_fee_are_rounded_down(price in 0..1u128 << 64, royalty_ppm in 0..500_000u32, fee_ppm in 0..500_000u32) {
            let split = split(price, royalty_ppm, fee_ppm);
            prop_assert_eq!(split.royalty, price * royalty_ppm as u128 / 1_000_000);
            prop_assert_eq!(split.fee, price * fee_ppm as u128 / 1_000_000);
        }
    }
}
