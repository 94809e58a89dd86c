//! The line that the market charges is never below what a replay costs.

use super::samples::noise;
use crate::cost::CostLine;
use pensum_graph::{
    builder::{tensor_classifier, text_classifier, GraphBuilder, NGrams, TextClassifier},
    Graph, InputSpec, Limits,
};
use proptest::prelude::*;

fn line_of(graph: &[u8]) -> (Graph<'_>, CostLine) {
    let graph = Graph::validate(graph, &Limits::default()).unwrap();
    let line = CostLine::over(&graph);
    (graph, line)
}

prop_compose! {
    fn text_graphs()(
        (lo, hi) in (1u8..=8).prop_flat_map(|lo| (Just(lo), lo..=8)),
        bits in 1u8..=8,
        max_chars in 8u32..=400,
        max_bytes in 1u32..=1_500,
        width in 1usize..=33,
        classes in 1u32..=30,
        seed in any::<u32>(),
    ) -> Vec<u8> {
        text_classifier(&TextClassifier {
            max_bytes,
            ngrams: NGrams { lo, hi, bits, max_chars },
            table: &noise(seed.into(), (1 << bits) * width),
            matrix: &noise(u64::from(seed) + 1, classes as usize * width),
            classes,
        })
    }
}

proptest! {
    #[test]
    fn a_text_never_costs_more_than_the_line(graph in text_graphs()) {
        let (graph, line) = line_of(&graph);
        let InputSpec::Text { max_bytes } = graph.input() else { unreachable!("it reads text") };
        prop_assert_eq!(line.at(0), graph.cost_of(0));
        for len in 0..=max_bytes {
            prop_assert!(line.at(len) >= graph.cost_of(len as usize), "{} bytes", len);
        }
        prop_assert!(line.at(max_bytes) >= graph.cost());
    }

    #[test]
    fn no_flatter_line_would_do(graph in text_graphs()) {
        let (graph, line) = line_of(&graph);
        let flatter = CostLine { per_byte: line.per_byte - 1, ..line };
        let InputSpec::Text { max_bytes } = graph.input() else { unreachable!("it reads text") };
        prop_assert!((1..=max_bytes).any(|len| flatter.at(len) < graph.cost_of(len as usize)));
    }

    #[test]
    fn a_tensor_costs_the_same_whatever_it_holds(inputs in 1u32..=64, classes in 1usize..=20, seed in any::<u32>()) {
        let weights = noise(seed.into(), inputs as usize * classes);
        let graph = tensor_classifier(inputs, &weights, &vec![0; classes]);
        let (graph, line) = line_of(&graph);
        prop_assert_eq!(line, CostLine { fixed: graph.cost(), per_byte: 0 });
        prop_assert!(line.at(inputs) >= graph.cost_of(inputs as usize));
    }

    #[test]
    fn deeper_graphs_keep_below_the_line(hidden in 1u32..=16, classes in 1u32..=8, seed in any::<u32>()) {
        let graph = GraphBuilder::text(600)
            .ngram_hash(NGrams { lo: 1, hi: 3, bits: 5, max_chars: 128 })
            .embedding_bag(&noise(seed.into(), 32 * 4), 4)
            .clamp(-500, 500)
            .raw_logits(&noise(u64::from(seed) + 1, hidden as usize * 4), hidden, None)
            .clamp(0, 10_000)
            .raw_logits(&noise(u64::from(seed) + 2, (classes * hidden) as usize), classes, None)
            .arg_max()
            .build();
        let (graph, line) = line_of(&graph);
        for len in 0..=600 {
            prop_assert!(line.at(len) >= graph.cost_of(len as usize), "{} bytes", len);
        }
    }
}
