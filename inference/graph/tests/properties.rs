//! For any graph and any input: nothing panics, and what the validator accepts runs as the reference does.

mod reference;

use pensum_graph::{
    builder::{FullyConnected, GraphBuilder, NGrams, Scales},
    Graph, GraphError, InputSpec, Limits,
};
use proptest::{collection::vec, prelude::*, sample::Index};

const GENEROUS: Limits = Limits {
    max_bytes: 1 << 20,
    max_nodes: 64,
    max_cost: u64::MAX,
    max_tensor: 1 << 24,
};

#[derive(Clone, Debug)]
enum Factors {
    FixedPoint(Vec<(i32, i8)>),
    LiteRt(Vec<f64>),
}

impl Factors {
    fn of_units(&self, units: u32) -> Scales<'_> {
        match self {
            Self::FixedPoint(scales) => Scales::FixedPoint(&scales[..scales.len().min(units as usize)]),
            Self::LiteRt(scales) => Scales::LiteRt(&scales[..scales.len().min(units as usize)]),
        }
    }
}

/// Fractions whose products lie on or beside a half, and others of every size.
fn factors() -> impl Strategy<Value = Factors> {
    let fixed = (0..=i32::MAX, -31..=8i8);
    let fraction = (1..64u32, 1..3000u32).prop_map(|(a, b)| f64::from(a) / f64::from(b));
    let any_size = (1.0..2.0f64, -64..8i32).prop_map(|(a, exponent)| a * 2f64.powi(exponent));
    let real = prop_oneof![fraction, any_size];
    prop_oneof![
        vec(fixed.clone(), 1).prop_map(Factors::FixedPoint),
        vec(fixed, 20).prop_map(Factors::FixedPoint),
        vec(real.clone(), 1).prop_map(Factors::LiteRt),
        vec(real, 20).prop_map(Factors::LiteRt),
    ]
}

/// An operator to put behind a tensor, with more numbers than it needs.
#[derive(Clone, Debug)]
enum Step {
    Rescaled {
        units: u32,
        bias: Option<Vec<i32>>,
        scales: Factors,
        zeros: (i8, i8),
        clamp: (i8, i8),
    },
    Raw {
        units: u32,
        bias: Option<Vec<i32>>,
    },
    Flatten,
    Line,
    Clamp(i8, i8),
    ArgMax,
}

fn step() -> impl Strategy<Value = Step> {
    let units = 1u32..20;
    let bias = proptest::option::of(vec(-100_000..100_000i32, 20));
    let zeros = (any::<i8>(), any::<i8>());
    prop_oneof![
        4 => (units.clone(), bias.clone(), factors(), zeros, any::<(i8, i8)>()).prop_map(
            |(units, bias, scales, zeros, clamp)| Step::Rescaled { units, bias, scales, zeros, clamp }
        ),
        2 => (units, bias).prop_map(|(units, bias)| Step::Raw { units, bias }),
        1 => Just(Step::Flatten),
        1 => Just(Step::Line),
        1 => any::<(i8, i8)>().prop_map(|(a, b)| Step::Clamp(a, b)),
        1 => Just(Step::ArgMax),
    ]
}

/// The graph so far, with what it takes to fit the next operator to it.
struct Growing<'w> {
    builder: GraphBuilder,
    dims: Vec<u32>,
    int8: bool,
    weights: &'w [i8],
}

impl Growing<'_> {
    fn matrix(&self, units: u32) -> Vec<i8> {
        let len = (units * self.dims.last().unwrap()) as usize;
        self.weights.iter().copied().cycle().take(len).collect()
    }

    fn with(self, step: &Step) -> Self {
        let mut dims = self.dims.clone();
        let elements: u32 = dims.iter().product();
        let (int8, builder) = match step {
            Step::Rescaled {
                units,
                bias,
                scales,
                zeros,
                clamp,
            } if self.int8 => {
                let weights = self.matrix(*units);
                let bias = bias.as_ref().map(|bias| &bias[..*units as usize]);
                let scales = scales.of_units(*units);
                *dims.last_mut().unwrap() = *units;
                let layer = FullyConnected {
                    weights: &weights,
                    units: *units,
                    bias,
                    scales,
                    input_zero_point: zeros.0.into(),
                    output_zero_point: zeros.1.into(),
                    clamp: (clamp.0.min(clamp.1).into(), clamp.0.max(clamp.1).into()),
                };
                (true, self.builder.fully_connected(&layer))
            }
            Step::Rescaled { units, bias, .. } | Step::Raw { units, bias } => {
                let matrix = self.matrix(*units);
                let bias = bias.as_ref().map(|bias| &bias[..*units as usize]);
                *dims.last_mut().unwrap() = *units;
                (false, self.builder.raw_logits(&matrix, *units, bias))
            }
            Step::Flatten => {
                dims = vec![1, elements];
                (self.int8, self.builder.reshape(&dims))
            }
            Step::Line => {
                dims = vec![elements];
                (self.int8, self.builder.reshape(&dims))
            }
            Step::Clamp(a, b) => (
                self.int8,
                self.builder.clamp((*a.min(b)).into(), (*a.max(b)).into()),
            ),
            Step::ArgMax => {
                dims.pop();
                if dims.is_empty() {
                    dims.push(1);
                }
                (false, self.builder.arg_max())
            }
        };
        Self {
            builder,
            dims,
            int8,
            weights: self.weights,
        }
    }
}

fn tensor_graph() -> impl Strategy<Value = Vec<u8>> {
    (
        any::<bool>(),
        vec(1u32..6, 1..=4),
        vec(step(), 1..5),
        vec(any::<i8>(), 997),
    )
        .prop_map(|(unsigned, dims, steps, weights)| {
            let builder = if unsigned {
                GraphBuilder::uint8(&dims)
            } else {
                GraphBuilder::int8(&dims)
            };
            let graph = Growing {
                builder,
                dims,
                int8: true,
                weights: &weights,
            };
            steps
                .iter()
                .fold(graph, |graph, step| graph.with(step))
                .builder
                .build()
        })
}

fn text_graph() -> impl Strategy<Value = Vec<u8>> {
    let ngrams = (1u8..5, 0u8..4, 1u8..10, 8u32..60);
    let width = prop_oneof![Just(8u32), Just(16), Just(24), Just(32), 1u32..40];
    (ngrams, width, vec(step(), 0..4), vec(any::<i8>(), 997)).prop_map(
        |((lo, more, bits, max_chars), width, steps, weights)| {
            let table: Vec<i8> = weights
                .iter()
                .copied()
                .cycle()
                .take((width << bits) as usize)
                .collect();
            let builder = GraphBuilder::text(300)
                .ngram_hash(NGrams {
                    lo,
                    hi: lo + more,
                    bits,
                    max_chars,
                })
                .embedding_bag(&table, width);
            let graph = Growing {
                builder,
                dims: vec![width],
                int8: false,
                weights: &weights,
            };
            steps
                .iter()
                .fold(graph, |graph, step| graph.with(step))
                .builder
                .build()
        },
    )
}

fn graph() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![tensor_graph(), text_graph()]
}

/// An input that fits the graph, made from bytes and text that may not.
fn fitting(spec: InputSpec, bytes: &[u8], text: &str) -> Vec<u8> {
    match spec {
        InputSpec::Tensor { len, .. } => bytes.iter().copied().cycle().take(len as usize).collect(),
        InputSpec::Text { max_bytes } => {
            let mut text = text.to_string();
            while text.len() > max_bytes as usize {
                text.pop();
            }
            text.into_bytes()
        }
    }
}

fn overflow(error: &GraphError) -> bool {
    matches!(
        error,
        GraphError::AccumulatorOverflow { .. } | GraphError::RequantisedOverflow { .. }
    )
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,120}",
        "[a-zA-Z ÄÖÜäöüßĄąЖжΩω.,0-9]{0,250}",
        vec(any::<char>(), 0..80).prop_map(|chars| chars.into_iter().collect::<String>())
    ]
}

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
