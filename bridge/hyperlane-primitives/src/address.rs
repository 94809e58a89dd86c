//! Who: 32 bytes on every chain, of which an EVM chain uses the last 20.

use core::fmt;

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use primitive_types::{H160, H256};
use scale_info::TypeInfo;

/// A sender, a recipient or a contract of either side. An account of this chain is its 32 bytes as they are; an EVM address is
/// 12 zero bytes ‖ 20 bytes.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct Address(pub H256);

impl Address {
    /// The EVM address of these bytes. Check it before a message to an EVM chain leaves: the mailbox there refuses a recipient
    /// with anything else in front, so the message could never be delivered.
    pub fn to_evm(self) -> Result<H160, AddressError> {
        match self.0 .0.split_last_chunk::<20>() {
            Some((upper, lower)) if upper.iter().all(|byte| *byte == 0) => Ok(H160(*lower)),
            _ => Err(AddressError::DirtyUpperBytes),
        }
    }
}

impl From<H160> for Address {
    fn from(address: H160) -> Self {
        Self(address.into())
    }
}

impl From<[u8; 32]> for Address {
    fn from(bytes: [u8; 32]) -> Self {
        Self(H256(bytes))
    }
}

/// Why 32 bytes are no EVM address. `Display` adds the remedy.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum AddressError {
    /// One of the first 12 bytes is not zero.
    DirtyUpperBytes,
}

impl fmt::Display for AddressError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DirtyUpperBytes => f.write_str(
                "One of the first 12 bytes is not zero, so this is no EVM address. Put 12 zero bytes before its 20 bytes.",
            ),
        }
    }
}

impl core::error::Error for AddressError {}
