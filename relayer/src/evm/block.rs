use crate::chain::Anchor;
use alloy::{eips::BlockId, primitives::B256};
use serde::{Deserialize, Deserializer};

/// What is read of a block's header. Chains that are not quite Ethereum have more fields, and other kinds of transactions, which
/// are no concern here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Block {
    /// Its number.
    #[serde(deserialize_with = "quantity")]
    pub number: u64,
    /// Its hash.
    pub hash: B256,
    /// What a unit of gas costs beside the tip; chains before EIP-1559 have none.
    #[serde(default, deserialize_with = "optional_quantity")]
    pub base_fee_per_gas: Option<u128>,
}

impl Block {
    /// The block as it is written down.
    pub fn anchor(&self) -> Anchor {
        Anchor {
            block: self.number,
            hash: self.hash.0,
        }
    }

    /// The block in a question: by its hash, which cannot mean another one.
    pub fn id(&self) -> BlockId {
        BlockId::hash(self.hash)
    }
}

/// What is read of a receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Receipt {
    #[serde(deserialize_with = "quantity")]
    pub status: u64,
    #[serde(deserialize_with = "quantity")]
    pub block_number: u64,
    pub block_hash: B256,
    #[serde(deserialize_with = "quantity")]
    pub gas_used: u128,
    #[serde(default, deserialize_with = "optional_quantity")]
    pub effective_gas_price: Option<u128>,
    /// What a rollup takes beside gas.
    #[serde(default, deserialize_with = "optional_quantity")]
    pub l1_fee: Option<u128>,
}

impl Receipt {
    pub fn cost(&self) -> u128 {
        self.gas_used
            .saturating_mul(self.effective_gas_price.unwrap_or_default())
            .saturating_add(self.l1_fee.unwrap_or_default())
    }
}

fn quantity<'de, T: TryFrom<u128>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    parse(&String::deserialize(deserializer)?).ok_or_else(|| serde::de::Error::custom("no quantity"))
}

fn optional_quantity<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u128>, D::Error> {
    let text: Option<String> = Option::deserialize(deserializer)?;
    text.map(|text| parse(&text).ok_or_else(|| serde::de::Error::custom("no quantity")))
        .transpose()
}

fn parse<T: TryFrom<u128>>(text: &str) -> Option<T> {
    let number = u128::from_str_radix(text.strip_prefix("0x")?, 16).ok()?;
    T::try_from(number).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_and_receipts_are_read_whatever_else_they_hold() {
        let hash = format!("0x{}", "11".repeat(32));
        let block: Block = serde_json::from_value(serde_json::json!({
            "number": "0x10", "hash": hash, "baseFeePerGas": "0x3b9aca00", "somethingElse": [],
        }))
        .unwrap();
        assert_eq!((block.number, block.base_fee_per_gas), (16, Some(1_000_000_000)));
        let old: Block = serde_json::from_value(serde_json::json!({"number": "0x0", "hash": hash})).unwrap();
        assert_eq!(old.base_fee_per_gas, None);
        let receipt: Receipt = serde_json::from_value(serde_json::json!({
            "status": "0x1", "blockNumber": "0x2", "blockHash": hash, "gasUsed": "0x5208",
            "effectiveGasPrice": "0x2", "l1Fee": "0x1",
        }))
        .unwrap();
        assert_eq!(receipt.cost(), 42_001);
    }
}
