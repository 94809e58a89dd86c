//! Assets by the names that people give them, and what accounts have of them.

use super::{units_worth, Currencies, Currency, Money, StableUnit, PEN};
use crate::{chain::At, view::ListedAsset, Amount, Chain, Error};
use pensum_primitives::AssetId;
use std::collections::btree_map::{BTreeMap, Entry};
use subxt::{dynamic::Value, ext::scale_decode::DecodeAsType};

#[derive(DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct Metadata {
    symbol: Vec<u8>,
    decimals: u8,
}

#[derive(DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct Holding {
    balance: u128,
}

#[derive(DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct Details {
    min_balance: u128,
}

impl Chain {
    /// What `name` means: `PEN`, the symbol of a listed asset, or the id of any.
    pub async fn find_currency(&self, name: &str) -> Result<Currency, Error> {
        if name.eq_ignore_ascii_case(PEN) {
            return Ok(Currency::Pen);
        }
        if let Ok(id) = name.parse::<AssetId>() {
            return self.currency(Some(id)).await;
        }
        choose(name, &self.rpc.assets().await?)
    }

    /// The asset with this id; none is PEN.
    pub async fn currency(&self, asset: Option<AssetId>) -> Result<Currency, Error> {
        let Some(id) = asset else {
            return Ok(Currency::Pen);
        };
        // What is listed keeps the decimals that it was listed with, whatever its metadata says later.
        let listed = self.rpc.assets().await?;
        if let Some(listed) = listed.iter().find(|listed| listed.asset == id) {
            return Ok(listed.currency());
        }
        let (at, key) = (self.best().await?, || vec![Value::u128(id.into())]);
        let exists: Option<Details> = self.entry(&at, "Assets", "Asset", key()).await?;
        if exists.is_none() {
            return Err(unknown(&id.to_string()));
        }
        let described: Option<Metadata> = self.entry(&at, "Assets", "Metadata", key()).await?;
        Ok(match described {
            Some(described) => Currency::asset(id, &described.symbol, described.decimals),
            None => Currency::asset(id, &[], 0),
        })
    }

    /// The assets with these ids.
    pub async fn currencies(
        &self,
        assets: impl IntoIterator<Item = Option<AssetId>>,
    ) -> Result<Currencies, Error> {
        let mut known = BTreeMap::new();
        for id in assets.into_iter().flatten() {
            if let Entry::Vacant(place) = known.entry(id) {
                match self.currency(Some(id)).await {
                    Ok(currency) => {
                        place.insert(currency);
                    }
                    // An asset can be destroyed; what was paid with it was paid.
                    Err(error) if error.code == UNKNOWN => (),
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(known.into_values().collect())
    }

    /// The stable unit, if governance has named one.
    pub async fn stable_unit(&self) -> Result<Option<StableUnit>, Error> {
        let listed = self.rpc.assets().await?;
        let stable = listed.iter().find(|listed| listed.stable);
        Ok(stable.map(StableUnit::of))
    }

    /// How much of an asset is worth so much PEN: exactly as much where it is PEN itself, else a little more, because the rate can
    /// move until the block that takes it.
    pub async fn worth_in(&self, pen: Amount, currency: &Currency) -> Result<Money, Error> {
        const HEADROOM_PERCENT: u128 = 2;
        let cost = self.cost_in(pen, currency).await?;
        Ok(match currency {
            Currency::Pen => cost,
            Currency::Asset { .. } => cost.plus(cost.units.saturating_mul(HEADROOM_PERCENT).div_ceil(100)),
        })
    }

    /// How much of an asset is worth so much PEN now.
    pub async fn cost_in(&self, pen: Amount, currency: &Currency) -> Result<Money, Error> {
        let Some(id) = currency.id() else {
            return Ok(pen.into());
        };
        let listed = self.rpc.assets().await?;
        let listed = listed.iter().find(|listed| listed.asset == id);
        let units = listed
            .and_then(|listed| units_worth(pen, listed))
            .ok_or_else(|| {
                Error::refused(
                    "client.NoRate",
                    format!(
                        "{} has no rate now, so that nobody knows how much of it is {pen}.",
                        currency.symbol()
                    ),
                    "See `pensum assets list`, and pay with another asset, or later.",
                )
            })?;
        Ok(currency.units(units))
    }

    /// What an account can spend of an asset at a block: what is frozen or on hold, and what keeps it alive, stays.
    pub async fn spendable_of(
        &self,
        at: &At,
        account: [u8; 32],
        currency: &Currency,
    ) -> Result<Money, Error> {
        let Some(id) = currency.id() else {
            return Ok(self.spendable(at, account).await?.into());
        };
        let id = || Value::u128(id.into());
        let keys = vec![id(), Value::from_bytes(account)];
        let held: Option<Holding> = self.entry(at, "Assets", "Account", keys).await?;
        let details: Option<Details> = self.entry(at, "Assets", "Asset", vec![id()]).await?;
        let least = details.map_or(0, |details| details.min_balance);
        let balance = held.map_or(0, |held| held.balance);
        Ok(currency.units(balance.saturating_sub(least)))
    }
}

const UNKNOWN: &str = "client.UnknownAsset";

fn unknown(name: &str) -> Error {
    Error::refused(
        UNKNOWN,
        format!("No asset is called `{name}`."),
        "See `pensum assets list`, and name it by its symbol or id.",
    )
}

fn choose(name: &str, listed: &[ListedAsset]) -> Result<Currency, Error> {
    let currencies = listed.iter().map(ListedAsset::currency);
    let found: Vec<Currency> = currencies.filter(|currency| currency.symbol() == name).collect();
    match found.as_slice() {
        [currency] => Ok(currency.clone()),
        [] => Err(unknown(name)),
        several => Err(Error::usage(
            "AmbiguousAsset",
            format!("{} listed assets are called `{name}`.", several.len()),
            "Name the one you mean by its id: see `pensum assets list`.",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn listed(asset: AssetId, symbol: &str) -> ListedAsset {
        serde_json::from_value(json!({
            "asset": asset, "symbol": symbol, "decimals": 6, "worth": null, "sampled_at": 7, "stable": true,
        }))
        .unwrap()
    }

    #[test]
    fn an_asset_is_named_by_its_symbol_unless_two_have_it() {
        let assets = [listed(1, "tUSD"), listed(2, "EURX"), listed(3, "EURX")];
        assert_eq!(choose("tUSD", &assets).unwrap().id(), Some(1));
        assert_eq!(choose("EURX", &assets).unwrap_err().code, "usage.AmbiguousAsset");
        assert_eq!(choose("none", &assets).unwrap_err().code, UNKNOWN);
    }
}
