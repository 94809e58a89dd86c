//! Parameters and weights that an operator refuses, each with its own error.

mod malformed;

use malformed::*;
use pensum_graph::{
    builder::{GraphBuilder, NGrams, Scales},
    Graph, GraphError, Limits, ParameterName,
};

#[test]
fn graph_fails_when_an_ngram_parameter_is_out_of_range() {
    use ParameterName::{Bits, MaxChars, Normalisation, Orders};
    let cases: [(usize, &[u8], ParameterName); 9] = [
        (0, &[0], Normalisation),
        (0, &[2], Normalisation),
        (1, &[0], Orders),
        (1, &[3], Orders),
        (2, &[9], Orders),
        (3, &[0], Bits),
        (3, &[25], Bits),
        (4, &[0], MaxChars),
        (4, &[1, 16], MaxChars),
    ];
    for (at, value, name) in cases {
        assert_eq!(
            structural(&patched(&text(), PARAMETERS + at, value)),
            parameter(1, name)
        );
    }
    let too_short = NGrams {
        lo: 5,
        hi: 6,
        bits: 3,
        max_chars: 4,
    };
    let bytes = GraphBuilder::text(64)
        .ngram_hash(too_short)
        .embedding_bag(&[1; 16], 2)
        .build();
    assert_eq!(structural(&bytes), GraphError::OutputShape { node: 1 });
}

#[test]
fn graph_fails_when_the_table_does_not_fit_the_buckets() {
    let bytes = GraphBuilder::text(64)
        .ngram_hash(NGRAMS)
        .embedding_bag(&[1; 14], 2)
        .build();
    assert_eq!(structural(&bytes), parameter(2, ParameterName::Rows));
    let bytes = patched(&text(), RECORD + 44 + 8, &[3]);
    assert_eq!(structural(&bytes), GraphError::WeightsLength { node: 2 });
    let wide = GraphBuilder::text(64)
        .ngram_hash(NGRAMS)
        .embedding_bag(&vec![1; 8 * 4097], 4097)
        .build();
    assert_eq!(structural(&wide), parameter(2, ParameterName::Width));
}

#[test]
fn graph_fails_when_a_layer_parameter_is_out_of_range() {
    use ParameterName::{Clamp, Depth, Flags, InputZeroPoint, OutputZeroPoint, Rule};
    let (layer, raw) = (fixed_point((1 << 30, 0)), classifier());
    let cases: [(&[u8], usize, &[u8], ParameterName); 13] = [
        (&layer, 0, &[3], Rule),
        (&layer, 1, &[4], Flags),
        (&raw, 1, &[3], Flags),
        (&layer, 4, &[0], Depth),
        (&layer, 4, &[3], Depth),
        (&layer, 8, &128i32.to_le_bytes(), InputZeroPoint),
        (&raw, 8, &(-129i32).to_le_bytes(), InputZeroPoint),
        (&layer, 12, &(-129i32).to_le_bytes(), OutputZeroPoint),
        (&raw, 12, &[1], OutputZeroPoint),
        (&layer, 16, &(-129i32).to_le_bytes(), Clamp),
        (&layer, 20, &128i32.to_le_bytes(), Clamp),
        (&layer, 20, &(-200i32).to_le_bytes(), Clamp),
        (&raw, 20, &[1], Clamp),
    ];
    for (bytes, at, value, name) in cases {
        assert_eq!(
            structural(&patched(bytes, PARAMETERS + at, value)),
            parameter(1, name)
        );
    }
    let wide = GraphBuilder::int8(&[1])
        .raw_logits(&[1], 1, None)
        .raw_logits(&[1], 1, None)
        .build();
    let second = PARAMETERS + 60;
    assert_eq!(
        structural(&patched(&wide, second + 8, &[1])),
        parameter(2, InputZeroPoint)
    );
}

#[test]
fn graph_fails_when_clamp_bounds_are_swapped_or_outside_the_type() {
    let clamp = |min, max| GraphBuilder::int8(&[4]).clamp(min, max).build();
    for (min, max) in [(2, 1), (-129, 0), (0, 128)] {
        assert_eq!(structural(&clamp(min, max)), parameter(1, ParameterName::Clamp));
    }
}

#[test]
fn graph_fails_when_a_factor_is_out_of_range() {
    for scale in [(-1, 0), (1 << 30, 31), (1 << 30, -32)] {
        assert_eq!(
            error(&fixed_point(scale)),
            GraphError::Multiplier { node: 1, unit: 0 }
        );
    }
    let below = 2f64.powi(-65);
    for factor in [
        0.0,
        -1.0,
        below,
        2f64.powi(31),
        f64::INFINITY,
        f64::NAN,
        f64::MIN_POSITIVE,
    ] {
        let bytes = layer(&[1, 2, 3, 4], None, Scales::LiteRt(&[1.0, factor]));
        assert_eq!(
            error(&bytes),
            GraphError::Multiplier { node: 1, unit: 1 },
            "{factor}"
        );
        assert!(Graph::load(&bytes).unwrap().run(&[1, 2]).is_ok());
    }
}

#[test]
fn graph_fails_when_an_accumulator_can_overflow() {
    let one = Scales::FixedPoint(&[(1, 0)]);
    let fits = i32::MAX - 128 * 3;
    assert!(Graph::validate(&layer(&[1, 2, 0, 0], Some(&[fits, 0]), one), &Limits::default()).is_ok());
    let bytes = layer(&[0, 0, 1, -2], Some(&[0, -fits - 1]), one);
    assert_eq!(
        error(&bytes),
        GraphError::AccumulatorOverflow { node: 1, unit: 1 }
    );
    assert!(Graph::load(&bytes).unwrap().run(&[0x80, 0x80]).is_ok());

    // Layers of raw logits multiply their bounds; a clamp between them helps.
    let deep = |clamp: Option<i32>| {
        let mut graph = GraphBuilder::int8(&[1]);
        for _ in 0..4 {
            graph = graph.raw_logits(&[127], 1, None);
            if let Some(clamp) = clamp {
                graph = graph.clamp(-clamp, clamp);
            }
        }
        graph.build()
    };
    assert_eq!(
        error(&deep(None)),
        GraphError::AccumulatorOverflow { node: 4, unit: 0 }
    );
    assert!(Graph::validate(&deep(Some(1000)), &Limits::default()).is_ok());
}

#[test]
fn graph_fails_when_a_rescaled_value_can_overflow() {
    assert_eq!(
        error(&fixed_point((i32::MAX, 30))),
        GraphError::RequantisedOverflow { node: 1, unit: 0 }
    );
    let bytes = layer(&[0, 0, 100, 100], None, Scales::LiteRt(&[2f64.powi(20)]));
    assert_eq!(
        error(&bytes),
        GraphError::RequantisedOverflow { node: 1, unit: 1 }
    );
}
