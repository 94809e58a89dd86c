//! How the answer is verified.

use alloc::vec::Vec;

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

use crate::{
    bytes::{length, unused},
    error::AbiError,
    sol, MAX_POINTER,
};

/// How the answer is verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verification {
    /// Kind 0: by running the model's graph again.
    Replay {
        /// Blocks in which the answer may be challenged; with 0 the chain itself runs it.
        window: u32,
    },
    /// Kind 1: by asking several solvers.
    Quorum {
        /// How many.
        solvers: u8,
        /// How many of them must agree.
        threshold: u8,
        /// When two answers agree.
        rule: Rule,
    },
    /// Kind 2: by the requester.
    Requester {
        /// Blocks in which the requester may refuse the answer.
        window: u32,
    },
}

/// When two answers agree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Rule 0: byte for byte.
    Exact,
    /// Rule 1: numbers that differ by so many parts per million at most.
    Numeric {
        /// The tolerance.
        ppm: u32,
    },
    /// Rule 2: JSON, of which one field is the same.
    JsonField {
        /// The field's JSON pointer, at most [`MAX_POINTER`] bytes.
        pointer: Vec<u8>,
    },
    /// Rule 3: the same label.
    Label,
}

/// How an answer was verified, as a result tells it.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Default, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum VerificationKind {
    /// By running the model's graph again. Also what a result says of an intent that could not be read.
    #[default]
    Replay,
    /// By asking several solvers.
    Quorum,
    /// By the requester.
    Requester,
}

impl VerificationKind {
    /// Its number.
    pub const fn number(self) -> u8 {
        match self {
            Self::Replay => 0,
            Self::Quorum => 1,
            Self::Requester => 2,
        }
    }
}

impl TryFrom<u8> for VerificationKind {
    type Error = AbiError;

    fn try_from(number: u8) -> Result<Self, AbiError> {
        match number {
            0 => Ok(Self::Replay),
            1 => Ok(Self::Quorum),
            2 => Ok(Self::Requester),
            found => Err(AbiError::UnknownVerification { found }),
        }
    }
}

impl Verification {
    /// Which one it is.
    pub const fn kind(&self) -> VerificationKind {
        match self {
            Self::Replay { .. } => VerificationKind::Replay,
            Self::Quorum { .. } => VerificationKind::Quorum,
            Self::Requester { .. } => VerificationKind::Requester,
        }
    }
}

impl TryFrom<sol::Verification> for Verification {
    type Error = AbiError;

    fn try_from(raw: sol::Verification) -> Result<Self, AbiError> {
        let kind = VerificationKind::try_from(raw.kind)?;
        if kind == VerificationKind::Quorum {
            unused("verification.window", &raw.window)?;
            return Ok(Self::Quorum {
                solvers: raw.solvers,
                threshold: raw.threshold,
                rule: rule(raw)?,
            });
        }
        unused("verification.solvers", &raw.solvers)?;
        unused("verification.threshold", &raw.threshold)?;
        unused("verification.rule", &raw.rule)?;
        unused("verification.ppm", &raw.ppm)?;
        unused("verification.pointer", &raw.pointer)?;
        let window = raw.window;
        Ok(match kind {
            VerificationKind::Requester => Self::Requester { window },
            _ => Self::Replay { window },
        })
    }
}

fn rule(raw: sol::Verification) -> Result<Rule, AbiError> {
    if raw.rule != 1 {
        unused("verification.ppm", &raw.ppm)?;
    }
    if raw.rule != 2 {
        unused("verification.pointer", &raw.pointer)?;
    }
    match raw.rule {
        0 => Ok(Rule::Exact),
        1 => Ok(Rule::Numeric { ppm: raw.ppm }),
        2 if raw.pointer.len() > MAX_POINTER => Err(AbiError::PointerTooLong {
            found: length(&raw.pointer),
        }),
        2 => Ok(Rule::JsonField {
            pointer: raw.pointer.to_vec(),
        }),
        3 => Ok(Rule::Label),
        found => Err(AbiError::UnknownRule { found }),
    }
}

impl From<&Verification> for sol::Verification {
    fn from(verification: &Verification) -> Self {
        let mut raw = Self {
            kind: verification.kind().number(),
            window: 0,
            solvers: 0,
            threshold: 0,
            rule: 0,
            ppm: 0,
            pointer: Default::default(),
        };
        match verification {
            Verification::Replay { window } | Verification::Requester { window } => raw.window = *window,
            Verification::Quorum {
                solvers,
                threshold,
                rule,
            } => {
                raw.solvers = *solvers;
                raw.threshold = *threshold;
                match rule {
                    Rule::Exact => (),
                    Rule::Numeric { ppm } => (raw.rule, raw.ppm) = (1, *ppm),
                    Rule::JsonField { pointer } => (raw.rule, raw.pointer) = (2, pointer.clone().into()),
                    Rule::Label => raw.rule = 3,
                }
            }
        }
        raw
    }
}
