//! What the watch asks a node.

use super::node::{NodeError, Rpc};
use crate::digest::{Digest, HexBytes};
use codec::{Decode, Encode};
use pensum_primitives::{task::ClaimView, AccountId, BlockNumber, TaskId};
use serde::{de::DeserializeOwned, Deserialize};
use serde_json::{json, Value};
use sp_core::crypto::Ss58Codec;
use sp_crypto_hashing::{blake2_128, twox_128};

/// Claims of one answer of the node.
const PAGE: usize = 256;
/// Most claims that are looked at in one round: at 5 KiB each at most, some 80 MB. The oldest tasks come first.
const MAX_CLAIMS: usize = 16_384;

/// A chain, as a node sees it.
pub(crate) struct Chain(Box<dyn Rpc>);

/// A block.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Head {
    pub(crate) number: BlockNumber,
    pub(crate) hash: Digest,
}

/// Which runtime is in force.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Version {
    pub(crate) spec_version: u32,
    pub(crate) transaction_version: u32,
}

/// What an account has; the head of what the chain keeps of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Encode, Decode)]
pub(crate) struct Account {
    pub(crate) nonce: u32,
    references: [u32; 3],
    pub(crate) free: u128,
    reserved: u128,
    frozen: u128,
}

impl Account {
    /// What can be put on hold, if what must stay is left out.
    pub(crate) fn spendable(&self) -> u128 {
        self.free
            .saturating_sub(self.frozen.saturating_sub(self.reserved))
    }
}

#[derive(Deserialize)]
struct Traced {
    nodes: Option<Vec<Digest>>,
}

impl Chain {
    pub(crate) fn new(rpc: impl Rpc) -> Self {
        Self(Box::new(rpc))
    }

    fn ask<T: DeserializeOwned>(&self, method: &str, params: Value) -> Result<T, NodeError> {
        let answer = self.0.request(method, params)?;
        serde_json::from_value(answer).map_err(|error| NodeError::strange(method, error))
    }

    /// The best block.
    pub(crate) fn best(&self) -> Result<Head, NodeError> {
        let number = self.number(json!([]))?;
        Ok(Head {
            number,
            hash: self.hash(number)?,
        })
    }

    /// The number of the last final block.
    pub(crate) fn finalized(&self) -> Result<BlockNumber, NodeError> {
        let hash: Digest = self.ask("chain_getFinalizedHead", json!([]))?;
        self.number(json!([hash]))
    }

    fn number(&self, block: Value) -> Result<BlockNumber, NodeError> {
        let header: Value = self.ask("chain_getHeader", block)?;
        let digits = header["number"].as_str().and_then(|hex| hex.strip_prefix("0x"));
        digits
            .and_then(|digits| BlockNumber::from_str_radix(digits, 16).ok())
            .ok_or_else(|| NodeError::strange("chain_getHeader", "it has no number"))
    }

    /// The hash of a block of the best chain.
    pub(crate) fn hash(&self, number: BlockNumber) -> Result<Digest, NodeError> {
        self.ask("chain_getBlockHash", json!([number]))
    }

    pub(crate) fn version(&self) -> Result<Version, NodeError> {
        self.ask("state_getRuntimeVersion", json!([]))
    }

    pub(crate) fn metadata(&self) -> Result<Vec<u8>, NodeError> {
        let HexBytes(bytes) = self.ask("state_getMetadata", json!([]))?;
        Ok(bytes)
    }

    /// The answers whose window is open.
    pub(crate) fn claims(&self) -> Result<Vec<ClaimView>, NodeError> {
        let mut claims: Vec<ClaimView> = Vec::new();
        loop {
            let after = claims.last().map(|claim| claim.task);
            let page: Vec<ClaimView> = self.ask("task_claims", json!([after, PAGE]))?;
            let last = page.len() < PAGE;
            claims.extend(page);
            if last || claims.len() >= MAX_CLAIMS {
                return Ok(claims);
            }
        }
    }

    /// The trace of an answer, as the node read it in the block that brought the answer.
    pub(crate) fn trace(&self, task: TaskId) -> Result<Option<Vec<Digest>>, NodeError> {
        let Traced { nodes } = self.ask("task_claim", json!([task]))?;
        Ok(nodes)
    }

    /// What an account has at the best block.
    pub(crate) fn account(&self, account: &AccountId) -> Result<Account, NodeError> {
        let id: &[u8; 32] = account.as_ref();
        let key = [
            storage_key("System", "Account"),
            blake2_128(id).into(),
            id.to_vec(),
        ]
        .concat();
        match self.storage(&key, None)? {
            Some(bytes) => Account::decode(&mut bytes.as_slice())
                .map_err(|error| NodeError::strange("state_getStorage", error)),
            None => Ok(Account::default()),
        }
    }

    /// The encoded events of a block.
    pub(crate) fn events(&self, block: Digest) -> Result<Vec<u8>, NodeError> {
        let events = self.storage(&storage_key("System", "Events"), Some(block))?;
        Ok(events.unwrap_or_else(|| Vec::<()>::new().encode()))
    }

    fn storage(&self, key: &[u8], block: Option<Digest>) -> Result<Option<Vec<u8>>, NodeError> {
        let key = HexBytes(key.to_vec());
        let params = match block {
            Some(block) => json!([key, block]),
            None => json!([key]),
        };
        let found: Option<HexBytes> = self.ask("state_getStorage", params)?;
        Ok(found.map(|HexBytes(bytes)| bytes))
    }

    /// The extrinsics of a block.
    pub(crate) fn extrinsics(&self, block: Digest) -> Result<Vec<HexBytes>, NodeError> {
        let mut found: Value = self.ask("chain_getBlock", json!([block]))?;
        let extrinsics = found["block"]["extrinsics"].take();
        serde_json::from_value(extrinsics).map_err(|error| NodeError::strange("chain_getBlock", error))
    }

    /// The lowest nonce of an account that neither chain nor pool know.
    pub(crate) fn next_nonce(&self, account: &AccountId) -> Result<u32, NodeError> {
        self.ask("system_accountNextIndex", json!([account.to_ss58check()]))
    }

    pub(crate) fn submit(&self, extrinsic: &HexBytes) -> Result<(), NodeError> {
        self.ask::<Value>("author_submitExtrinsic", json!([extrinsic]))
            .map(drop)
    }
}

fn storage_key(pallet: &str, item: &str) -> Vec<u8> {
    [twox_128(pallet.as_bytes()), twox_128(item.as_bytes())].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_frozen_beyond_what_is_held_cannot_be_spent() {
        let account = |free, reserved, frozen| Account {
            free,
            reserved,
            frozen,
            ..Default::default()
        };
        assert_eq!(account(100, 0, 0).spendable(), 100);
        assert_eq!(account(100, 20, 30).spendable(), 90);
        assert_eq!(account(100, 50, 30).spendable(), 100);
        assert_eq!(account(10, 0, 30).spendable(), 0);
    }

    #[test]
    fn the_key_of_the_events_is_the_one_that_every_chain_has() {
        let key = hex::encode(storage_key("System", "Events"));
        assert_eq!(
            key,
            "26aa394eea5630e07c48ae0c9558cef780d41e5e16056765bc8461851072c9d7"
        );
    }
}
