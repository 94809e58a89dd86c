//! Why an intent never became a task.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

use crate::error::AbiError;

/// Why an intent never became a task. The number is the `reason` of its result.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub enum Refusal {
    /// 0: the body cannot be read. Encode it as `PensumAbi.sol` does.
    Malformed,
    /// 1: Pensum takes no intents from this sender, or none from its chain. Ask its governance.
    NotAccepted,
    /// 2: the asset cannot pay here: it is not listed, or does not exist. Pay with another.
    UnknownAsset,
    /// 3: the asset has no rate that can be trusted now. Try again later, or pay with another.
    NoRate,
    /// 4: the remote account does not hold `maxReward`, the prepaid fee and the delivery. Send it more.
    CannotPay,
    /// 5: terms or input are outside of what market or model take. Compare them with the market's limits and the model's schema.
    BadTerms,
    /// 6: the model is not registered, retired, or flagged and `allowFlagged` is not set. Choose another.
    UnknownModel,
    /// 7: no solver takes it now on these terms. Try again later, raise `maxReward`, or let it be matched by auction.
    NoSolver,
    /// 8: batched delivery was asked for and Pensum knows no registry on this chain. Ask for direct delivery.
    NoRegistry,
}

impl Refusal {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 9] = [
        Self::Malformed,
        Self::NotAccepted,
        Self::UnknownAsset,
        Self::NoRate,
        Self::CannotPay,
        Self::BadTerms,
        Self::UnknownModel,
        Self::NoSolver,
        Self::NoRegistry,
    ];

    /// Its number.
    pub const fn code(self) -> u8 {
        match self {
            Self::Malformed => 0,
            Self::NotAccepted => 1,
            Self::UnknownAsset => 2,
            Self::NoRate => 3,
            Self::CannotPay => 4,
            Self::BadTerms => 5,
            Self::UnknownModel => 6,
            Self::NoSolver => 7,
            Self::NoRegistry => 8,
        }
    }
}

impl TryFrom<u8> for Refusal {
    type Error = AbiError;

    fn try_from(code: u8) -> Result<Self, AbiError> {
        let known = Self::ALL.get(usize::from(code)).copied();
        known.ok_or(AbiError::UnknownRefusal { found: code })
    }
}
