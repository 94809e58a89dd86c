//! What PEN and assets are worth in each other.

use super::{Currency, Money};
use crate::{amount::STABLE_DECIMALS, view::ListedAsset, Amount};
use market_math::ratio::{proportion_rounded_down, proportion_rounded_up};

/// The unit in which offers can be quoted that shall not move with PEN, and what it is worth now.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StableUnit {
    /// 10⁻¹² of a whole unit is its smallest, whatever decimals the asset itself has.
    currency: Currency,
    /// A whole unit's worth in PEN; none while there is no rate.
    worth: Option<u128>,
}

impl StableUnit {
    /// That of a listed asset.
    pub fn of(listed: &ListedAsset) -> Self {
        Self {
            currency: Currency::asset(listed.asset, listed.symbol.as_bytes(), STABLE_DECIMALS as u8),
            worth: listed.worth.map(|worth| worth.0),
        }
    }

    /// The asset that it counts in.
    pub fn currency(&self) -> &Currency {
        &self.currency
    }

    /// What 10⁻¹² of it is worth in PEN, as a fraction; none while there is no rate.
    pub fn rate(&self) -> Option<(u128, u128)> {
        let smallest = 10u128.pow(STABLE_DECIMALS);
        self.worth
            .filter(|worth| *worth > 0)
            .map(|worth| (worth, smallest))
    }

    /// What an amount of PEN is worth in it, in 10⁻¹²; none while there is no rate.
    pub fn worth_of(&self, pen: u128) -> Option<Money> {
        let (worth, of) = self.rate()?;
        let units = proportion_rounded_down(pen, of, worth)?;
        Some(self.currency.units(units))
    }
}

/// Fewest smallest units of a listed asset that are worth so much PEN, by the worth of a whole unit.
pub fn units_worth(pen: Amount, listed: &ListedAsset) -> Option<u128> {
    let whole = 10u128.checked_pow(listed.decimals.into())?;
    proportion_rounded_up(pen.0, whole, listed.worth?.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn listed(worth: Option<&str>) -> ListedAsset {
        serde_json::from_value(json!({
            "asset": 1, "symbol": "tUSD", "decimals": 6, "worth": worth, "sampled_at": 7, "stable": true,
        }))
        .unwrap()
    }

    #[test]
    fn a_stable_unit_is_worth_what_its_asset_is() {
        // Half a PEN.
        let asset = listed(Some("500000000000"));
        let unit = StableUnit::of(&asset);
        let worth = unit.worth_of(crate::amount::PEN).unwrap();
        assert_eq!(worth.to_string(), "2 tUSD");
        assert_eq!(units_worth(Amount(crate::amount::PEN), &asset), Some(2_000_000));
        assert_eq!(units_worth(Amount(1), &asset), Some(1), "never for nothing");
        let silent = StableUnit::of(&listed(None));
        assert_eq!((silent.rate(), silent.worth_of(1)), (None, None));
    }
}
