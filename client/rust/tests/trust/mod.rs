//! What is not answered and paid at once: auctions, panels, windows, workflows, delegated stake, skeletons.

pub mod assets;
pub mod challenges;
pub mod delegation;
pub mod liar;
pub mod panels;

use crate::devnet::{models, DevNet};
use serde_json::{json, Value};
use std::{
    path::Path,
    thread::sleep,
    time::{Duration, Instant},
};

const REQUESTER: &str = "//Ferdie";
const CHALLENGER: &str = "//Dave";
const PATIENCE: Duration = Duration::from_secs(40);

pub fn buys_at_auction(net: &DevNet) {
    let auction = ["--matching", "dutch:9uPEN..20uPEN/20"];
    let question = ["langid", "Dove si trova la farmacia?"];
    let quote = [&["task", "quote"][..], &question, &auction].concat();
    let quoted = net.ok(REQUESTER, &quote);
    assert_eq!(quoted["max_reward"], "20000000", "what the price may rise to");
    assert_eq!(
        (&quoted["expected_total"], &quoted["costs"]["refusal"]),
        (&Value::Null, &Value::Null)
    );
    let post = [&["task", "post"][..], &question, &auction].concat();
    let posted = net.ok(REQUESTER, &post);
    assert_eq!(
        (&posted["posted"]["waits"], &posted["posted"]["parts"]),
        (&json!(true), &json!([]))
    );
    assert_eq!(posted["tasks"][0]["label"], "it");
    let paid: u64 = posted["paid"].as_str().unwrap().parse().unwrap();
    assert!(
        (10_000_000..=20_000_000).contains(&paid),
        "{paid} is not between the offer and the end"
    );
    let falling = [
        &["task", "post"][..],
        &question,
        &["--matching", "sealed:20uPEN/1/1"],
    ]
    .concat();
    net.refused(REQUESTER, &falling, 1, "Auction.WindowTooShort");
    let unclear = [&["task", "post"][..], &question, &["--matching", "dutch"]].concat();
    net.refused(REQUESTER, &unclear, 2, "usage.Arguments");
    let alone = [
        &["task", "quote"][..],
        &question,
        &["--verification", "quorum:2/3"],
    ]
    .concat();
    let quoted = net.ok(REQUESTER, &alone);
    assert_eq!(
        quoted["max_reward"], "75000000",
        "six times a quarter above the cheapest offer"
    );
}

pub fn runs_the_example_workflow(net: &DevNet) {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/letters.toml");
    let example = example.to_str().unwrap();
    net.refused(
        REQUESTER,
        &["workflow", "run", example, "--budget", "1pPEN"],
        1,
        "Workflow.BudgetTooSmall",
    );
    let said = net.run(REQUESTER, &["workflow", "run", example]);
    assert_eq!(said.code, 0, "{:#}", said.json);
    let steps = said.json["steps"].as_array().unwrap();
    let of = |place: usize, field: &str| steps[place][field].clone();
    assert_eq!((of(0, "name"), of(0, "label")), (json!("letter"), json!("de")));
    assert_eq!(
        (of(1, "name"), of(1, "label")),
        (json!("german desk"), json!("de"))
    );
    assert_eq!((of(2, "state"), of(2, "label")), (json!("skipped"), Value::Null));
    assert_eq!(said.json["paid"], "20000000");
    let (_, progress) = said.lines.split_last().unwrap();
    assert!(progress.iter().all(|line| line["step"]["name"].is_string()));
    let id = said.json["started"]["workflow"].to_string();
    net.refused(REQUESTER, &["workflow", "status", &id], 1, "rpc.UnknownWorkflow");
    assert_eq!(net.ok(REQUESTER, &["workflow", "list"])["workflows"], json!([]));
    net.refused(REQUESTER, &["workflow", "cancel", &id], 1, "Workflow.NotLive");
}

/// Posts a task with a window and waits until it is answered.
fn claimed(net: &DevNet, requester: &str, verification: &str) -> String {
    let post = [
        "task",
        "post",
        "langid",
        "Hol van a patika?",
        "--verification",
        verification,
        "--no-wait",
    ];
    let posted = net.ok(requester, &post);
    let task = posted["posted"]["tasks"][0].to_string();
    until("the answer", || {
        net.ok("", &["task", "status", &task])["tasks"][0]["state"] == "claimed"
    });
    task
}

/// An amount in JSON.
fn as_number(amount: &Value) -> u128 {
    amount.as_str().unwrap().parse().unwrap()
}

/// Waits until something is the case.
fn until(what: &str, mut is: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is() {
        assert!(start.elapsed() < PATIENCE, "waited for {what} in vain");
        sleep(Duration::from_millis(100));
    }
}

pub fn accepts_an_answer(net: &DevNet) {
    let task = claimed(net, REQUESTER, "requester:40");
    let status = net.text(REQUESTER, &["task", "status", &task]);
    assert!(
        status.contains("claimed      hu") && status.contains("requester:40"),
        "{status}"
    );
    net.refused(
        CHALLENGER,
        &["task", "accept", &task],
        1,
        "TaskMarket.NotRequester",
    );
    let no_trace = ["challenge", &task, "--gateway", &net.gateway()];
    net.refused(CHALLENGER, &no_trace, 1, "task.NoTrace");
    let accepted = net.ok(REQUESTER, &["task", "accept", &task]);
    assert_eq!(
        (
            accepted["tasks"][0]["task"].to_string(),
            &accepted["tasks"][0]["price"]
        ),
        (task.clone(), &json!("10000000"))
    );
    net.refused(
        REQUESTER,
        &["task", "appeal", &task],
        1,
        "TaskMarket.BatchNotOpen",
    );
}

pub fn registers_a_skeleton(net: &DevNet, publisher: &str) {
    let (from, to) = (models().join("digits"), net.path("tiled"));
    let (from, to) = (from.to_str().unwrap(), to.to_str().unwrap());
    assert_eq!(net.ok("", &["model", "tile", from, to])["nodes"], 4);
    let planned = net.ok(publisher, &["model", "register", to, "--skeleton", "--dry-run"]);
    let done = net.ok(publisher, &["model", "register", to, "--skeleton"]);
    assert_eq!(
        (&planned["id"], &planned["deposit"]),
        (&done["id"], &done["deposit"])
    );
    assert_eq!(done["on_chain"], false);
    // Another model of this name is there, so that the name alone means neither.
    let id = done["id"].as_str().unwrap();
    let shown = net.ok("", &["model", "show", id]);
    assert_eq!(
        (&shown["nodes"], &shown["disprovable"]),
        (&json!(4), &json!(true))
    );
}
