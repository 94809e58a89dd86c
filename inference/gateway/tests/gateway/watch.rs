//! A gateway that watches a chain, as seen by HTTP. The watch itself is tested against a scripted chain in the crate.

use crate::harness::{refusal, Bench};
use pensum_gateway::{
    wire::{WatchReport, WatchState},
    ChallengerKey, WatchConfig,
};
use std::{net::TcpListener, time::Duration};

/// A gateway that watches the chain of a node that is not there.
async fn lonely() -> Bench {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let node = format!("ws://{}", listener.local_addr().unwrap());
    drop(listener);
    Bench::with(|config| {
        config.watch = Some(WatchConfig {
            node: node.parse().unwrap(),
            key: ChallengerKey::new("//Alice").unwrap(),
        })
    })
    .await
}

#[tokio::test]
async fn a_gateway_that_watches_nothing_says_so() {
    let bench = Bench::new().await;
    let answer = bench.get("/v1/watch").send().await;
    assert_eq!(refusal(answer), (404, "not_watching".into()));
}

#[tokio::test]
async fn a_watch_whose_node_is_gone_is_unwell_and_the_gateway_serves_on() {
    let bench = lonely().await;
    let mut answer = bench.get("/v1/watch").send().await;
    while answer.json::<WatchReport>().state == WatchState::Starting {
        tokio::time::sleep(Duration::from_millis(20)).await;
        answer = bench.get("/v1/watch").send().await;
    }
    let report: WatchReport = answer.json();
    assert_eq!((answer.status, report.state), (503, WatchState::NodeUnreachable));
    assert!(report.message.unwrap().contains("Start it"));
    assert_eq!(
        report.challenger,
        "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY"
    );
    assert_eq!(bench.get("/v1/health").send().await.status, 200);
    let metrics = String::from_utf8(bench.get("/metrics").send().await.body).unwrap();
    let state = "pensum_gateway_watch_state{state=\"node_unreachable\"} 1";
    assert!(metrics.contains(state), "{metrics}");
    bench.running.shutdown().await;
}

#[tokio::test]
async fn a_watch_ends_with_its_gateway_and_leaves_the_journal_to_the_next() {
    let bench = lonely().await.restarted().await;
    let answer = bench.get("/v1/watch").send().await;
    assert_eq!(answer.status, 404, "this one was started without a watch");
    let journal = bench.folder.path().join("data/watch.redb");
    assert!(journal.exists());
}
