//! The off-chain storage, as the index uses it.

use parking_lot::RwLock;
use sp_core::offchain::OffchainStorage;
use std::sync::Arc;

/// What the index needs of an off-chain storage. Object-safe, so that only this file is generic over the database.
pub trait Storage: Send + Sync {
    /// Reads an entry.
    fn get(&self, prefix: &[u8], key: &[u8]) -> Option<Vec<u8>>;
    /// Writes an entry.
    fn set(&self, prefix: &[u8], key: &[u8], value: &[u8]);
}

/// An off-chain storage that many can read.
#[derive(Default)]
pub struct SharedStorage<S>(RwLock<S>);

impl<S: OffchainStorage + 'static> SharedStorage<S> {
    /// Shares it.
    pub fn new(storage: S) -> Arc<dyn Storage> {
        Arc::new(Self(RwLock::new(storage)))
    }
}

impl<S: OffchainStorage> Storage for SharedStorage<S> {
    fn get(&self, prefix: &[u8], key: &[u8]) -> Option<Vec<u8>> {
        self.0.read().get(prefix, key)
    }

    fn set(&self, prefix: &[u8], key: &[u8], value: &[u8]) {
        self.0.write().set(prefix, key, value)
    }
}
