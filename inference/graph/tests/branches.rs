//! Graphs in which a tensor has several readers, and the operators that join or add what they make.

mod malformed;

use malformed::*;
use pensum_graph::{
    builder::{Addition, GraphBuilder},
    Graph, GraphError, Limits, ParameterName,
};
use sp_crypto_hashing::blake2_256;

/// Where the second node's record begins behind a clamp, and a concatenation's behind two.
const CLAMP: usize = 44;
const CONCAT: usize = RECORD + 2 * CLAMP;

fn run(builder: GraphBuilder, input: &[i8]) -> Vec<u8> {
    let bytes = builder.build();
    let graph = Graph::validate(&bytes, &Limits::default()).unwrap();
    let input: Vec<u8> = input.iter().map(|x| *x as u8).collect();
    let (output, trace) = graph.run_traced(&input).unwrap();
    assert_eq!(graph.run(&input).unwrap(), output);
    assert_eq!(trace.last(), Some(&blake2_256(&output)));
    output
}

/// The input held between small and between large bounds, side by side.
fn two_clamps(axis: u32) -> Vec<u8> {
    let clamps = GraphBuilder::int8(&[2, 2]).clamp(-1, 1).at(0).clamp(-9, 9);
    clamps.concat(&[1, 2], axis).build()
}

#[test]
fn rows_and_columns_are_joined_along_their_axis() {
    for (axis, expected) in [(0, [1, 1, 1, 1, 5, 6, 7, 8]), (1, [1, 1, 5, 6, 1, 1, 7, 8])] {
        let bytes = two_clamps(axis);
        let graph = Graph::validate(&bytes, &Limits::default()).unwrap();
        assert_eq!(graph.run(&[5, 6, 7, 8]).unwrap(), expected);
    }
}

#[test]
fn inputs_of_different_lengths_are_joined_in_the_order_of_the_record() {
    let layers = GraphBuilder::int8(&[2, 1])
        .raw_logits(&[1, 10], 2, None)
        .at(0)
        .raw_logits(&[100], 1, None);
    let words = run(layers.concat(&[2, 1, 2], 1), &[3, 4]);
    let expected: [i32; 8] = [300, 3, 30, 300, 400, 4, 40, 400];
    assert_eq!(
        words,
        expected.iter().flat_map(|x| x.to_le_bytes()).collect::<Vec<_>>()
    );
}

#[test]
fn one_tensor_may_be_joined_with_itself_and_the_input_with_a_node() {
    assert_eq!(
        run(GraphBuilder::int8(&[2]).concat(&[0, 0, 0], 0), &[1, 2]),
        [1, 2, 1, 2, 1, 2]
    );
    assert_eq!(
        run(GraphBuilder::int8(&[2]).clamp(0, 1).concat(&[1, 0], 0), &[-5, 7]),
        [0, 1, 251, 7]
    );
    let bytes = GraphBuilder::uint8(&[1]).clamp(0, 127).concat(&[0, 1], 0).build();
    let graph = Graph::validate(&bytes, &Limits::default()).unwrap();
    assert_eq!(graph.run(&[1]).unwrap(), [129, 0]);
}

#[test]
fn a_reshaped_or_clamped_tensor_leaves_its_other_readers_what_they_read() {
    let wide = GraphBuilder::int8(&[2]).raw_logits(&[1, 0, 0, 1], 2, None);
    let held = wide.at(1).clamp(0, 0).at(1).reshape(&[2, 1]).reshape(&[2]);
    let output = run(held.at(1).concat(&[1, 2, 4], 0), &[3, -4]);
    let expected: [i32; 6] = [3, -4, 0, 0, 3, -4];
    assert_eq!(
        output,
        expected.iter().flat_map(|x| x.to_le_bytes()).collect::<Vec<_>>()
    );
}

#[test]
fn two_bags_read_the_same_ids() {
    let bag = |builder: GraphBuilder, table: &[i8]| builder.embedding_bag(table, 2);
    let (one, other) = ([3; 16], [5; 16]);
    let both = bag(bag(GraphBuilder::text(64).ngram_hash(NGRAMS), &one).at(1), &other);
    let bytes = both.concat(&[2, 3], 0).build();
    let graph = Graph::validate(&bytes, &Limits::default()).unwrap();
    let output = graph.run(b"ab").unwrap();
    assert_eq!(graph.run_traced(b"ab").unwrap().0, output);
    // " ab " has four letters and three pairs.
    let expected: [i32; 4] = [21, 21, 35, 35];
    assert_eq!(
        output,
        expected.iter().flat_map(|x| x.to_le_bytes()).collect::<Vec<_>>()
    );
}

#[test]
fn an_interval_covers_all_joined_tensors() {
    // Beside the clamped tensor lies one that is not: its values count.
    let joined = |clamp: i32| {
        let one = GraphBuilder::int8(&[1]).raw_logits(&[127], 1, Some(&[1 << 24]));
        let two = one.at(1).clamp(0, clamp).concat(&[1, 2], 0);
        two.raw_logits(&[127, 127], 1, None).build()
    };
    assert_eq!(
        error(&joined(0)),
        GraphError::AccumulatorOverflow { node: 4, unit: 0 }
    );
    let alone = GraphBuilder::int8(&[1])
        .raw_logits(&[127], 1, Some(&[1 << 24]))
        .clamp(0, 9)
        .concat(&[2, 2], 0)
        .raw_logits(&[127, 127], 1, None)
        .build();
    assert!(Graph::validate(&alone, &Limits::default()).is_ok());
}

#[test]
fn graph_fails_when_too_much_is_alive_at_once() {
    let bytes = two_clamps(0);
    let within = |max_live| {
        let limits = Limits {
            max_live,
            ..Limits::default()
        };
        Graph::validate(&bytes, &limits).map(|_| ())
    };
    // Two clamped copies of four bytes, and eight that join them; the input is gone by then.
    assert_eq!(within(16), Ok(()));
    let refused = GraphError::LiveTooLarge {
        node: 3,
        bytes: 16,
        max: 15,
    };
    assert_eq!(within(15), Err(refused));
    assert!(refused.to_string().ends_with('.'));
    let refused = GraphError::LiveTooLarge {
        node: 2,
        bytes: 12,
        max: 11,
    };
    assert_eq!(within(11), Err(refused));
}

#[test]
fn every_piece_of_a_concatenation_costs() {
    let cost = |axis| Graph::load(&two_clamps(axis)).unwrap().cost();
    assert!(cost(1) > cost(0));
}

#[test]
fn graph_fails_when_a_concatenation_does_not_fit_its_inputs() {
    let bytes = two_clamps(1);
    let at = |offset: usize, value: u32| patched(&bytes, CONCAT + offset, &value.to_le_bytes());
    // Dimension 0, dimension 1, the first input, the second, the axis.
    assert_eq!(structural(&at(8, 4)), GraphError::OutputShape { node: 3 });
    assert_eq!(structural(&at(12, 3)), GraphError::OutputShape { node: 3 });
    assert_eq!(structural(&at(40, 0)), GraphError::OutputShape { node: 3 });
    assert_eq!(structural(&at(40, 2)), parameter(3, ParameterName::Axis));
    assert_eq!(
        structural(&at(36, 3)),
        GraphError::InputOrder { node: 3, tensor: 3 }
    );
    assert_eq!(structural(&at(32, 2)), GraphError::TensorUnused { tensor: 1 });
    let kind = |code: u8| structural(&patched(&bytes, CONCAT + 4, &[code]));
    assert_eq!(kind(2), GraphError::OutputType { node: 3 });
    assert_eq!(kind(3), GraphError::OutputType { node: 3 });
    let rank = patched(&bytes, CONCAT + 5, &[1]);
    assert_eq!(structural(&rank), GraphError::OutputShape { node: 3 });

    let mixed = GraphBuilder::int8(&[2])
        .clamp(0, 1)
        .raw_logits(&[1, 1], 1, None)
        .concat(&[1, 2], 0);
    assert_eq!(structural(&mixed.build()), GraphError::InputType { node: 3 });
    let text = GraphBuilder::text(9).concat(&[0, 0], 0);
    assert_eq!(structural(&text.build()), GraphError::InputType { node: 1 });
    let ids = GraphBuilder::text(9).ngram_hash(NGRAMS).concat(&[1], 0);
    assert_eq!(structural(&ids.build()), GraphError::InputType { node: 2 });
}

#[test]
fn graph_fails_when_a_concatenation_joins_none_or_more_than_64() {
    let joining = |count: usize| GraphBuilder::int8(&[1]).concat(&vec![0; count], 0).build();
    assert_eq!(structural(&joining(0)), GraphError::InputCount { node: 1 });
    assert_eq!(structural(&joining(65)), GraphError::InputCount { node: 1 });
    for count in [1, 2, 64] {
        let bytes = joining(count);
        let graph = Graph::validate(&bytes, &Limits::default()).unwrap();
        assert_eq!(graph.run(&[7]).unwrap(), vec![7; count]);
    }
}

const HALF: (i32, i8) = (1 << 30, 0);
/// Both inputs and the output have one scale: half of twice the scale, and `2 / 2^20`.
const PLAIN_SUM: Addition = Addition {
    zero_points: [0; 3],
    factors: [HALF, HALF, (1 << 30, -18)],
    clamp: (-128, 127),
};

#[test]
fn equal_scales_add_as_integers_do() {
    let sum = |addition: &Addition| GraphBuilder::int8(&[2, 2]).clamp(-9, 9).add([0, 1], addition);
    assert_eq!(run(sum(&PLAIN_SUM), &[3, -4, 100, -100]), [6, 248, 109, 147]);
    // The input is 5 too high, its clamped copy 1, the output 10; and nothing leaves -20 to 100.
    let shifted = Addition {
        zero_points: [5, 1, 10],
        clamp: (-20, 100),
        ..PLAIN_SUM
    };
    assert_eq!(run(sum(&shifted), &[3, -4, 100, -100]), [10, 252, 100, 236]);
    let doubled = GraphBuilder::int8(&[3]).add([0, 0], &PLAIN_SUM);
    assert_eq!(run(doubled, &[1, -64, 64]), [2, 128, 127]);
}

#[test]
fn sum_is_rounded_half_up_first_and_then_half_away_from_zero() {
    // Only the first input counts, half of it: 2^19 of each unit is left, of which the output takes 2^-20.
    let halved = |exponent| Addition {
        factors: [HALF, (0, 0), (1 << 30, exponent)],
        ..PLAIN_SUM
    };
    let half = |x: i8, exponent| run(GraphBuilder::int8(&[1]).add([0, 0], &halved(exponent)), &[x])[0] as i8;
    let halves: Vec<i8> = [-5, -3, -1, 1, 3, 5].into_iter().map(|x| half(x, -19)).collect();
    assert_eq!(halves, [-3, -2, -1, 1, 2, 3]);
    assert_eq!((half(127, -31), half(-128, -31)), (0, 0));
}

#[test]
fn graph_fails_when_an_addition_does_not_fit() {
    use ParameterName::{Clamp, Factors, InputZeroPoint, OutputZeroPoint};
    let bytes = GraphBuilder::int8(&[4]).add([0, 0], &PLAIN_SUM).build();
    let parameters = RECORD + 32 + 2 * 4;
    let at =
        |offset: usize, value: i32| structural(&patched(&bytes, parameters + offset, &value.to_le_bytes()));
    assert_eq!(at(0, 128), parameter(1, InputZeroPoint));
    assert_eq!(at(4, -129), parameter(1, InputZeroPoint));
    assert_eq!(at(8, 128), parameter(1, OutputZeroPoint));
    assert_eq!(at(12, -129), parameter(1, Clamp));
    assert_eq!(at(16, 128), parameter(1, Clamp));
    assert_eq!(at(16, -129), parameter(1, Clamp));
    for multiplier in [20, 24, 28] {
        assert_eq!(at(multiplier, -1), parameter(1, Factors));
    }
    for exponent in [32, 33, 34] {
        for wrong in [1i8, -32] {
            let patched = patched(&bytes, parameters + exponent, &[wrong as u8]);
            assert_eq!(structural(&patched), parameter(1, Factors));
        }
    }
    let reserved = patched(&bytes, parameters + 35, &[1]);
    assert_eq!(structural(&reserved), GraphError::Reserved { node: 1 });
    for count in [1, 3] {
        let counted = patched(&bytes, RECORD + 6, &[count]);
        assert_eq!(structural(&counted), GraphError::InputCount { node: 1 });
    }
    let wide = GraphBuilder::int8(&[2]).raw_logits(&[1; 4], 2, None);
    assert_eq!(
        structural(&wide.add([0, 1], &PLAIN_SUM).build()),
        GraphError::InputType { node: 2 }
    );
    let other = GraphBuilder::int8(&[2]).reshape(&[1, 2]).add([1, 0], &PLAIN_SUM);
    assert_eq!(structural(&other.build()), GraphError::OutputShape { node: 2 });
    assert_eq!(
        structural(&patched(&bytes, RECORD + 4, &[2])),
        GraphError::OutputType { node: 1 }
    );
}
