//! Content identifiers: IPFS CID version 1, codec raw, multihash sha2-256, multibase base32.
//!
//! Only this one form is written and read, so that a blob has one name.

use crate::digest::Digest;
use std::{fmt, str::FromStr};

/// CID version 1, codec raw (0x55), sha2-256 (0x12) of 32 bytes.
const PREFIX: [u8; 4] = [0x01, 0x55, 0x12, 0x20];
/// RFC 4648 base32 in lower case, which multibase marks with a leading `b` and does not pad.
const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
/// `b` and ⌈36 × 8 / 5⌉ digits.
const TEXT_LEN: usize = 59;

/// The name of a blob: its `sha2_256`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Cid(pub Digest);

impl Cid {
    /// The name of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Digest::sha256(bytes))
    }
}

/// Text that names no blob of this store.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("not a CID of version 1 with codec raw and sha2-256 in base32; it begins with bafkrei and has 59 characters")]
pub struct CidError;

impl fmt::Display for Cid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::with_capacity(TEXT_LEN);
        text.push('b');
        let (mut buffer, mut bits) = (0u32, 0u32);
        for byte in PREFIX.iter().chain(&self.0 .0) {
            buffer = (buffer << 8 | u32::from(*byte)) & 0xfff;
            bits += 8;
            while bits >= 5 {
                bits -= 5;
                text.push(ALPHABET[(buffer >> bits & 31) as usize] as char);
            }
        }
        text.push(ALPHABET[(buffer << (5 - bits) & 31) as usize] as char);
        f.write_str(&text)
    }
}

impl FromStr for Cid {
    type Err = CidError;

    fn from_str(text: &str) -> Result<Self, CidError> {
        let digits = text
            .strip_prefix('b')
            .filter(|_| text.len() == TEXT_LEN)
            .ok_or(CidError)?;
        let mut bytes = Vec::with_capacity(36);
        let (mut buffer, mut bits) = (0u32, 0u32);
        for digit in digits.bytes() {
            let value = ALPHABET
                .iter()
                .position(|known| *known == digit)
                .ok_or(CidError)?;
            buffer = (buffer << 5 | value as u32) & 0xfff;
            bits += 5;
            if bits >= 8 {
                bits -= 8;
                bytes.push((buffer >> bits & 0xff) as u8);
            }
        }
        // The two bits left over must be zero, or one blob would have four names.
        let unused = buffer & ((1 << bits) - 1);
        let digest = bytes
            .strip_prefix(&PREFIX)
            .filter(|_| unused == 0)
            .ok_or(CidError)?;
        digest
            .try_into()
            .map(|digest| Self(Digest(digest)))
            .map_err(|_| CidError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_cids_are_the_ones_ipfs_gives() {
        let empty = "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku";
        assert_eq!(Cid::of(b"").to_string(), empty);
        let cid = "bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e";
        assert_eq!(Cid::of(b"hello world").to_string(), cid);
        assert_eq!(cid.parse(), Ok(Cid::of(b"hello world")));
    }

    #[test]
    fn another_codec_or_case_is_no_name_of_a_blob() {
        for text in [
            "",
            "b",
            "QmXoypizjW3WknFiJnKLwHCnL72vedxjQkDDP1mXWo6uco",
            "bafybeifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e",
            "BAFKREIFZJUT3TE2NHYEKKLSS27NH3K72YSCO7Y32KOAO5EEI66WOF36N5E",
            "bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5f",
        ] {
            assert_eq!(text.parse::<Cid>(), Err(CidError), "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_digest_survives_its_cid(digest: [u8; 32]) {
            let cid = Cid(Digest(digest));
            let text = cid.to_string();
            prop_assert_eq!(text.len(), TEXT_LEN);
            prop_assert_eq!(text.parse(), Ok(cid));
        }

        #[test]
        fn a_blob_has_one_name(digest: [u8; 32], at in 1..TEXT_LEN, digit in 0..32usize) {
            let cid = Cid(Digest(digest));
            let mut other = cid.to_string().into_bytes();
            let changed = other[at] != ALPHABET[digit];
            other[at] = ALPHABET[digit];
            let other = String::from_utf8(other).unwrap();
            prop_assert_eq!(other.parse() == Ok(cid), !changed);
        }

        #[test]
        fn any_text_is_read_without_panic(text: String) {
            let _ = text.parse::<Cid>();
        }
    }
}
