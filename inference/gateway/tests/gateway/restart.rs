//! Whatever ends the gateway, no run is lost and none is done twice.

use crate::harness::{client, config, inline, Ask, Bench, TestEngine, GATED, UPPER};
use pensum_gateway::{
    digest::HexBytes,
    wire::{PostRuns, RunReports, RunState},
    Gateway, JournalError, Running, StartError,
};
use pensum_graph::builder::GraphBuilder;
use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::Duration,
};
use tempfile::TempDir;

#[tokio::test]
async fn after_a_shutdown_what_is_done_is_served_and_what_is_queued_is_run() {
    let bench = Bench::new().await;
    bench.run(&[inline(1, UPPER, b"wool")]).await;
    let queued = [inline(2, GATED, b"flax"), inline(3, UPPER, b"hemp")];
    assert_eq!(bench.post_runs(&queued, 0).await.status, 202);
    let engine = bench.engine.clone();
    // A shutdown waits for the run at which the engine is.
    let opener = tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(200)).await;
        engine.open();
    });
    let first = bench.engine.clone();
    let bench = bench.restarted().await;
    opener.await.unwrap();
    bench.engine.open();
    let reports = bench
        .run(&[inline(1, UPPER, b"wool"), queued[0].clone(), queued[1].clone()])
        .await;
    assert!(reports.runs.iter().all(|run| run.state == RunState::Done));
    for input in [b"wool", b"flax", b"hemp"] {
        assert_eq!(first.executions(input) + bench.engine.executions(input), 1);
    }
}

/// Starts on the same data as soon as the dropped gateway's threads let go of it.
async fn reopened(folder: &TempDir, engine: &Arc<TestEngine>) -> Running {
    for _ in 0..200 {
        match Gateway::start_with(config(folder), vec![engine.clone()]).await {
            Err(StartError::Journal(JournalError::InUse)) => {
                tokio::time::sleep(Duration::from_millis(20)).await
            }
            other => return other.unwrap(),
        }
    }
    panic!("the dropped gateway kept the journal");
}

#[tokio::test]
async fn after_a_drop_unfinished_runs_are_run_without_being_posted_again() {
    let Bench {
        folder,
        engine,
        running,
        client,
    } = Bench::new().await;
    let body = PostRuns {
        runs: (0..50).map(|n| inline(n, GATED, &n.to_be_bytes())).collect(),
    };
    let response = Ask::new(&client, "POST", format!("{}/v1/runs", running.url()))
        .json(&body)
        .send()
        .await;
    assert_eq!(response.status, 202);
    drop(running);
    engine.open();
    let engine = Arc::new(TestEngine::default());
    engine.open();
    let running = reopened(&folder, &engine).await;
    let ids: Vec<_> = body.runs.iter().map(|run| run.id.to_string()).collect();
    let url = format!("{}/v1/runs?wait_ms=2000&ids={}", running.url(), ids.join(","));
    let reports: RunReports = Ask::new(&client, "GET", url).send().await.json();
    assert!(reports.runs.iter().all(|run| run.state == RunState::Done));
    assert!((0..50u16).all(|n| engine.executions(&n.to_be_bytes()) <= 1));
}

/// The program, killed when the test ends.
struct Process {
    child: Child,
    url: String,
}

impl Process {
    fn start(folder: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_pensum-gateway"))
            .args(["--listen", "127.0.0.1:0", "--models-dir"])
            .arg(folder)
            .arg("--data-dir")
            .arg(folder.join("data"))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut url = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut url)
            .unwrap();
        Self {
            child,
            url: url.trim().into(),
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

#[tokio::test]
async fn a_killed_process_loses_no_run_and_changes_no_output() {
    let folder = tempfile::tempdir().unwrap();
    // Large enough that a batch takes a while, so that kills fall into every phase.
    let graph = GraphBuilder::int8(&[400])
        .raw_logits(&[1; 400 * 1_000], 1_000, None)
        .arg_max()
        .build();
    fs::write(folder.path().join("slow.graph"), &graph).unwrap();
    let weights = pensum_gateway::digest::Digest::blake2(&graph);
    let input = |n: u16| [n.to_le_bytes().to_vec(), vec![0; 398]].concat();
    let body = PostRuns {
        runs: (0..200).map(|n| inline(n, weights, &input(n))).collect(),
    };
    let client = client();
    for kill_after_ms in [0, 5, 20, 60] {
        let process = Process::start(folder.path());
        let post = Ask::new(&client, "POST", format!("{}/v1/runs", process.url))
            .json(&body)
            .send();
        assert!(matches!(post.await.status, 200 | 202));
        tokio::time::sleep(Duration::from_millis(kill_after_ms)).await;
        drop(process);
    }
    let process = Process::start(folder.path());
    let mut reports = RunReports { runs: vec![] };
    for _ in 0..20 {
        let url = format!("{}/v1/runs?wait_ms=2000", process.url);
        let response = Ask::new(&client, "POST", url).json(&body).send().await;
        reports = response.json();
        if reports.runs.iter().all(|run| run.state == RunState::Done) {
            break;
        }
    }
    for report in reports.runs {
        assert_eq!(report.output, Some(HexBytes(vec![0; 4])), "{:?}", report.message);
    }
}
