//! Asking for an answer.

use alloc::vec::Vec;

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

use crate::{asset_number, asset_of, bytes, error::AbiError, sol, Bytes32, Input, Matching, Verification};

/// What a contract on another chain asks for. Paid by its remote account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intent {
    /// The model that shall answer.
    pub model: Bytes32,
    /// What it shall read.
    pub input: Input,
    /// The asset that pays; none is PEN.
    pub asset: Option<u32>,
    /// Most that the answer may cost, in units of the asset, beside the delivery and the prepaid fee.
    pub max_reward: u128,
    /// How many blocks after the one that takes the intent an answer is of use.
    pub deadline: u32,
    /// How the solver is chosen.
    pub matching: Matching,
    /// How the answer is verified.
    pub verification: Verification,
    /// Least reputation of a solver, in parts per million.
    pub min_reputation: u32,
    /// Take the model even if it is flagged.
    pub allow_flagged: bool,
    /// How the result gets there.
    pub delivery: Delivery,
    /// Gas that the contract's callback takes there.
    pub callback_gas: u64,
    /// Who gets there what is left of `max_reward`. None: it stays in the remote account.
    pub refund_to: Option<Bytes32>,
}

/// How a result gets to the chain that asked.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Default, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum Delivery {
    /// 0: a message to the contract that asked.
    #[default]
    Direct,
    /// 1: under a Merkle root with others, which the chain's registry keeps.
    Batched,
}

impl Delivery {
    /// Its number.
    pub const fn number(self) -> u8 {
        match self {
            Self::Direct => 0,
            Self::Batched => 1,
        }
    }
}

impl TryFrom<u8> for Delivery {
    type Error = AbiError;

    fn try_from(number: u8) -> Result<Self, AbiError> {
        match number {
            0 => Ok(Self::Direct),
            1 => Ok(Self::Batched),
            found => Err(AbiError::UnknownDelivery { found }),
        }
    }
}

impl Intent {
    /// Its kind, to Pensum.
    pub const KIND: u8 = 1;

    /// `abi.encode` of it.
    pub fn encode(&self) -> Vec<u8> {
        bytes::encode(&sol::Intent::from(self))
    }

    /// Reads what [`Intent::encode`] writes, and nothing else.
    pub fn decode(encoded: &[u8]) -> Result<Self, AbiError> {
        bytes::decode::<sol::Intent>(encoded)?.try_into()
    }
}

impl TryFrom<sol::Intent> for Intent {
    type Error = AbiError;

    fn try_from(raw: sol::Intent) -> Result<Self, AbiError> {
        Ok(Self {
            model: raw.model.0,
            input: Input::from_fields((raw.input.into(), raw.blob.0, raw.blobLength))?,
            asset: asset_of(raw.asset),
            max_reward: raw.maxReward,
            deadline: raw.deadline,
            matching: raw.matching.try_into()?,
            verification: raw.verification.try_into()?,
            min_reputation: raw.minReputation,
            allow_flagged: raw.allowFlagged,
            delivery: raw.delivery.try_into()?,
            callback_gas: raw.callbackGas,
            refund_to: (!raw.refundTo.is_zero()).then_some(raw.refundTo.0),
        })
    }
}

impl From<&Intent> for sol::Intent {
    fn from(intent: &Intent) -> Self {
        let (input, blob, blob_length) = intent.input.to_fields();
        Self {
            model: intent.model.into(),
            input: input.into(),
            blob: blob.into(),
            blobLength: blob_length,
            asset: asset_number(intent.asset),
            maxReward: intent.max_reward,
            deadline: intent.deadline,
            matching: intent.matching.into(),
            verification: (&intent.verification).into(),
            minReputation: intent.min_reputation,
            allowFlagged: intent.allow_flagged,
            delivery: intent.delivery.number(),
            callbackGas: intent.callback_gas,
            refundTo: intent.refund_to.unwrap_or_default().into(),
        }
    }
}
