use super::samples::*;
use crate::{mock::*, Children, Deposits, Error, Event, Graphs, HoldReason, Manifests, ModelDeposit, Models};
use codec::Encode;
use frame_support::{assert_ok, traits::fungible::InspectHold};
use pensum_graph::builder::{FullyConnected, GraphBuilder, Scales};
use pensum_primitives::{
    model::{DataSet, InputSchema, ModelEntry, ModelKind, ModelState, OutputSchema},
    Digest, ModelId,
};
use sp_runtime::{traits::BadOrigin, Permill};

fn held(who: &pensum_primitives::AccountId) -> u128 {
    Balances::balance_on_hold(&HoldReason::ModelDeposit.into(), who)
}

#[test]
fn a_model_is_stored_with_everything_its_manifest_says() {
    ExtBuilder::build_and_execute(|| {
        let sample = Sample::greater(ALICE);
        let model = sample.register();

        assert_eq!(
            Models::<Test>::get(model),
            Some(ModelEntry {
                kind: ModelKind::Graph,
                weights: sample.manifest.weights,
                on_chain: true,
                input: InputSchema::Tensor { len: 2 },
                output_len: 4,
                cost_fixed: pensum_graph::Graph::load(&sample.graph).unwrap().cost(),
                cost_per_byte: 0,
                state: ModelState::Active { from: 1 },
                publisher: ALICE,
                royalty: Permill::from_percent(1),
            })
        );
        assert_eq!(Manifests::<Test>::get(model), Some(sample.manifest.clone()));
        assert_eq!(
            Graphs::<Test>::get(model).map(|graph| graph.into_inner()),
            Some(sample.graph.clone())
        );

        let deposit = ModelDeposit {
            manifest: 1_000 + 10 * sample.manifest.encoded_size() as u128,
            graph: 10 * sample.graph.len() as u128,
        };
        assert_eq!(Deposits::<Test>::get(model), Some(deposit));
        assert_eq!(held(&ALICE), deposit.total());
        System::assert_last_event(
            Event::ModelRegistered {
                model,
                publisher: ALICE,
                previous: None,
                on_chain: true,
                nodes: Some(sample.manifest.nodes.len() as u16),
                usable_from: 1,
                deposit: deposit.total(),
            }
            .into(),
        );
    });
}

#[test]
fn a_model_without_its_graph_is_not_on_chain_and_costs_less_deposit() {
    ExtBuilder::build_and_execute(|| {
        let sample = Sample::greater(ALICE);
        let model = sample.register_without_graph();
        let entry = Models::<Test>::get(model).unwrap();
        assert!(!entry.on_chain);
        assert_eq!((entry.cost_fixed, entry.cost_per_byte), (0, 0));
        assert!(!Graphs::<Test>::contains_key(model));
        assert_eq!(held(&ALICE), 1_000 + 10 * sample.manifest.encoded_size() as u128);
    });
}

#[test]
fn a_new_version_waits_and_is_a_child_of_the_old_one_and_of_its_parents() {
    ExtBuilder::build_and_execute(|| {
        let parent = Sample::texts(BOB).register();
        let old = Sample::greater(ALICE).register();
        let sample = Sample::greater(ALICE)
            .version("2")
            .replaces(old)
            .made_from(&[parent, old]);
        let new = sample.register();

        assert_eq!(
            Models::<Test>::get(new).unwrap().state,
            ModelState::Active { from: 11 }
        );
        assert!(Children::<Test>::contains_key(old, new));
        assert!(Children::<Test>::contains_key(parent, new));
        assert_eq!(Children::<Test>::iter().count(), 2);
    });
}

#[test]
fn registration_needs_a_signature() {
    ExtBuilder::build_and_execute(|| {
        refused(Sample::greater(ALICE).call(), RuntimeOrigin::none(), BadOrigin);
        refused(Sample::greater(ALICE).call(), RuntimeOrigin::root(), BadOrigin);
    });
}

#[test]
fn a_manifest_of_another_publisher_is_refused() {
    ExtBuilder::build_and_execute(|| {
        let call = Sample::greater(ALICE).call();
        refused(call, RuntimeOrigin::signed(BOB), Error::<Test>::NotPublisher);
    });
}

#[test]
fn a_manifest_is_registered_once() {
    ExtBuilder::build_and_execute(|| {
        let sample = Sample::greater(ALICE);
        sample.register();
        sample.refused(Error::ModelExists);
        sample.refused_without_graph(Error::ModelExists);
    });
}

#[test]
fn a_royalty_above_ten_percent_is_refused() {
    ExtBuilder::build_and_execute(|| {
        let mut sample = Sample::greater(ALICE);
        sample.manifest.royalty = Permill::from_parts(100_001);
        sample.refused(Error::RoyaltyTooHigh);
        sample.manifest.royalty = Permill::from_parts(100_000);
        sample.register();
    });
}

#[test]
fn texts_must_be_readable() {
    ExtBuilder::build_and_execute(|| {
        let fine = Sample::greater(ALICE);
        let data_set = DataSet {
            name: text("corpus 1"),
            digest: None,
            licence: text("CC0-1.0"),
        };

        for wrong in [
            &b""[..],
            b"\xff\xfe",
            b"bell\x07",
            b"two\nlines",
            "\u{9b}31m".as_bytes(),
        ] {
            let wrong: pensum_primitives::model::Text = wrong.to_vec().try_into().unwrap();
            let mut samples = vec![fine.clone(); 6];
            samples[0].manifest.name = wrong.clone();
            samples[1].manifest.version = wrong.clone();
            samples[2].manifest.licence = wrong.clone();
            let named = DataSet {
                name: wrong.clone(),
                ..data_set.clone()
            };
            samples[3].manifest.data_sets = vec![data_set.clone(), named].try_into().unwrap();
            let licensed = DataSet {
                licence: wrong.clone(),
                ..data_set.clone()
            };
            samples[4].manifest.data_sets = vec![licensed].try_into().unwrap();
            let label = wrong.into_inner().try_into().unwrap();
            samples[5].manifest.output = OutputSchema::Label {
                labels: vec![label, b"other".to_vec().try_into().unwrap()]
                    .try_into()
                    .unwrap(),
            };
            for sample in samples {
                sample.refused(Error::TextUnreadable);
            }
        }
    });
}

#[test]
fn schemas_of_length_zero_are_refused() {
    ExtBuilder::build_and_execute(|| {
        let mut samples = vec![Sample::greater(ALICE); 4];
        samples[0].manifest.input = InputSchema::Text { max_bytes: 0 };
        samples[1].manifest.input = InputSchema::Tensor { len: 0 };
        samples[2].manifest.output = OutputSchema::Tensor { len: 0 };
        samples[3].manifest.output = labels(0);
        for sample in samples {
            sample.refused_without_graph(Error::SchemaEmpty);
        }
    });
}

#[test]
fn answers_longer_than_the_chain_carries_are_refused() {
    ExtBuilder::build_and_execute(|| {
        let mut sample = Sample::greater(ALICE);
        sample.manifest.output = OutputSchema::Tensor { len: 1025 };
        sample.refused_without_graph(Error::OutputTooLong);
        sample.manifest.output = OutputSchema::Tensor { len: 1024 };
        sample.register_without_graph();
    });
}

#[test]
fn inputs_longer_than_a_transaction_brings_are_refused_on_chain() {
    ExtBuilder::build_and_execute(|| {
        let graph = GraphBuilder::int8(&[4097])
            .raw_logits(&noise(1, 4097 * 2), 2, None)
            .arg_max()
            .build();
        let manifest = manifest_of(&graph, ALICE, InputSchema::Tensor { len: 4097 }, 2);
        Sample { manifest, graph }.refused(Error::InputTooLong);

        let graph = text_graph(1, 4, 4, 2, 4097);
        let manifest = manifest_of(&graph, ALICE, InputSchema::Text { max_bytes: 4097 }, 2);
        Sample { manifest, graph }.refused(Error::InputTooLong);
    });
}

#[test]
fn node_digests_must_be_listed_even_without_the_graph() {
    ExtBuilder::build_and_execute(|| {
        let mut sample = Sample::greater(ALICE);
        sample.manifest.nodes = Default::default();
        sample.refused_without_graph(Error::NodesMissing);
        sample.refused(Error::NodesMissing);
    });
}

#[test]
fn unknown_or_repeated_parents_are_refused() {
    ExtBuilder::build_and_execute(|| {
        let unknown = ModelId(Digest::repeat_byte(9));
        let parent = Sample::texts(BOB).register();
        Sample::greater(ALICE)
            .made_from(&[parent, unknown])
            .refused(Error::UnknownParent);
        Sample::greater(ALICE)
            .made_from(&[parent, parent])
            .refused(Error::ParentTwice);
    });
}

#[test]
fn the_previous_version_must_be_known_and_of_the_same_publisher() {
    ExtBuilder::build_and_execute(|| {
        let unknown = ModelId(Digest::repeat_byte(9));
        let other = Sample::texts(BOB).register();
        Sample::greater(ALICE)
            .replaces(unknown)
            .refused(Error::UnknownPrevious);
        Sample::greater(ALICE)
            .replaces(other)
            .refused(Error::PreviousNotYours);
    });
}

#[test]
fn bytes_that_are_no_graph_are_refused() {
    ExtBuilder::build_and_execute(|| {
        let mut sample = Sample::greater(ALICE);
        sample.graph.pop();
        sample.refused(Error::GraphMalformed);
        sample.graph.clear();
        sample.refused(Error::GraphMalformed);
        sample.graph = b"%PDF-1.7 and so on, well beyond the header's length".to_vec();
        sample.refused(Error::GraphMalformed);
    });
}

#[test]
fn a_graph_of_an_unknown_format_or_operator_is_refused() {
    ExtBuilder::build_and_execute(|| {
        // Offsets of the format version, of the first node's operator, and of that operator's version.
        for offset in [4, 42, 43] {
            let mut sample = Sample::greater(ALICE);
            sample.graph[offset] = 99;
            sample.refused(Error::GraphUnsupported);
        }
    });
}

#[test]
fn a_graph_of_too_many_nodes_or_too_large_a_tensor_is_refused() {
    ExtBuilder::build_and_execute(|| {
        let mut sample = Sample::greater(ALICE);
        sample.graph = (0..257)
            .fold(GraphBuilder::int8(&[2]), |graph, _| graph.clamp(-1, 1))
            .build();
        sample.refused(Error::GraphTooLarge);
        sample.graph = GraphBuilder::int8(&[2 << 20]).clamp(-1, 1).build();
        sample.refused(Error::GraphTooLarge);
    });
}

#[test]
fn a_graph_whose_accumulators_overflow_is_refused() {
    ExtBuilder::build_and_execute(|| {
        let mut sample = Sample::greater(ALICE);
        // The greatest input gives 127 × 127 + 127 × 127 + bias, one above the greatest i32.
        sample.graph = GraphBuilder::int8(&[2])
            .raw_logits(&[127, 127], 1, Some(&[i32::MAX - 2 * 127 * 127 + 1]))
            .build();
        sample.refused(Error::GraphOverflows);
        // Two layers, each of which is fine alone: 50 inputs × 128 × 127 twice over.
        let wide = vec![127_i8; 50 * 50];
        let logits = |graph: GraphBuilder| graph.raw_logits(&wide, 50, None);
        sample.graph = logits(logits(GraphBuilder::int8(&[50]))).build();
        sample.refused(Error::GraphOverflows);
    });
}

#[test]
fn a_graph_whose_rescaling_overflows_is_refused() {
    ExtBuilder::build_and_execute(|| {
        let mut sample = Sample::greater(ALICE);
        sample.graph = GraphBuilder::int8(&[2])
            .fully_connected(&FullyConnected {
                weights: &[127, 127],
                units: 1,
                bias: None,
                scales: Scales::FixedPoint(&[(i32::MAX, 30)]),
                input_zero_point: 0,
                output_zero_point: 0,
                clamp: (-128, 127),
            })
            .build();
        sample.refused(Error::GraphOverflows);
    });
}

#[test]
fn a_graph_over_the_cost_of_a_replay_is_refused() {
    ExtBuilder::build_and_execute(|| {
        // 300 KB of weights, each used seven times: above two million.
        let graph = GraphBuilder::int8(&[7, 550])
            .raw_logits(&noise(3, 550 * 550), 550, None)
            .build();
        let mut sample = Sample::greater(ALICE);
        sample.graph = graph;
        sample.refused(Error::ReplayTooCostly);
    });
}

#[test]
fn a_graph_whose_charged_cost_is_over_the_limit_is_refused_even_if_its_own_is_not() {
    ExtBuilder::build_and_execute(|| {
        // The cost levels off at 220 characters; the line that the market charges does not.
        let graph = text_graph(1, 4, 130, 2, 4096);
        assert!(pensum_graph::Graph::load(&graph).unwrap().cost() < 2_000_000);
        let manifest = manifest_of(&graph, ALICE, InputSchema::Text { max_bytes: 4096 }, 2);
        Sample { manifest, graph }.refused(Error::ReplayTooCostly);
    });
}

#[test]
fn a_graph_that_is_not_the_one_its_manifest_names_is_refused() {
    ExtBuilder::build_and_execute(|| {
        let mut sample = Sample::greater(ALICE);
        sample.manifest.weights = Digest::repeat_byte(1);
        sample.refused(Error::WeightsMismatch);

        let mut sample = Sample::greater(ALICE);
        let last = sample.graph.len() - 1;
        sample.graph[last] ^= 1;
        sample.refused(Error::WeightsMismatch);
    });
}

#[test]
fn node_digests_that_are_not_the_graphs_are_refused() {
    ExtBuilder::build_and_execute(|| {
        let mut wrong = Sample::greater(ALICE);
        wrong.manifest.nodes[0] = Digest::repeat_byte(1);
        wrong.refused(Error::NodesMismatch);

        let mut fewer = Sample::greater(ALICE);
        fewer.manifest.nodes.pop();
        fewer.refused(Error::NodesMismatch);

        let mut more = Sample::greater(ALICE);
        more.manifest.nodes.try_push(Digest::zero()).unwrap();
        more.refused(Error::NodesMismatch);
    });
}

#[test]
fn an_input_schema_that_is_not_the_graphs_is_refused() {
    ExtBuilder::build_and_execute(|| {
        let mut samples = vec![Sample::greater(ALICE); 2];
        samples[0].manifest.input = InputSchema::Tensor { len: 3 };
        samples[1].manifest.input = InputSchema::Text { max_bytes: 2 };
        samples.push(Sample::texts(ALICE));
        samples[2].manifest.input = InputSchema::Text { max_bytes: 301 };
        for sample in samples {
            sample.refused(Error::InputMismatch);
        }
    });
}

#[test]
fn an_output_schema_that_is_not_the_graphs_is_refused() {
    ExtBuilder::build_and_execute(|| {
        let mut samples = vec![Sample::greater(ALICE); 3];
        samples[0].manifest.output = labels(3);
        samples[1].manifest.output = labels(1);
        samples[2].manifest.output = OutputSchema::Tensor { len: 8 };
        for sample in samples {
            sample.refused(Error::OutputMismatch);
        }

        // Logits are no label, even if there is only one.
        let graph = GraphBuilder::int8(&[2]).raw_logits(&[1, 1], 1, None).build();
        let manifest = manifest_of(&graph, ALICE, InputSchema::Tensor { len: 2 }, 1);
        let mut sample = Sample { manifest, graph };
        sample.refused(Error::OutputMismatch);
        sample.manifest.output = OutputSchema::Tensor { len: 4 };
        sample.register();
    });
}

#[test]
fn a_deposit_that_cannot_be_held_is_refused() {
    ExtBuilder::build_and_execute(|| {
        Sample::greater(POOR).refused(Error::DepositUnaffordable);
        Sample::greater(POOR).refused_without_graph(Error::DepositUnaffordable);
    });
}

#[test]
fn the_call_stays_small() {
    // The manifest is boxed, so that it does not make every other call of the runtime as large.
    assert!(core::mem::size_of::<crate::Call<Test>>() <= 128);
}

#[test]
fn weight_grows_with_manifest_parents_and_graph() {
    use frame_support::dispatch::GetDispatchInfo;
    ExtBuilder::build_and_execute(|| {
        let weight = |call: RuntimeCall| call.get_dispatch_info().call_weight.ref_time();
        let sample = Sample::greater(ALICE);
        assert!(weight(sample.call()) > weight(sample.call_without_graph()));
        assert!(weight(Sample::texts(ALICE).call()) > weight(sample.call()));
        let parent = Sample::texts(BOB).register();
        assert!(weight(sample.clone().made_from(&[parent]).call()) > weight(sample.call()));
        assert_ok!(dispatch(sample.call(), RuntimeOrigin::signed(ALICE)));
    });
}
