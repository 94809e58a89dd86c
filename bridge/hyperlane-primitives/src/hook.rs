//! What a sender tells the hooks that run after a dispatch: above all how much gas to pay for on the other side.

use alloc::vec::Vec;
use core::fmt;

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use primitive_types::{H160, U256};
use scale_info::TypeInfo;

use crate::{
    bytes::{length, Reader},
    limits::MAX_CUSTOM_HOOK_BYTES,
};

/// The only variant there is.
pub const VARIANT: u16 = 1;
/// Bytes before what a hook of one's own reads.
pub const HEADER_BYTES: usize = 86;

/// Standard hook metadata.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HookMetadata<'a> {
    /// What the hooks may spend, in the smallest units of the origin's coin.
    pub value: U256,
    /// Gas for handling the message at its destination.
    pub gas_limit: U256,
    /// Who gets back what the hooks did not spend.
    pub refund: H160,
    /// For hooks of one's own.
    pub custom: Custom<'a>,
}

/// Bytes behind the standard fields, at most [`MAX_CUSTOM_HOOK_BYTES`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Custom<'a>(&'a [u8]);

impl<'a> Custom<'a> {
    /// Checks the length, once.
    pub fn new(bytes: &'a [u8]) -> Result<Self, HookMetadataError> {
        if bytes.len() > MAX_CUSTOM_HOOK_BYTES {
            return Err(HookMetadataError::CustomTooLong { found: length(bytes) });
        }
        Ok(Self(bytes))
    }

    /// The bytes.
    pub const fn bytes(self) -> &'a [u8] {
        self.0
    }
}

impl<'a> HookMetadata<'a> {
    /// Reads metadata; none means that every field is to have its default. Whatever this accepts, [`encode`](Self::encode) turns
    /// back into the same bytes. Solidity also takes metadata that ends between fields, which nothing writes.
    pub fn decode(bytes: &'a [u8]) -> Result<Option<Self>, HookMetadataError> {
        if bytes.is_empty() {
            return Ok(None);
        }
        let too_short = HookMetadataError::TooShort { found: length(bytes) };
        let mut reader = Reader::new(bytes);
        let variant = reader.short().ok_or(too_short)?;
        if variant != VARIANT {
            return Err(HookMetadataError::UnknownVariant { found: variant });
        }
        Ok(Some(Self {
            value: reader.number().ok_or(too_short)?,
            gas_limit: reader.number().ok_or(too_short)?,
            refund: reader.evm_address().ok_or(too_short)?,
            custom: Custom::new(reader.rest())?,
        }))
    }

    /// The bytes to dispatch with.
    pub fn encode(&self) -> Vec<u8> {
        [
            &VARIANT.to_be_bytes()[..],
            &self.value.to_big_endian(),
            &self.gas_limit.to_big_endian(),
            &self.refund.0,
            self.custom.bytes(),
        ]
        .concat()
    }

    /// The token that fees are paid in: the first 20 custom bytes. None where they are missing or zero, which means the origin's
    /// coin.
    pub fn fee_token(&self) -> Option<H160> {
        let token = Reader::new(self.custom.bytes()).evm_address()?;
        (!token.is_zero()).then_some(token)
    }
}

/// Why bytes are no hook metadata. `Display` adds the remedy.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum HookMetadataError {
    /// They end before the refund address does.
    TooShort {
        /// How many there are.
        found: u32,
    },
    /// The variant is not 1.
    UnknownVariant {
        /// What it is.
        found: u16,
    },
    /// There are more custom bytes than allowed.
    CustomTooLong {
        /// How many.
        found: u32,
    },
}

impl fmt::Display for HookMetadataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooShort { found } => write!(
                f,
                "Hook metadata has {HEADER_BYTES} bytes or none, here are {found}. Give value, gas limit and refund address, or nothing."
            ),
            Self::UnknownVariant { found } => write!(
                f,
                "Variant {found} of hook metadata is not known. Write variant {VARIANT} in the first two bytes."
            ),
            Self::CustomTooLong { found } => write!(
                f,
                "Behind the standard fields are {found} bytes, {MAX_CUSTOM_HOOK_BYTES} are read. Pass a digest of them."
            ),
        }
    }
}

impl core::error::Error for HookMetadataError {}
