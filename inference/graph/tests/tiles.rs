//! A tiled graph gives the answers of the graph it was cut from, and every node of it fits.

mod generate;
mod malformed;

use codec::{Decode, Encode};
use generate::{fitting, graph, text, GENEROUS};
use malformed::NGRAMS;
use pensum_graph::{
    builder::{FullyConnected, GraphBuilder, Scales},
    tile::tile,
    Graph, GraphError, Skeleton, TileError, TileLimits,
};
use proptest::{collection::vec, prelude::*};

const NONE: TileLimits = TileLimits {
    max_weights_bytes: u32::MAX,
    max_cost: u64::MAX,
    max_io_bytes: u32::MAX,
};

fn limits() -> impl Strategy<Value = TileLimits> {
    let weights = prop_oneof![2 => 8..400u32, 1 => Just(u32::MAX)];
    let cost = prop_oneof![2 => 300..6000u64, 1 => Just(u64::MAX)];
    let io = prop_oneof![1 => 16..2000u32, 1 => Just(u32::MAX)];
    (weights, cost, io).prop_map(|(max_weights_bytes, max_cost, max_io_bytes)| TileLimits {
        max_weights_bytes,
        max_cost,
        max_io_bytes,
    })
}

fn skeleton<'a>(bytes: &'a [u8]) -> Skeleton<'a> {
    Skeleton::parse(Skeleton::of(&Graph::load(bytes).unwrap())).unwrap()
}

/// The node that a refusal is about.
fn refused(error: TileError) -> u32 {
    match error {
        TileError::WeightsTooLarge { node, .. }
        | TileError::TooCostly { node, .. }
        | TileError::TensorsTooLarge { node, .. } => node,
        other => panic!("{other}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn tiled_graph_answers_the_same_and_every_node_fits(
        bytes in graph(),
        limits in limits(),
        input in vec(any::<u8>(), 1..64),
        text in text(),
    ) {
        let Ok(graph) = Graph::validate(&bytes, &GENEROUS) else { return Ok(()) };
        let fitted = skeleton(&bytes).check_steps(limits);
        let tiled = match tile(&bytes, limits) {
            Ok(tiled) => tiled,
            Err(error) => {
                // Whatever is refused did not fit as it was.
                prop_assert!(fitted.is_err());
                let node = skeleton(&bytes).node(refused(error)).unwrap();
                prop_assert!(
                    node.weights_bytes > limits.max_weights_bytes
                        || node.cost > limits.max_cost
                        || node.io_bytes() > limits.max_io_bytes.into()
                );
                return Ok(());
            }
        };
        prop_assert_eq!(tiled == bytes, fitted.is_ok());
        prop_assert_eq!(skeleton(&tiled).check_steps(limits), Ok(()));
        prop_assert_eq!(tile(&tiled, limits), Ok(tiled.clone()));

        let cut = Graph::validate(&tiled, &pensum_graph::Limits { max_nodes: 4096, ..GENEROUS }).unwrap();
        let input = fitting(graph.input(), &input, &text);
        prop_assert_eq!(cut.input(), graph.input());
        prop_assert_eq!(cut.output(), graph.output());
        prop_assert_eq!(cut.run(&input), graph.run(&input));
        prop_assert_eq!(cut.run_traced(&input).map(|(output, _)| output), graph.run(&input));
    }
}

/// A layer of every arithmetic: 200 units that each have a weight, a bias and a factor of their own.
fn layer(builder: GraphBuilder, depth: usize, scales: Scales<'_>) -> GraphBuilder {
    let weights: Vec<i8> = (0..200 * depth).map(|at| (at * 37 % 251) as u8 as i8).collect();
    let bias: Vec<i32> = (0..200).map(|unit| unit * 7 - 700).collect();
    builder.fully_connected(&FullyConnected {
        weights: &weights,
        units: 200,
        bias: Some(&bias),
        scales,
        input_zero_point: 3,
        output_zero_point: -5,
        clamp: (-120, 110),
    })
}

#[test]
fn layer_is_cut_between_units_and_joined_in_two_rounds_where_there_are_many() {
    let real: Vec<f64> = (1..=200).map(|unit| 0.0001 * f64::from(unit)).collect();
    let fixed: Vec<(i32, i8)> = (1..=200).map(|unit| (unit << 22, -6)).collect();
    for scales in [
        Scales::LiteRt(&real),
        Scales::FixedPoint(&fixed),
        Scales::LiteRt(&[0.01]),
        Scales::FixedPoint(&[(1 << 30, -6)]),
    ] {
        let bytes = layer(GraphBuilder::int8(&[3, 10]), 10, scales).build();
        let graph = Graph::validate(&bytes, &GENEROUS).unwrap();
        for (max_weights_bytes, nodes) in [
            (22, 200 + 4 + 1),
            (44, 100 + 2 + 1),
            (700, 7 + 1),
            (2500, 2 + 1),
            (4400, 1),
        ] {
            let limits = TileLimits {
                max_weights_bytes,
                ..NONE
            };
            let tiled = tile(&bytes, limits).unwrap();
            let cut = Graph::validate(&tiled, &GENEROUS).unwrap();
            let per_unit = !matches!(scales, Scales::LiteRt([_]) | Scales::FixedPoint([_]));
            if per_unit && matches!(scales, Scales::LiteRt(_)) {
                assert_eq!(cut.nodes(), nodes, "at most {max_weights_bytes} bytes");
            }
            for seed in 0..5u8 {
                let input: Vec<u8> = (0..30).map(|at: u8| at.wrapping_mul(29 + 2 * seed)).collect();
                assert_eq!(cut.run(&input), graph.run(&input));
            }
        }
    }
}

#[test]
fn layer_is_cut_by_cost_and_by_the_bytes_it_makes() {
    let bytes = layer(GraphBuilder::int8(&[3, 10]), 10, Scales::LiteRt(&[0.01])).build();
    let whole = skeleton(&bytes).node(1).unwrap();
    let by_cost = TileLimits {
        max_cost: whole.cost / 3,
        ..NONE
    };
    let tiled = tile(&bytes, by_cost).unwrap();
    assert_eq!(skeleton(&tiled).nodes(), 4 + 1);
    // Thirty bytes in and six hundred out; what joins the pieces reads and writes six hundred.
    let by_bytes = |max_io_bytes| tile(&bytes, TileLimits { max_io_bytes, ..NONE });
    assert_eq!(by_bytes(630).as_ref(), Ok(&bytes));
    let joined = TileError::TensorsTooLarge {
        node: 1,
        bytes: 1200,
        max: 629,
    };
    assert_eq!(by_bytes(629), Err(joined));
}

#[test]
fn table_is_cut_between_columns_eight_at_a_time_where_that_fits() {
    let table: Vec<i8> = (0..8 * 40).map(|at| (at * 31 % 251) as u8 as i8).collect();
    let bytes = GraphBuilder::text(64)
        .ngram_hash(NGRAMS)
        .embedding_bag(&table, 40)
        .build();
    let graph = Graph::validate(&bytes, &GENEROUS).unwrap();
    for (max_weights_bytes, widths) in [(200, vec![16, 24]), (100, vec![8; 5]), (24, vec![2, 3, 3])] {
        let limits = TileLimits {
            max_weights_bytes,
            ..NONE
        };
        let tiled = tile(&bytes, limits).unwrap();
        let cut = Graph::validate(&tiled, &GENEROUS).unwrap();
        let parts = skeleton(&tiled);
        for (node, width) in (2u32..).zip(&widths) {
            assert_eq!(parts.node(node).unwrap().weights_bytes, 8 * width);
        }
        for text in ["", "a", "abcdefgh", "two words"] {
            assert_eq!(cut.run(text.as_bytes()), graph.run(text.as_bytes()));
        }
    }
}

#[test]
fn tiling_fails_by_name_when_a_node_cannot_be_cut() {
    let refused = |bytes: &[u8], limits: TileLimits| {
        let error = tile(bytes, limits).unwrap_err();
        assert!(error.to_string().ends_with('.'));
        assert_eq!(TileError::decode(&mut &error.encode()[..]), Ok(error));
        error
    };
    let layer = layer(
        GraphBuilder::int8(&[3, 10]).clamp(0, 9),
        10,
        Scales::LiteRt(&[0.01]),
    )
    .build();
    let max_weights_bytes = 21;
    let weights = TileLimits {
        max_weights_bytes,
        ..NONE
    };
    let one_unit = TileError::WeightsTooLarge {
        node: 2,
        bytes: 22,
        max: max_weights_bytes,
    };
    assert_eq!(refused(&layer, weights), one_unit);

    let max_cost = skeleton(&layer).node(1).unwrap().cost;
    let too_costly = refused(
        &layer,
        TileLimits {
            max_cost: max_cost - 1,
            ..NONE
        },
    );
    assert_eq!(
        too_costly,
        TileError::TooCostly {
            node: 1,
            cost: max_cost,
            max: max_cost - 1
        }
    );

    let clamped = TileError::TensorsTooLarge {
        node: 1,
        bytes: 60,
        max: 59,
    };
    assert_eq!(
        refused(
            &layer,
            TileLimits {
                max_io_bytes: 59,
                ..NONE
            }
        ),
        clamped
    );

    assert_eq!(
        refused(b"PGRF", NONE),
        TileError::Graph(GraphError::Length {
            expected: 40,
            found: 4
        })
    );
    let single = TileLimits {
        max_weights_bytes: 1,
        ..NONE
    };
    let many = |units: u32| {
        let wide = vec![1; units as usize];
        let bytes = GraphBuilder::int8(&[1]).raw_logits(&wide, units, None).build();
        let error = refused(&bytes, single);
        matches!(error, TileError::TooManyNodes { nodes, max: 4096 } if nodes > 4096)
    };
    // The pieces alone are too many, or they and what joins them.
    assert!(many(5000) && many(4096));
}

#[test]
fn default_limits_leave_a_small_model_as_it_is() {
    let bytes = malformed::classifier();
    assert_eq!(tile(&bytes, TileLimits::default()), Ok(bytes));
}
