//! Amounts of PEN: exact, with twelve digits after the point.

use crate::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{fmt, str::FromStr};

/// Digits after the point of a PEN.
const DECIMALS: u32 = 12;
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
        let wrong = |fact: String| Error::usage("Amount", fact, "Write for example 1.5, 20mPEN or 0.25uPEN.");
        let text = text.trim();
        let end = text
            .find(|c: char| !c.is_ascii_digit() && c != '.' && c != '_')
            .unwrap_or(text.len());
        let (number, unit) = (text[..end].replace('_', ""), text[end..].trim());
        let power = match unit {
            "" => DECIMALS,
            // U+03BC looks like U+00B5 and is what many keyboards give.
            unit => UNITS
                .iter()
                .find(|(name, _)| *name == unit.replace('\u{3bc}', "\u{b5}"))
                .map(|(_, power)| *power)
                .ok_or_else(|| wrong(format!("`{unit}` is no unit of PEN.")))?,
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((&number, ""));
        if whole.is_empty() && fraction.is_empty() || fraction.contains('.') {
            return Err(wrong(format!("`{text}` is no amount.")));
        }
        let digits = fraction.trim_end_matches('0');
        if digits.len() > power as usize {
            return Err(wrong(format!(
                "`{text}` is finer than the smallest unit, 10⁻¹² of a PEN."
            )));
        }
        let scaled = format!("{whole}{digits:0<width$}", width = power as usize);
        scaled
            .parse()
            .map(Self)
            .map_err(|_| wrong(format!("`{text}` is more than any account can have.")))
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
        let unit = 10u128.pow(power);
        let fraction = format!("{:0width$}", self.0 % unit, width = power as usize);
        match fraction.trim_end_matches('0') {
            "" => write!(f, "{} {name}", self.0 / unit),
            fraction => write!(f, "{}.{fraction} {name}", self.0 / unit),
        }
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
            "", ".", "PEN", "1.2.3", "-1", "+1", "1e3", "1 DOT", "1 pen", "ten",
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
    fn in_json_an_amount_is_a_decimal_string() {
        assert_eq!(serde_json::to_string(&Amount(PEN)).unwrap(), "\"1000000000000\"");
        assert_eq!(serde_json::from_str::<Amount>("\"7\"").unwrap(), Amount(7));
        assert!(serde_json::from_str::<Amount>("7").is_err());
    }
}
