//! Bodies of messages: one byte for the kind, then the struct.

use alloc::vec::Vec;

use crate::{
    bytes::{body, decode},
    error::AbiError,
    sol, Bytes32, Intent, Root, TaskResult, Withdraw,
};

/// From a contract on another chain to Pensum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ToTasks {
    /// Kind 1: asks for an answer.
    Intent(Intent),
    /// Kind 2: takes an intent back.
    Cancel {
        /// The id of the message that brought it.
        request: Bytes32,
    },
    /// Kind 3: accepts the answer to an intent, which is verified by its requester.
    Accept {
        /// The id of the message that brought it.
        request: Bytes32,
    },
    /// Kind 4: sends money home.
    Withdraw(Withdraw),
}

/// The kind of [`ToTasks::Cancel`].
pub const CANCEL: u8 = 2;
/// The kind of [`ToTasks::Accept`].
pub const ACCEPT: u8 = 3;
/// The kind of [`ToTasks::Withdraw`].
pub const WITHDRAW: u8 = 4;

impl ToTasks {
    /// Reads a body. Whatever this accepts, [`ToTasks::encode`] turns back into the same bytes.
    pub fn decode(bytes: &[u8]) -> Result<Self, AbiError> {
        let (kind, encoded) = bytes.split_first().ok_or(AbiError::Empty)?;
        match *kind {
            Intent::KIND => Intent::decode(encoded).map(Self::Intent),
            CANCEL => decode::<sol::Cancel>(encoded).map(|cancel| Self::Cancel {
                request: cancel.request.0,
            }),
            ACCEPT => decode::<sol::Accept>(encoded).map(|accept| Self::Accept {
                request: accept.request.0,
            }),
            WITHDRAW => decode::<sol::Withdraw>(encoded).map(|withdraw| Self::Withdraw(withdraw.into())),
            found => Err(AbiError::UnknownKind { found }),
        }
    }

    /// The body.
    pub fn encode(&self) -> Vec<u8> {
        match self {
            Self::Intent(intent) => body(Intent::KIND, &sol::Intent::from(intent)),
            Self::Cancel { request } => body(
                CANCEL,
                &sol::Cancel {
                    request: (*request).into(),
                },
            ),
            Self::Accept { request } => body(
                ACCEPT,
                &sol::Accept {
                    request: (*request).into(),
                },
            ),
            Self::Withdraw(withdraw) => body(WITHDRAW, &sol::Withdraw::from(*withdraw)),
        }
    }
}

/// From Pensum to another chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FromTasks {
    /// Kind 1, to the contract that asked: how it ended.
    Result(TaskResult),
    /// Kind 2, to the chain's registry: the Merkle root of many results.
    Root(Root),
}

impl FromTasks {
    /// Reads a body. Whatever this accepts, [`FromTasks::encode`] turns back into the same bytes.
    pub fn decode(bytes: &[u8]) -> Result<Self, AbiError> {
        let (kind, encoded) = bytes.split_first().ok_or(AbiError::Empty)?;
        match *kind {
            TaskResult::KIND => TaskResult::decode(encoded).map(Self::Result),
            Root::KIND => Root::decode(encoded).map(Self::Root),
            found => Err(AbiError::UnknownKind { found }),
        }
    }

    /// The body.
    pub fn encode(&self) -> Vec<u8> {
        match self {
            Self::Result(result) => body(TaskResult::KIND, &sol::Result::from(result)),
            Self::Root(root) => body(Root::KIND, &sol::Root::from(*root)),
        }
    }
}
