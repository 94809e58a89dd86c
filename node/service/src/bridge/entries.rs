//! Entries in the off-chain storage.

use super::keys::PREFIX;
use crate::index::Storage;
use codec::{Decode, Encode};
use std::sync::Arc;

/// An entry that does not decode.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Unreadable;

/// What the bridge keeps in the off-chain storage.
#[derive(Clone)]
pub(super) struct Entries(Arc<dyn Storage>);

impl Entries {
    pub(super) fn new(storage: Arc<dyn Storage>) -> Self {
        Self(storage)
    }

    pub(super) fn read<T: Decode>(&self, key: &[u8]) -> Result<Option<T>, Unreadable> {
        let bytes = self.0.get(PREFIX, key);
        bytes
            .map(|bytes| T::decode(&mut &bytes[..]).map_err(|_| Unreadable))
            .transpose()
    }

    pub(super) fn write(&self, key: &[u8], value: &impl Encode) {
        self.0.set(PREFIX, key, &value.encode())
    }

    /// Writes what need not be an entry, as a bad disk does.
    #[cfg(test)]
    pub(super) fn write_bytes(&self, key: &[u8], bytes: &[u8]) {
        self.0.set(PREFIX, key, bytes)
    }
}
