//! Two small models, and a large one to measure with.

use super::{Registry, RuntimeOrigin, PUBLISHER};
use pensum_graph::{
    builder::{tensor_classifier, text_classifier, NGrams, TextClassifier},
    Graph, Limits,
};
use pensum_primitives::{
    model::{InputSchema, Manifest, ModelKind, OutputSchema},
    Digest, ModelId,
};
use sp_runtime::{BoundedVec, Permill};

/// Registers both models.
pub fn register_models() {
    register(greater_manifest(), greater_graph());
    register(texts_manifest(), texts_graph());
}

/// Answers the place of the greater of two bytes.
fn greater_graph() -> Vec<u8> {
    tensor_classifier(2, &[1, 0, 0, 1], &[0, 0])
}

/// Reads text of at most 300 bytes and puts it into one of three classes.
fn texts_graph() -> Vec<u8> {
    text_graph(6, 8)
}

/// Puts text into one of three classes, by a table of `2^bits × width` bytes.
fn text_graph(bits: u8, width: usize) -> Vec<u8> {
    let pattern = |count: usize| (0..count).map(|i| (i * 37 % 251) as i8).collect::<Vec<_>>();
    text_classifier(&TextClassifier {
        max_bytes: 300,
        ngrams: NGrams {
            lo: 1,
            hi: 3,
            bits,
            max_chars: 220,
        },
        table: &pattern((1 << bits) * width),
        matrix: &pattern(3 * width),
        classes: 3,
    })
}

fn manifest(graph: &[u8], input: InputSchema, classes: usize) -> Manifest {
    let parsed = Graph::validate(graph, &Limits::default()).unwrap();
    let text = |content: &str| BoundedVec::try_from(content.as_bytes().to_vec()).unwrap();
    let label = |number: usize| BoundedVec::try_from(format!("label-{number}").into_bytes()).unwrap();
    let nodes: Vec<Digest> = parsed.node_digests().into_iter().map(Digest::from).collect();
    Manifest {
        name: text("sample"),
        version: text("1.0.0"),
        kind: ModelKind::Graph,
        weights: parsed.digest().into(),
        nodes: nodes.try_into().unwrap(),
        input,
        output: OutputSchema::Label {
            labels: (0..classes).map(label).collect::<Vec<_>>().try_into().unwrap(),
        },
        licence: text("Apache-2.0"),
        previous: None,
        parents: BoundedVec::new(),
        data_sets: BoundedVec::new(),
        publisher: PUBLISHER,
        royalty: Permill::from_percent(5),
    }
}

fn greater_manifest() -> Manifest {
    manifest(&greater_graph(), InputSchema::Tensor { len: 2 }, 2)
}

fn texts_manifest() -> Manifest {
    manifest(&texts_graph(), InputSchema::Text { max_bytes: 300 }, 3)
}

/// The model that compares two bytes.
pub fn greater() -> ModelId {
    greater_manifest().id()
}

/// The model that reads text.
pub fn texts() -> ModelId {
    texts_manifest().id()
}

/// Registers the text model once more without its graph.
pub fn register_off_chain() -> ModelId {
    let mut manifest = texts_manifest();
    manifest.version = BoundedVec::try_from(b"off-chain".to_vec()).unwrap();
    let model = manifest.id();
    Registry::register_model(RuntimeOrigin::signed(PUBLISHER), Box::new(manifest), None).unwrap();
    model
}

/// Registers a text model of nearly the greatest size.
pub fn register_large() -> ModelId {
    let graph = text_graph(14, 31);
    let manifest = manifest(&graph, InputSchema::Text { max_bytes: 300 }, 3);
    let model = manifest.id();
    register(manifest, graph);
    model
}

fn register(manifest: Manifest, graph: Vec<u8>) {
    let graph = Some(graph.try_into().unwrap());
    Registry::register_model(RuntimeOrigin::signed(PUBLISHER), Box::new(manifest), graph).unwrap();
}
