//! What a unit of gas may cost. Pure arithmetic: what is asked of the node comes in as numbers.

use crate::{config::Gas, Fault};

/// What one transaction offers for a unit of gas, in wei.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fees {
    /// At most, in all.
    pub max_fee: u128,
    /// The block author's part.
    pub tip: u128,
}

impl Fees {
    /// For a new transaction: enough for the base fee to double, within the operator's limit.
    pub fn new(gas: &Gas, base_fee: u128, asked_tip: u128) -> Result<Self, Fault> {
        let tip = gas.priority_fee.unwrap_or(asked_tip);
        let needed = base_fee.saturating_add(tip);
        if needed > gas.max_fee {
            return Err(too_dear(needed, gas.max_fee));
        }
        Ok(Self {
            max_fee: base_fee.saturating_mul(2).saturating_add(tip).min(gas.max_fee),
            tip,
        })
    }

    /// For a transaction in the place of another: what a new one would offer, but so much more than the old one that nodes take it.
    pub fn replacing(gas: &Gas, base_fee: u128, asked_tip: u128, old: Self) -> Result<Self, Fault> {
        let fresh = Self::new(gas, base_fee, asked_tip)?;
        let max_fee = fresh.max_fee.max(raised(old.max_fee, gas.bump_percent));
        if max_fee > gas.max_fee {
            return Err(too_dear(max_fee, gas.max_fee));
        }
        let tip = fresh.tip.max(raised(old.tip, gas.bump_percent));
        Ok(Self {
            max_fee,
            tip: tip.min(max_fee),
        })
    }
}

/// Rounded up: nodes compare with the exact part.
fn raised(fee: u128, percent: u64) -> u128 {
    let more = fee.saturating_mul(percent.into()).div_ceil(100);
    fee.saturating_add(more.max(1))
}

fn too_dear(needed: u128, limit: u128) -> Fault {
    let gwei = |wei: u128| wei as f64 / 1e9;
    Fault::TooDear(format!(
        "Gas costs {} gwei, of {} that gas.max_fee_gwei allows.",
        gwei(needed),
        gwei(limit)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::time::Duration;

    fn gas(max_fee: u128, priority_fee: Option<u128>) -> Gas {
        Gas {
            max_fee,
            priority_fee,
            max_gas: 1_000_000,
            limit_percent: 125,
            stuck: Duration::from_secs(60),
            bump_percent: 15,
        }
    }

    #[test]
    fn a_spike_above_the_limit_waits() {
        let gas = gas(100, None);
        assert!(matches!(Fees::new(&gas, 99, 2), Err(Fault::TooDear(_))));
        assert_eq!(Fees::new(&gas, 98, 2), Ok(Fees { max_fee: 100, tip: 2 }));
        assert_eq!(Fees::new(&gas, 10, 2), Ok(Fees { max_fee: 22, tip: 2 }));
    }

    #[test]
    fn the_operators_tip_goes_before_the_nodes() {
        let fees = Fees::new(&gas(100, Some(5)), 10, 90).unwrap();
        assert_eq!(fees, Fees { max_fee: 25, tip: 5 });
    }

    proptest! {
        #[test]
        fn a_replacement_pays_enough_more_or_waits(
            base in 0u128..1_000_000, asked in 0u128..100_000, limit in 1u128..2_000_000,
            max_fee in 1u128..2_000_000, tip in 0u128..100_000,
        ) {
            let old = Fees { max_fee, tip: tip.min(max_fee) };
            match Fees::replacing(&gas(limit, None), base, asked, old) {
                Ok(new) => {
                    prop_assert!(new.max_fee <= limit);
                    prop_assert!(new.tip <= new.max_fee);
                    prop_assert!(new.max_fee * 100 >= old.max_fee * 115);
                    prop_assert!(new.tip * 100 >= old.tip * 115 || new.tip == new.max_fee);
                    prop_assert!(new.max_fee >= base + asked.min(new.tip));
                }
                Err(Fault::TooDear(_)) => (),
                Err(other) => prop_assert!(false, "{other}"),
            }
        }
    }
}
