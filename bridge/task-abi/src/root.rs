//! Many results under one hash.

use alloc::vec::Vec;

use crate::{bytes, error::AbiError, sol, Bytes32};

/// The Merkle root of a batch of results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Root {
    /// The batch's number, counted from 0 for each chain.
    pub batch: u64,
    /// The root.
    pub root: Bytes32,
    /// How many results there are.
    pub leaves: u32,
}

impl Root {
    /// Its kind, from Pensum.
    pub const KIND: u8 = 2;

    /// `abi.encode` of it.
    pub fn encode(&self) -> Vec<u8> {
        bytes::encode(&sol::Root::from(*self))
    }

    /// Reads what [`Root::encode`] writes, and nothing else.
    pub fn decode(encoded: &[u8]) -> Result<Self, AbiError> {
        bytes::decode::<sol::Root>(encoded).map(Into::into)
    }
}

impl From<sol::Root> for Root {
    fn from(raw: sol::Root) -> Self {
        Self {
            batch: raw.batch,
            root: raw.root.0,
            leaves: raw.leaves,
        }
    }
}

impl From<Root> for sol::Root {
    fn from(root: Root) -> Self {
        Self {
            batch: root.batch,
            root: root.root.into(),
            leaves: root.leaves,
        }
    }
}
