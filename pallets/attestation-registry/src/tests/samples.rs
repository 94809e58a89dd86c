//! Small models to test with.

use crate::{mock::*, Error, GraphBytes, SkeletonBytes};
use frame_support::assert_ok;
use pensum_graph::{
    builder::{tensor_classifier, text_classifier, GraphBuilder, NGrams, TextClassifier},
    Graph, Skeleton,
};
use pensum_primitives::{
    model::{InputSchema, Manifest, ModelKind, OutputSchema, Text},
    AccountId, Digest, ModelId,
};
use sp_core::bounded::BoundedVec;
use sp_runtime::{DispatchError, Permill};

/// A manifest with the graph it describes.
#[derive(Clone)]
pub struct Sample {
    pub manifest: Manifest,
    pub graph: Vec<u8>,
}

pub fn text(content: &str) -> Text {
    content.as_bytes().to_vec().try_into().unwrap()
}

pub fn labels(count: usize) -> OutputSchema {
    let labels: Vec<_> = (0..count)
        .map(|label| format!("label-{label}").into_bytes().try_into().unwrap())
        .collect();
    OutputSchema::Label {
        labels: labels.try_into().unwrap(),
    }
}

/// Weights without a pattern, the same for the same seed.
pub fn noise(seed: u64, count: usize) -> Vec<i8> {
    let mut state = seed.wrapping_mul(2).wrapping_add(1);
    let step = |_| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as i8
    };
    (0..count).map(step).collect()
}

/// The graph of a text classifier of 2^`bits` buckets.
pub fn text_graph(seed: u64, bits: u8, width: usize, classes: u32, max_bytes: u32) -> Vec<u8> {
    text_classifier(&TextClassifier {
        max_bytes,
        ngrams: NGrams {
            lo: 1,
            hi: 4,
            bits,
            max_chars: 220,
        },
        table: &noise(seed, (1 << bits) * width),
        matrix: &noise(seed + 1, classes as usize * width),
        classes,
    })
}

/// A manifest that agrees with a graph of `classes` classes.
pub fn manifest_of(graph: &[u8], publisher: AccountId, input: InputSchema, classes: usize) -> Manifest {
    let parsed = Graph::load(graph).unwrap();
    let nodes: Vec<Digest> = parsed.node_digests().into_iter().map(Digest::from).collect();
    Manifest {
        name: text("sample"),
        version: text("1.0.0"),
        kind: ModelKind::Graph,
        weights: parsed.digest().into(),
        nodes: nodes.try_into().unwrap(),
        input,
        output: labels(classes),
        licence: text("Apache-2.0"),
        previous: None,
        parents: BoundedVec::new(),
        data_sets: BoundedVec::new(),
        publisher,
        royalty: Permill::from_percent(1),
    }
}

impl Sample {
    /// Reads text of at most 300 bytes, knows three classes.
    pub fn texts(publisher: AccountId) -> Self {
        let graph = text_graph(7, 6, 8, 3, 300);
        let manifest = manifest_of(&graph, publisher, InputSchema::Text { max_bytes: 300 }, 3);
        Self { manifest, graph }
    }

    /// Answers the place of the greater of two bytes.
    pub fn greater(publisher: AccountId) -> Self {
        let graph = tensor_classifier(2, &[1, 0, 0, 1], &[0, 0]);
        let manifest = manifest_of(&graph, publisher, InputSchema::Tensor { len: 2 }, 2);
        Self { manifest, graph }
    }

    /// Two nodes read the input of four bytes, a third both of them; three classes.
    pub fn diamond(publisher: AccountId) -> Self {
        let graph = GraphBuilder::int8(&[4])
            .clamp(-10, 10)
            .at(0)
            .clamp(0, 127)
            .concat(&[1, 2], 0)
            .raw_logits(&noise(11, 8 * 3), 3, Some(&[5, -5, 0]))
            .arg_max()
            .build();
        let manifest = manifest_of(&graph, publisher, InputSchema::Tensor { len: 4 }, 3);
        Self { manifest, graph }
    }

    pub fn id(&self) -> ModelId {
        self.manifest.id()
    }

    /// The same under another name.
    pub fn version(mut self, version: &str) -> Self {
        self.manifest.version = text(version);
        self
    }

    pub fn replaces(mut self, previous: ModelId) -> Self {
        self.manifest.previous = Some(previous);
        self
    }

    pub fn made_from(mut self, parents: &[ModelId]) -> Self {
        self.manifest.parents = parents.to_vec().try_into().unwrap();
        self
    }

    /// The call, by the publisher.
    pub fn call(&self) -> RuntimeCall {
        let graph = GraphBytes::try_from(self.graph.clone()).unwrap();
        crate::Call::register_model {
            manifest: Box::new(self.manifest.clone()),
            graph: Some(graph),
        }
        .into()
    }

    /// The call without the graph.
    pub fn call_without_graph(&self) -> RuntimeCall {
        crate::Call::register_model {
            manifest: Box::new(self.manifest.clone()),
            graph: None,
        }
        .into()
    }

    /// The graph without its weights.
    pub fn skeleton(&self) -> Vec<u8> {
        Skeleton::of(&Graph::load(&self.graph).unwrap()).to_vec()
    }

    /// The call with the skeleton.
    pub fn skeleton_call(&self) -> RuntimeCall {
        self.call_with_skeleton(self.skeleton())
    }

    pub fn call_with_skeleton(&self, skeleton: Vec<u8>) -> RuntimeCall {
        crate::Call::register_skeleton {
            manifest: Box::new(self.manifest.clone()),
            skeleton: SkeletonBytes::try_from(skeleton).unwrap(),
        }
        .into()
    }

    pub fn register_skeleton(&self) -> ModelId {
        assert_ok!(dispatch(self.skeleton_call(), self.signed()));
        self.id()
    }

    pub fn register(&self) -> ModelId {
        assert_ok!(dispatch(self.call(), self.signed()));
        self.id()
    }

    pub fn register_without_graph(&self) -> ModelId {
        assert_ok!(dispatch(self.call_without_graph(), self.signed()));
        self.id()
    }

    fn signed(&self) -> RuntimeOrigin {
        RuntimeOrigin::signed(self.manifest.publisher.clone())
    }

    /// Registration must fail so, and change nothing.
    #[track_caller]
    pub fn refused(&self, error: Error<Test>) {
        refused(self.call(), self.signed(), error);
    }

    /// So must registration without the graph.
    #[track_caller]
    pub fn refused_without_graph(&self, error: Error<Test>) {
        refused(self.call_without_graph(), self.signed(), error);
    }
}

impl Sample {
    /// So must registration with the skeleton.
    #[track_caller]
    pub fn refused_skeleton(&self, error: Error<Test>) {
        refused(self.skeleton_call(), self.signed(), error);
    }
}

pub fn dispatch(call: RuntimeCall, origin: RuntimeOrigin) -> Result<(), DispatchError> {
    use frame_support::traits::UnfilteredDispatchable;
    call.dispatch_bypass_filter(origin)
        .map(|_| ())
        .map_err(|error| error.error)
}

/// A call must fail so, and change nothing.
#[track_caller]
pub fn refused(call: RuntimeCall, origin: RuntimeOrigin, error: impl Into<DispatchError>) {
    frame_support::assert_noop!(dispatch(call, origin), error.into());
}
