//! How an intent ended.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

use crate::{error::AbiError, Refusal};

/// How an intent ended, for ever.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum Outcome {
    /// 0: it was answered, verified and paid.
    Answered,
    /// 1: it became a task that was not answered.
    Refunded {
        /// Why: the index of Pensum's own list of reasons. A number here and no name, so that what lies on other chains for ever can
        /// read a reason that was added later.
        reason: u8,
    },
    /// 2: it never became a task.
    Refused(Refusal),
}

impl Outcome {
    /// The fields `outcome` and `reason`.
    pub const fn numbers(self) -> (u8, u8) {
        match self {
            Self::Answered => (0, 0),
            Self::Refunded { reason } => (1, reason),
            Self::Refused(refusal) => (2, refusal.code()),
        }
    }

    /// What the fields `outcome` and `reason` say.
    pub fn from_numbers(outcome: u8, reason: u8) -> Result<Self, AbiError> {
        match outcome {
            0 if reason != 0 => Err(AbiError::UnusedField { field: "reason" }),
            0 => Ok(Self::Answered),
            1 => Ok(Self::Refunded { reason }),
            2 => Refusal::try_from(reason).map(Self::Refused),
            found => Err(AbiError::UnknownOutcome { found }),
        }
    }
}
