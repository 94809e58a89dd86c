//! The shipped models run here to the bytes that `inference/models/reference.py` gave: digests, outputs, traces, samples.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

use pensum_graph::{Graph, InputSpec, Limits};
use serde::Deserialize;
use std::{fs, path::PathBuf};

/// What the manifest claims and this test can check.
#[derive(Deserialize)]
struct Manifest {
    file: String,
    weights_digest: String,
    weights_bytes: u32,
    node_digests: Vec<String>,
    input: Input,
    output: Output,
    accuracy: Vec<Accuracy>,
}

#[derive(Deserialize)]
struct Input {
    kind: String,
    max_bytes: Option<u32>,
    len: Option<u32>,
}

#[derive(Deserialize)]
struct Output {
    labels: Vec<String>,
}

#[derive(Deserialize)]
struct Accuracy {
    set: String,
    n: usize,
    value: f64,
}

#[derive(Deserialize)]
struct Vector {
    input: String,
    output: String,
    trace: Vec<String>,
}

#[derive(Deserialize)]
struct Sample {
    text: Option<String>,
    tensor: Option<Vec<u8>>,
    label: String,
}

impl Sample {
    fn input(&self) -> Vec<u8> {
        match (&self.text, &self.tensor) {
            (Some(text), None) => text.as_bytes().to_vec(),
            (None, Some(tensor)) => tensor.clone(),
            _ => panic!("a sample is a text or a tensor"),
        }
    }
}

struct Model {
    manifest: Manifest,
    bytes: Vec<u8>,
    vectors: Vec<Vector>,
    samples: Vec<Sample>,
}

impl Model {
    fn read(name: &str) -> Self {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
            .join("../models")
            .join(name);
        let read = |file: &str| {
            fs::read(folder.join(file))
                .unwrap_or_else(|error| panic!("{name}/{file} cannot be read: {error}"))
        };
        let manifest: Manifest = serde_json::from_slice(&read("manifest.json")).unwrap();
        Self {
            bytes: read(&manifest.file),
            vectors: serde_json::from_slice(&read("vectors.json")).unwrap(),
            samples: serde_json::from_slice(&read("samples.json")).unwrap(),
            manifest,
        }
    }

    fn graph(&self) -> Graph<'_> {
        Graph::validate(&self.bytes, &Limits::default()).expect("a shipped model is valid")
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::from("0x"), |text, byte| text + &format!("{byte:02x}"))
}

fn bytes_of(hex: &str) -> Vec<u8> {
    let digits = hex.strip_prefix("0x").expect("bytes in JSON start with 0x");
    (0..digits.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap())
        .collect()
}

fn graph_is_the_one_of_its_manifest(name: &str) {
    let model = Model::read(name);
    let graph = model.graph();
    assert_eq!(hex(&graph.digest()), model.manifest.weights_digest);
    assert_eq!(model.bytes.len() as u32, model.manifest.weights_bytes);
    assert_eq!(
        graph
            .node_digests()
            .iter()
            .map(|digest| hex(digest))
            .collect::<Vec<_>>(),
        model.manifest.node_digests
    );
    assert_eq!(
        graph.output().classes,
        Some(model.manifest.output.labels.len() as u32)
    );
    match graph.input() {
        InputSpec::Text { max_bytes } => {
            assert_eq!(model.manifest.input.kind, "text");
            assert_eq!(model.manifest.input.max_bytes, Some(max_bytes));
        }
        InputSpec::Tensor { len, .. } => {
            assert_eq!(model.manifest.input.kind, "tensor");
            assert_eq!(model.manifest.input.len, Some(len));
        }
    }
}

fn every_vector_gives_the_committed_output_and_trace(name: &str) {
    let model = Model::read(name);
    let graph = model.graph();
    assert!(
        model.vectors.len() > model.samples.len(),
        "the vectors are the samples and edge cases"
    );
    for vector in &model.vectors {
        let input = bytes_of(&vector.input);
        let (output, trace) = graph.run_traced(&input).unwrap();
        assert_eq!(hex(&output), vector.output, "output for {}", vector.input);
        assert_eq!(
            trace.iter().map(|digest| hex(digest)).collect::<Vec<_>>(),
            vector.trace,
            "trace for {}",
            vector.input
        );
        assert_eq!(
            graph.run(&input).unwrap(),
            output,
            "traced and plain run for {}",
            vector.input
        );
    }
}

fn samples_are_as_accurate_as_the_manifest_claims(name: &str) {
    let model = Model::read(name);
    let graph = model.graph();
    let label_of = |sample: &Sample| {
        let output = graph.run(&sample.input()).unwrap();
        let number = i32::from_le_bytes(output.try_into().expect("a class is one int32"));
        model.manifest.output.labels[usize::try_from(number).unwrap()].clone()
    };
    let right = model
        .samples
        .iter()
        .filter(|sample| label_of(sample) == sample.label)
        .count();
    let claim = model
        .manifest
        .accuracy
        .iter()
        .find(|claim| claim.set == "samples")
        .expect("the manifest measures its samples");
    assert_eq!(claim.n, model.samples.len());
    let percent = 100.0 * right as f64 / model.samples.len() as f64;
    assert!(
        (percent - claim.value).abs() < 0.01,
        "{percent} % right, {} % claimed",
        claim.value
    );
}

#[test]
fn langid_is_the_graph_of_its_manifest() {
    graph_is_the_one_of_its_manifest("langid");
}

#[test]
fn digits_is_the_graph_of_its_manifest() {
    graph_is_the_one_of_its_manifest("digits");
}

#[test]
fn langid_gives_the_bits_of_the_reference_interpreter() {
    every_vector_gives_the_committed_output_and_trace("langid");
}

#[test]
fn digits_gives_the_bits_of_the_reference_interpreter() {
    every_vector_gives_the_committed_output_and_trace("digits");
}

#[test]
fn langid_names_the_languages_of_its_samples() {
    samples_are_as_accurate_as_the_manifest_claims("langid");
}

#[test]
fn digits_names_the_digits_of_its_samples() {
    samples_are_as_accurate_as_the_manifest_claims("digits");
}
