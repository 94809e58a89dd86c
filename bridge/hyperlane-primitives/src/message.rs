//! A message between two chains, and the id it has everywhere.

use alloc::vec::Vec;
use core::fmt;

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use primitive_types::H256;
use scale_info::TypeInfo;

use crate::{
    address::Address,
    bytes::{length, Reader},
    crypto::{keccak, Crypto},
    domain::Domain,
    limits::MAX_BODY_BYTES,
};

/// The only version there is on a wire.
pub const VERSION: u8 = 3;
/// Bytes before the body.
pub const HEADER_BYTES: usize = 77;

/// keccak-256 of a message's bytes. Its leaf in the Merkle tree is this, not hashed again.
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
pub struct MessageId(pub H256);

impl MessageId {
    /// The id of a message that is there as bytes.
    pub fn of<C: Crypto>(encoded: &[u8]) -> Self {
        Self(keccak::<C>(&[encoded]))
    }
}

impl From<[u8; 32]> for MessageId {
    fn from(bytes: [u8; 32]) -> Self {
        Self(H256(bytes))
    }
}

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

/// What a message carries: at most [`MAX_BODY_BYTES`], possibly nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Body<'a>(&'a [u8]);

impl<'a> Body<'a> {
    /// Checks the length, once.
    pub fn new(bytes: &'a [u8]) -> Result<Self, MessageError> {
        if bytes.len() > MAX_BODY_BYTES {
            return Err(MessageError::BodyTooLong { found: length(bytes) });
        }
        Ok(Self(bytes))
    }

    /// The bytes.
    pub const fn bytes(self) -> &'a [u8] {
        self.0
    }
}

/// A message, its body borrowed from the bytes it was read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Message<'a> {
    /// The number that the origin's mailbox gave it, counted from 0.
    pub nonce: u32,
    /// Where it comes from.
    pub origin: Domain,
    /// Who dispatched it there.
    pub sender: Address,
    /// Where it goes to.
    pub destination: Domain,
    /// Who handles it there.
    pub recipient: Address,
    /// What it says.
    pub body: Body<'a>,
}

impl<'a> Message<'a> {
    /// Reads a message. Whatever this accepts, [`encode`](Self::encode) turns back into the same bytes.
    pub fn decode(bytes: &'a [u8]) -> Result<Self, MessageError> {
        let too_short = MessageError::TooShort { found: length(bytes) };
        let mut reader = Reader::new(bytes);
        let version = reader.byte().ok_or(too_short)?;
        if version != VERSION {
            return Err(MessageError::UnknownVersion { found: version });
        }
        Ok(Self {
            nonce: reader.word().ok_or(too_short)?,
            origin: Domain(reader.word().ok_or(too_short)?),
            sender: Address(reader.hash().ok_or(too_short)?),
            destination: Domain(reader.word().ok_or(too_short)?),
            recipient: Address(reader.hash().ok_or(too_short)?),
            body: Body::new(reader.rest())?,
        })
    }

    /// The message and its id, from the same bytes: what verifying one takes.
    pub fn decode_with_id<C: Crypto>(bytes: &'a [u8]) -> Result<(Self, MessageId), MessageError> {
        let message = Self::decode(bytes)?;
        Ok((message, MessageId::of::<C>(bytes)))
    }

    /// The bytes that travel.
    pub fn encode(&self) -> Vec<u8> {
        [
            &[VERSION][..],
            &self.nonce.to_be_bytes(),
            &self.origin.to_bytes(),
            &self.sender.0 .0,
            &self.destination.to_bytes(),
            &self.recipient.0 .0,
            self.body.bytes(),
        ]
        .concat()
    }

    /// Its id. Of a message that is there as bytes, [`MessageId::of`] is cheaper.
    pub fn id<C: Crypto>(&self) -> MessageId {
        MessageId::of::<C>(&self.encode())
    }
}

/// Why bytes are no message. `Display` adds the remedy.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum MessageError {
    /// The bytes end before the body begins.
    TooShort {
        /// How many there are.
        found: u32,
    },
    /// The version is not 3.
    UnknownVersion {
        /// The first byte.
        found: u8,
    },
    /// The body is longer than is carried here.
    BodyTooLong {
        /// Its bytes.
        found: u32,
    },
}

impl fmt::Display for MessageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooShort { found } => write!(
                f,
                "A message has at least {HEADER_BYTES} bytes, here are {found}. Pass the bytes of the Dispatch event uncut."
            ),
            Self::UnknownVersion { found } => write!(
                f,
                "Version {found} is not known. Send version {VERSION}, which every mailbox of Hyperlane v3 writes."
            ),
            Self::BodyTooLong { found } => write!(
                f,
                "The body has {found} bytes, {MAX_BODY_BYTES} are carried. Send a digest of it, or several messages."
            ),
        }
    }
}

impl core::error::Error for MessageError {}
