use core::fmt;

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

use crate::{limits::MAX_VALIDATORS, signature::SignatureError};

/// Why bytes are no metadata. `Display` adds the remedy.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum MetadataError {
    /// They end before the signatures begin.
    TooShort {
        /// How many there must be.
        needed: u32,
        /// How many there are.
        found: u32,
    },
    /// What follows the header is not a whole number of signatures. Solidity would ignore the rest.
    CutSignature {
        /// Bytes behind the last whole one.
        left_over: u32,
    },
    /// There are more signatures than a set can have validators. Solidity would ignore those beyond the threshold.
    TooManySignatures {
        /// How many.
        found: u32,
    },
}

impl fmt::Display for MetadataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooShort { needed, found } => write!(
                f,
                "Metadata of this module has at least {needed} bytes, here are {found}. Ask for the module's type and encode for it."
            ),
            Self::CutSignature { left_over } => write!(
                f,
                "The last signature has {left_over} bytes of 65. Pass whole signatures, r, s and v each."
            ),
            Self::TooManySignatures { found } => write!(
                f,
                "The metadata has {found} signatures, {MAX_VALIDATORS} are read. Pass as many as the threshold says."
            ),
        }
    }
}

impl core::error::Error for MetadataError {}

/// Why a message is not believed. `Display` adds the remedy.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum VerifyError {
    /// The signed checkpoint is older than the message. Solidity: `Invalid merkle index metadata`.
    LeafAfterCheckpoint {
        /// The message's number.
        leaf: u32,
        /// The checkpoint's.
        checkpoint: u32,
    },
    /// There are fewer signatures than needed. Solidity reverts without a reason.
    TooFewSignatures {
        /// The threshold.
        needed: u8,
        /// How many there are.
        found: u8,
    },
    /// One of the signatures that count is none. Solidity: `ECDSA: invalid signature`, of a high s with ` 's' value`.
    BadSignature {
        /// Which one, counted from 0.
        at: u8,
        /// Why.
        why: SignatureError,
    },
    /// A signer is no validator, or not behind the signer before it in the set's order. Solidity: `!threshold`.
    NotByThreshold {
        /// Which signature, counted from 0.
        at: u8,
    },
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LeafAfterCheckpoint { leaf, checkpoint } => write!(
                f,
                "The message is leaf {leaf}, the signed checkpoint ends at {checkpoint}. Wait for a later checkpoint."
            ),
            Self::TooFewSignatures { needed, found } => write!(
                f,
                "There are {found} signatures, {needed} are needed. Collect more validators' signatures of this checkpoint."
            ),
            Self::BadSignature { at, why } => write!(f, "Signature {at} is none. {why}"),
            Self::NotByThreshold { at } => write!(
                f,
                "Signature {at} is by no validator, or out of order, or for another checkpoint. Order signatures as the set is, \
                 each validator once, and sign this checkpoint."
            ),
        }
    }
}

impl core::error::Error for VerifyError {}
