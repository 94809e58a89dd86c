//! The runtime, as wasm, says the same as native code, bit for bit, and the shipped language model is replayed within its weight.

use codec::{Decode, Encode};
use pallet_attestation_registry::{Graphs, Models};
use pensum_graph::{
    builder::{text_classifier, FullyConnected, GraphBuilder, NGrams, Scales, TextClassifier},
    Graph, InputSpec, Limits,
};
use pensum_primitives::{
    model::{InputSchema, ModelEntry, ModelKind, ModelState},
    ModelId,
};
use pensum_runtime::{constants::market::REPLAY_PS_PER_MAC, Runtime, WASM_BINARY};
use proptest::prelude::*;
use sc_executor::WasmExecutor;
use sp_core::{
    traits::{CallContext, CodeExecutor, RuntimeCode, WrappedRuntimeCode},
    H256,
};
use sp_io::{SubstrateHostFunctions, TestExternalities};
use std::{sync::LazyLock, time::Instant};

/// One for all cases: it compiles the wasm when it first runs it, which takes seconds, and keeps that.
static EXECUTOR: LazyLock<WasmExecutor<SubstrateHostFunctions>> =
    LazyLock::new(|| WasmExecutor::builder().build());

/// The wasm runtime over a state of its own.
struct Chain {
    state: TestExternalities,
}

impl Chain {
    fn new() -> Self {
        Self {
            state: TestExternalities::default(),
        }
    }

    /// Puts a graph on chain under an id of its own, past registration.
    fn with_graph(&mut self, bytes: &[u8]) -> ModelId {
        let graph = Graph::validate(bytes, &Limits::default()).expect("the graph is valid");
        let id = ModelId(H256(graph.digest()));
        let entry = ModelEntry {
            kind: ModelKind::Graph,
            weights: H256(graph.digest()),
            on_chain: true,
            input: match graph.input() {
                InputSpec::Text { max_bytes } => InputSchema::Text { max_bytes },
                InputSpec::Tensor { len, .. } => InputSchema::Tensor { len },
            },
            output_len: 4,
            cost_fixed: graph.cost(),
            cost_per_byte: 0,
            state: ModelState::Active { from: 0 },
            publisher: [0; 32].into(),
            royalty: Default::default(),
        };
        self.state.execute_with(|| {
            Models::<Runtime>::insert(id, entry);
            Graphs::<Runtime>::insert(
                id,
                frame_support::BoundedVec::try_from(bytes.to_vec()).expect("it fits"),
            );
        });
        id
    }

    /// What the wasm runtime says.
    fn run(&mut self, model: ModelId, input: &[u8]) -> Option<Vec<u8>> {
        let code = WASM_BINARY.expect("the wasm was built");
        let fetcher = WrappedRuntimeCode(code.into());
        let runtime = RuntimeCode {
            code_fetcher: &fetcher,
            hash: vec![1],
            heap_pages: None,
        };
        let (answer, _) = EXECUTOR.call(
            &mut self.state.ext(),
            &runtime,
            "RegistryApi_run_model",
            &(model, input).encode(),
            CallContext::Offchain,
        );
        Option::decode(&mut &answer.expect("the runtime answers")[..]).expect("an optional output")
    }
}

fn native(bytes: &[u8], input: &[u8]) -> Option<Vec<u8>> {
    Graph::load(bytes).expect("the graph loads").run(input).ok()
}

fn int8s(len: usize) -> impl Strategy<Value = Vec<i8>> {
    proptest::collection::vec(any::<i8>(), len)
}

/// A text classifier of random weights.
fn text_models() -> impl Strategy<Value = Vec<u8>> {
    (4u8..9, 1u32..20, 2u32..9, 1u8..3, 3u8..5).prop_flat_map(|(bits, width, classes, lo, hi)| {
        (int8s((width << bits) as usize), int8s((width * classes) as usize)).prop_map(
            move |(table, matrix)| {
                text_classifier(&TextClassifier {
                    max_bytes: 512,
                    ngrams: NGrams {
                        lo,
                        hi,
                        bits,
                        max_chars: 120,
                    },
                    table: &table,
                    matrix: &matrix,
                    classes,
                })
            },
        )
    })
}

/// Two int8 layers of random weights and rescaling, and an arg-max.
fn tensor_models() -> impl Strategy<Value = (Vec<u8>, usize)> {
    (1u32..40, 1u32..20, 2u32..10).prop_flat_map(|(inputs, hidden, classes)| {
        (
            int8s((inputs * hidden) as usize),
            int8s((hidden * classes) as usize),
            proptest::collection::vec(-20_000i32..20_000, hidden as usize),
            (0i32..=i32::MAX, -20i8..2),
            any::<i8>(),
        )
            .prop_map(move |(first, second, bias, factor, zero)| {
                let graph = GraphBuilder::int8(&[inputs])
                    .fully_connected(&FullyConnected {
                        weights: &first,
                        units: hidden,
                        bias: Some(&bias),
                        scales: Scales::FixedPoint(&[factor]),
                        input_zero_point: zero.into(),
                        output_zero_point: -3,
                        clamp: (-100, 120),
                    })
                    .raw_logits(&second, classes, None)
                    .arg_max()
                    .build();
                (graph, inputs as usize)
            })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn text_graphs_have_the_same_bits_natively_and_in_wasm(
        graph in text_models(),
        texts in proptest::collection::vec("\\PC{0,100}", 1..6),
        bytes in proptest::collection::vec(any::<u8>(), 0..40),
    ) {
        let mut chain = Chain::new();
        let model = chain.with_graph(&graph);
        for input in texts.iter().map(String::as_bytes).chain([bytes.as_slice()]) {
            prop_assert_eq!(chain.run(model, input), native(&graph, input));
        }
    }

    #[test]
    fn tensor_graphs_have_the_same_bits_natively_and_in_wasm(
        ((graph, len), seeds) in (tensor_models(), proptest::collection::vec(any::<u64>(), 1..6)),
    ) {
        let mut chain = Chain::new();
        let model = chain.with_graph(&graph);
        for seed in seeds {
            let input: Vec<u8> = (0..len as u64).map(|i| (seed.wrapping_mul(i * 2 + 1) >> 24) as u8).collect();
            prop_assert_eq!(chain.run(model, &input), native(&graph, &input));
        }
    }
}

#[test]
fn the_language_model_is_replayed_in_less_than_five_milliseconds_of_weight() {
    let bytes = include_bytes!("../../inference/models/langid/langid.graph");
    let graph = Graph::load(bytes).expect("the shipped graph loads");
    let weight_us = graph.cost() * REPLAY_PS_PER_MAC / 1_000_000;
    println!(
        "langid: {} multiply-accumulates at most, {weight_us} µs of weight",
        graph.cost()
    );
    assert!(weight_us < 5_000, "{weight_us} µs of weight");

    let mut chain = Chain::new();
    let model = chain.with_graph(bytes);
    let text = "Die Würde des Menschen ist unantastbar. Sie zu achten und zu schützen ist Verpflichtung aller Gewalt. ".repeat(3);
    let expected = native(bytes, text.as_bytes());
    assert_eq!(chain.run(model, text.as_bytes()), expected);
    let mut best = u128::MAX;
    for _ in 0..20 {
        let start = Instant::now();
        assert_eq!(chain.run(model, text.as_bytes()), expected);
        best = best.min(start.elapsed().as_micros());
    }
    // With the call into the executor and the reading of the graph, which a sheet of answers pays once.
    println!(
        "langid: {best} µs for one call of the wasm runtime on {} bytes",
        text.len()
    );
    assert!(best < 5_000, "{best} µs");
}
