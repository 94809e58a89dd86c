//! The models that tasks are posted for, and what they really say.

use crate::people::publisher;
use pensum_graph::{
    builder::{tensor_classifier, text_classifier, GraphBuilder, NGrams, TextClassifier},
    step::prove,
    Graph, Skeleton,
};
use pensum_primitives::{
    model::{InputSchema, Manifest, ModelKind, OutputSchema, Text},
    step::Step,
    task::{Input, Output, Trace},
    Digest, ModelId,
};
use pensum_runtime::RuntimeCall;
use sp_core::bounded::BoundedVec;
use sp_runtime::Permill;
use std::sync::LazyLock;

/// Where a model's graph lies.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Home {
    /// On chain, whole.
    Chain,
    /// Off chain, its skeleton on chain.
    Skeleton,
    /// Off chain.
    Nowhere,
}

/// A model.
pub struct Model {
    /// What names it.
    pub manifest: Manifest,
    /// Its bytes.
    pub graph: Vec<u8>,
    /// Where they lie.
    pub home: Home,
}

/// What a model says to an input, and the outputs' digests on the way.
pub struct Said {
    /// The answer.
    pub output: Output,
    /// The trace.
    pub trace: Trace,
}

/// The models of the beginning.
pub static MODELS: LazyLock<Vec<Model>> = LazyLock::new(|| {
    vec![
        Model::new(
            "greater",
            greater(),
            InputSchema::Tensor { len: 2 },
            labels(2),
            Home::Chain,
        ),
        Model::new(
            "digits",
            digits(),
            InputSchema::Tensor { len: 3 },
            OutputSchema::Tensor { len: 3 },
            Home::Chain,
        ),
        Model::new(
            "diamond",
            diamond(),
            InputSchema::Tensor { len: 4 },
            labels(3),
            Home::Skeleton,
        ),
        Model::new(
            "texts",
            texts(),
            InputSchema::Text { max_bytes: 60 },
            labels(3),
            Home::Chain,
        ),
        Model::new(
            "foreign",
            texts(),
            InputSchema::Text { max_bytes: 60 },
            labels(3),
            Home::Nowhere,
        ),
    ]
});

/// A model of the beginning, by number.
pub fn model(number: u8) -> &'static Model {
    &MODELS[usize::from(number) % MODELS.len()]
}

/// The model of this id, if it is one of the beginning.
pub fn by_id(id: &ModelId) -> Option<&'static Model> {
    MODELS.iter().find(|model| model.id() == *id)
}

/// Which of two bytes is the greater.
fn greater() -> Vec<u8> {
    tensor_classifier(2, &[1, 0, 0, 1], &[0, 0])
}

/// Three decimal digits in ASCII, so that answers are numbers and JSON.
fn digits() -> Vec<u8> {
    GraphBuilder::int8(&[3]).clamp(48, 57).build()
}

/// Two nodes read the input, a third both of them.
fn diamond() -> Vec<u8> {
    GraphBuilder::int8(&[4])
        .clamp(-10, 10)
        .at(0)
        .clamp(0, 127)
        .concat(&[1, 2], 0)
        .raw_logits(&pattern(24), 3, Some(&[5, -5, 0]))
        .arg_max()
        .build()
}

/// Puts text into one of three classes.
fn texts() -> Vec<u8> {
    text_classifier(&TextClassifier {
        max_bytes: 60,
        ngrams: NGrams {
            lo: 1,
            hi: 3,
            bits: 4,
            max_chars: 60,
        },
        table: &pattern(16 * 4),
        matrix: &pattern(3 * 4),
        classes: 3,
    })
}

fn pattern(count: usize) -> Vec<i8> {
    (0..count).map(|place| (place * 37 % 251) as i8).collect()
}

fn labels(count: usize) -> OutputSchema {
    let label = |number: usize| BoundedVec::truncate_from(format!("label-{number}").into_bytes());
    OutputSchema::Label {
        labels: BoundedVec::truncate_from((0..count).map(label).collect()),
    }
}

/// Short text of a manifest.
pub fn text(content: &str) -> Text {
    Text::truncate_from(content.as_bytes().to_vec())
}

impl Model {
    fn new(name: &str, graph: Vec<u8>, input: InputSchema, output: OutputSchema, home: Home) -> Self {
        let parsed = Graph::load(&graph).expect("the builder makes graphs");
        let nodes = parsed.node_digests().into_iter().map(Digest::from).collect();
        let manifest = Manifest {
            name: text(name),
            version: text("1.0.0"),
            kind: ModelKind::Graph,
            weights: parsed.digest().into(),
            nodes: BoundedVec::truncate_from(nodes),
            input,
            output,
            licence: text("Apache-2.0"),
            previous: None,
            parents: BoundedVec::new(),
            data_sets: BoundedVec::new(),
            publisher: publisher(),
            royalty: Permill::from_percent(3),
        };
        Self {
            manifest,
            graph,
            home,
        }
    }

    /// Its id.
    pub fn id(&self) -> ModelId {
        self.manifest.id()
    }

    /// The call that registers its graph under a manifest.
    pub fn registration(&self, manifest: Manifest, home: Home) -> RuntimeCall {
        use pallet_attestation_registry::Call;
        let manifest = Box::new(manifest);
        match home {
            Home::Chain => Call::register_model {
                manifest,
                graph: Some(BoundedVec::truncate_from(self.graph.clone())),
            },
            Home::Skeleton => Call::register_skeleton {
                manifest,
                skeleton: BoundedVec::truncate_from(Skeleton::of(&self.parsed()).to_vec()),
            },
            Home::Nowhere => Call::register_model {
                manifest,
                graph: None,
            },
        }
        .into()
    }

    fn parsed(&self) -> Graph<'_> {
        Graph::load(&self.graph).expect("the builder makes graphs")
    }

    /// What it says to these bytes; nothing if it cannot read them.
    pub fn says(&self, input: &[u8]) -> Option<Said> {
        let (output, trace) = self.parsed().run_traced(input).ok()?;
        Some(Said {
            output: BoundedVec::truncate_from(output),
            trace: BoundedVec::truncate_from(trace.into_iter().map(Digest::from).collect()),
        })
    }

    /// What executing the node at this place of the trace takes.
    pub fn step(&self, input: &[u8], node: u16) -> Option<Step> {
        let proof = prove(&self.parsed(), input, u32::from(node) + 1).ok()?;
        let inputs = proof.inputs.into_iter().map(BoundedVec::truncate_from).collect();
        Some(Step {
            node,
            weights: BoundedVec::truncate_from(proof.weights),
            inputs: BoundedVec::truncate_from(inputs),
        })
    }

    /// Whether it can read answers of so many bytes: those of the models of the beginning are ASCII, or little numbers.
    pub fn reads(&self, len: u32) -> bool {
        match self.manifest.input {
            InputSchema::Text { max_bytes } => len <= max_bytes,
            InputSchema::Tensor { len: wanted } => len == wanted,
        }
    }

    /// An input that it reads, with some choice.
    pub fn input(&self, choice: u8) -> Vec<u8> {
        match self.manifest.input {
            InputSchema::Text { max_bytes } => {
                let len = usize::from(choice) % (max_bytes as usize + 1);
                (0..len).map(|place| b'a' + (place as u8 ^ choice) % 26).collect()
            }
            InputSchema::Tensor { len } => (0..len as u8)
                .map(|place| choice.wrapping_mul(31).wrapping_add(place.wrapping_mul(77)))
                .collect(),
        }
    }
}

/// Bytes that solvers have in their content stores.
pub static BLOBS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let readable = MODELS
        .iter()
        .flat_map(|model| (0..2).map(|choice| model.input(40 + choice)));
    // No text.
    readable.chain([vec![0xff, 0xfe, 0x80]]).collect()
});

/// The input's bytes, where solvers have them.
pub fn bytes_of(input: &Input) -> Option<Vec<u8>> {
    match input {
        Input::Inline(bytes) => Some(bytes.to_vec()),
        Input::Blob { .. } => BLOBS.iter().find(|blob| named(blob) == *input).cloned(),
    }
}

/// An input that names these bytes.
pub fn named(blob: &[u8]) -> Input {
    Input::Blob {
        digest: sp_io::hashing::sha2_256(blob).into(),
        len: blob.len() as u32,
    }
}
