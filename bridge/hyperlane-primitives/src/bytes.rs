//! Reading fields of a fixed size off the front of a slice. `None` where it ends too early.

use primitive_types::{H160, H256, U256};

/// What has not been read yet.
pub(crate) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(crate) fn take<const N: usize>(&mut self) -> Option<&'a [u8; N]> {
        let (head, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(head)
    }

    pub(crate) fn byte(&mut self) -> Option<u8> {
        self.take::<1>().map(|[byte]| *byte)
    }

    pub(crate) fn short(&mut self) -> Option<u16> {
        self.take().map(|bytes| u16::from_be_bytes(*bytes))
    }

    pub(crate) fn word(&mut self) -> Option<u32> {
        self.take().map(|bytes| u32::from_be_bytes(*bytes))
    }

    pub(crate) fn hash(&mut self) -> Option<H256> {
        self.take().map(|bytes| H256(*bytes))
    }

    pub(crate) fn evm_address(&mut self) -> Option<H160> {
        self.take().map(|bytes| H160(*bytes))
    }

    pub(crate) fn number(&mut self) -> Option<U256> {
        self.take::<32>().map(|bytes| U256::from_big_endian(bytes))
    }

    pub(crate) fn rest(self) -> &'a [u8] {
        self.0
    }
}

/// The length of a slice, for an error: nothing that is reported is longer than 32 bits say.
pub(crate) fn length(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.len()).unwrap_or(u32::MAX)
}
