//! What the node's `bridge_*` methods answer.

use hyperlane_primitives::{H160, H256};
use serde::{Deserialize, Deserializer};

/// `bridge_info`.
#[derive(Debug, Deserialize)]
pub(super) struct Info {
    pub domain: u32,
    pub merkle_tree_hook: H256,
    pub count: u32,
    pub inbound_paused: bool,
    pub block: Block,
}

/// The block that an answer is about.
#[derive(Debug, Deserialize)]
pub(super) struct Block {
    pub number: u64,
}

/// One item of `bridge_messages`.
#[derive(Debug, Deserialize)]
pub(super) struct Message {
    pub index: u32,
    pub id: H256,
    pub root: H256,
    pub block: u64,
    pub message: Bytes,
}

/// `bridge_checkpoint`.
#[derive(Debug, Deserialize)]
pub(super) struct Checkpoint {
    pub signatures: Vec<CheckpointSignature>,
}

/// A validator's signature of it.
#[derive(Debug, Deserialize)]
pub(super) struct CheckpointSignature {
    pub signature: Bytes,
}

/// `bridge_ism`.
#[derive(Debug, Deserialize)]
pub(super) struct Ism {
    pub module_type: u8,
    pub validators: Vec<H160>,
    pub threshold: u8,
}

/// Bytes, as `0x` and hex digits.
#[derive(Debug)]
pub(super) struct Bytes(pub Vec<u8>);

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.strip_prefix("0x")
            .and_then(|digits| hex::decode(digits).ok())
            .map(Self)
            .ok_or_else(|| serde::de::Error::custom("no 0x and hex digits"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_of_the_node_are_read() {
        let id = format!("0x{}", "11".repeat(32));
        let info: Info = serde_json::from_value(serde_json::json!({
            "domain": 7, "mailbox": id, "merkle_tree_hook": id, "gas_paymaster": id, "tasks": id, "count": 3, "root": id,
            "outbound_paused": false, "inbound_paused": false, "block": {"number": 5, "hash": id},
        }))
        .unwrap();
        assert_eq!((info.domain, info.count, info.block.number), (7, 3, 5));
        let messages: Vec<Message> = serde_json::from_value(serde_json::json!([
            {"index": 0, "id": id, "root": id, "block": 5, "message": "0x0301"},
        ]))
        .unwrap();
        assert_eq!(messages[0].message.0, [3, 1]);
        let ism: Option<Ism> = serde_json::from_value(serde_json::json!({
            "module_type": 5, "validators": [format!("0x{}", "22".repeat(20))], "threshold": 1, "pending": null,
        }))
        .unwrap();
        assert_eq!(ism.unwrap().validators, [H160::repeat_byte(0x22)]);
    }
}
