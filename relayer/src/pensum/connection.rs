use super::{merkle_tree_hook, view::Info};
use crate::{Error, Fault, Kind};
use hyperlane_primitives::{Domain, H256};
use serde::{de::DeserializeOwned, Serialize};
use std::{future::Future, sync::Arc, time::Duration};
use subxt::{
    backend::LegacyBackend,
    config::substrate::{self, SubstrateConfig},
    rpcs::{client::RpcParams, RpcClient},
    OnlineClient, OnlineClientAtBlock,
};
use tokio::time::timeout;

/// How long one answer may take. A node that imports a large block can be slow; one that is silent for longer is gone.
const PATIENCE: Duration = Duration::from_secs(30);

/// The chain at one block.
pub(super) type At = OnlineClientAtBlock<SubstrateConfig>;

/// A connection to a node of the right chain.
pub(super) struct Connection {
    rpc: RpcClient,
    client: OnlineClient<SubstrateConfig>,
}

impl Connection {
    pub async fn open(url: &str, domain: Domain) -> Result<Self, Fault> {
        let rpc = patiently("the connection", RpcClient::from_insecure_url(url)).await?;
        let backend = LegacyBackend::builder().build(rpc.clone());
        let client = patiently(
            "the chain's metadata",
            OnlineClient::from_backend(Arc::new(backend)),
        )
        .await?;
        let connection = Self { rpc, client };
        let info: Info = connection.ask("bridge_info", &()).await?;
        let hook = H256(info.merkle_tree_hook.0);
        if info.domain != domain.0 || hook != merkle_tree_hook().0 {
            return Err(Fault::Fatal(Error::new(
                Kind::WrongChain,
                format!(
                    "The node at {url} has domain {} and Merkle tree {hook:?}, not {domain} and {:?}.",
                    info.domain,
                    merkle_tree_hook().0
                ),
                "Correct pensum.rpc or pensum.domain.",
            )));
        }
        Ok(connection)
    }

    /// The hash of the chain's first block.
    pub fn genesis(&self) -> H256 {
        H256(self.client.genesis_hash().0)
    }

    /// One request; `params` is a tuple, an array or nothing.
    pub async fn ask<T: DeserializeOwned>(&self, method: &str, params: &impl Serialize) -> Result<T, Fault> {
        let params = positional(params)
            .map_err(|why| Fault::Refused(format!("The arguments of {method} are no JSON: {why}.")))?;
        match timeout(PATIENCE, self.rpc.request(method, params)).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(subxt::rpcs::Error::User(error))) => Err(Fault::Refused(format!(
                "{method}: {} ({})",
                error.message, error.code
            ))),
            Ok(Err(other)) => Err(Fault::Unreachable(format!("{method}: {other}"))),
            Err(_) => Err(Fault::Unreachable(format!(
                "{method}: no answer within {} s",
                PATIENCE.as_secs()
            ))),
        }
    }

    /// One request whose refusal has a code.
    pub async fn submit(&self, raw: &[u8]) -> Result<(), subxt::rpcs::Error> {
        let mut params = RpcParams::new();
        params.push(format!("0x{}", hex::encode(raw)))?;
        let sent = self.rpc.request::<H256>("author_submitExtrinsic", params);
        match timeout(PATIENCE, sent).await {
            Ok(answer) => answer.map(drop),
            Err(_) => Err(subxt::rpcs::Error::Client("no answer in time".into())),
        }
    }

    /// The chain after its last final block.
    pub async fn at_final(&self) -> Result<At, Fault> {
        let hash: H256 = self.ask("chain_getFinalizedHead", &()).await?;
        self.at(hash).await
    }

    /// The chain after its best block.
    pub async fn at_best(&self) -> Result<At, Fault> {
        let hash: H256 = self.ask("chain_getBlockHash", &()).await?;
        self.at(hash).await
    }

    async fn at(&self, hash: H256) -> Result<At, Fault> {
        patiently("a block", self.client.at_block(substrate::H256(hash.0))).await
    }
}

/// An answer that comes in time; everything else is a fault of the node.
pub(super) async fn patiently<T, E: std::fmt::Display>(
    what: &str,
    asked: impl Future<Output = Result<T, E>>,
) -> Result<T, Fault> {
    match timeout(PATIENCE, asked).await {
        Ok(answer) => answer.map_err(|why| Fault::Unreachable(format!("{what}: {why}"))),
        Err(_) => Err(Fault::Unreachable(format!(
            "{what}: no answer within {} s",
            PATIENCE.as_secs()
        ))),
    }
}

fn positional(params: &impl Serialize) -> Result<RpcParams, String> {
    let value = serde_json::to_value(params).map_err(|why| why.to_string())?;
    let mut params = RpcParams::new();
    for param in value.as_array().into_iter().flatten() {
        params.push(param).map_err(|why| why.to_string())?;
    }
    Ok(params)
}
