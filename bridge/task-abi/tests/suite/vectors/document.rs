//! What `vectors.json` says: for whoever writes the other side, in Solidity or anything else.

use super::{
    samples::{answered, from_tasks, plain, to_tasks},
    tree::{leaf, proof, root},
};
use pensum_task_abi::{sol, FromTasks, Refusal, TaskResult, ToTasks};
use serde_json::{json, Value};

pub fn document() -> Value {
    let batches = [1, 2, 3, 5, 6, 7, 8, 11, 64].map(batch);
    json!({
        "about": "Messages between contracts and Pensum, their fields and their bytes. Written by `cargo run -p pensum-task-abi --example vectors`. Numbers of 64 and 128 bits are decimal strings.",
        "refusals": Refusal::ALL.map(|refusal| json!({ "code": refusal.code(), "name": format!("{refusal:?}") })),
        "to_tasks": to_tasks().iter().map(|(name, message)| message_to(name, message)).collect::<Vec<_>>(),
        "from_tasks": from_tasks().iter().map(|(name, message)| message_from(name, message)).collect::<Vec<_>>(),
        "batches": batches,
        "malformed": malformed(),
    })
}

fn hex(bytes: impl AsRef<[u8]>) -> String {
    format!("0x{}", hex::encode(bytes))
}

fn message_to(name: &str, message: &ToTasks) -> Value {
    let (kind, fields) = match message {
        ToTasks::Intent(intent) => ("Intent", intent_fields(&intent.into())),
        ToTasks::Cancel { request } => ("Cancel", json!({ "request": hex(request) })),
        ToTasks::Accept { request } => ("Accept", json!({ "request": hex(request) })),
        ToTasks::Withdraw(withdraw) => {
            let raw = sol::Withdraw::from(*withdraw);
            let fields = json!({ "asset": raw.asset, "amount": raw.amount.to_string(), "to": hex(raw.to) });
            ("Withdraw", fields)
        }
    };
    json!({ "name": name, "kind": kind, "fields": fields, "body": hex(message.encode()) })
}

fn message_from(name: &str, message: &FromTasks) -> Value {
    let body = hex(message.encode());
    match message {
        FromTasks::Result(result) => json!({
            "name": name, "kind": "Result", "fields": result_fields(&result.into()), "body": body,
            "leaf": hex(leaf(&result.encode())),
        }),
        FromTasks::Root(root) => json!({
            "name": name, "kind": "Root", "body": body,
            "fields": { "batch": root.batch.to_string(), "root": hex(root.root), "leaves": root.leaves },
        }),
    }
}

fn intent_fields(raw: &sol::Intent) -> Value {
    let (matching, verification) = (&raw.matching, &raw.verification);
    json!({
        "model": hex(raw.model),
        "input": hex(&raw.input),
        "blob": hex(raw.blob),
        "blobLength": raw.blobLength,
        "asset": raw.asset,
        "maxReward": raw.maxReward.to_string(),
        "deadline": raw.deadline,
        "matching": {
            "kind": matching.kind,
            "start": matching.start.to_string(),
            "end": matching.end.to_string(),
            "blocks": matching.blocks,
            "reveal": matching.reveal,
        },
        "verification": {
            "kind": verification.kind,
            "window": verification.window,
            "solvers": verification.solvers,
            "threshold": verification.threshold,
            "rule": verification.rule,
            "ppm": verification.ppm,
            "pointer": hex(&verification.pointer),
        },
        "minReputation": raw.minReputation,
        "allowFlagged": raw.allowFlagged,
        "delivery": raw.delivery,
        "callbackGas": raw.callbackGas.to_string(),
        "refundTo": hex(raw.refundTo),
    })
}

fn result_fields(raw: &sol::Result) -> Value {
    json!({
        "request": hex(raw.request),
        "sender": hex(raw.sender),
        "task": raw.task.to_string(),
        "outcome": raw.outcome,
        "reason": raw.reason,
        "model": hex(raw.model),
        "inputDigest": hex(raw.inputDigest),
        "outputDigest": hex(raw.outputDigest),
        "output": hex(&raw.output),
        "verification": raw.verification,
        "evidence": hex(raw.evidence),
        "asset": raw.asset,
        "price": raw.price.to_string(),
        "endedAt": raw.endedAt,
        "record": hex(raw.record),
    })
}

/// Results that differ by their task, and the proof of each; of a large batch only a few proofs.
fn batch(size: u64) -> Value {
    let results: Vec<Vec<u8>> = (0..size)
        .map(|task| TaskResult { task, ..answered() }.encode())
        .collect();
    let leaves: Vec<_> = results.iter().map(|encoded| leaf(encoded)).collect();
    let proven = (0..leaves.len()).filter(|index| size <= 11 || index % 21 == 0);
    let proofs = proven.map(|index| {
        json!({
            "index": index,
            "result": hex(&results[index]),
            "leaf": hex(leaves[index]),
            "proof": proof(&leaves, index).iter().map(hex).collect::<Vec<_>>(),
        })
    });
    json!({ "leaves": size, "root": hex(root(&leaves)), "proofs": proofs.collect::<Vec<_>>() })
}

/// Bodies to Pensum that are refused, each for one reason.
fn malformed() -> Vec<Value> {
    let good = ToTasks::Intent(plain()).encode();
    let spoiled = |change: &dyn Fn(&mut sol::Intent)| {
        let mut raw = sol::Intent::from(&plain());
        change(&mut raw);
        let encoded = alloy_sol_types::SolValue::abi_encode(&raw);
        [&[1][..], &encoded].concat()
    };
    let set = |position: usize, byte: u8| {
        let mut body = good.clone();
        body[position] = byte;
        body
    };
    let cases = vec![
        ("nothing", vec![]),
        ("no kind", vec![0]),
        ("a kind of the future", [&[5][..], &good[1..]].concat()),
        ("a kind without its struct", vec![1]),
        ("cut", good[..good.len() - 1].to_vec()),
        ("one byte behind the end", [&good[..], &[0]].concat()),
        ("one word behind the end", [&good[..], &[0; 32]].concat()),
        ("packed instead of encoded", [&[2][..], &[0x33; 31]].concat()),
        ("padding that is not zero", set(good.len() - 32 * 8 - 1, 1)),
        ("a boolean of 2", set(1 + 32 * (1 + 14) + 31, 2)),
        ("unknown matching", spoiled(&|raw| raw.matching.kind = 3)),
        ("book with a price", spoiled(&|raw| raw.matching.start = 1)),
        ("book with blocks", spoiled(&|raw| raw.matching.blocks = 1)),
        (
            "Dutch with reveal",
            spoiled(&|raw| (raw.matching.kind, raw.matching.reveal) = (1, 1)),
        ),
        (
            "sealed with an end",
            spoiled(&|raw| (raw.matching.kind, raw.matching.end) = (2, 1)),
        ),
        ("unknown verification", spoiled(&|raw| raw.verification.kind = 3)),
        (
            "replay with solvers",
            spoiled(&|raw| raw.verification.solvers = 3),
        ),
        (
            "replay with a pointer",
            spoiled(&|raw| raw.verification.pointer = b"/a".to_vec().into()),
        ),
        (
            "quorum with a window",
            spoiled(&|raw| (raw.verification.kind, raw.verification.window) = (1, 1)),
        ),
        (
            "unknown rule",
            spoiled(&|raw| (raw.verification.kind, raw.verification.rule) = (1, 4)),
        ),
        (
            "exact with a tolerance",
            spoiled(&|raw| (raw.verification.kind, raw.verification.ppm) = (1, 1)),
        ),
        (
            "label with a pointer",
            spoiled(&|raw| {
                (raw.verification.kind, raw.verification.rule) = (1, 3);
                raw.verification.pointer = b"/a".to_vec().into();
            }),
        ),
        (
            "a pointer of 65 bytes",
            spoiled(&|raw| {
                (raw.verification.kind, raw.verification.rule) = (1, 2);
                raw.verification.pointer = vec![b'/'; 65].into();
            }),
        ),
        ("unknown delivery", spoiled(&|raw| raw.delivery = 2)),
        (
            "an input of 4097 bytes",
            spoiled(&|raw| raw.input = vec![b'a'; 4_097].into()),
        ),
        (
            "an input brought and named",
            spoiled(&|raw| (raw.blob, raw.blobLength) = ([1; 32].into(), 13)),
        ),
        (
            "a digest without a length",
            spoiled(&|raw| raw.blob = [1; 32].into()),
        ),
        ("a length without a digest", spoiled(&|raw| raw.blobLength = 13)),
    ];
    cases
        .into_iter()
        .map(|(name, body)| {
            let error = ToTasks::decode(&body).err();
            json!({ "name": name, "body": hex(&body), "error": error.map(|error| format!("{error:?}")) })
        })
        .collect()
}
