//! Windows: right answers are left alone, wrong ones are proven wrong, by one command, by a watcher, and by the next one after a kill.

use super::{claimed, liar::Liar, until, CHALLENGER, PATIENCE};
use crate::devnet::DevNet;
use pensum_client::{
    dispute::{step, Proof, Verdict},
    gateway::Gateway,
    Chain, Key, TaskId,
};
use serde_json::{json, Value};
use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    thread::sleep,
    time::Duration,
};

/// Who is lied to.
const DUPE: &str = "//Ferdie//stash";
/// Who watches, and does nothing else.
const WATCHER: &str = "//Alice//stash";

pub fn checks_a_claimed_answer(net: &DevNet) -> String {
    let gateway = net.gateway();
    let watch = ["challenge", "--watch", "--gateway", &gateway];
    let mut watching = Watching::start(net, CHALLENGER, &watch);
    assert_eq!(watching.line()["watching"]["bond"], "1000000000000");
    let task = claimed(net, DUPE, "replay:14");
    // Without a key: what is right needs no bond.
    let checked = net.ok("", &["challenge", &task, "--gateway", &gateway]);
    assert_eq!(
        (checked["task"].to_string(), &checked["verdict"]),
        (task.clone(), &json!("right"))
    );
    assert_eq!(watching.claim(&task)["verdict"], "right");
    frames_the_solver(net, &task);
    net.refused(CHALLENGER, &["challenge", &task], 2, "usage.NoGateway");
    // It looks at what is open every six seconds.
    sleep(Duration::from_secs(7));
    let told = watching.interrupt();
    assert_eq!(told["verdicts"]["right"], 1, "each claim is told once");
    task
}

/// What nobody disproved is paid.
pub fn settles_unharmed(net: &DevNet, task: &str) {
    let watched = net.run(DUPE, &["task", "watch", task]);
    assert_eq!(watched.json["tasks"][0]["label"], "hu");
    let late = ["challenge", task, "--gateway", &net.gateway()];
    net.refused(CHALLENGER, &late, 1, "rpc.NoClaim");
}

/// The command files nothing against a right answer; the library does, and the chain takes the bond.
fn frames_the_solver(net: &DevNet, task: &str) {
    net.with_chain(async |chain| {
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

pub fn disproves_lies(net: &DevNet, liar: &Liar, honest: &str) {
    let tasks: Vec<String> = (0..3).map(|_| liar.is_asked(net, DUPE)).collect();
    proves_one_wrong(net, liar, &tasks[0]);
    survives_a_kill(net, liar, &tasks[1..]);
    for task in &tasks {
        let watched = net.ok(DUPE, &["task", "watch", task]);
        assert_eq!(
            (&watched["tasks"][0]["label"], &watched["tasks"][0]["solver"]),
            (&json!(liar.truth), &net.address(honest)),
            "an honest solver answers instead"
        );
    }
    let caught = net.ok("", &["solver", "status", "--stash", &liar.stash]);
    let faults = caught["pending_slashes"].as_array().unwrap();
    assert!(faults.iter().all(|slash| slash[2] == "wrong"), "{faults:?}");
    assert_eq!(faults.len(), 3);
    net.ok(honest, &["solver", "withdraw-offer", &liar.model]);
}

fn proves_one_wrong(net: &DevNet, liar: &Liar, task: &str) {
    liar.lies(net, &[task]);
    let challenge = ["challenge", task, "--gateway", &net.gateway()];
    let proven = net.ok(CHALLENGER, &challenge);
    assert_eq!(
        (
            &proven["verdict"],
            &proven["node"],
            &proven["rewarded"],
            &proven["solver"]
        ),
        (
            &json!("disproven"),
            &json!(liar.wrong_node),
            &json!(true),
            &json!(liar.stash)
        )
    );
    net.refused(CHALLENGER, &challenge, 1, "rpc.NoClaim");
}

/// Two wrong answers come at once. The first watcher is killed while its proof of one is on the way; the next one must not prove that
/// again, and must prove the other.
fn survives_a_kill(net: &DevNet, liar: &Liar, tasks: &[String]) {
    let gateway = net.gateway();
    let watch = ["challenge", "--watch", "--gateway", &gateway];
    let before = sent(net);
    let mut first = Watching::start(net, WATCHER, &watch);
    assert!(first.line()["watching"].is_object());
    liar.lies(net, &tasks.iter().map(String::as_str).collect::<Vec<_>>());
    until("a first proof", || sent(net) > before);
    first.kill();

    let mut second = Watching::start(net, WATCHER, &watch);
    assert!(second.line()["watching"].is_object());
    until("both proofs", || {
        tasks.iter().all(|task| {
            let status = net.ok("", &["task", "status", task]);
            status["tasks"][0]["solver"] != liar.stash
        })
    });
    let verdicts = second.interrupt()["verdicts"].clone();
    assert_eq!(sent(net) - before, 2, "each lie is proven once: {verdicts}");
    for other in ["lost", "failed"] {
        assert_eq!(verdicts[other], Value::Null, "{verdicts}");
    }
}

/// How many transactions the watcher has sent, those in the pool included.
fn sent(net: &DevNet) -> u64 {
    let address = net.address(WATCHER);
    net.with_chain(async |chain: Chain| {
        let next = chain.rpc.request("system_accountNextIndex", [address]).await;
        next.unwrap()
    })
}

/// A command that goes on telling.
struct Watching {
    child: Child,
    said: BufReader<std::process::ChildStdout>,
}

impl Watching {
    fn start(net: &DevNet, who: &str, arguments: &[&str]) -> Self {
        let mut child = net
            .command(arguments)
            .env("PENSUM_SURI", who)
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

    /// What it says of the claim to this task.
    fn claim(&mut self, task: &str) -> Value {
        let task: u64 = task.parse().unwrap();
        loop {
            let line = self.line();
            if line["claim"]["task"] == task {
                return line["claim"].clone();
            }
        }
    }

    /// Interrupts it, and returns what it says in the end.
    fn interrupt(mut self) -> Value {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args(["-INT", &id]).status().unwrap();
        assert!(sent.success());
        let mut last = self.line();
        while last["verdicts"].is_null() {
            last = self.line();
        }
        assert!(self.child.wait().unwrap().success());
        last
    }

    /// Ends it at once: it can neither finish nor say anything.
    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        if self.child.kill().is_ok() {
            self.child.wait().ok();
        }
    }
}
