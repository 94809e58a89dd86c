//! The life of a run.

use crate::harness::{inline, refusal, Bench, FAIL, GATED, LONG, PANIC, REFUSE, UNKNOWN, UPPER};
use pensum_gateway::{
    digest::HexBytes,
    wire::{FailReason, RunReports, RunState},
};

fn states(reports: &RunReports) -> Vec<RunState> {
    reports.runs.iter().map(|run| run.state).collect()
}

#[tokio::test]
async fn a_run_is_executed_and_reported_in_order() {
    let bench = Bench::new().await;
    let reports = bench
        .run(&[inline(2, UPPER, b"wool"), inline(1, UPPER, b"flax")])
        .await;
    assert_eq!(states(&reports), [RunState::Done, RunState::Done]);
    assert_eq!(reports.runs[0].id, crate::harness::id(2));
    assert_eq!(reports.runs[0].output, Some(HexBytes(b"WOOL".to_vec())));
    assert_eq!(reports.runs[1].output, Some(HexBytes(b"FLAX".to_vec())));
    assert_eq!(reports.runs[0].blob, None);
    assert!(reports.runs[0].ms.is_some());
}

#[tokio::test]
async fn a_run_posted_again_is_served_from_the_journal() {
    let bench = Bench::new().await;
    let first = bench.run(&[inline(1, UPPER, b"wool")]).await;
    assert_eq!(bench.run(&[inline(1, UPPER, b"wool")]).await, first);
    assert_eq!(
        bench
            .run(&[inline(1, UPPER, b"wool"), inline(1, UPPER, b"wool")])
            .await
            .runs
            .len(),
        2
    );
    assert_eq!(bench.engine.executions(b"wool"), 1);
}

#[tokio::test]
async fn a_run_not_over_in_time_is_reported_as_it_stands() {
    let bench = Bench::new().await;
    let runs = [inline(1, GATED, b"wool"), inline(2, UPPER, b"flax")];
    let response = bench.post_runs(&runs, 100).await;
    assert_eq!(response.status, 202);
    assert_eq!(states(&response.json()), [RunState::Running, RunState::Queued]);

    let waiting = bench.get(&format!(
        "/v1/runs?ids={},{}&wait_ms=2000",
        runs[0].id, runs[1].id
    ));
    let waiting = tokio::spawn(waiting.send());
    bench.engine.open();
    let response = waiting.await.unwrap();
    assert_eq!(response.status, 200);
    assert_eq!(states(&response.json()), [RunState::Done, RunState::Done]);
}

#[tokio::test]
async fn every_failure_has_its_reason() {
    let bench = Bench::new().await;
    let runs = [
        inline(1, REFUSE, b"a"),
        inline(2, FAIL, b"b"),
        inline(3, PANIC, b"c"),
        inline(4, LONG, b"d"),
        inline(5, UNKNOWN, b"e"),
        inline(6, UPPER, b"f"),
    ];
    let reports = bench.run(&runs).await;
    let reasons: Vec<_> = reports.runs.iter().map(|run| run.reason).collect();
    use FailReason::*;
    assert_eq!(
        reasons,
        [
            Some(InputRefused),
            Some(EngineFailed),
            Some(EngineFailed),
            Some(EngineFailed),
            Some(ModelMissing),
            None
        ]
    );
    assert_eq!(
        reports.runs[0].message.as_deref(),
        Some("The input is refused. Send another.")
    );
}

#[tokio::test]
async fn a_failure_that_can_pass_is_tried_again_when_posted_again() {
    let bench = Bench::new().await;
    let runs = [inline(1, UNKNOWN, b"wool"), inline(2, REFUSE, b"flax")];
    bench.run(&runs).await;
    bench.engine.add();
    let reports = bench.run(&runs).await;
    assert_eq!(reports.runs[0].output, Some(HexBytes(b"added".to_vec())));
    assert_eq!(reports.runs[1].reason, Some(FailReason::InputRefused));
    assert_eq!(
        (bench.engine.executions(b"wool"), bench.engine.executions(b"flax")),
        (2, 1)
    );
    // And then it is done for good.
    bench.run(&runs).await;
    assert_eq!(bench.engine.executions(b"wool"), 2);
}

#[tokio::test]
async fn post_fails_when_the_id_has_other_content() {
    let bench = Bench::new().await;
    bench.run(&[inline(1, UPPER, b"wool")]).await;
    for other in [
        inline(1, UPPER, b"flax"),
        inline(1, FAIL, b"wool"),
        crate::harness::blob(1, UPPER, b"wool"),
    ] {
        let response = bench.post_runs(&[inline(2, UPPER, b"hemp"), other], 0).await;
        assert_eq!(refusal(response), (409, "run_conflict".into()));
    }
    let twice = [inline(3, UPPER, b"silk"), inline(3, UPPER, b"jute")];
    assert_eq!(
        refusal(bench.post_runs(&twice, 0).await),
        (409, "run_conflict".into())
    );
    let running = inline(4, GATED, b"felt");
    assert_eq!(bench.post_runs(&[running], 0).await.status, 202);
    let response = bench.post_runs(&[inline(4, GATED, b"down")], 0).await;
    assert_eq!(refusal(response), (409, "run_conflict".into()));
    assert_eq!(
        bench.engine.executions(b"hemp"),
        0,
        "a request is taken whole or not at all"
    );
    bench.engine.open();
}

#[tokio::test]
async fn post_fails_when_the_queue_is_full_and_nothing_is_lost() {
    let bench = Bench::with(|config| config.queue_limit = 256).await;
    let first: Vec<_> = (0..256).map(|n| inline(n, GATED, &n.to_be_bytes())).collect();
    assert_eq!(bench.post_runs(&first, 0).await.status, 202);
    let response = bench.post_runs(&[inline(300, UPPER, b"wool")], 0).await;
    assert_eq!(response.header("retry-after"), "1");
    assert_eq!(refusal(response), (429, "queue_full".into()));
    assert_eq!(
        bench.post_runs(&first, 0).await.status,
        202,
        "known runs need no room"
    );
    bench.engine.open();
    assert_eq!(states(&bench.run(&first).await), [RunState::Done; 256]);
    assert_eq!(
        states(&bench.run(&[inline(300, UPPER, b"wool")]).await),
        [RunState::Done]
    );
}

#[tokio::test]
async fn two_threads_run_two_runs_at_a_time() {
    let bench = Bench::with(|config| config.threads = 2).await;
    let response = bench
        .post_runs(&[inline(1, GATED, b"wool"), inline(2, UPPER, b"flax")], 300)
        .await;
    let reports: RunReports = response.json();
    assert_eq!(states(&reports), [RunState::Running, RunState::Done]);
    bench.engine.open();
}

#[tokio::test]
async fn health_models_and_metrics_tell_what_is() {
    let bench = Bench::new().await;
    bench
        .run(&[inline(1, UPPER, b"wool"), inline(2, FAIL, b"flax")])
        .await;
    bench.put_blob(b"wool").await;
    bench.get("/nowhere").send().await;
    let text = String::from_utf8(bench.get("/metrics").send().await.body).unwrap();
    for line in [
        "pensum_gateway_runs_started_total 2",
        "pensum_gateway_runs_finished_total{engine=\"test\",outcome=\"done\"} 1",
        "pensum_gateway_runs_finished_total{engine=\"test\",outcome=\"engine_failed\"} 1",
        "pensum_gateway_runs_finished_total{engine=\"none\",outcome=\"model_missing\"} 0",
        "pensum_gateway_runs{state=\"queued\"} 0",
        "pensum_gateway_run_seconds_bucket{engine=\"test\",le=\"+Inf\"} 2",
        "pensum_gateway_run_seconds_count{engine=\"test\"} 2",
        "pensum_gateway_store_bytes 4",
        "pensum_gateway_store_limit_bytes 1073741824",
        "pensum_gateway_queue_limit 8192",
        "pensum_gateway_refusals_total{code=\"unknown_path\"} 1",
    ] {
        assert!(
            text.lines().any(|found| found == line),
            "{line} is not in\n{text}"
        );
    }
    let health: serde_json::Value = bench.get("/v1/health").send().await.json();
    assert_eq!(health["status"], "ok");
    assert_eq!(health["models"], 1);
    let models: serde_json::Value = bench.get("/v1/models").send().await.json();
    assert_eq!(models["models"][0]["source"], "upper");
}
