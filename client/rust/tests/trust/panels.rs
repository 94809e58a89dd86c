//! What takes several solvers: quorums, and auctions under seal.

use crate::{devnet::DevNet, finding};
use serde_json::json;
use std::thread;

const REQUESTER: &str = "//Eve//stash";
/// Two more solvers, and their operators, whose keys the node holds. A test dollar is worth half a PEN, so that both ask for the same.
const MORE: [(&str, &str, [&str; 4]); 2] = [
    (
        "//Charlie//stash",
        "//Solver2",
        ["--unit", "pen", "--base", "11uPEN"],
    ),
    (
        "//Dave//stash",
        "//Solver3",
        ["--unit", "stable", "--base", "0.000022"],
    ),
];

/// Makes three solvers of one, all at work in this node. The new ones are dearer, so that the first one keeps what is matched by price.
pub fn joins_more_solvers(net: &DevNet, model: &str) {
    thread::scope(|scope| {
        for (stash, operator, price) in MORE {
            scope.spawn(move || {
                let secret = net.file(operator.trim_start_matches('/'), operator);
                let secret = ["--operator-key-file", secret.to_str().unwrap()];
                net.ok(stash, &[&["keys", "operator", "--insert"], &secret[..]].concat());
                net.ok(
                    stash,
                    &[&["solver", "join", "--bond", "100"], &secret[..]].concat(),
                );
                let offer = ["solver", "offer", model, "--capacity", "8"];
                net.ok(stash, &[&offer[..], &price].concat());
            });
        }
    });
    let (quoting_in_dollars, ..) = MORE[1];
    let status = net.text(quoting_in_dollars, &["solver", "status"]);
    assert!(status.contains("0.000022 stable"), "{status}");
    let examined = net.ok(quoting_in_dollars, &["solver", "doctor"]);
    assert_eq!(finding(&examined, "rate")["level"], "ok");
}

pub fn agrees_by_quorum(net: &DevNet) {
    let post = [
        "task",
        "post",
        "langid",
        "Hol van a patika?",
        "--verification",
        "quorum:2/3",
    ];
    let posted = net.ok(REQUESTER, &post);
    assert_eq!(
        (&posted["posted"]["waits"], &posted["posted"]["parts"]),
        (&json!(true), &json!([])),
        "nobody is drawn yet"
    );
    assert_eq!(posted["tasks"][0]["label"], "hu");
    let paid: u64 = posted["paid"].as_str().unwrap().parse().unwrap();
    // Two that agree decide; the third is paid too if it reveals by then.
    assert!((20_900_000..=32_300_000).contains(&paid), "{paid}");
    let task = posted["tasks"][0]["task"].to_string();
    let shown = net.ok("", &["record", "show", &task]);
    assert!(shown["record"]["solvers"].as_array().unwrap().len() >= 2);
    assert_eq!(shown["proof_holds"], true);
}

pub fn buys_under_seal(net: &DevNet) {
    let post = ["task", "post", "langid", "Dove si trova la farmacia?"];
    let sealed = [&post[..], &["--matching", "sealed:20uPEN/4/4"]].concat();
    let posted = net.ok(REQUESTER, &sealed);
    assert_eq!(posted["posted"]["waits"], true);
    assert_eq!(posted["tasks"][0]["label"], "it");
    let paid: u64 = posted["paid"].as_str().unwrap().parse().unwrap();
    assert!((10_000_000..=20_000_000).contains(&paid), "{paid}");
}
