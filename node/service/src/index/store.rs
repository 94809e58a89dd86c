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
struct Shared<S>(RwLock<S>);

/// Shares an off-chain storage.
pub fn share(storage: impl OffchainStorage + 'static) -> Arc<dyn Storage> {
    Arc::new(Shared(RwLock::new(storage)))
}

impl<S: OffchainStorage> Storage for Shared<S> {
    fn get(&self, prefix: &[u8], key: &[u8]) -> Option<Vec<u8>> {
        self.0.read().get(prefix, key)
    }

    fn set(&self, prefix: &[u8], key: &[u8], value: &[u8]) {
        self.0.write().set(prefix, key, value)
    }
}
