//! Amounts: of PEN, exact, with twelve digits after the point; and as somebody wrote them, before it is known of what.

use crate::Error;
use pensum_primitives::solver::Unit;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{fmt, str::FromStr};

/// Digits after the point of a PEN.
const DECIMALS: u32 = 12;
/// How the stable unit is called where its asset's symbol is not looked up.
pub const STABLE: &str = "stable";
/// Digits after the point of the stable unit, whatever decimals its asset has.
pub const STABLE_DECIMALS: u32 = 12;
/// One PEN in its smallest unit.
pub const PEN: u128 = 10u128.pow(DECIMALS);

/// Units by which amounts are written: name, and the power of ten of the smallest unit.
const UNITS: [(&str, u32); 6] = [
    ("PEN", DECIMALS),
    ("mPEN", 9),
    ("µPEN", 6),
    ("uPEN", 6),
    ("nPEN", 3),
    ("pPEN", 0),
];

/// An amount in the smallest unit, 10⁻¹² of a PEN. In JSON a decimal string of that unit, as everywhere in Pensum.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Amount(pub u128);

impl FromStr for Amount {
    type Err = Error;

    /// Reads `1.5`, `1.5 PEN`, `20mPEN`, `0.25 µPEN` or `250 nPEN`. Nothing is rounded.
    fn from_str(text: &str) -> Result<Self, Error> {
        text.parse::<Sum>()?.pen()
    }
}

/// An amount as somebody wrote it: a number, and a unit that means something once it is known what is paid with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sum {
    number: String,
    unit: String,
}

impl FromStr for Sum {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let text = text.trim();
        let end = text
            .find(|c: char| !c.is_ascii_digit() && c != '.' && c != '_')
            .unwrap_or(text.len());
        let (number, unit) = (text[..end].replace('_', ""), text[end..].trim().to_string());
        let points = number.matches('.').count();
        if number.len() == points || points > 1 {
            return Err(wrong(format!("`{text}` is no amount.")));
        }
        Ok(Self { number, unit })
    }
}

impl Sum {
    /// As an amount of PEN, which is what a number without a unit means.
    pub fn pen(&self) -> Result<Amount, Error> {
        // U+03BC looks like U+00B5 and is what many keyboards give.
        let unit = self.unit.replace('\u{3bc}', "\u{b5}");
        let power = match unit.as_str() {
            "" => Some(DECIMALS),
            unit => UNITS
                .iter()
                .find(|(name, _)| *name == unit)
                .map(|(_, power)| *power),
        };
        let power = power.ok_or_else(|| wrong(format!("`{}` is no unit of PEN.", self.unit)))?;
        self.scaled(power, "10⁻¹² of a PEN").map(Amount)
    }

    /// In the smallest unit of something with so many decimals and this symbol, which may be left out.
    pub fn of_whole(&self, symbol: &str, decimals: u32) -> Result<u128, Error> {
        if !self.unit.is_empty() && self.unit != symbol {
            return Err(wrong(format!("`{}` is not {symbol}.", self.unit)));
        }
        self.scaled(
            decimals,
            &format!("that of {symbol}, which has {decimals} decimals"),
        )
    }

    fn scaled(&self, power: u32, smallest: &str) -> Result<u128, Error> {
        let (whole, fraction) = self.number.split_once('.').unwrap_or((&self.number, ""));
        let digits = fraction.trim_end_matches('0');
        if digits.len() > power as usize {
            return Err(wrong(format!(
                "`{self}` is finer than the smallest unit, {smallest}."
            )));
        }
        let scaled = format!("{whole}{digits:0<width$}", width = power as usize);
        scaled
            .parse()
            .map_err(|_| wrong(format!("`{self}` is more than any account can have.")))
    }
}

impl fmt::Display for Sum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.number, self.unit)
    }
}

fn wrong(fact: String) -> Error {
    Error::usage(
        "Amount",
        fact,
        "Write for example 1.5, 20mPEN or 0.25uPEN; for another asset, whole units: 0.05.",
    )
}

/// So many smallest units, of which a whole one has `10^decimals`: exact, without zeros at the end.
pub fn decimal(units: u128, decimals: u32) -> String {
    let Some(whole) = 10u128.checked_pow(decimals) else {
        return format!("{units}e-{decimals}");
    };
    let fraction = format!("{:0width$}", units % whole, width = decimals as usize);
    match fraction.trim_end_matches('0') {
        "" => (units / whole).to_string(),
        fraction => format!("{}.{fraction}", units / whole),
    }
}

/// A price of an offer, in the unit that it is quoted in.
pub fn quoted(price: u128, unit: Unit) -> String {
    match unit {
        Unit::Native => Amount(price).to_string(),
        Unit::Stable => format!("{} {STABLE}", decimal(price, STABLE_DECIMALS)),
    }
}

impl fmt::Display for Amount {
    /// Exact, in the greatest unit below the amount: `1.5 PEN`, `20 mPEN`, `0.25 µPEN`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, power) = match self.0 {
            0 => ("PEN", DECIMALS),
            amount if amount >= PEN => ("PEN", DECIMALS),
            amount if amount >= PEN / 1_000 => ("mPEN", 9),
            _ => ("µPEN", 6),
        };
        write!(f, "{} {name}", decimal(self.0, power))
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        pensum_primitives::json::amount::serialize(&self.0, serializer)
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        pensum_primitives::json::amount::deserialize(deserializer).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> u128 {
        text.parse::<Amount>().unwrap().0
    }

    fn refusal(text: &str) -> String {
        text.parse::<Amount>().unwrap_err().fact
    }

    #[test]
    fn amounts_are_read_exactly() {
        assert_eq!(read("1"), PEN);
        assert_eq!(read("1.5 PEN"), 1_500_000_000_000);
        assert_eq!(read("0.000000000001"), 1);
        assert_eq!(read("20mPEN"), 20_000_000_000);
        assert_eq!(read("0.25 µPEN"), 250_000);
        assert_eq!(read("0.25 \u{3bc}PEN"), 250_000);
        assert_eq!(read("3uPEN"), 3_000_000);
        assert_eq!(read("7 nPEN"), 7_000);
        assert_eq!(read("1_000 pPEN"), 1_000);
        assert_eq!(read(".5"), PEN / 2);
        assert_eq!(read("2."), 2 * PEN);
        assert_eq!(read("1.5000000000000000"), 1_500_000_000_000);
        assert_eq!(read("340282366920938463463374607431768211455pPEN"), u128::MAX);
    }

    #[test]
    fn what_cannot_be_exact_is_refused() {
        assert!(refusal("0.0000000000001").contains("finer"));
        assert!(refusal("1.5 pPEN").contains("finer"));
        assert!(refusal("340282366920938463463374607431768211456pPEN").contains("more than any"));
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for text in [
            "", ".", "..", "_", "PEN", "1.2.3", "-1", "+1", "1e3", "1 DOT", "1 pen", "ten",
        ] {
            assert!(text.parse::<Amount>().is_err(), "{text}");
        }
    }

    #[test]
    fn amounts_are_shown_exactly_and_read_back() {
        for (amount, shown) in [
            (0, "0 PEN"),
            (1, "0.000001 µPEN"),
            (12_500_000, "12.5 µPEN"),
            (20_000_000_000, "20 mPEN"),
            (3 * PEN, "3 PEN"),
            (PEN + 1, "1.000000000001 PEN"),
        ] {
            assert_eq!(Amount(amount).to_string(), shown);
            assert_eq!(read(shown), amount);
        }
    }

    #[test]
    fn other_assets_are_counted_in_whole_units() {
        let sum = |text: &str| text.parse::<Sum>().unwrap();
        assert_eq!(sum("0.05").of_whole("tUSD", 6), Ok(50_000));
        assert_eq!(sum("1_000 tUSD").of_whole("tUSD", 6), Ok(1_000_000_000));
        assert_eq!(sum("7").of_whole("TICKET", 0), Ok(7));
        let refusal = |text: &str| sum(text).of_whole("tUSD", 6).unwrap_err().fact;
        assert!(refusal("0.0000001").contains("6 decimals"));
        assert!(refusal("1 PEN").contains("not tUSD"));
        assert!(sum("1 tUSD").pen().is_err());
    }

    #[test]
    fn decimals_are_shown_exactly() {
        assert_eq!(decimal(50_000, 6), "0.05");
        assert_eq!(decimal(0, 6), "0");
        assert_eq!(decimal(70, 0), "70");
        assert_eq!(decimal(1, 40), "1e-40");
        assert_eq!(quoted(10_000_000, Unit::Stable), "0.00001 stable");
        assert_eq!(quoted(10_000_000, Unit::Native), "10 µPEN");
    }

    #[test]
    fn in_json_an_amount_is_a_decimal_string() {
        assert_eq!(serde_json::to_string(&Amount(PEN)).unwrap(), "\"1000000000000\"");
        assert_eq!(serde_json::from_str::<Amount>("\"7\"").unwrap(), Amount(7));
        assert!(serde_json::from_str::<Amount>("7").is_err());
    }
}
