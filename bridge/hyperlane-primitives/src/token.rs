//! The body of a message between the two ends of a warp route: so much of the token, for whom.

use alloc::vec::Vec;
use core::fmt;

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use primitive_types::U256;
use scale_info::TypeInfo;

use crate::{
    address::Address,
    bytes::{length, Reader},
    message::{Body, MessageError},
};

/// Bytes before the metadata.
pub const HEADER_BYTES: usize = 64;

/// An amount that arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenMessage<'a> {
    /// Who gets it.
    pub recipient: Address,
    /// How much, in the smallest units that both ends have agreed on.
    pub amount: U256,
    /// For the recipient.
    pub metadata: &'a [u8],
}

impl<'a> TokenMessage<'a> {
    /// Reads a body. Whatever this accepts, [`encode`](Self::encode) turns back into the same bytes.
    pub fn decode(body: Body<'a>) -> Result<Self, TokenMessageError> {
        let too_short = TokenMessageError::TooShort {
            found: length(body.bytes()),
        };
        let mut reader = Reader::new(body.bytes());
        Ok(Self {
            recipient: Address(reader.hash().ok_or(too_short)?),
            amount: reader.number().ok_or(too_short)?,
            metadata: reader.rest(),
        })
    }

    /// The bytes of the body; refused where metadata makes it too long for one.
    pub fn encode(&self) -> Result<Vec<u8>, MessageError> {
        let bytes = [
            &self.recipient.0 .0[..],
            &self.amount.to_big_endian(),
            self.metadata,
        ]
        .concat();
        Body::new(&bytes)?;
        Ok(bytes)
    }
}

/// Why a body is no token message. `Display` adds the remedy.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum TokenMessageError {
    /// It ends before the amount does.
    TooShort {
        /// Its bytes.
        found: u32,
    },
}

impl fmt::Display for TokenMessageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooShort { found } => write!(
                f,
                "A token message has at least {HEADER_BYTES} bytes, here are {found}. Write recipient and amount, 32 bytes each."
            ),
        }
    }
}

impl core::error::Error for TokenMessageError {}
