//! What is not answered and paid at once: auctions, windows, workflows, delegated stake, skeletons.

use crate::devnet::{models, DevNet};
use pensum_client::{
    dispute::{step, Proof, Verdict},
    gateway::Gateway,
    Chain, Key, TaskId,
};
use serde_json::{json, Value};
use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
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
fn claimed(net: &DevNet, verification: &str) -> String {
    let post = [
        "task",
        "post",
        "langid",
        "Hol van a patika?",
        "--verification",
        verification,
        "--no-wait",
    ];
    let posted = net.ok(REQUESTER, &post);
    let task = posted["posted"]["tasks"][0].to_string();
    let start = Instant::now();
    loop {
        let status = net.ok(REQUESTER, &["task", "status", &task]);
        if status["tasks"][0]["state"] == "claimed" {
            return task;
        }
        assert!(start.elapsed() < PATIENCE, "no answer came: {status:#}");
        sleep(Duration::from_millis(200));
    }
}

pub fn checks_a_claimed_answer(net: &DevNet) {
    let gateway = net.gateway();
    let mut watching = Watching::start(net, &["challenge", "--watch", "--gateway", &gateway]);
    assert_eq!(watching.line()["watching"]["bond"], "1000000000000");
    let task = claimed(net, "replay:14");
    // Without a key: what is right needs no bond.
    let checked = net.ok("", &["challenge", &task, "--gateway", &gateway]);
    assert_eq!(
        (checked["task"].to_string(), &checked["verdict"]),
        (task.clone(), &json!("right"))
    );
    let seen = watching.line();
    assert_eq!(
        (seen["claim"]["task"].to_string(), &seen["claim"]["verdict"]),
        (task.clone(), &json!("right"))
    );
    frames_the_solver(net, &task);
    let watched = net.run(REQUESTER, &["task", "watch", &task]);
    assert_eq!(watched.json["tasks"][0]["label"], "hu");
    net.refused(
        CHALLENGER,
        &["challenge", &task, "--gateway", &gateway],
        1,
        "rpc.NoClaim",
    );
    net.refused(CHALLENGER, &["challenge", &task], 2, "usage.NoGateway");
    let told = watching.interrupt();
    assert_eq!(told["verdicts"], json!({ "right": 1 }), "each claim is told once");
}

/// The command files nothing against a right answer; the library does, and the chain takes the bond.
fn frames_the_solver(net: &DevNet, task: &str) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let chain = Chain::connect(&net.url()).await.unwrap();
        let claim = chain.rpc.claim(TaskId(task.parse().unwrap())).await.unwrap();
        let gateway = Gateway::new(&net.gateway(), None).unwrap();
        let made = gateway.step(&claim.claim, 1).await.unwrap();
        let proof = Proof {
            trace: claim.trace().unwrap().to_vec(),
            step: step(1, &made).unwrap(),
        };
        let key = Key::from_uri(CHALLENGER).unwrap();
        let framed = chain.challenge(&key, claim.claim.task, &proof, PATIENCE).await;
        assert_eq!(framed.unwrap().verdict, Verdict::Lost);
    });
}

pub fn accepts_an_answer(net: &DevNet) {
    let task = claimed(net, "requester:40");
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

pub fn delegates_stake(net: &DevNet, solver: &str) {
    let stash = net.ok(solver, &["keys", "inspect"])["address"].clone();
    let stash = stash.as_str().unwrap();
    net.refused(
        CHALLENGER,
        &["solver", "delegate", stash, "5"],
        1,
        "SolverStaking.DelegationClosed",
    );
    let opened = net.ok(solver, &["solver", "commission", "100000"]);
    assert_eq!(opened["solver"]["commission"], 100_000);
    let delegated = net.ok(CHALLENGER, &["solver", "delegate", stash, "5"]);
    assert_eq!(delegated["delegation"]["staked"], "5000000000000");
    let left = net.ok(CHALLENGER, &["solver", "undelegate", stash, "5"]);
    assert_eq!(
        (
            &left["delegation"]["staked"],
            &left["delegation"]["leaving"][0][0]
        ),
        (&json!("0"), &json!("5000000000000"))
    );
    assert_eq!(
        net.ok(CHALLENGER, &["solver", "delegation", stash]),
        left["delegation"]
    );
    for verb in ["withdraw-delegated", "claim-rewards"] {
        let said = net.run(CHALLENGER, &["solver", verb, stash]);
        assert_eq!(said.json["error"]["kind"], "refused", "{verb}: {:#}", said.json);
    }
    net.refused(REQUESTER, &["solver", "delegation", stash], 1, "rpc.NoDelegation");
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
    let shown = net.ok("", &["model", "show", "digits"]);
    assert_eq!(
        (&shown["nodes"], &shown["disprovable"]),
        (&json!(4), &json!(true))
    );
}

/// A command that goes on telling.
struct Watching {
    child: Child,
    said: BufReader<std::process::ChildStdout>,
}

impl Watching {
    fn start(net: &DevNet, arguments: &[&str]) -> Self {
        let mut child = net
            .command(arguments)
            .env("PENSUM_SURI", CHALLENGER)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let said = BufReader::new(child.stdout.take().unwrap());
        Self { child, said }
    }

    fn line(&mut self) -> Value {
        let mut line = String::new();
        self.said.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("no JSON ({error}): {line:?}"))
    }

    /// Interrupts it, and returns what it says in the end.
    fn interrupt(&mut self) -> Value {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args(["-INT", &id]).status().unwrap();
        assert!(sent.success());
        let last = self.line();
        assert!(self.child.wait().unwrap().success());
        last
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        if self.child.kill().is_ok() {
            self.child.wait().ok();
        }
    }
}
