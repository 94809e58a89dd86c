//! The Pensum chain, by way of one node: its `bridge_*` methods for what was dispatched and delivered, and signed transactions made
//! by the metadata that the node serves.

mod connection;
mod destination;
mod origin;
mod transaction;
mod view;

use crate::{config, metrics::Metrics, Error, Fault, Kind};
use connection::Connection;
use hyperlane_primitives::{Address, Domain, H256};
use std::sync::{Arc, OnceLock};
use subxt_signer::sr25519::Keypair;
use tokio::sync::Mutex;

/// What it is called in logs, metrics and `status`.
pub const NAME: &str = "pensum";
/// Decimals of PEN.
pub const DECIMALS: i32 = 12;

/// The address of the chain's Merkle tree: 12 zero bytes, then `pensum/merkle-tree`, padded by zeros to 20 bytes. The node's answer is
/// compared with it.
pub fn merkle_tree_hook() -> Address {
    const NAME: &[u8; 18] = b"pensum/merkle-tree";
    let mut bytes = [0; 32];
    bytes[12..12 + NAME.len()].copy_from_slice(NAME);
    Address(H256(bytes))
}

/// The chain. Connects when it is first asked something, and again after every failure.
pub struct Pensum {
    url: String,
    domain: Domain,
    key: Keypair,
    metrics: Arc<Metrics>,
    connection: Mutex<Option<Arc<Connection>>>,
    /// The hash of the first block, since it is known.
    genesis: OnceLock<H256>,
}

impl Pensum {
    /// As configured, its secret read from its file.
    pub fn new(config: &config::Pensum, metrics: Arc<Metrics>) -> Result<Self, Error> {
        Ok(Self {
            url: config.rpc.clone(),
            domain: Domain(config.domain),
            key: config::pensum_key(&config.key_file)?,
            metrics,
            connection: Mutex::new(None),
            genesis: OnceLock::new(),
        })
    }

    /// The chain's identity, for the journal: the hash of its first block.
    pub async fn identity(&self) -> Result<String, Fault> {
        let connection = self.connection().await?;
        Ok(format!("{:?}", connection.genesis()))
    }

    async fn connection(&self) -> Result<Arc<Connection>, Fault> {
        let mut slot = self.connection.lock().await;
        if let Some(connection) = &*slot {
            return Ok(connection.clone());
        }
        let connected = Connection::open(&self.url, self.domain).await;
        self.metrics.chain(NAME, connected.is_ok());
        let connection = Arc::new(connected?);
        let genesis = connection.genesis();
        if *self.genesis.get_or_init(|| genesis) != genesis {
            return Err(Fault::Fatal(Error::new(
                Kind::WrongChain,
                format!(
                    "The node at {} is of another chain than before: its first block is {genesis:?}.",
                    self.url
                ),
                "Name another journal if that is meant: this one is the former chain's.",
            )));
        }
        tracing::info!(url = self.url, "connected to the Pensum node");
        *slot = Some(connection.clone());
        Ok(connection)
    }

    /// Notes how a question ended: after a failed one the next begins with a new connection.
    async fn noted<T>(&self, answer: Result<T, Fault>) -> Result<T, Fault> {
        match &answer {
            Err(Fault::Unreachable(why)) => {
                tracing::debug!(why, "the Pensum node failed; connecting again");
                self.metrics.chain(NAME, false);
                *self.connection.lock().await = None;
            }
            _ => self.metrics.chain(NAME, true),
        }
        answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hook_has_the_shape_of_an_evm_address() {
        let hook = merkle_tree_hook();
        assert!(hook.to_evm().is_ok());
        assert_eq!(
            format!("{:?}", hook.0),
            "0x00000000000000000000000070656e73756d2f6d65726b6c652d747265650000"
        );
    }
}
