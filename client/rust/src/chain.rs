//! The chain behind a node: its state, constants and time.

use crate::{asset::Currency, config::Pensum, refusal, rpc::Rpc, Digest, Error};
use pensum_primitives::BlockNumber;
use serde_json::json;
use std::sync::Arc;
use subxt::{
    backend::LegacyBackend,
    dynamic::{self, Value},
    ext::scale_decode::DecodeAsType,
    OnlineClient, OnlineClientAtBlock,
};

/// The chain at one block.
pub type At = OnlineClientAtBlock<Pensum>;

/// A chain, by way of a node.
#[derive(Clone, Debug)]
pub struct Chain {
    /// The node's own methods.
    pub rpc: Rpc,
    client: OnlineClient<Pensum>,
    pays_in: Currency,
}

/// What an account has.
#[derive(Clone, Copy, PartialEq, Eq, Debug, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct Balance {
    /// What it can spend, what is frozen included.
    pub free: u128,
    /// What is on hold.
    pub reserved: u128,
    /// How much of `free` must stay.
    pub frozen: u128,
}

#[derive(DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct AccountInfo {
    data: Balance,
}

impl Chain {
    /// Connects to a node.
    pub async fn connect(url: &str) -> Result<Self, Error> {
        let rpc = Rpc::connect(url).await?;
        // The older methods tell of a best block at once; the newer ones follow blocks, which is dear for one command.
        let backend = LegacyBackend::builder().build(rpc.client());
        let client = OnlineClient::from_backend(Arc::new(backend))
            .await
            .map_err(|error| refusal::of_subxt(rpc.url(), "this node", error))?;
        Ok(Self {
            rpc,
            client,
            pays_in: Currency::Pen,
        })
    }

    /// The same, with inclusion fees paid in this.
    pub fn paying_in(self, pays_in: Currency) -> Self {
        Self { pays_in, ..self }
    }

    /// What inclusion fees are paid in.
    pub fn pays_in(&self) -> &Currency {
        &self.pays_in
    }

    /// The hash of the first block, which names the chain.
    pub fn genesis(&self) -> Digest {
        self.client.genesis_hash().0.into()
    }

    /// The chain at its best block.
    pub async fn best(&self) -> Result<At, Error> {
        let hash = self.rpc.request("chain_getBlockHash", json!([])).await?;
        self.at(hash).await
    }

    /// The chain at its last final block.
    pub async fn finalized(&self) -> Result<At, Error> {
        let hash = self.rpc.request("chain_getFinalizedHead", json!([])).await?;
        self.at(hash).await
    }

    /// The chain at a block.
    pub async fn at(&self, block: Digest) -> Result<At, Error> {
        let hash = subxt::config::substrate::H256(block.0);
        self.client
            .at_block(hash)
            .await
            .map_err(|error| refusal::of_subxt(self.rpc.url(), "this block", error))
    }

    /// The number of the last final block.
    pub async fn finalized_number(&self) -> Result<BlockNumber, Error> {
        let hash: Digest = self.rpc.request("chain_getFinalizedHead", json!([])).await?;
        self.number_of(json!([hash])).await
    }

    /// The number of the best block.
    pub async fn best_number(&self) -> Result<BlockNumber, Error> {
        self.number_of(json!([])).await
    }

    async fn number_of(&self, block: serde_json::Value) -> Result<BlockNumber, Error> {
        let header: serde_json::Value = self.rpc.request("chain_getHeader", block).await?;
        let digits = header["number"].as_str().and_then(|hex| hex.strip_prefix("0x"));
        digits
            .and_then(|digits| BlockNumber::from_str_radix(digits, 16).ok())
            .ok_or_else(|| Error::metadata("a block's header", "it has no number"))
    }

    /// A value of the state, by its keys.
    pub async fn entry<T: DecodeAsType>(
        &self,
        at: &At,
        pallet: &str,
        name: &str,
        keys: Vec<Value>,
    ) -> Result<Option<T>, Error> {
        let what = format!("the state {pallet}.{name}");
        let found = at
            .storage()
            .try_fetch(dynamic::storage::<Vec<Value>, T>(pallet, name), keys)
            .await
            .map_err(|error| refusal::of_subxt(self.rpc.url(), &what, error))?;
        found
            .map(|value| value.decode())
            .transpose()
            .map_err(|error| Error::metadata(&what, error))
    }

    /// What an account has.
    pub async fn balance(&self, at: &At, account: [u8; 32]) -> Result<Balance, Error> {
        let key = vec![Value::from_bytes(account)];
        let info: Option<AccountInfo> = self.entry(at, "System", "Account", key).await?;
        Ok(info.map_or(
            Balance {
                free: 0,
                reserved: 0,
                frozen: 0,
            },
            |info| info.data,
        ))
    }

    /// A constant of the runtime.
    pub fn constant<T: DecodeAsType>(&self, at: &At, pallet: &str, name: &str) -> Result<T, Error> {
        at.constants()
            .entry(dynamic::constant::<T>(pallet, name))
            .map_err(|error| Error::metadata(&format!("the constant {pallet}.{name}"), error))
    }
}
