//! The graph engine, from file to output.

use crate::harness::{client, config, inline, Ask};
use pensum_gateway::{
    digest::{Digest, HexBytes},
    wire::{ErrorBody, FailReason, Input, Models, PostRuns, PostStep, RunReports, RunRequest, StepOpened},
    Gateway,
};
use pensum_graph::builder::GraphBuilder;
use std::{fs, time::Duration};

#[tokio::test]
async fn a_graph_in_the_models_folder_runs_with_its_own_bits() {
    let folder = tempfile::tempdir().unwrap();
    let graph = GraphBuilder::int8(&[2])
        .raw_logits(&[1, 0, 0, 1], 2, Some(&[0, 5]))
        .arg_max()
        .build();
    fs::create_dir(folder.path().join("deep")).unwrap();
    fs::write(folder.path().join("deep/tiny.graph"), &graph).unwrap();
    fs::write(folder.path().join("broken.graph"), &graph[..40]).unwrap();
    let running = Gateway::start(config(&folder)).await.unwrap();
    let client = client();

    let models = Ask::new(&client, "GET", format!("{}/v1/models", running.url()))
        .send()
        .await;
    let Models { models } = models.json();
    assert_eq!(models.len(), 1);
    assert_eq!(
        (models[0].source.as_str(), models[0].max_input, models[0].output),
        ("deep/tiny.graph", 2, 4)
    );
    let weights = Digest::blake2(&graph);
    assert_eq!(models[0].weights, weights);

    let late = GraphBuilder::int8(&[1]).raw_logits(&[1, 2], 2, None).build();
    let runs = vec![
        inline(1, weights, &[7, 1]),
        inline(2, weights, &[7, 3]),
        inline(3, weights, &[7]),
        inline(4, Digest::blake2(&late), &[3]),
    ];
    let post = || async {
        let url = format!("{}/v1/runs?wait_ms=2000", running.url());
        let response = Ask::new(&client, "POST", url)
            .json(&PostRuns { runs: runs.clone() })
            .send()
            .await;
        response.json::<RunReports>().runs
    };
    let reports = post().await;
    assert_eq!(reports[0].output, Some(HexBytes(vec![0, 0, 0, 0])));
    assert_eq!(reports[1].output, Some(HexBytes(vec![1, 0, 0, 0])));
    assert_eq!(reports[2].reason, Some(FailReason::InputRefused));
    assert_eq!(reports[3].reason, Some(FailReason::ModelMissing));

    fs::write(folder.path().join("late.graph"), &late).unwrap();
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    assert_eq!(
        post().await[3].output,
        Some(HexBytes(vec![3, 0, 0, 0, 6, 0, 0, 0]))
    );
    running.shutdown().await;
}

#[tokio::test]
async fn a_graph_gives_its_trace_and_any_of_its_steps() {
    let folder = tempfile::tempdir().unwrap();
    let graph = GraphBuilder::int8(&[2])
        .raw_logits(&[1, 0, 0, 1], 2, Some(&[0, 5]))
        .arg_max()
        .build();
    fs::write(folder.path().join("tiny.graph"), &graph).unwrap();
    let running = Gateway::start(config(&folder)).await.unwrap();
    let client = client();
    let weights = Digest::blake2(&graph);
    let logits: Vec<u8> = [7i32, 6].iter().flat_map(|logit| logit.to_le_bytes()).collect();
    let trace = [Digest::blake2(&logits), Digest::blake2(&[0, 0, 0, 0])];

    let traced = RunRequest {
        traced: true,
        ..inline(1, weights, &[7, 1])
    };
    let response = Ask::new(&client, "POST", format!("{}/v1/runs?wait_ms=2000", running.url()))
        .json(&PostRuns { runs: vec![traced] })
        .send()
        .await;
    let report = &response.json::<RunReports>().runs[0];
    assert_eq!(report.output, Some(HexBytes(vec![0, 0, 0, 0])));
    assert_eq!(report.trace.as_deref(), Some(trace.as_slice()));

    let step = |node, input: &[u8]| {
        let query = PostStep {
            weights,
            input: Input::Inline(HexBytes(input.to_vec())),
            node,
        };
        Ask::new(&client, "POST", format!("{}/v1/steps", running.url()))
            .json(&query)
            .send()
    };
    let first = step(0, &[7, 1]).await;
    assert_eq!(first.status, 200);
    let first: StepOpened = first.json();
    assert_eq!(
        (first.trace.as_slice(), &first.inputs),
        (trace.as_slice(), &vec![HexBytes(vec![7, 1])])
    );
    assert!(!first.weights.0.is_empty());
    let second: StepOpened = step(1, &[7, 1]).await.json();
    assert_eq!(
        (second.weights, second.inputs),
        (HexBytes(vec![]), vec![HexBytes(logits)])
    );

    // What nobody can read has no trace; what its first node needs shows it.
    let unreadable: StepOpened = step(0, &[7]).await.json();
    assert_eq!(
        (unreadable.trace, unreadable.inputs),
        (vec![], vec![HexBytes(vec![7])])
    );
    assert_eq!(unreadable.weights, first.weights);

    for (node, input) in [(2, &[7, 1][..]), (1, &[7])] {
        let refused = step(node, input).await;
        assert_eq!(refused.status, 422);
        assert_eq!(refused.json::<ErrorBody>().error.code, "no_step");
    }
    running.shutdown().await;
}
