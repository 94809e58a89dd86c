//! What is read of the state as bytes, by those who know the runtime by its metadata only.

use super::Read;
use pensum_primitives::Digest;

/// What is read of the state as bytes. `at` names the block in whose state it is read.
pub trait RawChain {
    /// The runtime's version: while it stays the same, so does the metadata.
    fn spec_version(&self, at: Digest) -> Read<u32>;
    /// The runtime's metadata, in the format of version 14.
    fn metadata(&self, at: Digest) -> Read<Vec<u8>>;
    /// What lies under a key.
    fn storage(&self, at: Digest, key: &[u8]) -> Read<Option<Vec<u8>>>;
}

mod full {
    use super::*;
    use crate::client::{Backend, Client};
    use pensum_primitives::Block;
    use sc_client_api::StorageProvider;
    use sp_api::{CallApiAt, Metadata, ProvideRuntimeApi};
    use sp_core::{storage::StorageKey, traits::CallContext};

    impl RawChain for Client {
        fn spec_version(&self, at: Digest) -> Read<u32> {
            let version = CallApiAt::runtime_version_at(self, at, CallContext::Offchain)?;
            Ok(version.spec_version)
        }

        fn metadata(&self, at: Digest) -> Read<Vec<u8>> {
            Ok(self.runtime_api().metadata(at)?.to_vec())
        }

        fn storage(&self, at: Digest, key: &[u8]) -> Read<Option<Vec<u8>>> {
            let key = StorageKey(key.to_vec());
            let found = StorageProvider::<Block, Backend>::storage(self, at, &key)?;
            Ok(found.map(|data| data.0))
        }
    }
}
