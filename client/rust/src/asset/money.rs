//! Amounts of PEN and of assets.

use crate::{
    amount::{decimal, Sum},
    Amount, Error,
};
use pensum_primitives::AssetId;
use serde::{Serialize, Serializer};
use std::fmt;

/// How PEN is called where an asset is named.
pub const PEN: &str = "PEN";
/// Longest symbol that is shown: an asset's admin chooses it, and nobody else reads it first.
const MAX_SYMBOL: usize = 16;

/// PEN, or an asset of the chain.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Currency {
    /// The chain's own money.
    Pen,
    /// An asset.
    Asset {
        /// Its id.
        id: AssetId,
        /// How it is called here.
        symbol: String,
        /// Decimals of its whole unit.
        decimals: u32,
    },
}

impl Currency {
    /// An asset, by what it says of itself.
    pub fn asset(id: AssetId, symbol: &[u8], decimals: u8) -> Self {
        Self::Asset {
            id,
            symbol: honest(id, symbol),
            decimals: decimals.into(),
        }
    }

    /// The asset's id; none is PEN.
    pub fn id(&self) -> Option<AssetId> {
        match self {
            Self::Pen => None,
            Self::Asset { id, .. } => Some(*id),
        }
    }

    /// How it is called.
    pub fn symbol(&self) -> &str {
        match self {
            Self::Pen => PEN,
            Self::Asset { symbol, .. } => symbol,
        }
    }

    /// So much of it, in its smallest unit.
    pub fn units(&self, units: u128) -> Money {
        Money {
            units,
            currency: self.clone(),
        }
    }

    /// What somebody wrote, as an amount of it.
    pub fn read(&self, sum: &Sum) -> Result<Money, Error> {
        Ok(self.units(match self {
            Self::Pen => sum.pen()?.0,
            Self::Asset { symbol, decimals, .. } => sum.of_whole(symbol, *decimals)?,
        }))
    }
}

/// A symbol that is safe to show and cannot be mistaken for PEN.
fn honest(id: AssetId, symbol: &[u8]) -> String {
    let plain = std::str::from_utf8(symbol).ok().filter(|symbol| {
        (1..=MAX_SYMBOL).contains(&symbol.len())
            && symbol.starts_with(|c: char| c.is_ascii_alphabetic())
            && symbol.chars().all(|c| c.is_ascii_alphanumeric())
            && !symbol.to_ascii_uppercase().ends_with(PEN)
    });
    plain.map_or_else(|| format!("asset-{id}"), String::from)
}

/// An amount of PEN or of an asset. In JSON a decimal string of the smallest unit; beside it stands which asset.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Money {
    /// How much, in the smallest unit.
    pub units: u128,
    /// Of what.
    pub currency: Currency,
}

impl From<Amount> for Money {
    fn from(amount: Amount) -> Self {
        Currency::Pen.units(amount.0)
    }
}

impl Money {
    /// With so much more of the same.
    pub fn plus(&self, units: u128) -> Self {
        self.currency.units(self.units.saturating_add(units))
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.currency {
            Currency::Pen => Amount(self.units).fmt(f),
            Currency::Asset { symbol, decimals, .. } => {
                write!(f, "{} {symbol}", decimal(self.units, *decimals))
            }
        }
    }
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Amount(self.units).serialize(serializer)
    }
}

/// An inclusion fee. In JSON two fields: `fee`, and the asset in whose units it is, none being PEN.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Fee {
    /// How much.
    pub fee: Money,
    /// The asset.
    pub fee_asset: Option<AssetId>,
}

impl From<Money> for Fee {
    fn from(fee: Money) -> Self {
        Self {
            fee_asset: fee.currency.id(),
            fee,
        }
    }
}

impl fmt::Display for Fee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fee.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_symbol_that_could_deceive_is_not_shown() {
        for symbol in [
            "PEN",
            "pen",
            "uPEN",
            "t USD",
            "\u{1b}[2J",
            "",
            "1",
            "abcdefghijklmnopq",
        ] {
            assert_eq!(
                Currency::asset(7, symbol.as_bytes(), 6).symbol(),
                "asset-7",
                "{symbol}"
            );
        }
        assert_eq!(Currency::asset(7, b"tUSD", 6).symbol(), "tUSD");
    }

    #[test]
    fn money_is_read_and_shown_in_whole_units() {
        let usd = Currency::asset(1, b"tUSD", 6);
        let read = usd.read(&"0.05".parse().unwrap()).unwrap();
        assert_eq!((read.units, read.to_string().as_str()), (50_000, "0.05 tUSD"));
        assert_eq!(
            Currency::Pen
                .read(&"20uPEN".parse().unwrap())
                .unwrap()
                .to_string(),
            "20 µPEN"
        );
        assert!(Currency::Pen.read(&"1 tUSD".parse().unwrap()).is_err());
        let fee = serde_json::to_value(Fee::from(read)).unwrap();
        assert_eq!(fee, json!({ "fee": "50000", "fee_asset": 1 }));
    }
}
