//! Bytes as they stand in JSON: `0x` and lower-case hex.

use serde::{de::Error, Deserialize, Deserializer, Serialize, Serializer};
use std::{borrow::Cow, fmt, str::FromStr};

/// A digest of 32 bytes, or a name made of one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// `blake2_256` of the bytes: names weights.
    pub fn blake2(bytes: &[u8]) -> Self {
        Self(sp_crypto_hashing::blake2_256(bytes))
    }

    /// `sha2_256` of the bytes: names blobs.
    pub fn sha256(bytes: &[u8]) -> Self {
        Self(sp_crypto_hashing::sha2_256(bytes))
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "0x{}", hex::encode(self.0))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Text that is not `0x` and hex of the right length.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum HexError {
    /// No `0x` in front.
    #[error("the value does not begin with 0x; write bytes as 0x and hex digits")]
    Prefix,
    /// A sign that is no hex digit, or an odd number of them.
    #[error("the value is not pairs of hex digits; write bytes as 0x and two digits for each byte")]
    Digits,
    /// Not 32 bytes.
    #[error("the value has {0} bytes; a digest or id has 32")]
    Length(usize),
}

fn decode(text: &str) -> Result<Vec<u8>, HexError> {
    let digits = text.strip_prefix("0x").ok_or(HexError::Prefix)?;
    hex::decode(digits).map_err(|_| HexError::Digits)
}

impl FromStr for Digest {
    type Err = HexError;

    fn from_str(text: &str) -> Result<Self, HexError> {
        let bytes = decode(text)?;
        let length = bytes.len();
        bytes.try_into().map(Self).map_err(|_| HexError::Length(length))
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Cow::<str>::deserialize(deserializer)?
            .parse()
            .map_err(D::Error::custom)
    }
}

/// Bytes of any length.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct HexBytes(pub Vec<u8>);

impl fmt::Debug for HexBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "0x{}", hex::encode(&self.0))
    }
}

impl Serialize for HexBytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{self:?}"))
    }
}

impl<'de> Deserialize<'de> for HexBytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode(&Cow::<str>::deserialize(deserializer)?)
            .map(Self)
            .map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_survives_json() {
        let digest = Digest::blake2(b"pensum");
        let json = serde_json::to_string(&digest).unwrap();
        assert_eq!(json, format!("\"0x{}\"", hex::encode(digest.0)));
        assert_eq!(serde_json::from_str::<Digest>(&json).unwrap(), digest);
    }

    #[test]
    fn a_digest_needs_prefix_digits_and_length() {
        assert_eq!("00".parse::<Digest>(), Err(HexError::Prefix));
        assert_eq!("0x0".parse::<Digest>(), Err(HexError::Digits));
        assert_eq!("0xzz".parse::<Digest>(), Err(HexError::Digits));
        assert_eq!("0x00".parse::<Digest>(), Err(HexError::Length(1)));
    }

    #[test]
    fn no_bytes_are_written_as_0x() {
        assert_eq!(serde_json::to_string(&HexBytes::default()).unwrap(), "\"0x\"");
        assert_eq!(
            serde_json::from_str::<HexBytes>("\"0x\"").unwrap(),
            HexBytes::default()
        );
    }
}
