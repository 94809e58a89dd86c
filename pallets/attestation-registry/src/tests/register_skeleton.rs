use super::samples::*;
use crate::{
    mock::*, Deposits, Error, Event, Graphs, HoldReason, ModelDeposit, Models, Skeletons, StepTotals,
};
use codec::Encode;
use frame_support::{assert_noop, assert_ok, traits::fungible::InspectHold};
use pensum_graph::{builder::GraphBuilder, Graph, Skeleton};
use pensum_primitives::{
    model::{InputSchema, ModelEntry, ModelKind, ModelState, OutputSchema},
    traits::Models as _,
    Digest,
};
use sp_runtime::{traits::BadOrigin, Permill};

/// A model of one dense layer that reads `rows` rows of `width` bytes.
fn dense(rows: u32, width: u32, units: u32) -> Sample {
    let graph = GraphBuilder::int8(&[rows, width])
        .raw_logits(&noise(3, (width * units) as usize), units, None)
        .arg_max()
        .build();
    let len = rows * width;
    let mut manifest = manifest_of(&graph, ALICE, InputSchema::Tensor { len }, 2);
    manifest.output = OutputSchema::Tensor { len: 4 * rows };
    Sample { manifest, graph }
}

#[test]
fn a_model_is_stored_without_its_weights_and_can_be_disproven_node_by_node() {
    ExtBuilder::build_and_execute(|| {
        let sample = Sample::diamond(ALICE);
        let model = sample.register_skeleton();
        let skeleton = sample.skeleton();

        assert_eq!(
            Models::<Test>::get(model),
            Some(ModelEntry {
                kind: ModelKind::Graph,
                weights: sample.manifest.weights,
                on_chain: false,
                input: InputSchema::Tensor { len: 4 },
                output_len: 4,
                cost_fixed: Skeleton::parse(&skeleton).unwrap().cost(),
                cost_per_byte: 0,
                state: ModelState::Active { from: 1 },
                publisher: ALICE,
                royalty: Permill::from_percent(1),
            })
        );
        assert_eq!(
            Skeletons::<Test>::get(model).map(|bytes| bytes.into_inner()),
            Some(skeleton.clone())
        );
        assert!(!Graphs::<Test>::contains_key(model));
        assert_eq!(Registry::nodes(&model), Some(5));
        assert_noop!(Registry::replay(&model, &[b"abcd"]), Error::<Test>::NotOnChain);
        assert_ok!(Registry::usable(&model, false));

        let deposit = ModelDeposit {
            manifest: 1_000 + 10 * sample.manifest.encoded_size() as u128,
            graph: 10 * skeleton.len() as u128,
        };
        assert_eq!(Deposits::<Test>::get(model), Some(deposit));
        assert_eq!(
            Balances::balance_on_hold(&HoldReason::ModelDeposit.into(), &ALICE),
            deposit.total()
        );
        System::assert_last_event(
            Event::ModelRegistered {
                model,
                publisher: ALICE,
                previous: None,
                on_chain: false,
                nodes: Some(5),
                usable_from: 1,
                deposit: deposit.total(),
            }
            .into(),
        );
    });
}

#[test]
fn a_model_too_large_for_the_chain_needs_little_of_it() {
    ExtBuilder::build_and_execute(|| {
        // A megabyte of weights, and inputs longer than a transaction would bring inline.
        let sample = dense(1, 8_192, 128);
        assert!(sample.graph.len() > 1_000_000);
        assert!(sample.skeleton().len() < 200);
        let model = sample.register_skeleton();
        assert_eq!(Registry::nodes(&model), Some(2));
        let steps = StepTotals::<Test>::get(model).unwrap();
        assert_eq!(steps.bytes, 8_192 * 128 + 8_192 + 128 * 4);
        assert!(steps.cost >= 8_192 * 128);
    });
}

#[test]
fn a_skeleton_of_as_many_nodes_as_there_may_be_fits() {
    ExtBuilder::build_and_execute(|| {
        let clamps = |count: u32| {
            let graph = (0..count)
                .fold(GraphBuilder::int8(&[2]), |graph, _| graph.clamp(-1, 1))
                .build();
            let mut sample = Sample::greater(ALICE);
            sample.manifest.output = OutputSchema::Tensor { len: 2 };
            let digests = Graph::load(&graph).unwrap().node_digests();
            sample.manifest.nodes = digests
                .into_iter()
                .map(Digest::from)
                .take(256)
                .collect::<Vec<_>>()
                .try_into()
                .unwrap();
            sample.graph = graph;
            sample
        };
        let model = clamps(256).register_skeleton();
        assert_eq!(Registry::nodes(&model), Some(256));
        assert!(clamps(256).skeleton().len() < 16 * 1024);
        clamps(257).version("2").refused_skeleton(Error::GraphTooLarge);
    });
}

#[test]
fn the_manifest_is_checked_as_with_a_graph() {
    ExtBuilder::build_and_execute(|| {
        let sample = Sample::diamond(ALICE);
        refused(
            sample.skeleton_call(),
            RuntimeOrigin::signed(BOB),
            Error::<Test>::NotPublisher,
        );
        refused(sample.skeleton_call(), RuntimeOrigin::none(), BadOrigin);
        let mut greedy = sample.clone();
        greedy.manifest.royalty = Permill::from_parts(100_001);
        greedy.refused_skeleton(Error::RoyaltyTooHigh);
        sample.register_skeleton();
        sample.refused_skeleton(Error::ModelExists);
        sample.refused(Error::ModelExists);
    });
}

#[test]
fn bytes_that_are_no_skeleton_are_refused() {
    ExtBuilder::build_and_execute(|| {
        let sample = Sample::diamond(ALICE);
        let fine = sample.skeleton();
        let by_alice = || RuntimeOrigin::signed(ALICE);
        let malformed = [
            vec![],
            fine[..fine.len() - 1].to_vec(),
            [fine.as_slice(), &[0]].concat(),
            sample.graph.clone(),
        ];
        for bytes in malformed {
            let call = sample.call_with_skeleton(bytes);
            refused(call, by_alice(), Error::<Test>::GraphMalformed);
        }
        // Offsets of the format version, of the first node's operator, and of that operator's version.
        for offset in [4, 42, 43] {
            let mut unknown = fine.clone();
            unknown[offset] = 99;
            let call = sample.call_with_skeleton(unknown);
            refused(call, by_alice(), Error::<Test>::GraphUnsupported);
        }
    });
}

#[test]
fn a_skeleton_that_is_not_its_manifests_is_refused() {
    ExtBuilder::build_and_execute(|| {
        let mut fewer = Sample::diamond(ALICE);
        fewer.manifest.nodes.pop();
        fewer.refused_skeleton(Error::NodesMismatch);
        let mut more = Sample::diamond(ALICE);
        more.manifest.nodes.try_push(Digest::zero()).unwrap();
        more.refused_skeleton(Error::NodesMismatch);
        let mut reads = Sample::diamond(ALICE);
        reads.manifest.input = InputSchema::Tensor { len: 5 };
        reads.refused_skeleton(Error::InputMismatch);
        reads.manifest.input = InputSchema::Text { max_bytes: 4 };
        reads.refused_skeleton(Error::InputMismatch);
        let mut answers = Sample::diamond(ALICE);
        answers.manifest.output = labels(4);
        answers.refused_skeleton(Error::OutputMismatch);
        answers.manifest.output = OutputSchema::Tensor { len: 8 };
        answers.refused_skeleton(Error::OutputMismatch);
    });
}

#[test]
fn a_node_that_one_transaction_cannot_bring_is_refused() {
    ExtBuilder::build_and_execute(|| {
        // Two mebibytes of weights are the most, and a mebibyte for each tensor.
        dense(1, 8_192, 256).register_skeleton();
        dense(1, 8_193, 256).refused_skeleton(Error::StepTooLarge);
        let wide = |bytes: u32| {
            let graph = GraphBuilder::int8(&[bytes / 4])
                .clamp(-1, 1)
                .concat(&[1, 1, 1, 1], 0)
                .arg_max()
                .build();
            let len = bytes / 4;
            let mut manifest = manifest_of(&graph, ALICE, InputSchema::Tensor { len }, 2);
            manifest.output = OutputSchema::Tensor { len: 4 };
            Sample { manifest, graph }
        };
        wide(1 << 20).register_skeleton();
        wide((1 << 20) + 4).refused_skeleton(Error::GraphTooLarge);
    });
}

#[test]
fn a_node_that_takes_too_much_of_a_block_is_refused() {
    ExtBuilder::build_and_execute(|| {
        MaxStepCost::set(1_500_000);
        dense(2, 850, 850).register_skeleton();
        dense(2, 870, 870).refused_skeleton(Error::StepTooCostly);
    });
}

#[test]
fn a_graph_whose_nodes_are_too_costly_for_one_step_can_still_be_replayed() {
    ExtBuilder::build_and_execute(|| {
        MaxStepCost::set(1_500_000);
        let sample = dense(6, 550, 550);
        let model = sample.register();
        assert_ok!(Registry::replay(&model, &[&[1; 3_300]]));
        assert_eq!(Registry::nodes(&model), None);
        assert_eq!(Registry::node(&model, 0), None);
        assert_eq!(Registry::steps(&model), None);
        sample.version("2").refused_skeleton(Error::StepTooCostly);
    });
}

#[test]
fn a_deposit_that_cannot_be_held_is_refused() {
    ExtBuilder::build_and_execute(|| {
        Sample::diamond(POOR).refused_skeleton(Error::DepositUnaffordable);
    });
}

#[test]
fn weight_grows_with_the_skeleton() {
    use frame_support::dispatch::GetDispatchInfo;
    ExtBuilder::build_and_execute(|| {
        let weight = |call: RuntimeCall| call.get_dispatch_info().call_weight.ref_time();
        let sample = Sample::diamond(ALICE);
        let longer = sample.call_with_skeleton(vec![0; 60_000]);
        assert!(weight(longer) > weight(sample.skeleton_call()));
        assert!(weight(sample.skeleton_call()) > weight(sample.call_without_graph()));
    });
}
