//! What was paid in all, in whatever it was paid.

use super::{Currency, Money};
use crate::Amount;
use pensum_primitives::AssetId;
use std::collections::BTreeMap;

/// What was paid in all, by asset.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Paid(BTreeMap<Option<AssetId>, u128>);

impl Paid {
    /// With so much more.
    pub fn add(&mut self, asset: Option<AssetId>, units: u128) {
        let sum = self.0.entry(asset).or_default();
        *sum = sum.saturating_add(units);
    }

    /// What was paid in PEN.
    pub fn pen(&self) -> Amount {
        Amount(self.0.get(&None).copied().unwrap_or_default())
    }

    /// What was paid in other assets.
    pub fn assets(&self) -> Vec<(AssetId, Amount)> {
        let assets = self
            .0
            .iter()
            .filter_map(|(asset, units)| Some((asset.as_ref()?, units)));
        assets.map(|(asset, units)| (*asset, Amount(*units))).collect()
    }

    /// All of it for people.
    pub fn text(&self, currencies: &Currencies) -> String {
        let sums: Vec<String> = self
            .0
            .iter()
            .map(|(asset, units)| currencies.money(*asset, *units).to_string())
            .collect();
        match sums.is_empty() {
            true => Amount(0).to_string(),
            false => sums.join(" and "),
        }
    }
}

impl FromIterator<(Option<AssetId>, u128)> for Paid {
    fn from_iter<I: IntoIterator<Item = (Option<AssetId>, u128)>>(payments: I) -> Self {
        let mut paid = Self::default();
        for (asset, units) in payments {
            paid.add(asset, units);
        }
        paid
    }
}

/// The assets that some answers name.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Currencies(BTreeMap<AssetId, Currency>);

impl Currencies {
    /// So much of an asset, in its smallest unit.
    pub fn money(&self, asset: Option<AssetId>, units: u128) -> Money {
        self.of(asset).units(units)
    }

    /// How an asset is called.
    pub fn symbol(&self, asset: AssetId) -> String {
        self.of(Some(asset)).symbol().into()
    }

    fn of(&self, asset: Option<AssetId>) -> Currency {
        match asset {
            None => Currency::Pen,
            // In its smallest unit, if nothing is known of it.
            Some(id) => self
                .0
                .get(&id)
                .cloned()
                .unwrap_or_else(|| Currency::asset(id, &[], 0)),
        }
    }
}

impl FromIterator<Currency> for Currencies {
    fn from_iter<I: IntoIterator<Item = Currency>>(currencies: I) -> Self {
        let named = currencies
            .into_iter()
            .filter_map(|currency| Some((currency.id()?, currency)));
        Self(named.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn payments_are_summed_by_asset() {
        let paid: Paid = [(None, 3), (Some(1), 50_000), (None, 4)].into_iter().collect();
        assert_eq!(
            (paid.pen(), paid.assets()),
            (Amount(7), vec![(1, Amount(50_000))])
        );
        let known = Currencies::from_iter([Currency::asset(1, b"tUSD", 6)]);
        assert_eq!(paid.text(&known), "0.000007 µPEN and 0.05 tUSD");
        assert_eq!(
            paid.text(&Currencies::default()),
            "0.000007 µPEN and 50000 asset-1"
        );
        assert_eq!(Paid::default().text(&known), "0 PEN");
    }
}
