//! Who must have signed: the validators of a chain, in their order, and how many of them suffice.

use alloc::vec::Vec;
use core::fmt;

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use primitive_types::{H160, H256};
use scale_info::TypeInfo;

use crate::{
    crypto::Crypto,
    ism::VerifyError,
    limits::MAX_VALIDATORS,
    signature::{Signature, SignatureBytes, Signatures},
};

/// A set whose rules were checked. The order is part of it: signatures must come in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ValidatorSet<'a> {
    validators: &'a [H160],
    threshold: u8,
}

impl<'a> ValidatorSet<'a> {
    /// Checks a set. Solidity takes a validator twice, who then counts twice; here that is refused.
    pub fn new(validators: &'a [H160], threshold: u8) -> Result<Self, ValidatorSetError> {
        if validators.len() > MAX_VALIDATORS {
            return Err(ValidatorSetError::TooMany {
                found: u32::try_from(validators.len()).unwrap_or(u32::MAX),
            });
        }
        if threshold == 0 {
            return Err(ValidatorSetError::NoThreshold);
        }
        if usize::from(threshold) > validators.len() {
            return Err(ValidatorSetError::ThresholdTooHigh {
                threshold,
                validators: u8::try_from(validators.len()).unwrap_or(u8::MAX),
            });
        }
        for (position, validator) in validators.iter().enumerate() {
            let at = u8::try_from(position).unwrap_or(u8::MAX);
            if validator.is_zero() {
                return Err(ValidatorSetError::ZeroAddress { at });
            }
            if validators.iter().take(position).any(|other| other == validator) {
                return Err(ValidatorSetError::Twice { at });
            }
        }
        Ok(Self {
            validators,
            threshold,
        })
    }

    /// The validators in their order.
    pub const fn validators(&self) -> &'a [H160] {
        self.validators
    }

    /// How many must have signed.
    pub const fn threshold(&self) -> u8 {
        self.threshold
    }

    /// Whether enough of them signed `digest`. As in Solidity: the first `threshold` signatures count, none of them may be bad,
    /// and their signers must be in the order of the set. What comes behind them is not looked at.
    pub fn verify<C: Crypto>(&self, digest: &H256, signatures: Signatures<'_>) -> Result<(), VerifyError> {
        let needed = usize::from(self.threshold);
        if signatures.count() < needed {
            return Err(VerifyError::TooFewSignatures {
                needed: self.threshold,
                found: u8::try_from(signatures.count()).unwrap_or(u8::MAX),
            });
        }
        let mut validators = self.validators.iter();
        for (at, signature) in (0..self.threshold).zip(signatures.iter()) {
            let signer = signature
                .signer::<C>(digest)
                .map_err(|why| VerifyError::BadSignature { at, why })?;
            // Each search goes on where the last one found its signer: nobody counts twice.
            if !validators.any(|validator| *validator == signer) {
                return Err(VerifyError::NotByThreshold { at });
            }
        }
        Ok(())
    }

    /// Of signatures in any order, some of them bad or by strangers, the ones to put into metadata: of as many validators as
    /// needed, in their order. None if there are too few.
    pub fn quorum<C: Crypto>(&self, digest: &H256, signatures: &[Signature]) -> Option<Vec<SignatureBytes>> {
        let signed: Vec<(H160, SignatureBytes)> = signatures
            .iter()
            .filter_map(|signature| Some((signature.signer::<C>(digest).ok()?, signature.0)))
            .collect();
        let chosen: Vec<SignatureBytes> = self
            .validators
            .iter()
            .filter_map(|validator| signed.iter().find(|(signer, _)| signer == validator))
            .map(|(_, bytes)| *bytes)
            .take(usize::from(self.threshold))
            .collect();
        (chosen.len() == usize::from(self.threshold)).then_some(chosen)
    }
}

/// Why validators are no set. `Display` adds the remedy.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum ValidatorSetError {
    /// There are more than allowed.
    TooMany {
        /// How many.
        found: u32,
    },
    /// The threshold is zero, so that nobody need have signed.
    NoThreshold,
    /// The threshold is higher than the number of validators.
    ThresholdTooHigh {
        /// The threshold.
        threshold: u8,
        /// How many validators there are.
        validators: u8,
    },
    /// A validator is the zero address, which nobody can sign for.
    ZeroAddress {
        /// Which one, counted from 0.
        at: u8,
    },
    /// A validator is named a second time.
    Twice {
        /// The second naming, counted from 0.
        at: u8,
    },
}

impl fmt::Display for ValidatorSetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooMany { found } => write!(
                f,
                "The set has {found} validators, {MAX_VALIDATORS} are allowed. Name fewer: relayers refuse larger sets."
            ),
            Self::NoThreshold => {
                f.write_str("The threshold is 0, so anybody could forge a message. Set it to 1 or more.")
            }
            Self::ThresholdTooHigh {
                threshold,
                validators,
            } => write!(
                f,
                "The threshold is {threshold}, of {validators} validators. Lower it, or name more validators."
            ),
            Self::ZeroAddress { at } => write!(
                f,
                "Validator {at} is the zero address, which nobody can sign for. Name its real address."
            ),
            Self::Twice { at } => write!(
                f,
                "Validator {at} is named already and would count twice. Name each validator once."
            ),
        }
    }
}

impl core::error::Error for ValidatorSetError {}
