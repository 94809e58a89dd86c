//! The commands on a real node, from an empty chain to a checked record. One test, because each step needs what the one before left.

mod devnet;
mod trust;

use devnet::{models, pensum, said, DevNet};
use serde_json::{json, Value};
use std::thread;
use trust::{assets, challenges, delegation, liar::Liar, panels};

const PUBLISHER: &str = "//Eve";
const SOLVER: &str = "//Charlie";
const REQUESTER: &str = "//Ferdie";

#[test]
fn a_market_is_built_used_and_left_by_commands_alone() {
    let net = DevNet::start();
    let model = registers_a_model(&net);
    joins_and_offers(&net, &model);
    the_doctor_finds_everything_well(&net);
    quotes_and_dry_runs(&net);
    let task = posts_and_reads_answers(&net, &model);
    shows_status_and_record(&net, task);
    delegation::puts_stake_behind(&net, SOLVER);
    assets::is_worth_half_a_pen(&net, SOLVER);
    // What waits for many blocks waits for the same ones. No two of these sign with the same account.
    thread::scope(|scope| {
        scope.spawn(|| {
            posts_without_waiting_and_watches(&net);
            posts_a_blob(&net);
            refuses_with_the_chains_own_words(&net, &model);
            trust::buys_at_auction(&net);
            trust::runs_the_example_workflow(&net);
            trust::accepts_an_answer(&net);
        });
        scope.spawn(|| {
            let liar = scope.spawn(|| Liar::joins(&net, SOLVER));
            let task = challenges::checks_a_claimed_answer(&net);
            challenges::disproves_lies(&net, &liar.join().unwrap(), SOLVER);
            challenges::settles_unharmed(&net, &task);
        });
        scope.spawn(|| {
            panels::joins_more_solvers(&net, &model);
            panels::agrees_by_quorum(&net);
            panels::buys_under_seal(&net);
        });
        scope.spawn(|| {
            trust::registers_a_skeleton(&net, PUBLISHER);
            assets::pays_with_dollars(&net, SOLVER);
            delegation::earns_and_leaves(&net, SOLVER);
        });
    });
    cancels_what_nobody_answers(&net);
    moves_stake_and_leaves(&net, &model);
}

fn registers_a_model(net: &DevNet) -> String {
    let folder = models().join("langid");
    let folder = folder.to_str().unwrap();
    let planned = net.ok(PUBLISHER, &["model", "register", folder, "--dry-run"]);
    let done = net.ok(PUBLISHER, &["model", "register", folder]);
    assert_eq!(
        planned["id"], done["id"],
        "the id is known before the model is registered"
    );
    assert_eq!(planned["deposit"], done["deposit"]);
    assert_eq!(done["on_chain"], true);
    let listed = net.ok(REQUESTER, &["model", "list"]);
    assert_eq!(listed["models"][0]["id"], done["id"]);
    let shown = net.ok(REQUESTER, &["model", "show", "langid"]);
    assert_eq!(
        (&shown["model"]["id"], &shown["offers"]),
        (&done["id"], &json!([]))
    );
    assert_eq!(shown["disprovable"], true);
    assert!(shown["nodes"].as_u64().unwrap() > 1);
    done["id"].as_str().unwrap().to_string()
}

fn joins_and_offers(net: &DevNet, model: &str) {
    // By a proof that was made apart, as where the operator's secret lies on another machine.
    let secret = net.file("operator", "//Solver1");
    let address = net.ok(SOLVER, &["keys", "inspect"])["address"].clone();
    let proven = net.ok(
        "",
        &[
            "keys",
            "operator",
            "--stash",
            address.as_str().unwrap(),
            "--operator-key-file",
            secret.to_str().unwrap(),
        ],
    );
    let (operator, proof) = (
        proven["operator"].as_str().unwrap(),
        proven["proof"].as_str().unwrap(),
    );
    assert_eq!(
        (&proven["stash"], &proven["key_type"]),
        (&address, &json!("oper"))
    );
    net.refused(
        SOLVER,
        &[
            "solver",
            "join",
            "--bond",
            "1",
            "--operator",
            operator,
            "--proof",
            proof,
        ],
        1,
        "SolverStaking.BondTooSmall",
    );
    let joined = net.ok(
        SOLVER,
        &[
            "solver",
            "join",
            "--bond",
            "100",
            "--operator",
            operator,
            "--proof",
            proof,
        ],
    );
    assert_eq!(joined["solver"]["bonded"], "100000000000000");
    // Before there is an offer, the doctor says so and the exit code tells.
    let sick = net.run(SOLVER, &["solver", "doctor", "--gateway", &net.gateway()]);
    assert_eq!((sick.code, &sick.json["healthy"]), (6, &json!(false)));
    assert_eq!(finding(&sick.json, "offers")["level"], "problem");
    let offered = net.ok(
        SOLVER,
        &["solver", "offer", model, "--base", "10uPEN", "--capacity", "64"],
    );
    assert_eq!(offered["solver"]["offers"][0][1]["min_reward"], "10000000");
}

fn finding<'a>(examined: &'a Value, check: &str) -> &'a Value {
    let findings = examined["findings"].as_array().unwrap();
    findings.iter().find(|finding| finding["check"] == check).unwrap()
}

fn the_doctor_finds_everything_well(net: &DevNet) {
    let examined = net.ok(SOLVER, &["solver", "doctor", "--gateway", &net.gateway()]);
    for check in [
        "sync", "clock", "solver", "operator", "keystore", "jail", "offers", "bond", "stake", "gateway",
        "models",
    ] {
        assert_eq!(
            finding(&examined, check)["level"],
            "ok",
            "{:#}",
            finding(&examined, check)
        );
    }
    let elsewhere = net.run(SOLVER, &["solver", "doctor", "--gateway", "http://127.0.0.1:9"]);
    assert_eq!(elsewhere.code, 6);
    assert_eq!(finding(&elsewhere.json, "gateway")["level"], "problem");
    net.refused(REQUESTER, &["solver", "status"], 1, "rpc.UnknownSolver");
}

fn quotes_and_dry_runs(net: &DevNet) {
    let quoted = net.ok(REQUESTER, &["task", "quote", "langid", "Wo ist die Apotheke?"]);
    assert_eq!(quoted["offers"][0]["total"], "10000000");
    assert_eq!(
        quoted["max_reward"], "12500000",
        "a quarter above the cheapest offer"
    );
    assert_eq!(quoted["costs"]["escrow"], "12500000");
    assert_eq!(quoted["costs"]["refusal"], Value::Null);
    let dry = net.ok(REQUESTER, &["task", "dry-run", "langid", "Wo ist die Apotheke?"]);
    assert_eq!(dry["runs"][0]["label"], "de");
}

fn posts_and_reads_answers(net: &DevNet, model: &str) -> u64 {
    let lines = net.file("inputs", "Hol van a patika?\nDove si trova la farmacia?\n");
    let texts = ["Wo ist die Apotheke?", "--file", lines.to_str().unwrap()];
    let arguments: Vec<&str> = ["task", "quote", model].into_iter().chain(texts).collect();
    let quoted = net.ok(REQUESTER, &arguments);
    let arguments: Vec<&str> = ["task", "post", model].into_iter().chain(texts).collect();
    let posted = net.ok(REQUESTER, &arguments);
    let labels: Vec<&Value> = posted["tasks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|task| &task["label"])
        .collect();
    assert_eq!(labels, ["de", "hu", "it"]);
    assert_eq!(posted["paid"], "30000000");
    assert_eq!(
        posted["posted"]["prepaid"], quoted["costs"]["prepaid"],
        "the quote was exact"
    );
    posted["posted"]["tasks"][0].as_u64().unwrap()
}

fn shows_status_and_record(net: &DevNet, task: u64) {
    let task = task.to_string();
    let status = net.ok(REQUESTER, &["task", "status", &task]);
    assert_eq!(
        (&status["tasks"][0]["state"], &status["tasks"][0]["label"]),
        (&json!("ended"), &json!("de"))
    );
    let record = net.ok(REQUESTER, &["record", "show", &task, "--finalized"]);
    assert_eq!(
        (&record["proof_holds"], &record["finalized"], &record["label"]),
        (&json!(true), &json!(true), &json!("de"))
    );
    let text = net.text(REQUESTER, &["record", "show", &task]);
    assert!(
        text.contains("answer     de") && text.contains("proof      holds"),
        "{text}"
    );
    net.refused(REQUESTER, &["record", "show", "99999"], 1, "rpc.UnknownTask");
}

fn posts_without_waiting_and_watches(net: &DevNet) {
    let posted = net.ok(
        REQUESTER,
        &["task", "post", "langid", "Wo ist die Apotheke?", "--no-wait"],
    );
    let task = posted["posted"]["tasks"][0].to_string();
    let watched = net.run(REQUESTER, &["task", "watch", &task, "--finalized"]);
    assert_eq!(watched.code, 0, "{:#}", watched.json);
    assert_eq!(watched.json["tasks"][0]["label"], "de");
    let (_, events) = watched.lines.split_last().unwrap();
    assert!(events.iter().all(|line| line["event"]["kind"].is_string()));
    assert_eq!(net.ok(REQUESTER, &["task", "list", "--mine"])["tasks"], json!([]));
}

fn posts_a_blob(net: &DevNet) {
    let blob = net.file("blob", "Où se trouve la pharmacie la plus proche ?");
    let blob = blob.to_str().unwrap();
    let nowhere = ["task", "post", "langid", "--blob", blob];
    net.refused(REQUESTER, &nowhere, 2, "usage.NoGateway");
    let posted = net.ok(
        REQUESTER,
        &[
            "task",
            "post",
            "langid",
            "--blob",
            blob,
            "--gateway",
            &net.gateway(),
        ],
    );
    assert_eq!(posted["tasks"][0]["label"], "fr");
}

fn refuses_with_the_chains_own_words(net: &DevNet, model: &str) {
    let post = |more: &[&'static str]| -> Vec<String> {
        let arguments = ["task", "post", "langid", "x"];
        arguments
            .iter()
            .chain(more)
            .map(|text| text.to_string())
            .collect()
    };
    for (more, code, remedy) in [
        (
            &["--max-reward", "1pPEN"][..],
            "TaskMarket.PriceCapBelowOffers",
            "Raise it",
        ),
        (&["--deadline", "1"], "TaskMarket.DeadlineTooSoon", "MinDeadline"),
    ] {
        let arguments = post(more);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let error = net.refused(REQUESTER, &arguments, 1, code);
        assert!(error["remedy"].as_str().unwrap().contains(remedy), "{error:#}");
    }
    net.refused(
        REQUESTER,
        &["task", "cancel", "256000"],
        1,
        "TaskMarket.BatchNotOpen",
    );
    net.refused("//Nobody", &["task", "post", model, "x"], 1, "pool.Payment");
    net.refused(
        REQUESTER,
        &["task", "post", "nothing", "x"],
        1,
        "client.UnknownModel",
    );
    net.refused(REQUESTER, &["task", "post", model], 2, "usage.NoInputs");
    net.refused("", &["task", "post", model, "x"], 2, "usage.NoKey");
}

fn cancels_what_nobody_answers(net: &DevNet) {
    // An operator key that no node holds: the solver is assigned tasks and stays silent.
    let absent = net.path("absent");
    let absent = absent.to_str().unwrap();
    net.ok(SOLVER, &["keys", "operator", "--out", absent]);
    net.ok(SOLVER, &["solver", "set-operator", "--operator-key-file", absent]);
    let sick = net.run(SOLVER, &["solver", "doctor"]);
    assert_eq!(
        (sick.code, &finding(&sick.json, "keystore")["level"]),
        (6, &json!("problem"))
    );
    let posted = net.ok(REQUESTER, &["task", "post", "langid", "x", "--no-wait"]);
    let task = posted["posted"]["tasks"][0].to_string();
    let open = net.ok(REQUESTER, &["task", "list", "--mine"]);
    assert_eq!(
        (open["tasks"][0]["task"].to_string(), &open["tasks"][0]["state"]),
        (task.clone(), &json!("assigned"))
    );
    net.refused(
        REQUESTER,
        &["task", "watch", &task, "--timeout", "1"],
        4,
        "task.NotEnded",
    );
    net.refused(SOLVER, &["task", "cancel", &task], 1, "TaskMarket.NotRequester");
    let cancelled = net.ok(REQUESTER, &["task", "cancel", &task]);
    assert_eq!(cancelled["tasks"][0].to_string(), task);
    assert_eq!(cancelled["compensation"], "5000000", "half of the price");
    let watched = net.run(REQUESTER, &["task", "watch", &task]);
    assert_eq!(
        (watched.code, &watched.json["tasks"][0]["outcome"]),
        (5, &json!({ "refunded": "cancelled" }))
    );
    // The same key, now where the node finds it.
    net.ok(
        SOLVER,
        &["keys", "operator", "--operator-key-file", absent, "--insert"],
    );
    let examined = net.ok(SOLVER, &["solver", "doctor", "--gateway", &net.gateway()]);
    assert_eq!(finding(&examined, "keystore")["level"], "ok");
}

fn moves_stake_and_leaves(net: &DevNet, model: &str) {
    let bonded = net.ok(SOLVER, &["solver", "bond", "20"]);
    assert_eq!(bonded["solver"]["bonded"], "120000000000000");
    let less = net.ok(SOLVER, &["solver", "unbond", "5"]);
    assert_eq!(less["solver"]["unbonding"][0][0], "5000000000000");
    net.refused(
        SOLVER,
        &["solver", "withdraw"],
        1,
        "SolverStaking.NothingToWithdraw",
    );
    net.refused(SOLVER, &["solver", "unjail"], 1, "SolverStaking.NotJailed");
    let choosy = net.ok(SOLVER, &["solver", "refuse-asset", "tUSD"]);
    assert_eq!(choosy["solver"]["accepts"], json!([]));
    let silent = net.ok(SOLVER, &["solver", "withdraw-offer", model]);
    assert_eq!(silent["solver"]["offers"], json!([]));
    let left = net.ok(SOLVER, &["solver", "leave"]);
    assert_eq!(left["solver"]["bonded"], "0");
}

#[test]
fn a_node_that_is_not_there_is_unreachable() {
    let arguments = ["model", "list", "--json", "--url", "ws://127.0.0.1:9"];
    let said = said(&arguments, &pensum(&arguments).output().unwrap());
    assert_eq!(
        (said.code, &said.json["error"]["kind"]),
        (3, &json!("unreachable"))
    );
}

#[test]
fn wrong_usage_is_told_in_json_too() {
    for arguments in [
        &["task", "post", "--json"][..],
        &["nonsense", "--json"],
        &["model", "list", "--json", "--url", "http://x"],
        &["keys", "inspect", "nobody", "--json"],
    ] {
        let said = said(arguments, &pensum(arguments).output().unwrap());
        assert_eq!(
            (said.code, &said.json["error"]["kind"]),
            (2, &json!("usage")),
            "{arguments:?}"
        );
    }
}

#[test]
fn keys_are_made_without_a_node() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("key");
    let file = file.to_str().unwrap();
    let run = |arguments: &[&str]| said(arguments, &pensum(arguments).arg("--json").output().unwrap());
    let made = run(&["keys", "generate", "--out", file]);
    assert_eq!((made.code, &made.json["phrase"]), (0, &Value::Null));
    let seen = run(&["keys", "inspect", "--key-file", file]);
    assert_eq!(seen.json["address"], made.json["address"]);
    assert_eq!(seen.json["well_known"], false);
    assert_eq!(run(&["keys", "inspect", "//Alice"]).json["well_known"], true);
}

#[test]
fn completions_and_the_manual_cover_every_command() {
    let script = pensum(&["completions", "bash"]).output().unwrap();
    assert!(String::from_utf8_lossy(&script.stdout).contains("withdraw-offer"));
    let folder = tempfile::tempdir().unwrap();
    let written = pensum(&["man", "--dir", folder.path().to_str().unwrap()])
        .status()
        .unwrap();
    assert!(written.success());
    for page in [
        "pensum.1",
        "pensum-task-post.1",
        "pensum-solver-doctor.1",
        "pensum-record-show.1",
        "pensum-challenge.1",
        "pensum-workflow-run.1",
        "pensum-assets-list.1",
        "pensum-solver-accept-asset.1",
        "pensum-task-collect.1",
    ] {
        assert!(folder.path().join(page).is_file(), "{page} is missing");
    }
}
