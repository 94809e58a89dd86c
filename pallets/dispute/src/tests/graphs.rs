//! Real graphs in the real registry: a solver that lies at one node is convicted by exactly that step.

use super::samples::{audit_everything, challenge, include, opening, TASK, WINDOW};
use crate::{mock::*, Call, Event};
use frame_support::{assert_ok, dispatch::GetDispatchInfo};
use pensum_graph::{
    builder::{text_classifier, GraphBuilder, NGrams, TextClassifier},
    step,
    tile::tile,
    Graph, Skeleton, TileLimits,
};
use pensum_primitives::{
    model::{InputSchema, Manifest, ModelKind, OutputSchema},
    solver::Fault,
    step::{trace_digest, Step},
    task::{Input, Trace},
    traits::{Claim, Models},
    Digest, ModelId,
};
use sp_runtime::Permill;

fn noise(count: usize) -> Vec<i8> {
    (0..count).map(|place| (place * 7_919 % 251) as i8).collect()
}

/// A graph that the registry knows, with the tensors of one run of it.
struct Run {
    graph: Vec<u8>,
    model: ModelId,
    input: Vec<u8>,
    outputs: Vec<Vec<u8>>,
}

fn register(graph: &[u8], input: InputSchema, whole: bool) -> ModelId {
    let parsed = Graph::load(graph).unwrap();
    let digests: Vec<Digest> = parsed.node_digests().into_iter().map(Digest::from).collect();
    let text = |text: &[u8]| text.to_vec().try_into().unwrap();
    let manifest = Manifest {
        name: text(b"sample"),
        version: text(b"1"),
        kind: ModelKind::Graph,
        weights: parsed.digest().into(),
        nodes: digests.try_into().unwrap(),
        input,
        output: OutputSchema::Tensor {
            len: parsed.output().bytes,
        },
        licence: text(b"Apache-2.0"),
        previous: None,
        parents: Default::default(),
        data_sets: Default::default(),
        publisher: OTHER,
        royalty: Permill::zero(),
    };
    let model = manifest.id();
    let origin = RuntimeOrigin::signed(OTHER);
    if whole {
        let graph = graph.to_vec().try_into().unwrap();
        assert_ok!(Registry::register_model(origin, manifest.into(), Some(graph)));
    } else {
        let skeleton = Skeleton::of(&parsed).to_vec().try_into().unwrap();
        assert_ok!(Registry::register_skeleton(origin, manifest.into(), skeleton));
    }
    model
}

impl Run {
    /// Runs the graph node by node; the node at place `lie` says something else than it computed, and the rest goes on from there.
    fn of(graph: &[u8], model: ModelId, input: &[u8], lie: Option<usize>) -> Self {
        let mut run = Self {
            graph: graph.to_vec(),
            model,
            input: input.to_vec(),
            outputs: Vec::new(),
        };
        let parsed = Graph::load(graph).unwrap();
        for place in 0..parsed.nodes() as usize {
            let mut output = run.execute(place as u16);
            if Some(place) == lie {
                // A number of another size; for lists of ids, another one.
                let at = output.len() - 4.min(output.len());
                output[at] ^= 1;
            }
            run.outputs.push(output);
        }
        if lie.is_none() {
            let (honest, _) = parsed.run_traced(input).unwrap();
            assert_eq!(run.outputs.last(), Some(&honest));
        }
        run
    }

    fn step(&self, node: u16) -> Step {
        let graph = Graph::load(&self.graph).unwrap();
        let skeleton = Skeleton::parse(Skeleton::of(&graph)).unwrap();
        let spec = skeleton.node(u32::from(node) + 1).unwrap();
        let tensors = spec.inputs.iter().map(|input| match input.tensor {
            0 => self.input.clone(),
            number => self.outputs[number as usize - 1].clone(),
        });
        let table = Skeleton::of(&graph).len();
        let before: usize = (1..=u32::from(node))
            .map(|number| skeleton.node(number).unwrap().weights_bytes as usize)
            .sum();
        let weights = self.graph[table + before..][..spec.weights_bytes as usize].to_vec();
        step_of(node, weights, tensors.collect())
    }

    fn execute(&self, node: u16) -> Vec<u8> {
        let graph = Graph::load(&self.graph).unwrap();
        let skeleton = Skeleton::parse(Skeleton::of(&graph)).unwrap();
        let step = self.step(node);
        let inputs: Vec<&[u8]> = step.inputs.iter().map(|tensor| tensor.as_slice()).collect();
        step::execute(&skeleton, u32::from(node) + 1, &step.weights, &inputs).unwrap()
    }

    fn trace(&self) -> Trace {
        trace_of(&self.outputs)
    }

    fn claim(self) -> Self {
        let claim = Claim {
            solver: solver(1),
            model: self.model,
            input: Input::Blob {
                digest: sp_io::hashing::sha2_256(&self.input).into(),
                len: self.input.len() as u32,
            },
            trace: trace_digest(&self.trace()),
            until: System::block_number() + WINDOW,
            price: 100,
        };
        Market::claim_now(vec![(TASK, claim)]);
        self
    }
}

/// Two nodes read the input, a third both of them.
fn diamond() -> (Vec<u8>, InputSchema, Vec<u8>) {
    let graph = GraphBuilder::int8(&[4])
        .clamp(-10, 10)
        .at(0)
        .clamp(0, 127)
        .concat(&[1, 2], 0)
        .raw_logits(&noise(24), 3, None)
        .arg_max()
        .build();
    (graph, InputSchema::Tensor { len: 4 }, vec![1, 200, 3, 90])
}

fn texts() -> (Vec<u8>, InputSchema, Vec<u8>) {
    let graph = text_classifier(&TextClassifier {
        max_bytes: 300,
        ngrams: NGrams {
            lo: 1,
            hi: 4,
            bits: 6,
            max_chars: 220,
        },
        table: &noise(64 * 8),
        matrix: &noise(3 * 8),
        classes: 3,
    });
    let input = "Weighed out to a spinner for one day's work".into();
    (graph, InputSchema::Text { max_bytes: 300 }, input)
}

/// A layer of eight million weights in tiles of half a megabyte.
fn tiles() -> (Vec<u8>, InputSchema, Vec<u8>) {
    let graph = GraphBuilder::int8(&[1, 4_096])
        .raw_logits(&noise(4_096 * 2_048), 2_048, None)
        .arg_max()
        .build();
    let limits = TileLimits {
        max_weights_bytes: 1 << 19,
        ..TileLimits::default()
    };
    let input = noise(4_096).into_iter().map(|number| number as u8).collect();
    (
        tile(&graph, limits).unwrap(),
        InputSchema::Tensor { len: 4_096 },
        input,
    )
}

#[test]
fn a_lie_at_any_node_is_convicted_by_exactly_that_step() {
    for (whole, (graph, schema, input)) in [
        (true, diamond()),
        (false, diamond()),
        (true, texts()),
        (false, texts()),
    ] {
        for lie in 0..Graph::load(&graph).unwrap().nodes() as u16 {
            ExtBuilder::build_and_execute(|| {
                let model = register(&graph, schema, whole);
                let run = Run::of(&graph, model, &input, Some(lie.into())).claim();
                for node in (0..run.outputs.len() as u16).filter(|node| *node != lie) {
                    assert_ok!(challenge(WATCHER, TASK, run.trace(), run.step(node)));
                    assert_eq!(Market::end_of(TASK), None, "node {node} is as it was told");
                }
                let lost = run.outputs.len() as u128 - 1;
                assert_eq!(Balances::free_balance(&WATCHER), RICH - lost * BOND);
                assert_ok!(challenge(WATCHER, TASK, run.trace(), run.step(lie)));
                assert!(matches!(
                    Market::end_of(TASK),
                    Some(End::Convicted {
                        fault: Fault::Wrong,
                        prover: Some(WATCHER),
                        ..
                    })
                ));
                assert_eq!(Balances::free_balance(&WATCHER), RICH - lost * BOND);
            });
        }
    }
}

#[test]
fn a_tile_of_a_large_layer_is_proven_in_one_extrinsic_of_less_than_half_a_block() {
    let (graph, schema, input) = tiles();
    assert!(graph.len() > 8 << 20);
    let nodes = Graph::load(&graph).unwrap().nodes() as usize;
    assert!(nodes > 16);
    for lie in [0, 7, nodes - 2, nodes - 1] {
        ExtBuilder::build_and_execute(|| {
            let model = register(&graph, schema, false);
            let run = Run::of(&graph, model, &input, Some(lie)).claim();
            let step = run.step(lie as u16);
            let call = Call::<Test>::challenge {
                task: TASK,
                trace: run.trace(),
                step: step.clone(),
            };
            assert!(call.get_dispatch_info().call_weight.all_lte(MaxStepWeight::get()));
            assert_ok!(challenge(WATCHER, TASK, run.trace(), step));
            assert!(matches!(Market::end_of(TASK), Some(End::Convicted { .. })));
        });
    }
}

#[test]
fn an_honest_solver_opens_every_node_and_is_paid() {
    for (graph, schema, input) in [diamond(), texts(), tiles()] {
        ExtBuilder::build_and_execute(|| {
            audit_everything();
            SolverPace::set(100);
            MaxDueBytes::set(u64::MAX);
            let model = register(&graph, schema, false);
            let run = Run::of(&graph, model, &input, None).claim();
            run_for(1);
            for node in 0..run.outputs.len() as u16 {
                include(opening(1, TASK, run.trace(), run.step(node)));
            }
            let passed = |event: &Event<Test>| matches!(event, Event::AuditPassed { .. });
            assert_eq!(
                take_events().iter().filter(|event| passed(event)).count(),
                run.outputs.len()
            );
            run_for(WINDOW + 10);
            assert_eq!(Market::end_of(TASK), Some(End::Paid));
        });
    }
}

#[test]
fn an_answer_to_an_input_that_cannot_be_read_is_wrong() {
    ExtBuilder::build_and_execute(|| {
        let (graph, schema, input) = texts();
        let model = register(&graph, schema, false);
        assert_eq!(AllModels::nodes(&model), Some(4));
        let mut run = Run::of(&graph, model, &input, None);
        run.input = b"\xff\xfe".to_vec();
        let run = run.claim();
        assert_ok!(challenge(WATCHER, TASK, run.trace(), run.step(0)));
        assert!(matches!(
            Market::end_of(TASK),
            Some(End::Convicted {
                fault: Fault::Wrong,
                ..
            })
        ));
    });
}
