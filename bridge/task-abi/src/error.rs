//! Why bytes are refused.

use core::fmt;

use crate::{MAX_INPUT, MAX_OUTPUT, MAX_POINTER};

/// Why bytes are no message about tasks. `Display` adds the remedy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AbiError {
    /// There is nothing, not even a kind.
    Empty,
    /// Nobody has defined this kind of message, or not in this direction.
    UnknownKind {
        /// The first byte.
        found: u8,
    },
    /// What follows the kind is not the ABI encoding of its struct: it ends too early, a number does not fit its type, or it goes on.
    NotAbi,
    /// It can be read, but Solidity would encode it otherwise: an offset leaves a gap, padding is not zero, or bytes follow.
    NotCanonical,
    /// `matching.kind` is none.
    UnknownMatching {
        /// The number.
        found: u8,
    },
    /// `verification.kind`, or a result's `verification`, is none.
    UnknownVerification {
        /// The number.
        found: u8,
    },
    /// `verification.rule` is none.
    UnknownRule {
        /// The number.
        found: u8,
    },
    /// `delivery` is none.
    UnknownDelivery {
        /// The number.
        found: u8,
    },
    /// `outcome` is none.
    UnknownOutcome {
        /// The number.
        found: u8,
    },
    /// `reason` is none of those for which an intent is refused.
    UnknownRefusal {
        /// The number.
        found: u8,
    },
    /// A field is set that this matching, verification, rule or outcome does not use.
    UnusedField {
        /// Its name in Solidity.
        field: &'static str,
    },
    /// The input is longer than what travels in an intent.
    InputTooLong {
        /// Its bytes.
        found: u32,
    },
    /// The input is both brought and named by digest.
    InputTwice,
    /// One of `blob` and `blobLength` is zero and the other is not.
    BlobIncomplete,
    /// The JSON pointer is too long.
    PointerTooLong {
        /// Its bytes.
        found: u32,
    },
    /// The answer is longer than any can be.
    OutputTooLong {
        /// Its bytes.
        found: u32,
    },
}

impl fmt::Display for AbiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("The body is empty. Begin it with the byte that says which kind it is."),
            Self::UnknownKind { found } => write!(
                f,
                "Kind {found} is not defined here. To Pensum: 1 Intent, 2 Cancel, 3 Accept, 4 Withdraw. From it: 1 Result, 2 Root."
            ),
            Self::NotAbi => f.write_str(
                "What follows the kind is not one ABI-encoded struct. Append abi.encode of the struct of that kind.",
            ),
            Self::NotCanonical => f.write_str(
                "Solidity encodes this struct otherwise. Use abi.encode, without gaps, padding or anything behind it.",
            ),
            Self::UnknownMatching { found } => {
                write!(f, "Matching {found} is not defined. Use 0 Book, 1 Dutch or 2 Sealed.")
            }
            Self::UnknownVerification { found } => write!(
                f,
                "Verification {found} is not defined. Use 0 Replay, 1 Quorum or 2 Requester."
            ),
            Self::UnknownRule { found } => write!(
                f,
                "Rule {found} is not defined. Use 0 Exact, 1 Numeric, 2 JsonField or 3 Label."
            ),
            Self::UnknownDelivery { found } => {
                write!(f, "Delivery {found} is not defined. Use 0 Direct or 1 Batched.")
            }
            Self::UnknownOutcome { found } => write!(
                f,
                "Outcome {found} is not defined. There are 0 Answered, 1 Refunded and 2 Refused."
            ),
            Self::UnknownRefusal { found } => {
                write!(f, "Nothing is refused for reason {found}. See `Refusal`.")
            }
            Self::UnusedField { field } => {
                write!(f, "`{field}` is set and not used. Leave it zero or empty.")
            }
            Self::InputTooLong { found } => write!(
                f,
                "The input has {found} bytes, {MAX_INPUT} travel in an intent. Name a longer one by its sha2-256 in `blob`."
            ),
            Self::InputTwice => f.write_str("The input is brought and named by digest. Set one of `input` and `blob`."),
            Self::BlobIncomplete => {
                f.write_str("An input is named by digest and length. Set both `blob` and `blobLength`, or neither.")
            }
            Self::PointerTooLong { found } => write!(
                f,
                "The JSON pointer has {found} bytes, {MAX_POINTER} are the most. Shorten it."
            ),
            Self::OutputTooLong { found } => write!(
                f,
                "The answer has {found} bytes, {MAX_OUTPUT} are the most. This is no result of Pensum."
            ),
        }
    }
}

impl core::error::Error for AbiError {}
