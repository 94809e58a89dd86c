//! Messages of every kind, with names.

use pensum_task_abi::{
    Bytes32, Delivery, FromTasks, Input, Intent, Matching, Outcome, Refusal, Root, Rule, TaskResult, ToTasks,
    Verification, VerificationKind, Withdraw, ALL,
};

/// The address of a contract as messages have it.
pub fn contract(byte: u8) -> Bytes32 {
    let mut address = [0; 32];
    address[12..].fill(byte);
    address
}

/// The plainest intent there is.
pub fn plain() -> Intent {
    Intent {
        model: [0x11; 32],
        input: Input::Inline(b"Salve, munde!".to_vec()),
        asset: None,
        max_reward: 1_000_000_000_000,
        deadline: 20,
        matching: Matching::Book,
        verification: Verification::Replay { window: 0 },
        min_reputation: 0,
        allow_flagged: false,
        delivery: Delivery::Direct,
        callback_gas: 100_000,
        refund_to: None,
    }
}

fn quorum(rule: Rule) -> Intent {
    Intent {
        verification: Verification::Quorum {
            solvers: 5,
            threshold: 3,
            rule,
        },
        ..plain()
    }
}

/// What a contract can say to Pensum.
pub fn to_tasks() -> Vec<(&'static str, ToTasks)> {
    let pointer = b"/answer/price".to_vec();
    let intents = vec![
        ("book and replay, paid in PEN", plain()),
        (
            "the greatest of everything",
            Intent {
                model: [0xff; 32],
                input: Input::Inline((0..4_096u32).map(|i| (i % 251) as u8).collect()),
                asset: Some(u32::MAX - 1),
                max_reward: u128::MAX,
                deadline: u32::MAX,
                matching: Matching::Dutch {
                    start: u128::MAX,
                    end: u128::MAX,
                    blocks: u32::MAX,
                },
                verification: Verification::Quorum {
                    solvers: u8::MAX,
                    threshold: u8::MAX,
                    rule: Rule::JsonField {
                        pointer: vec![b'/'; 64],
                    },
                },
                min_reputation: u32::MAX,
                allow_flagged: true,
                delivery: Delivery::Batched,
                callback_gas: u64::MAX,
                refund_to: Some([0xff; 32]),
            },
        ),
        (
            "input by digest, a window, paid in an asset, the rest to its sender",
            Intent {
                input: Input::Blob {
                    digest: [0x22; 32],
                    len: 70_000,
                },
                asset: Some(7),
                max_reward: 2_500_000,
                verification: Verification::Replay { window: 60 },
                refund_to: Some(contract(0xaa)),
                ..plain()
            },
        ),
        (
            "Dutch auction",
            Intent {
                matching: Matching::Dutch {
                    start: 5,
                    end: 900,
                    blocks: 10,
                },
                ..plain()
            },
        ),
        (
            "sealed auction, in a batch, flagged models too",
            Intent {
                matching: Matching::Sealed {
                    reserve: 800,
                    commit: 6,
                    reveal: 4,
                },
                min_reputation: 400_000,
                allow_flagged: true,
                delivery: Delivery::Batched,
                callback_gas: 0,
                ..plain()
            },
        ),
        ("quorum, exact", quorum(Rule::Exact)),
        ("quorum, numeric", quorum(Rule::Numeric { ppm: 1_000 })),
        ("quorum, one field of JSON", quorum(Rule::JsonField { pointer })),
        (
            "quorum, all of the JSON",
            quorum(Rule::JsonField { pointer: vec![] }),
        ),
        ("quorum, label", quorum(Rule::Label)),
        (
            "verified by its requester, and nothing to read",
            Intent {
                input: Input::Inline(vec![]),
                verification: Verification::Requester { window: 300 },
                ..plain()
            },
        ),
        (
            "an input of exactly one word",
            Intent {
                input: Input::Inline(vec![b'w'; 32]),
                ..plain()
            },
        ),
    ];
    let mut all: Vec<_> = intents
        .into_iter()
        .map(|(name, intent)| (name, ToTasks::Intent(intent)))
        .collect();
    all.push(("cancel", ToTasks::Cancel { request: [0x33; 32] }));
    all.push(("accept", ToTasks::Accept { request: [0x44; 32] }));
    for (name, amount) in [
        ("withdraw some", 1_234_567_890_123_456_789),
        ("withdraw all", ALL),
    ] {
        let to = contract(0xbb);
        let asset = Some(7);
        all.push((name, ToTasks::Withdraw(Withdraw { asset, amount, to })));
    }
    all
}

/// The result of an answered task.
pub fn answered() -> TaskResult {
    TaskResult {
        request: [0x55; 32],
        sender: contract(0xaa),
        task: 7 * 256,
        outcome: Outcome::Answered,
        model: [0x11; 32],
        input_digest: [0x66; 32],
        output_digest: [0x77; 32],
        output: vec![23, 0, 0, 0],
        verification: VerificationKind::Replay,
        evidence: [0x88; 32],
        asset: Some(7),
        price: 1_400_000,
        ended_at: 4_321,
        record: [0x99; 32],
    }
}

/// The result of an intent that never became a task.
pub fn refused(refusal: Refusal) -> TaskResult {
    TaskResult {
        task: 0,
        outcome: Outcome::Refused(refusal),
        output: vec![],
        evidence: [0; 32],
        asset: None,
        price: 0,
        record: [0; 32],
        ..answered()
    }
}

/// What Pensum can say.
pub fn from_tasks() -> Vec<(&'static str, FromTasks)> {
    let results = vec![
        ("answered", answered()),
        (
            "answered at length by a quorum, paid in PEN",
            TaskResult {
                output: (0..1_024u32).map(|i| (i % 249) as u8).collect(),
                verification: VerificationKind::Quorum,
                asset: None,
                price: u128::MAX,
                ended_at: u32::MAX,
                task: u64::MAX,
                ..answered()
            },
        ),
        (
            "answered with nothing, accepted by its requester",
            TaskResult {
                output: vec![],
                verification: VerificationKind::Requester,
                ..answered()
            },
        ),
        (
            "refunded: the deadline passed",
            TaskResult {
                outcome: Outcome::Refunded { reason: 1 },
                output: vec![],
                price: 0,
                ..answered()
            },
        ),
        (
            "refused: malformed, so that nothing is known",
            TaskResult {
                model: [0; 32],
                input_digest: [0; 32],
                ..refused(Refusal::Malformed)
            },
        ),
        ("refused: it cannot pay", refused(Refusal::CannotPay)),
        ("refused: no registry", refused(Refusal::NoRegistry)),
    ];
    let mut all: Vec<_> = results
        .into_iter()
        .map(|(name, result)| (name, FromTasks::Result(result)))
        .collect();
    for (name, batch, leaves) in [("the first root", 0, 1), ("a later root", u64::MAX, 64)] {
        let root = [0xcc; 32];
        all.push((name, FromTasks::Root(Root { batch, root, leaves })));
    }
    all
}
