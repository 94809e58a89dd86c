//! How amounts travel in JSON: as decimal strings, since a JavaScript number loses digits beyond 2⁵³.

/// `#[serde(with = "json::amount")]` for one amount.
pub mod amount {
    use alloc::string::{String, ToString};
    use serde::{de::Error, Deserialize, Deserializer, Serializer};

    /// Writes the amount as a decimal string.
    pub fn serialize<S: Serializer>(amount: &u128, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&amount.to_string())
    }

    /// Reads an amount from a decimal string.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u128, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(|_| D::Error::custom("an amount is a decimal string"))
    }
}

/// `#[serde(with = "json::bytes")]` for bytes as `0x` hex.
pub mod bytes {
    use alloc::vec::Vec;
    use serde::{Deserializer, Serializer};

    /// Writes bytes as `0x` hex.
    pub fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        sp_core::bytes::serialize(bytes, serializer)
    }

    /// Reads `0x` hex.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        sp_core::bytes::deserialize(deserializer)
    }
}
