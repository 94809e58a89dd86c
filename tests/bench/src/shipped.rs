//! The shipped language model: its registration, its inputs, and what it says to them.

use pallet_attestation_registry::Call;
use pensum_graph::Graph;
use pensum_primitives::{
    model::{InputSchema, Manifest, ModelKind, OutputSchema, Text},
    task::{Input, Output},
    AccountId, Digest, ModelId,
};
use pensum_runtime::RuntimeCall;
use serde::Deserialize;
use sp_core::bounded::BoundedVec;
use sp_runtime::Permill;

const GRAPH: &[u8] = include_bytes!("../../../inference/models/langid/langid.graph");
const MANIFEST: &str = include_str!("../../../inference/models/langid/manifest.json");
const SAMPLES: &str = include_str!("../../../inference/models/langid/samples.json");

/// The parts of `manifest.json` that matter here.
#[derive(Deserialize)]
struct File {
    name: String,
    input: FileInput,
    output: FileOutput,
    licence: String,
}

#[derive(Deserialize)]
struct FileInput {
    max_bytes: u32,
}

#[derive(Deserialize)]
struct FileOutput {
    labels: Vec<String>,
}

#[derive(Deserialize)]
struct Sample {
    text: String,
}

/// The model.
pub struct Shipped {
    graph: Graph<'static>,
    file: File,
    texts: Vec<String>,
}

fn text(content: &str) -> Text {
    Text::truncate_from(content.as_bytes().to_vec())
}

impl Default for Shipped {
    fn default() -> Self {
        let samples: Vec<Sample> = serde_json::from_str(SAMPLES).expect("the samples are JSON");
        Self {
            graph: Graph::load(GRAPH).expect("the shipped graph loads"),
            file: serde_json::from_str(MANIFEST).expect("the manifest is JSON"),
            texts: samples.into_iter().map(|sample| sample.text).collect(),
        }
    }
}

impl Shipped {
    /// Its manifest. Editions differ by their version only, so that there can be many models, each with a book of its own.
    fn manifest(&self, publisher: &AccountId, edition: usize) -> Manifest {
        let label = |label: &String| BoundedVec::truncate_from(label.clone().into_bytes());
        let nodes = self.graph.node_digests().into_iter().map(Digest::from).collect();
        Manifest {
            name: text(&self.file.name),
            version: text(&format!("1.0.{edition}")),
            kind: ModelKind::Graph,
            weights: self.graph.digest().into(),
            nodes: BoundedVec::truncate_from(nodes),
            input: InputSchema::Text {
                max_bytes: self.file.input.max_bytes,
            },
            output: OutputSchema::Label {
                labels: BoundedVec::truncate_from(self.file.output.labels.iter().map(label).collect()),
            },
            licence: text(&self.file.licence),
            previous: None,
            parents: BoundedVec::new(),
            data_sets: BoundedVec::new(),
            publisher: publisher.clone(),
            royalty: Permill::from_percent(3),
        }
    }

    /// The id of an edition, and the call that puts it on chain.
    pub fn registration(&self, publisher: &AccountId, edition: usize) -> (ModelId, RuntimeCall) {
        let manifest = self.manifest(publisher, edition);
        let id = manifest.id();
        let call = Call::register_model {
            manifest: Box::new(manifest),
            graph: Some(BoundedVec::truncate_from(GRAPH.to_vec())),
        };
        (id, call.into())
    }

    /// A sentence, by number: in one of 26 languages, 20 to 200 bytes long.
    pub fn input(&self, number: usize) -> Input {
        let text = &self.texts[number % self.texts.len()];
        Input::Inline(BoundedVec::truncate_from(text.as_bytes().to_vec()))
    }

    /// What it says.
    pub fn says(&self, input: &Input) -> Option<Output> {
        let Input::Inline(bytes) = input else { return None };
        self.graph.run(bytes).ok().map(Output::truncate_from)
    }
}
