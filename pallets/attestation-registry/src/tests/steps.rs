use super::samples::*;
use crate::{mock::*, Call};
use frame_support::assert_ok;
use pensum_graph::{step::prove, Graph};
use pensum_primitives::{
    step::{Executed, NodeInfo, Reads, Step, Steps},
    traits::Models as _,
    Digest, ModelId,
};

/// What an honest run brings to open the node at this place of the trace.
fn step(graph: &[u8], input: &[u8], place: u16) -> Step {
    let proof = prove(&Graph::load(graph).unwrap(), input, u32::from(place) + 1).unwrap();
    let inputs: Vec<_> = proof
        .inputs
        .into_iter()
        .map(|tensor| tensor.try_into().unwrap())
        .collect();
    Step {
        node: place,
        weights: proof.weights.try_into().unwrap(),
        inputs: inputs.try_into().unwrap(),
    }
}

fn trace(graph: &[u8], input: &[u8]) -> Vec<Digest> {
    let (_, trace) = Graph::load(graph).unwrap().run_traced(input).unwrap();
    trace.into_iter().map(Digest::from).collect()
}

#[test]
fn every_step_of_an_honest_run_shows_its_place_in_the_trace() {
    ExtBuilder::build_and_execute(|| {
        let cases: [(Sample, &[&[u8]]); 3] = [
            (Sample::diamond(ALICE), &[&[1, 2, 3, 4], &[0, 255, 128, 127]]),
            (Sample::greater(ALICE), &[&[1, 2]]),
            (
                Sample::texts(ALICE),
                &[b"", b"weighed out wool", "für den Tag".as_bytes()],
            ),
        ];
        for (sample, inputs) in cases {
            let whole = sample.register();
            let bare = sample.clone().version("bare");
            let bare_model = bare.register_skeleton();
            for input in inputs {
                for (place, entry) in (0..).zip(trace(&sample.graph, input)) {
                    let step = step(&sample.graph, input, place);
                    assert_eq!(Registry::execute(&whole, &step), Executed::Output(entry));
                    assert_eq!(Registry::execute(&bare_model, &step), Executed::Output(entry));
                }
            }
        }
    });
}

#[test]
fn a_lie_at_any_node_is_shown_by_the_step_of_that_node_and_of_no_other() {
    ExtBuilder::build_and_execute(|| {
        let sample = Sample::diamond(ALICE);
        let model = sample.register_skeleton();
        let honest = trace(&sample.graph, &[9, 8, 7, 6]);
        for lie in 0..honest.len() {
            let mut told = honest.clone();
            told[lie] = Digest::repeat_byte(lie as u8);
            for place in 0..honest.len() as u16 {
                let shown = Registry::execute(&model, &step(&sample.graph, &[9, 8, 7, 6], place));
                let agrees = shown == Executed::Output(told[usize::from(place)]);
                assert_eq!(agrees, usize::from(place) != lie);
            }
        }
    });
}

#[test]
fn nodes_name_what_they_read_by_their_places_in_the_trace() {
    ExtBuilder::build_and_execute(|| {
        let sample = Sample::diamond(ALICE);
        for model in [sample.register(), sample.clone().version("2").register_skeleton()] {
            let reads = |place| Registry::node(&model, place).map(|node: NodeInfo| node.reads);
            assert_eq!(reads(0), Some(vec![Reads::Input]));
            assert_eq!(reads(1), Some(vec![Reads::Input]));
            assert_eq!(reads(2), Some(vec![Reads::Node(0), Reads::Node(1)]));
            assert_eq!(reads(3), Some(vec![Reads::Node(2)]));
            assert_eq!(reads(4), Some(vec![Reads::Node(3)]));
            assert_eq!(reads(5), None);
            assert_eq!(reads(u16::MAX), None);
            let logits = Registry::node(&model, 3).unwrap();
            assert_eq!((logits.weights, logits.inputs), (24 + 12, 8));
        }
    });
}

#[test]
fn the_totals_are_those_of_the_nodes() {
    ExtBuilder::build_and_execute(|| {
        let sample = Sample::texts(ALICE);
        for model in [sample.register(), sample.clone().version("2").register_skeleton()] {
            let nodes = Registry::nodes(&model).unwrap();
            let summed = (0..nodes).fold(Steps::default(), |steps, node| {
                steps.and(&Registry::node(&model, node).unwrap())
            });
            assert_eq!(Registry::steps(&model), Some(summed));
            assert_eq!(usize::from(nodes), sample.manifest.nodes.len());
        }
    });
}

#[test]
fn other_weights_or_lengths_are_malformed() {
    ExtBuilder::build_and_execute(|| {
        let sample = Sample::diamond(ALICE);
        let model = sample.register_skeleton();
        let fine = step(&sample.graph, &[1, 2, 3, 4], 3);
        let mut flipped = fine.clone();
        flipped.weights[0] ^= 1;
        let mut shorter = fine.clone();
        shorter.weights.pop();
        let mut longer = fine.clone();
        longer.weights.try_push(0).unwrap();
        let mut unread = fine.clone();
        unread.inputs.clear();
        let mut twice = fine.clone();
        twice.inputs.try_push(fine.inputs[0].clone()).unwrap();
        let mut cut = fine.clone();
        cut.inputs[0].pop();
        let mut elsewhere = fine.clone();
        elsewhere.node = 4;
        let mut beyond = fine.clone();
        beyond.node = 5;
        for wrong in [flipped, shorter, longer, unread, twice, cut, elsewhere, beyond] {
            assert_eq!(Registry::execute(&model, &wrong), Executed::Malformed);
        }
    });
}

#[test]
fn other_tensors_of_the_right_length_are_executed_and_are_the_callers_to_check() {
    ExtBuilder::build_and_execute(|| {
        let sample = Sample::diamond(ALICE);
        let model = sample.register_skeleton();
        let fine = step(&sample.graph, &[1, 2, 3, 4], 2);
        let mut other = fine.clone();
        other.inputs[0][0] ^= 1;
        let (one, two) = (
            Registry::execute(&model, &fine),
            Registry::execute(&model, &other),
        );
        assert!(matches!(one, Executed::Output(_)));
        assert!(matches!(two, Executed::Output(_)));
        assert_ne!(one, two);
    });
}

#[test]
fn an_input_that_the_model_cannot_read_is_unreadable() {
    ExtBuilder::build_and_execute(|| {
        let sample = Sample::texts(ALICE);
        let model = sample.register_skeleton();
        let mut first = step(&sample.graph, b"text", 0);
        for input in [b"\xff\xfe".to_vec(), vec![b'a'; 301]] {
            first.inputs[0] = input.try_into().unwrap();
            assert_eq!(Registry::execute(&model, &first), Executed::Unreadable);
        }
        let tensors = Sample::diamond(ALICE);
        let model = tensors.register_skeleton();
        let mut first = step(&tensors.graph, &[1, 2, 3, 4], 0);
        first.inputs[0].pop();
        assert_eq!(Registry::execute(&model, &first), Executed::Unreadable);
    });
}

#[test]
fn without_a_skeleton_nothing_is_known_of_the_nodes_and_nobody_can_be_convicted() {
    ExtBuilder::build_and_execute(|| {
        let sample = Sample::diamond(ALICE);
        let step = step(&sample.graph, &[1, 2, 3, 4], 0);
        let unknown = ModelId(Digest::repeat_byte(9));
        let light = sample.clone().version("light").register_without_graph();
        let whole = sample.register();
        let bare = sample.clone().version("bare").register_skeleton();
        for model in [whole, bare] {
            assert_ok!(dispatch(
                Call::retire { model }.into(),
                RuntimeOrigin::signed(ALICE)
            ));
            run_to(System::block_number() + ReclaimDelay::get());
            assert!(
                matches!(Registry::execute(&model, &step), Executed::Output(_)),
                "open tasks can still be disproven"
            );
            assert_ok!(dispatch(
                Call::reclaim { model }.into(),
                RuntimeOrigin::signed(BOB)
            ));
        }
        for model in [unknown, light, whole, bare] {
            assert_eq!(Registry::nodes(&model), None);
            assert_eq!(Registry::node(&model, 0), None);
            assert_eq!(Registry::steps(&model), None);
            assert_eq!(Registry::execute(&model, &step), Executed::Broken);
        }
    });
}
