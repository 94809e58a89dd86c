//! What a validator signs once: where its signed checkpoints can be read.

use core::fmt;

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use primitive_types::{H160, H256};
use scale_info::TypeInfo;

use crate::{
    address::Address,
    bytes::length,
    crypto::{keccak, Crypto},
    digest::{domain_hash, eip191},
    domain::Domain,
    limits::MAX_LOCATION_BYTES,
    signature::{Signature, SignatureError},
};

const PURPOSE: &[u8] = b"HYPERLANE_ANNOUNCEMENT";

/// Where files are: `file://PATH`, `s3://bucket/region[/folder]` or `gs://bucket[/folder]`. Which of these a reader can open is
/// the reader's affair; here it is a line of text of at most [`MAX_LOCATION_BYTES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StorageLocation<'a>(&'a str);

impl<'a> StorageLocation<'a> {
    /// Checks length and characters, once.
    pub fn new(bytes: &'a [u8]) -> Result<Self, LocationError> {
        if bytes.is_empty() {
            return Err(LocationError::Empty);
        }
        if bytes.len() > MAX_LOCATION_BYTES {
            return Err(LocationError::TooLong { found: length(bytes) });
        }
        let text = core::str::from_utf8(bytes).map_err(|_| LocationError::NotText)?;
        if text.chars().any(char::is_control) {
            return Err(LocationError::NotText);
        }
        Ok(Self(text))
    }

    /// The text.
    pub const fn as_str(self) -> &'a str {
        self.0
    }
}

/// A storage location, said to a mailbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Announcement<'a> {
    /// The mailbox's chain.
    pub domain: Domain,
    /// The mailbox.
    pub mailbox: Address,
    /// The location.
    pub location: StorageLocation<'a>,
}

impl Announcement<'_> {
    /// Which mailbox of which chain.
    pub fn domain_hash<C: Crypto>(&self) -> H256 {
        domain_hash::<C>(self.domain, self.mailbox, PURPOSE)
    }

    /// Which location.
    pub fn signing_hash<C: Crypto>(&self) -> H256 {
        keccak::<C>(&[&self.domain_hash::<C>().0, self.location.as_str().as_bytes()])
    }

    /// What is signed.
    pub fn digest<C: Crypto>(&self) -> H256 {
        eip191::<C>(self.signing_hash::<C>())
    }

    /// Whose signature it is: the validator that announces.
    pub fn signer<C: Crypto>(&self, signature: &Signature) -> Result<H160, SignatureError> {
        signature.signer::<C>(&self.digest::<C>())
    }

    /// Names the announcement: one that was made already is refused by this.
    pub fn replay_id<C: Crypto>(&self, validator: H160) -> H256 {
        keccak::<C>(&[&validator.0, self.location.as_str().as_bytes()])
    }
}

/// Why bytes are no storage location. `Display` adds the remedy.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum LocationError {
    /// There are none.
    Empty,
    /// There are more than allowed.
    TooLong {
        /// How many.
        found: u32,
    },
    /// They are not UTF-8, or contain a control character.
    NotText,
}

impl fmt::Display for LocationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str(
                "The storage location is empty. Announce where the checkpoints are, such as file:///var/lib/validator.",
            ),
            Self::TooLong { found } => write!(
                f,
                "The storage location has {found} bytes, {MAX_LOCATION_BYTES} are kept. Announce a shorter path."
            ),
            Self::NotText => f.write_str(
                "The storage location is not text in one line. Announce UTF-8 without control characters.",
            ),
        }
    }
}

impl core::error::Error for LocationError {}
