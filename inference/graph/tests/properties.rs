//! For any graph and any input: nothing panics, and what the validator accepts runs as the reference does.

mod generate;
mod reference;

use generate::{fitting, graph, overflow, text, GENEROUS};
use pensum_graph::{
    builder::{FullyConnected, GraphBuilder, Scales},
    Graph, Limits,
};
use proptest::{collection::vec, prelude::*, sample::Index};

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn validated_graph_runs_as_the_reference_does_and_within_its_cost(
        bytes in graph(),
        input in vec(any::<u8>(), 1..64),
        text in text(),
    ) {
        let graph = match Graph::validate(&bytes, &GENEROUS) {
            Ok(graph) => graph,
            Err(error) => {
                prop_assert!(overflow(&error), "{error}");
                return Ok(());
            }
        };
        let input = fitting(graph.input(), &input, &text);
        prop_assert_eq!(graph.check_input(&input), Ok(()));
        let expected = reference::interpret(&bytes, &input);
        prop_assert_eq!(graph.run(&input).unwrap(), expected.output.clone());
        prop_assert_eq!(graph.output().bytes as usize, expected.output.len());
        prop_assert!(expected.operations <= graph.cost_of(input.len()));
        prop_assert!(graph.cost_of(input.len()) <= graph.cost());

        let (output, trace) = graph.run_traced(&input).unwrap();
        prop_assert_eq!(output, expected.output);
        prop_assert_eq!(trace, expected.trace);

        let loaded = Graph::load(&bytes).unwrap();
        prop_assert_eq!(loaded.run(&input), graph.run(&input));
        prop_assert_eq!(loaded.cost(), graph.cost());
    }

    #[test]
    fn litert_rescaling_is_that_of_a_floating_point_unit(
        sums in vec(prop_oneof![any::<i32>(), -5000..5000i32], 1..40),
        numerator in 1u32..50,
        denominator in 1u32..200,
        exponent in -40..4i32,
    ) {
        // Unit u has no weights but a bias, which is its accumulator.
        let factor = f64::from(numerator) / f64::from(denominator) * 2f64.powi(exponent);
        let fits = |sum: i32| (f64::from(sum) * factor).abs() < 2e9 && sum != i32::MIN;
        let bias: Vec<i32> = sums.into_iter().filter(|sum| fits(*sum)).collect();
        prop_assume!(!bias.is_empty());
        let layer = FullyConnected {
            weights: &vec![0; bias.len()],
            units: bias.len() as u32,
            bias: Some(&bias),
            scales: Scales::LiteRt(&[factor]),
            input_zero_point: 0,
            output_zero_point: 0,
            clamp: (-128, 127),
        };
        let bytes = GraphBuilder::int8(&[1]).fully_connected(&layer).build();
        let output = Graph::validate(&bytes, &GENEROUS).unwrap().run(&[0]).unwrap();
        let expected = bias.iter().map(|sum| (f64::from(*sum) * factor).round().clamp(-128.0, 127.0) as i8 as u8);
        prop_assert_eq!(output, expected.collect::<Vec<u8>>());
    }

    #[test]
    fn random_bytes_never_panic(bytes in vec(any::<u8>(), 0..300), input in vec(any::<u8>(), 0..64)) {
        let mut announced = bytes.clone();
        announced.splice(..bytes.len().min(6), *b"PGRF\x01\0");
        for bytes in [&bytes, &announced] {
            if let Ok(graph) = Graph::validate(bytes, &Limits::default()) {
                prop_assert!(graph.cost() <= Limits::default().max_cost);
            }
            if let Ok(graph) = Graph::load(bytes) {
                let _ = (graph.run(&input), graph.run_traced(&input));
            }
        }
    }

    #[test]
    fn damaged_graph_never_panics_and_is_still_sound_when_accepted(
        bytes in graph(),
        damage in vec((any::<Index>(), any::<u8>()), 1..4),
        cut in proptest::option::weighted(0.1, any::<Index>()),
        input in vec(any::<u8>(), 1..64),
        text in text(),
    ) {
        let mut bytes = bytes;
        let front = bytes.len().min(300);
        for (at, value) in damage {
            bytes[at.index(front)] = value;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        if let Ok(graph) = Graph::load(&bytes) {
            if graph.cost() < 10_000_000 {
                let input = fitting(graph.input(), &input, &text);
                let _ = (graph.run(&input), graph.run_traced(&input));
            }
        }
        if let Ok(graph) = Graph::validate(&bytes, &Limits::default()) {
            if graph.cost() < 10_000_000 {
                let input = fitting(graph.input(), &input, &text);
                let expected = reference::interpret(&bytes, &input);
                prop_assert_eq!(graph.run_traced(&input).unwrap(), (expected.output, expected.trace));
                prop_assert!(expected.operations <= graph.cost_of(input.len()));
            }
        }
    }

    #[test]
    fn any_input_to_a_valid_graph_gives_an_answer_or_a_named_error(
        bytes in graph(),
        input in vec(any::<u8>(), 0..400),
    ) {
        let graph = Graph::load(&bytes).unwrap();
        match graph.check_input(&input) {
            Ok(()) => prop_assert_eq!(graph.run(&input).unwrap().len() as u32, graph.output().bytes),
            Err(error) => prop_assert_eq!(graph.run(&input), Err(error.into())),
        }
    }
}
