use super::samples::*;
use crate::{mock::*, Call, Error};
use frame_support::{assert_noop, assert_ok};
use pensum_graph::Graph;
use pensum_primitives::{
    model::InputSchema,
    traits::{Models as _, Replayed},
    Digest, ModelId,
};

fn label(number: i32) -> Replayed {
    Replayed::Output(number.to_le_bytes().to_vec())
}

#[test]
fn a_batch_is_replayed_in_order() {
    ExtBuilder::build_and_execute(|| {
        let model = Sample::greater(ALICE).register();
        let outputs = Registry::replay(&model, &[&[1, 2], &[2, 1], &[0, 127]]);
        assert_eq!(outputs, Ok(vec![label(1), label(0), label(1)]));
        assert_eq!(Registry::replay(&model, &[]), Ok(vec![]));
    });
}

#[test]
fn a_replay_says_what_the_graph_says() {
    ExtBuilder::build_and_execute(|| {
        let sample = Sample::texts(ALICE);
        let model = sample.register();
        let graph = Graph::load(&sample.graph).unwrap();
        let inputs: [&[u8]; 4] = [
            b"",
            b"weighed out wool",
            "für den Tag".as_bytes(),
            "Ещё одна задача".as_bytes(),
        ];
        let expected: Vec<_> = inputs
            .iter()
            .map(|input| Replayed::Output(graph.run(input).unwrap()))
            .collect();
        assert_eq!(Registry::replay(&model, &inputs), Ok(expected));
    });
}

#[test]
fn an_input_that_the_model_cannot_read_is_unreadable_and_spoils_no_other() {
    ExtBuilder::build_and_execute(|| {
        let tensors = Sample::greater(ALICE).register();
        let outputs = Registry::replay(&tensors, &[&[1, 2, 3], &[1], &[1, 2], &[]]);
        assert_eq!(
            outputs,
            Ok(vec![
                Replayed::Unreadable,
                Replayed::Unreadable,
                label(1),
                Replayed::Unreadable
            ])
        );

        let texts = Sample::texts(ALICE).register();
        let outputs = Registry::replay(&texts, &[b"\xff\xff", &[b'a'; 301], &[b'a'; 300]]).unwrap();
        assert_eq!(outputs[..2], [Replayed::Unreadable, Replayed::Unreadable]);
        assert!(matches!(&outputs[2], Replayed::Output(output) if output.len() == 4));
    });
}

#[test]
fn a_model_that_is_unknown_off_chain_or_reclaimed_is_not_replayed() {
    ExtBuilder::build_and_execute(|| {
        let unknown = ModelId(Digest::repeat_byte(9));
        assert_noop!(Registry::replay(&unknown, &[b"x"]), Error::<Test>::UnknownModel);

        let light = Sample::texts(ALICE).register_without_graph();
        assert_noop!(Registry::replay(&light, &[b"x"]), Error::<Test>::NotOnChain);

        let model = Sample::greater(ALICE).register();
        assert_ok!(dispatch(
            Call::retire { model }.into(),
            RuntimeOrigin::signed(ALICE)
        ));
        run_to(21);
        assert_ok!(Registry::replay(&model, &[&[1, 2]]));
        assert_ok!(dispatch(
            Call::reclaim { model }.into(),
            RuntimeOrigin::signed(ALICE)
        ));
        assert_noop!(Registry::replay(&model, &[&[1, 2]]), Error::<Test>::NotOnChain);
    });
}

#[test]
fn a_language_model_of_131_kilobytes_fits() {
    ExtBuilder::build_and_execute(|| {
        let graph = text_graph(5, 13, 16, 26, 4096);
        assert!(graph.len() > 131_072);
        let manifest = manifest_of(&graph, ALICE, InputSchema::Text { max_bytes: 4096 }, 26);
        let sample = Sample { manifest, graph };
        let model = sample.register();
        let input = b"Weighed out to a spinner for one day's work";
        let expected = Graph::load(&sample.graph).unwrap().run(input).unwrap();
        assert_eq!(
            Registry::replay(&model, &[input]),
            Ok(vec![Replayed::Output(expected)])
        );
    });
}
