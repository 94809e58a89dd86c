//! Each operator by itself, with numbers small enough to check by hand.

use pensum_graph::{
    builder::{
        tensor_classifier, text_classifier, FullyConnected, GraphBuilder, NGrams, Scales, TextClassifier,
    },
    DType, Graph, InputSpec, Limits, OutputSpec,
};
use sp_crypto_hashing::blake2_256;

fn run(builder: GraphBuilder, input: &[i8]) -> Vec<u8> {
    let bytes = builder.build();
    let graph = Graph::validate(&bytes, &Limits::default()).unwrap();
    graph
        .run(&input.iter().map(|x| *x as u8).collect::<Vec<_>>())
        .unwrap()
}

fn int8(builder: GraphBuilder, input: &[i8]) -> Vec<i8> {
    run(builder, input).into_iter().map(|x| x as i8).collect()
}

fn int32(builder: GraphBuilder, input: &[i8]) -> Vec<i32> {
    let words = run(builder, input);
    words
        .chunks_exact(4)
        .map(|word| i32::from_le_bytes(word.try_into().unwrap()))
        .collect()
}

/// One unit that only rescales its input.
fn rescaling(scales: Scales<'_>, output_zero_point: i32, clamp: (i32, i32)) -> GraphBuilder {
    GraphBuilder::int8(&[1, 1]).fully_connected(&FullyConnected {
        weights: &[1],
        units: 1,
        bias: None,
        scales,
        input_zero_point: 0,
        output_zero_point,
        clamp,
    })
}

const HALF: (i32, i8) = (1 << 30, 0);

#[test]
fn fully_connected_multiplies_adds_bias_and_subtracts_the_zero_point() {
    let layer = |bias| {
        GraphBuilder::int8(&[1, 2]).fully_connected(&FullyConnected {
            weights: &[1, 2, -3, 4],
            units: 2,
            bias,
            scales: Scales::FixedPoint(&[(1 << 30, 1)]),
            input_zero_point: 5,
            output_zero_point: -1,
            clamp: (-128, 127),
        })
    };
    // (7-5)*1 + (9-5)*2 = 10 and (7-5)*-3 + (9-5)*4 = 10, less one.
    assert_eq!(int8(layer(None), &[7, 9]), [9, 9]);
    assert_eq!(int8(layer(Some(&[3, -20])), &[7, 9]), [12, -11]);
}

#[test]
fn fixed_point_rounds_once_and_half_up() {
    let halves: Vec<i8> = [-5, -3, -1, 1, 3, 5]
        .into_iter()
        .flat_map(|x| int8(rescaling(Scales::FixedPoint(&[HALF]), 0, (-128, 127)), &[x]))
        .collect();
    assert_eq!(halves, [-2, -1, 0, 1, 2, 3]);
    // Rounding first to a quarter and then to an integer would give 2.
    let just_below = (1_610_612_736, -1);
    assert_eq!(
        int8(rescaling(Scales::FixedPoint(&[just_below]), 0, (-128, 127)), &[3]),
        [1]
    );
}

#[test]
fn litert_rounds_once_and_half_away_from_zero() {
    let halves: Vec<i8> = [-5, -3, -1, 0, 1, 3, 5]
        .into_iter()
        .flat_map(|x| int8(rescaling(Scales::LiteRt(&[0.5]), 0, (-128, 127)), &[x]))
        .collect();
    assert_eq!(halves, [-3, -2, -1, 0, 1, 2, 3]);
}

#[test]
fn litert_rounds_the_product_to_binary64_first() {
    // A sixth is a little less than one sixth in binary64, but three times it is one half exactly.
    assert_eq!(
        int8(rescaling(Scales::LiteRt(&[1.0 / 6.0]), 0, (-128, 127)), &[3]),
        [1]
    );
    assert_eq!(
        int8(rescaling(Scales::LiteRt(&[1.0 / 6.0]), 0, (-128, 127)), &[-3]),
        [-1]
    );
    // The fixed-point form of a sixth is less than one sixth.
    assert_eq!(
        int8(
            rescaling(Scales::FixedPoint(&[(1_431_655_765, -2)]), 0, (-128, 127)),
            &[3]
        ),
        [0]
    );
}

#[test]
fn litert_takes_the_smallest_and_largest_factors() {
    let smallest = 2f64.powi(-64);
    assert_eq!(
        int8(rescaling(Scales::LiteRt(&[smallest]), 7, (-128, 127)), &[-128]),
        [7]
    );
    let large = 2f64.powi(23);
    assert_eq!(
        int8(rescaling(Scales::LiteRt(&[large]), 7, (-128, 127)), &[-3]),
        [-128]
    );
}

#[test]
fn each_unit_has_its_own_factor() {
    let layer = |scales| {
        GraphBuilder::int8(&[1, 1]).fully_connected(&FullyConnected {
            weights: &[1, 1, 1],
            units: 3,
            bias: None,
            scales,
            input_zero_point: 0,
            output_zero_point: 0,
            clamp: (-128, 127),
        })
    };
    let fixed = [(1 << 30, 1), HALF, (1 << 30, -1)];
    assert_eq!(int8(layer(Scales::FixedPoint(&fixed)), &[100]), [100, 50, 25]);
    assert_eq!(
        int8(layer(Scales::LiteRt(&[1.0, 0.5, 0.25])), &[100]),
        [100, 50, 25]
    );
}

#[test]
fn fused_clamp_holds_the_output() {
    let relu = rescaling(Scales::FixedPoint(&[(1 << 30, 1)]), -10, (-10, 20));
    assert_eq!(int8(relu.clone(), &[-5]), [-10]);
    assert_eq!(int8(relu.clone(), &[5]), [-5]);
    assert_eq!(int8(relu, &[100]), [20]);
}

#[test]
fn rows_of_a_batch_are_independent() {
    let graph = GraphBuilder::int8(&[3, 2]).raw_logits(&[1, 1, 1, -1], 2, Some(&[0, 100]));
    assert_eq!(int32(graph, &[1, 2, 3, 4, -128, 127]), [3, 99, 7, 99, -1, -155]);
}

#[test]
fn raw_logits_stack_on_raw_logits() {
    let graph = GraphBuilder::int8(&[2])
        .raw_logits(&[100, 100, 1, 0], 2, None)
        .raw_logits(&[2, -1], 1, None);
    assert_eq!(int32(graph, &[3, 4]), [2 * 700 - 3]);
}

#[test]
fn uint8_input_loses_128() {
    let bytes = GraphBuilder::uint8(&[3]).reshape(&[3, 1]).build();
    let graph = Graph::validate(&bytes, &Limits::default()).unwrap();
    assert_eq!(
        graph.input(),
        InputSpec::Tensor {
            dtype: DType::UInt8,
            len: 3
        }
    );
    assert_eq!(graph.run(&[0, 128, 255]).unwrap(), [-128i8 as u8, 0, 127]);
}

#[test]
fn clamp_holds_int8_and_int32() {
    assert_eq!(
        int8(GraphBuilder::int8(&[3]).clamp(-3, 5), &[-7, 2, 9]),
        [-3, 2, 5]
    );
    let wide = GraphBuilder::int8(&[3])
        .reshape(&[3, 1])
        .raw_logits(&[100], 1, None)
        .clamp(-250, 700);
    assert_eq!(int32(wide, &[-7, 2, 9]), [-250, 200, 700]);
}

#[test]
fn first_maximum_wins() {
    assert_eq!(int32(GraphBuilder::int8(&[5]).arg_max(), &[1, 7, 3, 7, 7]), [1]);
    assert_eq!(
        int32(
            GraphBuilder::int8(&[2, 3]).arg_max(),
            &[-128, -128, -128, 0, 0, 1]
        ),
        [0, 2]
    );
    let wide = GraphBuilder::int8(&[1]).raw_logits(&[1, 2, 2], 3, None).arg_max();
    assert_eq!(int32(wide, &[4]), [1]);
}

#[test]
fn bag_adds_a_row_for_every_occurrence_of_an_id() {
    // Rows hold their own number and its opposite, so the sums show which ids came how often.
    let ngrams = NGrams {
        lo: 1,
        hi: 1,
        bits: 6,
        max_chars: 200,
    };
    let sums = |width: u32, text: &str| {
        let row = |id: i8| (0..width).map(move |column| if column % 2 == 0 { id } else { -id });
        let table: Vec<i8> = (0..64).flat_map(row).collect();
        let bytes = GraphBuilder::text(4000)
            .ngram_hash(ngrams)
            .embedding_bag(&table, width)
            .build();
        let graph = Graph::validate(&bytes, &Limits::default()).unwrap();
        assert_eq!(
            graph.run(text.as_bytes()).unwrap(),
            graph.run_traced(text.as_bytes()).unwrap().0
        );
        graph.run(text.as_bytes()).unwrap()
    };
    let one = |text: &str| i32::from_le_bytes(sums(1, text).try_into().unwrap());
    let a = one("aa") - one("a");
    let spaces = one("a") - a;
    let b = one("b") - spaces;
    assert_eq!(one("abba"), spaces + 2 * a + 2 * b);
    for width in [1, 2, 7, 8, 16, 24, 32, 33, 40] {
        let long = "ab".repeat(99);
        let sum = spaces + 99 * a + 99 * b;
        let expected = (0..width).flat_map(|column| (if column % 2 == 0 { sum } else { -sum }).to_le_bytes());
        assert_eq!(sums(width, &long), expected.collect::<Vec<u8>>(), "width {width}");
    }
}

#[test]
fn packed_sums_do_not_spill_into_their_neighbours() {
    // More rows than a 16-bit lane holds, of the most extreme weights.
    let ngrams = NGrams {
        lo: 1,
        hi: 8,
        bits: 1,
        max_chars: 4096,
    };
    for (even, odd) in [(-128, 127), (127, -128), (-128, -128), (127, 127)] {
        let table: Vec<i8> = [even, odd].repeat(16);
        let bytes = GraphBuilder::text(5000)
            .ngram_hash(ngrams)
            .embedding_bag(&table, 16)
            .build();
        let graph = Graph::validate(&bytes, &Limits::default()).unwrap();
        let output = graph.run("x".repeat(5000).as_bytes()).unwrap();
        let rows = (4089..=4096).sum::<i32>();
        let expected = [i32::from(even) * rows, i32::from(odd) * rows].repeat(8);
        assert_eq!(
            output,
            expected.iter().flat_map(|x| x.to_le_bytes()).collect::<Vec<u8>>()
        );
    }
}

#[test]
fn text_classifier_describes_itself() {
    let ngrams = NGrams {
        lo: 1,
        hi: 4,
        bits: 5,
        max_chars: 220,
    };
    let (table, matrix) = (vec![1; 32 * 8], vec![1; 3 * 8]);
    let bytes = text_classifier(&TextClassifier {
        max_bytes: 512,
        ngrams,
        table: &table,
        matrix: &matrix,
        classes: 3,
    });
    let graph = Graph::validate(&bytes, &Limits::default()).unwrap();
    assert_eq!(graph.input(), InputSpec::Text { max_bytes: 512 });
    assert_eq!(graph.input().max_bytes(), 512);
    assert_eq!(
        graph.output(),
        OutputSpec {
            dtype: DType::Int32,
            elements: 1,
            bytes: 4,
            classes: Some(3)
        }
    );
    assert_eq!((graph.nodes(), graph.node_digests().len()), (4, 4));
    assert_eq!(graph.digest(), blake2_256(&bytes));
    assert_eq!(graph.run(b"any text").unwrap(), 0i32.to_le_bytes());
    assert!(graph.cost_of(10) < graph.cost_of(100));
    assert!(graph.cost_of(100) < graph.cost());
    assert_eq!(graph.cost_of(512), graph.cost());
    assert_eq!(graph.cost_of(9999), graph.cost());
}

#[test]
fn tensor_classifier_describes_itself() {
    let bytes = tensor_classifier(2, &[1, 0, 0, 1], &[0, 5]);
    let graph = Graph::validate(&bytes, &Limits::default()).unwrap();
    assert_eq!(
        graph.input(),
        InputSpec::Tensor {
            dtype: DType::Int8,
            len: 2
        }
    );
    assert_eq!(graph.output().classes, Some(2));
    assert_eq!(graph.run(&[7, 1]).unwrap(), 0i32.to_le_bytes());
    assert_eq!(graph.run(&[7, 3]).unwrap(), 1i32.to_le_bytes());
}

#[test]
fn trace_holds_the_digest_of_every_output_and_node_digests_that_of_record_and_weights() {
    let bytes = tensor_classifier(2, &[1, 0, 0, 1], &[0, 5]);
    let graph = Graph::load(&bytes).unwrap();
    let (output, trace) = graph.run_traced(&[7, 3]).unwrap();
    let logits = [7i32.to_le_bytes(), 8i32.to_le_bytes()].concat();
    assert_eq!(trace, [blake2_256(&logits), blake2_256(&output)]);
    let (dense, rest) = bytes[40..].split_at(60);
    let (arg_max, weights) = rest.split_at(36);
    assert_eq!(
        graph.node_digests(),
        [blake2_256(&[dense, weights].concat()), blake2_256(arg_max)]
    );
}
