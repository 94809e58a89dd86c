//! Solidity's encoding, written down once more from its specification and fed with the file's fields: heads in order, in place of what
//! has no fixed size its offset, then the tails.

use super::bytes;
use serde_json::Value;

enum Part {
    Word([u8; 32]),
    Tail(Vec<u8>),
}

fn number(value: &Value) -> Part {
    let number: u128 = match value {
        Value::String(decimal) => decimal.parse().unwrap(),
        Value::Bool(yes) => u128::from(*yes),
        other => other.as_u64().unwrap().into(),
    };
    let mut word = [0; 32];
    word[16..].copy_from_slice(&number.to_be_bytes());
    Part::Word(word)
}

fn word(value: &Value) -> Part {
    Part::Word(bytes(value).try_into().unwrap())
}

fn string(value: &Value) -> Part {
    let mut string = bytes(value);
    let mut tail = offset(string.len()).to_vec();
    string.resize(string.len().div_ceil(32) * 32, 0);
    tail.extend(string);
    Part::Tail(tail)
}

fn offset(of: usize) -> [u8; 32] {
    let mut word = [0; 32];
    word[24..].copy_from_slice(&(of as u64).to_be_bytes());
    word
}

fn sequence(parts: Vec<Part>) -> Vec<u8> {
    let (mut heads, mut tails) = (vec![], vec![]);
    let all_heads = 32 * parts.len();
    for part in parts {
        match part {
            Part::Word(word) => heads.extend(word),
            Part::Tail(tail) => {
                heads.extend(offset(all_heads + tails.len()));
                tails.extend(tail);
            }
        }
    }
    [heads, tails].concat()
}

pub fn encode_by_hand(kind: &str, fields: &Value) -> Vec<u8> {
    let f = |name: &str| fields.pointer(&format!("/{name}")).unwrap().clone();
    let (kind, is_dynamic, parts) = match kind {
        "Intent" => {
            let verification = sequence(vec![
                number(&f("verification/kind")),
                number(&f("verification/window")),
                number(&f("verification/solvers")),
                number(&f("verification/threshold")),
                number(&f("verification/rule")),
                number(&f("verification/ppm")),
                string(&f("verification/pointer")),
            ]);
            let parts = vec![
                word(&f("model")),
                string(&f("input")),
                word(&f("blob")),
                number(&f("blobLength")),
                number(&f("asset")),
                number(&f("maxReward")),
                number(&f("deadline")),
                number(&f("matching/kind")),
                number(&f("matching/start")),
                number(&f("matching/end")),
                number(&f("matching/blocks")),
                number(&f("matching/reveal")),
                Part::Tail(verification),
                number(&f("minReputation")),
                number(&f("allowFlagged")),
                number(&f("delivery")),
                number(&f("callbackGas")),
                word(&f("refundTo")),
            ];
            (1, true, parts)
        }
        "Cancel" => (2, false, vec![word(&f("request"))]),
        "Accept" => (3, false, vec![word(&f("request"))]),
        "Withdraw" => {
            let parts = vec![number(&f("asset")), number(&f("amount")), word(&f("to"))];
            (4, false, parts)
        }
        "Result" => {
            let parts = vec![
                word(&f("request")),
                word(&f("sender")),
                number(&f("task")),
                number(&f("outcome")),
                number(&f("reason")),
                word(&f("model")),
                word(&f("inputDigest")),
                word(&f("outputDigest")),
                string(&f("output")),
                number(&f("verification")),
                word(&f("evidence")),
                number(&f("asset")),
                number(&f("price")),
                number(&f("endedAt")),
                word(&f("record")),
            ];
            (1, true, parts)
        }
        "Root" => {
            let parts = vec![number(&f("batch")), word(&f("root")), number(&f("leaves"))];
            (2, false, parts)
        }
        other => panic!("{other} is no kind"),
    };
    let encoded = sequence(parts);
    let encoded = if is_dynamic {
        sequence(vec![Part::Tail(encoded)])
    } else {
        encoded
    };
    [&[kind][..], &encoded].concat()
}
