//! Many clients at once.

use crate::harness::{inline, Bench, UPPER};
use pensum_gateway::{
    digest::HexBytes,
    wire::{PostRuns, RunReports, RunState},
};

#[tokio::test(flavor = "multi_thread")]
async fn one_id_posted_a_hundred_times_at_once_is_executed_once() {
    let bench = Bench::with(|config| config.threads = 4).await;
    let body = PostRuns {
        runs: vec![inline(1, UPPER, b"wool")],
    };
    let posts: Vec<_> = (0..100)
        .map(|_| tokio::spawn(bench.post("/v1/runs?wait_ms=2000").json(&body).send()))
        .collect();
    for post in posts {
        let reports: RunReports = post.await.unwrap().json();
        assert_eq!(reports.runs[0].output, Some(HexBytes(b"WOOL".to_vec())));
    }
    assert_eq!(bench.engine.executions(b"wool"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn overlapping_requests_execute_every_run_once() {
    let bench = Bench::with(|config| config.threads = 3).await;
    let posts: Vec<_> = (0..20u16)
        .map(|from| {
            let runs = (from..from + 100)
                .map(|n| inline(n, UPPER, &n.to_be_bytes()))
                .collect();
            tokio::spawn(
                bench
                    .post("/v1/runs?wait_ms=2000")
                    .json(&PostRuns { runs })
                    .send(),
            )
        })
        .collect();
    for post in posts {
        let reports: RunReports = post.await.unwrap().json();
        assert!(reports.runs.iter().all(|run| run.state == RunState::Done));
    }
    for n in 0..119u16 {
        assert_eq!(bench.engine.executions(&n.to_be_bytes()), 1, "run {n}");
    }
}
