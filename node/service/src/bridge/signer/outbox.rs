//! Where signatures go: the transaction pool.

use pensum_primitives::{Block, Digest};
use sc_transaction_pool_api::{error::IntoPoolError, LocalTransactionPool};
use sp_consensus::SyncOracle;
use sp_runtime::OpaqueExtrinsic;
use std::sync::Arc;

/// What the signer needs of the network.
pub trait Outbox: Send {
    /// Whether the node is far behind the others: what it would publish is published already.
    fn is_behind(&self) -> bool;
    /// Hands over a transaction; says why where it is not taken.
    fn submit(&self, at: Digest, transaction: OpaqueExtrinsic) -> Result<(), String>;
}

/// The node's own pool.
pub(crate) struct PoolOutbox<P, S> {
    pub pool: Arc<P>,
    pub sync: S,
}

impl<P, S> Outbox for PoolOutbox<P, S>
where
    P: LocalTransactionPool<Block = Block>,
    P::Error: std::fmt::Display,
    S: SyncOracle + Send,
{
    fn is_behind(&self) -> bool {
        self.sync.is_major_syncing()
    }

    fn submit(&self, at: Digest, transaction: OpaqueExtrinsic) -> Result<(), String> {
        match self.pool.submit_local(at, transaction) {
            Ok(_) => Ok(()),
            Err(error) => match error.into_pool_error() {
                // It is on its way.
                Ok(sc_transaction_pool_api::error::Error::AlreadyImported(_)) => Ok(()),
                Ok(error) => Err(error.to_string()),
                Err(error) => Err(error.to_string()),
            },
        }
    }
}
