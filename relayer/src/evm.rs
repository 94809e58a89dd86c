//! An EVM chain, by way of its nodes' JSON-RPC: Hyperlane's contracts there, logs, and transactions of one account.

mod abi;
mod announce;
mod block;
mod destination;
mod fees;
mod origin;
mod rpc;
mod security;
mod transaction;

pub use announce::Announced;
pub use block::Block;

use crate::{
    chain::Anchor,
    config::{self, Finality},
    metrics::Metrics,
    Error, Fault, Kind,
};
use alloy::{
    eips::BlockId,
    primitives::{Address, B256},
    providers::RootProvider,
    signers::local::PrivateKeySigner,
};
use hyperlane_primitives::{Domain, H160, H256};
use rpc::Rpc;
use std::sync::{atomic::AtomicU64, Arc};

/// Decimals of an EVM chain's coin.
pub const DECIMALS: i32 = 18;

/// The chain.
pub struct Evm {
    config: config::Evm,
    /// Where messages are to go that are read here.
    wanted: Domain,
    key: Option<PrivateKeySigner>,
    rpc: Rpc,
    /// Blocks for which logs are asked now: fewer than configured while the node refuses more.
    range: AtomicU64,
    metrics: Arc<Metrics>,
}

impl Evm {
    /// As configured, with the key of the account that pays there, if there is one.
    pub fn new(
        config: config::Evm,
        wanted: Domain,
        key: Option<PrivateKeySigner>,
        metrics: Arc<Metrics>,
    ) -> Result<Self, Error> {
        Ok(Self {
            rpc: Rpc::new(&config, metrics.clone())?,
            range: AtomicU64::new(config.range),
            config,
            wanted,
            key,
            metrics,
        })
    }

    /// What it is called.
    pub fn name(&self) -> &str {
        &self.config.name
    }

    /// The chain's identity, for the journal.
    pub fn identity(&self) -> String {
        let config = &self.config;
        format!(
            "chain {} mailbox {:?} tree {:?}",
            config.chain_id, config.mailbox, config.merkle_tree_hook
        )
    }

    /// The last block that counts as final.
    pub async fn last_final(&self, finality: Finality) -> Result<Block, Fault> {
        let none = || Fault::Unreachable("No block is final yet.".into());
        match finality {
            Finality::Finalized => self.rpc.block("finalized").await?.ok_or_else(none),
            Finality::Blocks(on_top) => {
                let latest = self.rpc.block("latest").await?.ok_or_else(none)?;
                match on_top {
                    0 => Ok(latest),
                    _ => {
                        let number = latest.number.checked_sub(on_top).ok_or_else(none)?;
                        self.rpc.numbered(number).await?.ok_or_else(none)
                    }
                }
            }
        }
    }

    /// The root and the number of leaves that the Merkle tree hook has at a block: by its hash, which cannot mean another one.
    pub async fn tree_at(&self, block: &Anchor) -> Result<(H256, u32), Fault> {
        let hook = self.config.merkle_tree_hook;
        let at = BlockId::hash(B256::from(block.hash));
        let count = self
            .rpc
            .view(hook, abi::IMerkleTreeHook::countCall {}, at)
            .await?;
        let root = self.rpc.view(hook, abi::IMerkleTreeHook::rootCall {}, at).await?;
        Ok((H256(root.0), count))
    }

    fn account(&self) -> Result<&PrivateKeySigner, Fault> {
        self.key.as_ref().ok_or_else(|| {
            Fault::Fatal(Error::usage(
                format!("There is no key that pays on {}.", self.config.name),
                "Set key_file in its [[evm]] section.",
            ))
        })
    }
}

/// Whether a node is of the chain that is configured.
async fn check_identity(provider: &RootProvider, url: &str, config: &config::Evm) -> Result<(), Fault> {
    let wrong = |what: String| {
        Fault::Fatal(Error::new(
            Kind::WrongChain,
            format!("The node at {url} {what}."),
            format!(
                "Correct rpc, chain_id, domain or mailbox of [[evm]] `{}`.",
                config.name
            ),
        ))
    };
    let id = rpc::chain_id(provider).await?;
    if id != config.chain_id {
        return Err(wrong(format!("has chain id {id}, not {}", config.chain_id)));
    }
    match rpc::local_domain(provider, config.mailbox).await? {
        Some(domain) if domain == config.domain => Ok(()),
        Some(domain) => Err(wrong(format!(
            "has a mailbox of domain {domain} at {:?}, not {}",
            config.mailbox, config.domain
        ))),
        None => Err(wrong(format!("has no mailbox at {:?}", config.mailbox))),
    }
}

fn alloy_address(address: H160) -> Address {
    Address::from(address.0)
}
