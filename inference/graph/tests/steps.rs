//! One node alone: the bits of the whole run, a lie found at the node where it was told, and no bytes that panic.

mod generate;
mod malformed;

use codec::{Decode, Encode};
use generate::{fitting, graph, overflow, text, GENEROUS};
use malformed::classifier;
use pensum_graph::{
    builder::GraphBuilder,
    step::{self, Proof},
    Graph, GraphError, InputError, Limits, Skeleton, StepError, TensorBytes,
};
use proptest::{collection::vec, prelude::*, sample::Index};
use sp_crypto_hashing::blake2_256;

/// The bytes of every tensor of a run, the input first.
fn tensors(graph: &Graph<'_>, input: &[u8]) -> Vec<Vec<u8>> {
    let mut tensors = vec![input.to_vec()];
    let output = graph.run_with(input, |node, bytes| {
        assert_eq!(node as usize, tensors.len());
        tensors.push(bytes.to_vec());
    });
    assert_eq!(Some(&output.unwrap()), tensors.last());
    tensors
}

/// What the node makes of these tensors, with the weights of its graph.
fn execute(graph: &Graph<'_>, node: u32, tensors: &[Vec<u8>]) -> Vec<u8> {
    let skeleton = Skeleton::parse(Skeleton::of(graph)).unwrap();
    let weights = step::prove(graph, &tensors[0], node).unwrap().weights;
    let reads = skeleton.node(node).unwrap().inputs;
    let inputs: Vec<&[u8]> = reads
        .iter()
        .map(|input| tensors[input.tensor as usize].as_slice())
        .collect();
    step::execute(&skeleton, node, &weights, &inputs).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn honest_trace_survives_every_step(
        bytes in graph(),
        input in vec(any::<u8>(), 1..64),
        text in text(),
    ) {
        let Ok(graph) = Graph::validate(&bytes, &GENEROUS) else { return Ok(()) };
        let input = fitting(graph.input(), &input, &text);
        let (_, trace) = graph.run_traced(&input).unwrap();
        let tensors = tensors(&graph, &input);
        let skeleton = Skeleton::validate(Skeleton::of(&graph), &GENEROUS).unwrap();
        for (node, digest) in (1u32..).zip(graph.node_digests()) {
            let spec = skeleton.node(node).unwrap();
            let proof = step::prove(&graph, &input, node).unwrap();
            prop_assert_eq!(step::node_digest(spec.record, &proof.weights), digest);
            prop_assert_eq!(proof.weights.len() as u32, spec.weights_bytes);
            prop_assert_eq!(proof.inputs.len(), spec.inputs.len());
            for (given, reads) in proof.inputs.iter().zip(&spec.inputs) {
                prop_assert_eq!(given, &tensors[reads.tensor as usize]);
                prop_assert!(given.len() as u32 <= reads.max_bytes);
            }
            let output = proof.execute(&skeleton).unwrap();
            prop_assert_eq!(blake2_256(&output), trace[node as usize - 1]);
            prop_assert!(proof.bytes() + output.len() as u64 <= spec.bytes());
            prop_assert!(spec.cost <= 2 * skeleton.cost());
            prop_assert_eq!(Proof::decode(&mut &proof.encode()[..]), Ok(proof));
        }
    }

    #[test]
    fn lie_is_found_by_executing_the_node_where_it_was_told_and_no_other(
        bytes in graph(),
        input in vec(any::<u8>(), 1..64),
        text in text(),
        liar in any::<Index>(),
        flips in vec((any::<Index>(), 1..=255u8), 1..4),
    ) {
        let Ok(graph) = Graph::validate(&bytes, &GENEROUS) else { return Ok(()) };
        let input = fitting(graph.input(), &input, &text);
        let honest = tensors(&graph, &input);
        let liar = liar.index(graph.nodes() as usize) + 1;
        prop_assume!(!honest[liar].is_empty());

        // The liar changes one tensor and is honest about everything that follows from it.
        let mut claimed = honest[..liar].to_vec();
        let mut lie = honest[liar].clone();
        for (at, flip) in flips {
            lie[at.index(honest[liar].len())] ^= flip;
        }
        prop_assume!(lie != honest[liar]);
        claimed.push(lie);
        for node in liar as u32 + 1..=graph.nodes() {
            claimed.push(execute(&graph, node, &claimed));
        }
        for node in 1..=graph.nodes() {
            let executed = blake2_256(&execute(&graph, node, &claimed));
            let entry = blake2_256(&claimed[node as usize]);
            prop_assert_eq!(executed != entry, node as usize == liar, "node {}", node);
        }
    }

    #[test]
    fn skeleton_says_what_the_graph_says(bytes in graph()) {
        let graph = Graph::load(&bytes).unwrap();
        let skeleton = Skeleton::of(&graph);
        prop_assert!(bytes.starts_with(skeleton));
        let parsed = Skeleton::parse(skeleton).unwrap();
        prop_assert_eq!(parsed.bytes(), skeleton);
        prop_assert_eq!(parsed.graph_bytes(), bytes.len() as u64);
        prop_assert_eq!(parsed.weights_bytes(), (bytes.len() - skeleton.len()) as u64);
        prop_assert_eq!((parsed.input(), parsed.output()), (graph.input(), graph.output()));
        prop_assert_eq!((parsed.nodes(), parsed.cost()), (graph.nodes(), graph.cost()));
        prop_assert_eq!(parsed.cost_of(17), graph.cost_of(17));
        prop_assert_eq!(parsed.node(0), None);
        prop_assert_eq!(parsed.node(graph.nodes() + 1), None);
        let limits = Limits { max_cost: 1000, max_live: 200, ..GENEROUS };
        match (Graph::validate(&bytes, &limits), Skeleton::validate(skeleton, &limits)) {
            (Ok(_), checked) => prop_assert!(checked.is_ok()),
            (Err(error), checked) => {
                prop_assert_eq!(checked.map(|_| ()), if overflow(&error) { Ok(()) } else { Err(error) });
            }
        }
    }

    #[test]
    fn no_weights_or_inputs_make_a_step_panic(
        bytes in graph(),
        node in any::<Index>(),
        noise in vec(any::<u8>(), 1..200),
        lengths in vec(any::<Index>(), 64),
        cut in any::<bool>(),
    ) {
        let graph = Graph::load(&bytes).unwrap();
        let skeleton = Skeleton::parse(Skeleton::of(&graph)).unwrap();
        let node = node.index(graph.nodes() as usize) as u32 + 1;
        let spec = skeleton.node(node).unwrap();
        let fill = |len: usize| noise.iter().copied().cycle().take(len).collect::<Vec<u8>>();
        let weights = fill(spec.weights_bytes as usize);
        let of_any_length = spec.inputs.iter().zip(&lengths).map(|(input, length)| {
            let max = input.max_bytes as usize;
            fill(if cut { length.index(max + 8) } else { max })
        });
        let inputs: Vec<Vec<u8>> = of_any_length.collect();
        let inputs: Vec<&[u8]> = inputs.iter().map(Vec::as_slice).collect();
        match step::execute(&skeleton, node, &weights, &inputs) {
            Ok(output) => prop_assert!(output.len() as u32 <= spec.output.max_bytes),
            Err(StepError::Input { error: InputError::NotUtf8 { .. }, .. }) => {}
            Err(StepError::Input { .. }) => prop_assert!(cut),
            Err(error) => prop_assert!(false, "{error}"),
        }
    }

    #[test]
    fn damaged_skeleton_never_panics(
        bytes in graph(),
        damage in vec((any::<Index>(), any::<u8>()), 1..4),
        cut in proptest::option::weighted(0.1, any::<Index>()),
        noise in vec(any::<u8>(), 1..200),
    ) {
        let graph = Graph::load(&bytes).unwrap();
        let mut bytes = Skeleton::of(&graph).to_vec();
        for (at, value) in damage {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let Ok(skeleton) = Skeleton::parse(&bytes) else { return Ok(()) };
        for node in 1..=skeleton.nodes() {
            let spec = skeleton.node(node).unwrap();
            if spec.bytes() > 1 << 20 || spec.cost > 10_000_000 {
                continue;
            }
            let fill = |len: u32| noise.iter().copied().cycle().take(len as usize).collect::<Vec<u8>>();
            let inputs: Vec<Vec<u8>> = spec.inputs.iter().map(|input| fill(input.max_bytes)).collect();
            let inputs: Vec<&[u8]> = inputs.iter().map(Vec::as_slice).collect();
            let _ = step::execute(&skeleton, node, &fill(spec.weights_bytes), &inputs);
        }
    }
}

#[test]
fn node_describes_what_a_step_takes() {
    let bytes = GraphBuilder::uint8(&[2])
        .raw_logits(&[1, 2, 3, 4], 2, None)
        .at(0)
        .raw_logits(&[5, 6], 1, Some(&[7]))
        .concat(&[1, 2], 0)
        .build();
    let graph = Graph::validate(&bytes, &Limits::default()).unwrap();
    let skeleton = Skeleton::parse(Skeleton::of(&graph)).unwrap();
    let node = skeleton.node(2).unwrap();
    let tensor = |tensor, max_bytes| TensorBytes { tensor, max_bytes };
    assert_eq!(
        (node.inputs.clone(), node.output),
        (vec![tensor(0, 2)], tensor(2, 4))
    );
    assert_eq!(
        (node.weights_bytes, node.io_bytes(), node.bytes()),
        (2 + 4, 6, 12)
    );
    assert_eq!(node.record, &bytes[40 + 60..40 + 120]);
    assert!(node.digest_cost() > node.cost);
    let joined = skeleton.node(3).unwrap();
    assert_eq!(joined.inputs, [tensor(1, 8), tensor(2, 4)]);
    assert_eq!(joined.output, tensor(3, 12));
    // The input is a requester's: 128 becomes 0.
    let weights = [&[5u8, 6][..], &7i32.to_le_bytes()].concat();
    let output = step::execute(&skeleton, 2, &weights, &[&[129, 128]]).unwrap();
    assert_eq!(output, 12i32.to_le_bytes());
}

#[test]
fn step_fails_when_what_it_is_given_does_not_fit() {
    let bytes = classifier();
    let graph = Graph::load(&bytes).unwrap();
    let skeleton = Skeleton::parse(Skeleton::of(&graph)).unwrap();
    let weights = &bytes[bytes.len() - 12..];
    let refused = |node: u32, weights: &[u8], inputs: &[&[u8]]| {
        let error = step::execute(&skeleton, node, weights, inputs).unwrap_err();
        assert!(error.to_string().ends_with('.'));
        assert_eq!(StepError::decode(&mut &error.encode()[..]), Ok(error));
        error
    };
    assert!(step::execute(&skeleton, 1, weights, &[&[1, 2]]).is_ok());
    for node in [0, 3] {
        let missing = StepError::NoSuchNode { node, nodes: 2 };
        assert_eq!(refused(node, &[], &[]), missing);
        assert_eq!(step::prove(&graph, &[1, 2], node), Err(missing));
    }
    let long = StepError::WeightsLength {
        expected: 12,
        found: 11,
    };
    assert_eq!(refused(1, &weights[1..], &[&[1, 2]]), long);
    let none = StepError::InputCount {
        expected: 1,
        found: 0,
    };
    assert_eq!(refused(1, weights, &[]), none);
    let two = StepError::InputCount {
        expected: 1,
        found: 2,
    };
    assert_eq!(refused(1, weights, &[&[1, 2], &[1, 2]]), two);
    let wrong = |tensor, expected, found| StepError::Input {
        tensor,
        error: InputError::WrongLength { expected, found },
    };
    assert_eq!(refused(1, weights, &[&[1]]), wrong(0, 2, 1));
    assert_eq!(refused(2, &[], &[&[1; 9]]), wrong(1, 8, 9));
    assert_eq!(step::prove(&graph, &[1], 2), Err(wrong(0, 2, 1)));
    // That the input cannot be read is what the first node is to show.
    let unreadable = step::prove(&graph, &[1], 1).unwrap();
    assert_eq!(unreadable.execute(&skeleton), Err(wrong(0, 2, 1)));

    let bytes = malformed::text();
    let graph = Graph::load(&bytes).unwrap();
    let skeleton = Skeleton::parse(Skeleton::of(&graph)).unwrap();
    let read = |node: u32, weights: &[u8], input: &[u8]| step::execute(&skeleton, node, weights, &[input]);
    let utf8 = |at| InputError::NotUtf8 { at };
    let error = |tensor, error| Err(StepError::Input { tensor, error });
    assert_eq!(read(1, &[], b"ab\xFF"), error(0, utf8(2)));
    assert_eq!(
        read(1, &[], &[b'a'; 65]),
        error(0, InputError::TooLong { len: 65, max: 64 })
    );
    // At most nineteen ids, in whole words.
    let table = [1u8; 16];
    assert_eq!(
        read(2, &table, &[0; 80]),
        error(1, InputError::TooLong { len: 80, max: 76 })
    );
    assert_eq!(
        read(2, &table, &[0; 7]),
        error(
            1,
            InputError::WrongLength {
                expected: 4,
                found: 7
            }
        )
    );
    assert_eq!(read(2, &table, &[]), Ok(vec![0; 8]));
}

#[test]
fn ids_beyond_the_table_add_nothing() {
    for width in [2u32, 8] {
        let bytes = GraphBuilder::text(64)
            .ngram_hash(malformed::NGRAMS)
            .embedding_bag(&vec![1; 8 * width as usize], width)
            .build();
        let graph = Graph::load(&bytes).unwrap();
        let skeleton = Skeleton::parse(Skeleton::of(&graph)).unwrap();
        let weights = vec![1; 8 * width as usize];
        let ids = [7u32, 8, 1 << 31, u32::MAX, 0].map(u32::to_le_bytes).concat();
        let sums = step::execute(&skeleton, 2, &weights, &[&ids]).unwrap();
        assert_eq!(sums, 2i32.to_le_bytes().repeat(width as usize));
    }
}

#[test]
fn skeleton_fails_when_it_is_cut_or_carries_weights() {
    let bytes = classifier();
    let graph = Graph::load(&bytes).unwrap();
    let skeleton = Skeleton::of(&graph);
    let length = |found: usize| GraphError::Length {
        expected: skeleton.len() as u64,
        found: found as u64,
    };
    let refused = |bytes: &[u8]| Skeleton::parse(bytes).map(|_| ()).unwrap_err();
    assert_eq!(refused(&bytes), length(bytes.len()));
    assert_eq!(
        refused(&skeleton[..skeleton.len() - 1]),
        length(skeleton.len() - 1)
    );
    let fewer = malformed::patched(skeleton, 16, &11u32.to_le_bytes());
    assert_eq!(refused(&fewer), GraphError::WeightsLength { node: 1 });
    let more = malformed::patched(skeleton, 16, &13u32.to_le_bytes());
    assert_eq!(refused(&more), GraphError::WeightsLeftOver { bytes: 1 });
    // The limit is on the whole graph, though its weights are elsewhere.
    let limits = Limits {
        max_bytes: bytes.len() as u32 - 1,
        ..Limits::default()
    };
    let large = GraphError::TooLarge {
        bytes: bytes.len() as u64,
        max: bytes.len() as u32 - 1,
    };
    assert_eq!(Skeleton::validate(skeleton, &limits).map(|_| ()), Err(large));
}
