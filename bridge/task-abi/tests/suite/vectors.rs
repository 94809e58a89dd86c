//! `vectors.json` is what this crate writes, and what Solidity's rules of encoding make of its fields.

#[path = "vectors/abi.rs"]
mod abi;
#[path = "vectors/document.rs"]
mod document;
#[path = "vectors/tree.rs"]
mod tree;

use super::samples;
use abi::encode_by_hand;
use pensum_task_abi::{FromTasks, ToTasks};
use serde_json::Value;

fn file() -> Value {
    serde_json::from_str(include_str!("../../vectors.json")).unwrap()
}

fn list<'a>(of: &'a Value, name: &str) -> &'a [Value] {
    of[name].as_array().unwrap()
}

pub fn bytes(hex: &Value) -> Vec<u8> {
    hex::decode(hex.as_str().unwrap().trim_start_matches("0x")).unwrap()
}

#[test]
fn the_file_is_up_to_date() {
    assert!(
        file() == document::document(),
        "run the example `vectors` again and look at what changed"
    );
}

#[test]
fn every_body_is_what_soliditys_rules_make_of_its_fields() {
    let file = file();
    for direction in ["to_tasks", "from_tasks"] {
        for vector in list(&file, direction) {
            assert_eq!(
                hex::encode(bytes(&vector["body"])),
                hex::encode(encode_by_hand(
                    vector["kind"].as_str().unwrap(),
                    &vector["fields"]
                )),
                "{}",
                vector["name"]
            );
        }
    }
}

#[test]
fn every_body_reads_back() {
    let file = file();
    for (vector, (_, message)) in list(&file, "to_tasks").iter().zip(samples::to_tasks()) {
        assert_eq!(ToTasks::decode(&bytes(&vector["body"])), Ok(message));
    }
    for (vector, (_, message)) in list(&file, "from_tasks").iter().zip(samples::from_tasks()) {
        assert_eq!(FromTasks::decode(&bytes(&vector["body"])), Ok(message));
    }
}

#[test]
fn every_malformed_body_is_refused_for_the_reason_that_the_file_names() {
    for vector in list(&file(), "malformed") {
        let error = ToTasks::decode(&bytes(&vector["body"])).unwrap_err();
        assert_eq!(format!("{error:?}"), vector["error"], "{}", vector["name"]);
    }
}

#[test]
fn every_leaf_of_a_batch_is_proven_by_its_siblings() {
    for batch in list(&file(), "batches") {
        let size = batch["leaves"].as_u64().unwrap();
        for proven in list(batch, "proofs") {
            let mut node = tree::leaf(&bytes(&proven["result"])).to_vec();
            assert_eq!(node, bytes(&proven["leaf"]));
            let (mut index, mut width) = (proven["index"].as_u64().unwrap(), size);
            let mut siblings = list(proven, "proof").iter().map(bytes);
            while width > 1 {
                let odd = index % 2 == 1;
                if odd || index + 1 < width {
                    let sibling = siblings.next().unwrap();
                    let pair = if odd { [sibling, node] } else { [node, sibling] };
                    node = tree::leaf(&pair.concat()).to_vec();
                }
                (index, width) = (index / 2, width.div_ceil(2));
            }
            assert_eq!(siblings.next(), None);
            assert_eq!(node, bytes(&batch["root"]));
        }
    }
}
