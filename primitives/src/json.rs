//! How things travel in JSON. Amounts are decimal strings, since a JavaScript number loses digits beyond 2⁵³.

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

/// `#[serde(with = "json::text")]` for bounded bytes that are UTF-8.
pub mod text {
    use alloc::string::String;
    use serde::{de::Error, Deserialize, Deserializer, Serializer};
    use sp_core::{bounded::BoundedVec, Get};

    /// Writes the bytes as a string; what is not UTF-8 is replaced.
    pub fn serialize<S: Serializer, N: Get<u32>>(
        text: &BoundedVec<u8, N>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&String::from_utf8_lossy(text))
    }

    /// Reads a string that is not too long.
    pub fn deserialize<'de, D: Deserializer<'de>, N: Get<u32>>(
        deserializer: D,
    ) -> Result<BoundedVec<u8, N>, D::Error> {
        String::deserialize(deserializer)?
            .into_bytes()
            .try_into()
            .map_err(|_| D::Error::custom("the text is too long"))
    }
}

/// `#[serde(with = "json::bounded")]` for bounded bytes as `0x` hex.
pub mod bounded {
    use serde::{de::Error, Deserializer, Serializer};
    use sp_core::{bounded::BoundedVec, Get};

    /// Writes bytes as `0x` hex.
    pub fn serialize<S: Serializer, N: Get<u32>>(
        bytes: &BoundedVec<u8, N>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        sp_core::bytes::serialize(bytes, serializer)
    }

    /// Reads `0x` hex that is not too long.
    pub fn deserialize<'de, D: Deserializer<'de>, N: Get<u32>>(
        deserializer: D,
    ) -> Result<BoundedVec<u8, N>, D::Error> {
        sp_core::bytes::deserialize(deserializer)?
            .try_into()
            .map_err(|_| D::Error::custom("there are too many bytes"))
    }
}
