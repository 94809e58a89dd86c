//! What contracts and the chain say to each other about tasks.

use crate::target::{same, Target};
use pensum_task_abi::{
    Delivery, FromTasks, Input, Intent, Matching, Outcome, Root, Rule, TaskResult, ToTasks, Verification,
};

pub(super) const TARGET: Target = Target {
    name: "task-abi",
    seeds,
    check,
    share: 8000,
};

fn intent(input: Input, matching: Matching, verification: Verification) -> Intent {
    Intent {
        model: [0x11; 32],
        input,
        asset: Some(1),
        max_reward: 1_000_000_000_000,
        deadline: 20,
        matching,
        verification,
        min_reputation: 0,
        allow_flagged: false,
        delivery: Delivery::Direct,
        callback_gas: 100_000,
        refund_to: None,
    }
}

fn seeds() -> Vec<Vec<u8>> {
    let inline = Input::Inline(b"Salve, munde!".to_vec());
    let replay = Verification::Replay { window: 0 };
    let dutch = Matching::Dutch {
        start: 1,
        end: 9,
        blocks: 5,
    };
    let quorum = Verification::Quorum {
        solvers: 5,
        threshold: 3,
        rule: Rule::Exact,
    };
    let intents = [
        intent(inline.clone(), Matching::Book, replay.clone()),
        intent(inline, dutch, replay),
        intent(Input::Inline(vec![7; 200]), Matching::Book, quorum),
    ];
    let mut seeds: Vec<Vec<u8>> = intents.iter().map(Intent::encode).collect();
    seeds.extend(intents.into_iter().map(|intent| ToTasks::Intent(intent).encode()));
    let root = Root {
        batch: 3,
        root: [0x22; 32],
        leaves: 5,
    };
    seeds.push(root.encode());
    // A result's words: enough zeros are one, or nearly.
    for words in 14..20 {
        seeds.push(vec![0; 32 * words]);
        seeds.push([vec![1], vec![0; 32 * words]].concat());
    }
    seeds
}

fn check(bytes: &[u8]) -> Result<(), String> {
    if let Ok(message) = ToTasks::decode(bytes) {
        same("a message to the tasks", &&message.encode()[..], &bytes)?;
    }
    if let Ok(message) = FromTasks::decode(bytes) {
        same("a message from the tasks", &&message.encode()[..], &bytes)?;
    }
    if let Ok(intent) = Intent::decode(bytes) {
        same("an intent", &&intent.encode()[..], &bytes)?;
    }
    if let Ok(result) = TaskResult::decode(bytes) {
        same("a result", &&result.encode()[..], &bytes)?;
    }
    if let Ok(root) = Root::decode(bytes) {
        same("a root", &&root.encode()[..], &bytes)?;
    }
    if let [outcome, reason, ..] = bytes {
        let _ = Outcome::from_numbers(*outcome, *reason);
    }
    Ok(())
}
