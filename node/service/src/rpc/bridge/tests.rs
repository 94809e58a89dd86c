use super::*;
use crate::{
    bridge::{
        fixture::{validator, DOMAIN},
        follower,
    },
    index::fixture::{storage, FakeChain},
};
use hyperlane_primitives::{MessageId, Native, Proof, H160};
use jsonrpsee::RpcModule;
use pensum_primitives::{
    bridge::{IsmView, RequestView, ResultProof},
    BatchId, Digest,
};
use serde_json::{json, Value};

/// A chain of ten blocks, each with a message, whose last final block is the eighth.
struct Node {
    chain: FakeChain,
    module: RpcModule<Bridge>,
}

impl Node {
    async fn new() -> Self {
        Self::after_gap(|_| {}).await
    }

    /// One whose messages were copied at block 3, and again at block 8 after `change`.
    async fn after_gap(change: impl FnOnce(&FakeChain)) -> Self {
        let chain = FakeChain::new(10, 8);
        for block in 1..=10 {
            chain.bridge.lock().dispatch(block);
        }
        let messages = Messages::new(storage());
        follower::catch_up(&messages, &chain, chain.block(3))
            .await
            .unwrap();
        change(&chain);
        follower::catch_up(&messages, &chain, chain.block(8))
            .await
            .unwrap();
        let module = Bridge::new(Arc::new(chain.clone()), messages, Gate::default()).into_rpc();
        Self { chain, module }
    }

    /// What a client gets, or the error's code.
    async fn call(&self, method: &str, params: Value) -> Result<Value, i64> {
        let request = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params }).to_string();
        let (response, _) = self.module.raw_json_request(&request, 1).await.unwrap();
        let response: Value = serde_json::from_str(&response).unwrap();
        match response.get("error") {
            Some(error) => Err(error["code"].as_i64().unwrap()),
            None => Ok(response["result"].clone()),
        }
    }

    async fn get(&self, method: &str, params: Value) -> Value {
        self.call(method, params).await.unwrap()
    }

    fn hash(&self, block: u32) -> Value {
        json!(self.chain.block_hash(block))
    }
}

#[tokio::test]
async fn the_bridge_is_told_as_of_the_last_final_block_or_of_a_given_one() {
    let node = Node::new().await;
    let info = node.get("bridge_info", json!([])).await;
    let expected = json!({
        "domain": DOMAIN,
        "mailbox": "0x00000000000000000000000070656e73756d2f6d61696c626f78000000000000",
        "merkle_tree_hook": "0x00000000000000000000000070656e73756d2f6d65726b6c652d747265650000",
        "gas_paymaster": "0x00000000000000000000000070656e73756d2f6761732d7061796d6173746572",
        "tasks": "0x00000000000000000000000070656e73756d2f7461736b730000000000000000",
        "count": 8,
        "root": node.chain.bridge.lock().messages[7].root,
        "outbound_paused": false,
        "inbound_paused": true,
        "block": { "number": 8, "hash": node.hash(8) },
    });
    assert_eq!(info, expected);
    let earlier = node.get("bridge_info", json!([node.hash(2)])).await;
    assert_eq!(
        (&earlier["count"], &earlier["block"]["number"]),
        (&2.into(), &2.into())
    );
}

#[tokio::test]
async fn a_block_that_is_unknown_or_no_hash_is_refused() {
    let node = Node::new().await;
    assert_eq!(node.call("bridge_info", json!([node.hash(11)])).await, Err(7015));
    assert_eq!(node.call("bridge_info", json!(["0x12"])).await, Err(7007));
    node.chain.bridge.lock().pruned = 5;
    assert_eq!(node.call("bridge_info", json!([node.hash(4)])).await, Err(7008));
}

#[tokio::test]
async fn every_final_message_is_listed_with_its_bytes() {
    let node = Node::new().await;
    let listed = node.get("bridge_messages", json!([6, 256])).await;
    let message = node.chain.bridge.lock().messages[6].clone();
    let expected = json!({
        "index": 6,
        "id": message.id,
        "root": message.root,
        "block": 7,
        "message": format!("0x{}", hex::encode(&message.message)),
    });
    assert_eq!((listed.as_array().unwrap().len(), &listed[0]), (2, &expected));
    assert_eq!(node.get("bridge_messages", json!([8, 1])).await, json!([]));
    assert_eq!(
        node.get("bridge_messages", json!([0, 3]))
            .await
            .as_array()
            .unwrap()
            .len(),
        3
    );
    assert_eq!(node.call("bridge_messages", json!([0, 257])).await, Err(7006));
    assert_eq!(node.call("bridge_messages", json!([0, 0])).await, Err(7007));
}

#[tokio::test]
async fn a_gap_has_an_error_of_its_own() {
    let node = Node::after_gap(|chain| {
        let mut bridge = chain.bridge.lock();
        bridge.window = 2;
        bridge.pruned = 8;
    })
    .await;
    assert_eq!(
        node.get("bridge_messages", json!([0, 256]))
            .await
            .as_array()
            .unwrap()
            .len(),
        3
    );
    assert_eq!(node.call("bridge_messages", json!([3, 256])).await, Err(7016));
    assert_eq!(
        node.get("bridge_messages", json!([6, 256]))
            .await
            .as_array()
            .unwrap()
            .len(),
        2
    );
    assert_eq!(node.call("bridge_checkpoint", json!([4])).await, Err(7016));
    assert_eq!(node.call("bridge_proof", json!([0, 7])).await, Err(7017));
    assert!(node.get("bridge_proof", json!([0, 2])).await.is_object());
}

#[tokio::test]
async fn a_checkpoint_has_signatures_as_long_as_the_state_has_them() {
    let node = Node::new().await;
    let (_, address) = validator("//Alice");
    node.chain.bridge.lock().published.insert((5, address), [7; 65]);
    let message = node.chain.bridge.lock().messages[5].clone();
    let mut expected = json!({
        "index": 5,
        "root": message.root,
        "message_id": message.id,
        "signatures": [{ "validator": address, "signature": format!("0x{}", "07".repeat(65)) }],
    });
    assert_eq!(node.get("bridge_checkpoint", json!([5])).await, expected);
    node.chain.bridge.lock().window = 1;
    expected["signatures"] = json!([]);
    assert_eq!(node.get("bridge_checkpoint", json!([5])).await, expected);
    assert_eq!(
        node.get("bridge_checkpoint", json!([5, node.hash(5)])).await,
        Value::Null
    );
    assert_eq!(node.get("bridge_checkpoint", json!([8])).await, Value::Null);
}

#[tokio::test]
async fn the_json_of_a_proof_is_enough_to_verify_it() {
    let node = Node::new().await;
    let json = node.get("bridge_proof", json!([2, 6])).await;
    let proof: Vec<Digest> = serde_json::from_value(json["proof"].clone()).unwrap();
    let root: Digest = serde_json::from_value(json["root"].clone()).unwrap();
    let proof = Proof(proof.try_into().unwrap());
    let messages = node.chain.bridge.lock().messages.clone();
    assert_eq!(root, messages[6].root);
    assert_eq!(proof.root::<Native>(MessageId(messages[2].id), 2), root);
    assert_eq!(node.get("bridge_proof", json!([2, 8])).await, Value::Null);
    assert_eq!(node.call("bridge_proof", json!([7, 6])).await, Err(7007));
}

#[tokio::test]
async fn validators_are_told_with_keys_and_addresses_and_their_keys_are_proven() {
    let node = Node::new().await;
    let (public, address) = validator("//Alice");
    let hex = format!("0x{}", hex::encode(&public));
    node.chain.bridge.lock().validators.push((public, address));
    assert_eq!(
        node.get("bridge_validators", json!([])).await,
        json!([{ "public": hex, "address": address }])
    );
    assert_eq!(
        node.get("bridge_keyProof", json!([hex])).await,
        json!("0x70726f6f66")
    );
    let (stranger, _) = validator("//Bob");
    let stranger = format!("0x{}", hex::encode(&stranger));
    assert_eq!(node.get("bridge_keyProof", json!([stranger])).await, Value::Null);
    assert_eq!(node.call("bridge_keyProof", json!(["0x00"])).await, Err(7007));
}

#[tokio::test]
async fn deliveries_security_modules_announcements_and_quotes_are_told() {
    let node = Node::new().await;
    let (id, address) = (Digest::repeat_byte(1), H160::repeat_byte(2));
    {
        let mut bridge = node.chain.bridge.lock();
        bridge.delivered.insert(id, 4);
        let ism = IsmView {
            module_type: 5,
            validators: vec![address],
            threshold: 1,
            pending: Some((90, vec![], 2)),
        };
        bridge.isms.insert(31338, ism);
        bridge.locations.insert(address, vec!["file:///a".into()]);
    }
    assert_eq!(node.get("bridge_delivered", json!([id])).await, json!(4));
    assert_eq!(
        node.get("bridge_delivered", json!([Digest::zero()])).await,
        Value::Null
    );
    assert_eq!(
        node.get("bridge_ism", json!([31338])).await,
        json!({
            "module_type": 5,
            "validators": [address],
            "threshold": 1,
            "pending": { "block": 90, "validators": [], "threshold": 2 },
        })
    );
    assert_eq!(node.get("bridge_ism", json!([1])).await, Value::Null);
    let announced = node
        .get("bridge_announced", json!([[address, H160::zero()]]))
        .await;
    assert_eq!(announced, json!([["file:///a"], []]));
    assert_eq!(node.call("bridge_announced", json!([["0x12"]])).await, Err(7007));
    let many = vec![address; 257];
    assert_eq!(node.call("bridge_announced", json!([many])).await, Err(7006));
    assert_eq!(
        node.get("bridge_gasQuote", json!([31338, 9_007_199])).await,
        json!("9007199000000000000")
    );
    assert_eq!(node.get("bridge_gasQuote", json!([1, 5])).await, Value::Null);
}

#[tokio::test]
async fn a_remote_account_is_told_as_address_and_as_bytes() {
    let node = Node::new().await;
    let address = Digest::repeat_byte(3);
    let account = remote_account(Domain(31338), Address(address));
    let told = node.get("bridge_remoteAccount", json!([31338, address])).await;
    let expected = json!({ "account": account, "id": format!("0x{}", hex::encode(&account)) });
    assert_eq!(told, expected);
    assert!(told["account"].as_str().unwrap().starts_with('5'));
    assert_eq!(
        node.call("bridge_remoteAccount", json!([1, "0x"])).await,
        Err(7007)
    );
}

#[tokio::test]
async fn a_request_is_open_then_ended_then_sent() {
    let node = Node::new().await;
    let id = Digest::repeat_byte(1);
    let (task, message) = (BatchId(2).task(0), Digest::repeat_byte(2));
    for (view, expected) in [
        (
            RequestView::Open { task },
            json!({ "state": "open", "task": task }),
        ),
        (RequestView::Ended, json!({ "state": "ended" })),
        (
            RequestView::Sent { message },
            json!({ "state": "sent", "message": message }),
        ),
    ] {
        node.chain.bridge.lock().requests.insert(id, view);
        assert_eq!(node.get("bridge_request", json!([id])).await, expected);
    }
    assert_eq!(node.get("bridge_request", json!([message])).await, Value::Null);
    assert_eq!(node.call("bridge_request", json!(["1"])).await, Err(7007));
}

#[tokio::test]
async fn a_batched_result_comes_with_its_proof() {
    let node = Node::new().await;
    let id = Digest::repeat_byte(1);
    let proven = ResultProof {
        batch: 3,
        domain: 31338,
        root: Digest::repeat_byte(4),
        result: vec![1, 2],
        index: 5,
        leaves: 9,
        proof: vec![Digest::repeat_byte(6)],
    };
    node.chain.bridge.lock().results.insert(id, proven);
    assert_eq!(
        node.get("bridge_resultProof", json!([id])).await,
        json!({
            "batch": 3,
            "domain": 31338,
            "root": Digest::repeat_byte(4),
            "result": "0x0102",
            "index": 5,
            "leaves": 9,
            "proof": [Digest::repeat_byte(6)],
        })
    );
    assert_eq!(
        node.get("bridge_resultProof", json!([Digest::zero()])).await,
        Value::Null
    );
}
