//! What the model shall read.

use alloc::vec::Vec;

use crate::{bytes::length, error::AbiError, Bytes32, MAX_INPUT};

/// What the model shall read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// The bytes themselves, at most [`MAX_INPUT`].
    Inline(Vec<u8>),
    /// Bytes in the solvers' content stores.
    Blob {
        /// `sha2_256` of the bytes; never zero.
        digest: Bytes32,
        /// Their length; never zero.
        len: u32,
    },
}

/// The three fields in which an intent says it: `input`, `blob`, `blobLength`.
pub(crate) type Fields = (Vec<u8>, Bytes32, u32);

impl Input {
    /// Length of the bytes.
    pub fn len(&self) -> u32 {
        match self {
            Self::Inline(bytes) => length(bytes),
            Self::Blob { len, .. } => *len,
        }
    }

    /// Whether there is nothing to read.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(crate) fn from_fields((input, digest, len): Fields) -> Result<Self, AbiError> {
        match (digest == Bytes32::default(), len) {
            (true, 0) if input.len() > MAX_INPUT => Err(AbiError::InputTooLong {
                found: length(&input),
            }),
            (true, 0) => Ok(Self::Inline(input)),
            (true, _) | (false, 0) => Err(AbiError::BlobIncomplete),
            (false, _) if !input.is_empty() => Err(AbiError::InputTwice),
            (false, len) => Ok(Self::Blob { digest, len }),
        }
    }

    pub(crate) fn to_fields(&self) -> Fields {
        match self {
            Self::Inline(bytes) => (bytes.clone(), Bytes32::default(), 0),
            Self::Blob { digest, len } => (Vec::new(), *digest, *len),
        }
    }
}
