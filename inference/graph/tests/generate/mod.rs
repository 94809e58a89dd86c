//! Random graphs, in which tensors have several readers, and inputs that fit them.
#![allow(dead_code)]

use pensum_graph::{
    builder::{Addition, FullyConnected, GraphBuilder, NGrams, Scales},
    GraphError, InputSpec, Limits,
};
use proptest::{collection::vec, prelude::*, sample::Index};

pub const GENEROUS: Limits = Limits {
    max_bytes: 1 << 20,
    max_nodes: 256,
    max_cost: u64::MAX,
    max_tensor: 1 << 24,
    max_live: u32::MAX,
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
    Concat {
        with: Vec<Index>,
        axis: Index,
    },
    Add {
        with: Index,
        addition: Addition,
    },
}

fn addition() -> impl Strategy<Value = Addition> {
    let zeros = proptest::array::uniform3(-128..=127i32);
    let factor = (0..=i32::MAX, prop_oneof![3 => -4..=0i8, 1 => -31..=0i8]);
    let output = (0..=i32::MAX, prop_oneof![3 => -22..=-15i8, 1 => -31..=0i8]);
    let inputs = proptest::array::uniform2(factor);
    (zeros, inputs, output, any::<(i8, i8)>()).prop_map(|(zero_points, [a, b], output, (min, max))| {
        Addition {
            zero_points,
            factors: [a, b, output],
            clamp: (min.min(max).into(), min.max(max).into()),
        }
    })
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
        1 => (vec(any::<Index>(), 0..4), any::<Index>()).prop_map(|(with, axis)| Step::Concat { with, axis }),
        1 => (any::<Index>(), addition()).prop_map(|(with, addition)| Step::Add { with, addition }),
    ]
}

/// A step and what it reads: the tensor made last, or any.
fn steps(most: usize) -> impl Strategy<Value = Vec<(Option<Index>, Step)>> {
    vec((proptest::option::weighted(0.4, any::<Index>()), step()), 0..most)
}

#[derive(Clone)]
struct Known {
    number: u32,
    dims: Vec<u32>,
    int8: bool,
    read: bool,
}

/// The graph so far, with what it takes to fit the next operator to it.
struct Growing<'w> {
    builder: GraphBuilder,
    tensors: Vec<Known>,
    weights: &'w [i8],
}

impl<'w> Growing<'w> {
    fn new(builder: GraphBuilder, dims: &[u32], int8: bool, weights: &'w [i8]) -> Self {
        let graph = Self {
            builder,
            tensors: Vec::new(),
            weights,
        };
        graph.made(dims.to_vec(), int8)
    }

    /// Notes the tensor that was made last.
    fn made(mut self, dims: Vec<u32>, int8: bool) -> Self {
        let number = self.builder.tensor();
        self.tensors.push(Known {
            number,
            dims,
            int8,
            read: false,
        });
        self
    }

    fn matrix(&self, units: u32, depth: u32) -> Vec<i8> {
        self.weights
            .iter()
            .copied()
            .cycle()
            .take((units * depth) as usize)
            .collect()
    }

    fn then(mut self, dims: Vec<u32>, int8: bool, add: impl FnOnce(GraphBuilder) -> GraphBuilder) -> Self {
        self.builder = add(self.builder);
        self.made(dims, int8)
    }

    /// Adds the step behind the tensor at this place.
    fn with(mut self, at: usize, step: &Step) -> Self {
        let source = &mut self.tensors[at];
        source.read = true;
        let Known {
            number,
            mut dims,
            int8,
            ..
        } = source.clone();
        let elements: u32 = dims.iter().product();
        self.builder = self.builder.at(number);
        match step {
            Step::Rescaled {
                units,
                bias,
                scales,
                zeros,
                clamp,
            } if int8 => {
                let weights = self.matrix(*units, *dims.last().unwrap());
                *dims.last_mut().unwrap() = *units;
                let layer = FullyConnected {
                    weights: &weights,
                    units: *units,
                    bias: bias.as_ref().map(|bias| &bias[..*units as usize]),
                    scales: scales.of_units(*units),
                    input_zero_point: zeros.0.into(),
                    output_zero_point: zeros.1.into(),
                    clamp: (clamp.0.min(clamp.1).into(), clamp.0.max(clamp.1).into()),
                };
                self.then(dims, true, |builder| builder.fully_connected(&layer))
            }
            Step::Rescaled { units, bias, .. } | Step::Raw { units, bias } => {
                let matrix = self.matrix(*units, *dims.last().unwrap());
                let bias = bias.as_ref().map(|bias| &bias[..*units as usize]);
                *dims.last_mut().unwrap() = *units;
                self.then(dims, false, |builder| builder.raw_logits(&matrix, *units, bias))
            }
            Step::Flatten => self.then(vec![1, elements], int8, |builder| builder.reshape(&[1, elements])),
            Step::Line => self.then(vec![elements], int8, |builder| builder.reshape(&[elements])),
            Step::Clamp(a, b) => {
                let (min, max) = (a.min(b), a.max(b));
                self.then(dims, int8, |builder| builder.clamp((*min).into(), (*max).into()))
            }
            Step::ArgMax => {
                dims.pop();
                if dims.is_empty() {
                    dims.push(1);
                }
                self.then(dims, false, GraphBuilder::arg_max)
            }
            Step::Concat { with, axis } => self.joined(at, with, axis.index(dims.len())),
            Step::Add { with, addition } if int8 => {
                let fits = |other: &&mut Known| other.int8 && other.dims == dims;
                let mut fitting: Vec<&mut Known> = self.tensors.iter_mut().filter(fits).collect();
                let other = with.index(fitting.len());
                fitting[other].read = true;
                let other = fitting[other].number;
                self.then(dims, true, |builder| builder.add([number, other], addition))
            }
            Step::Add { .. } => self.then(dims, int8, |builder| builder.clamp(-7, 7)),
        }
    }

    /// The tensor at this place with some of those that can be joined to it, itself among them.
    fn joined(mut self, at: usize, with: &[Index], axis: usize) -> Self {
        let Known { mut dims, int8, .. } = self.tensors[at].clone();
        let fits = |other: &Known| {
            let pairs = other.dims.iter().zip(&dims).enumerate();
            let same = pairs.into_iter().all(|(place, (a, b))| place == axis || a == b);
            other.int8 == int8 && other.dims.len() == dims.len() && same
        };
        let fitting: Vec<usize> = (0..self.tensors.len())
            .filter(|place| fits(&self.tensors[*place]))
            .collect();
        let others = with.iter().map(|index| fitting[index.index(fitting.len())]);
        let places: Vec<usize> = std::iter::once(at).chain(others).collect();
        dims[axis] = places.iter().map(|place| self.tensors[*place].dims[axis]).sum();
        for place in &places {
            self.tensors[*place].read = true;
        }
        let numbers: Vec<u32> = places.iter().map(|place| self.tensors[*place].number).collect();
        self.then(dims, int8, |builder| builder.concat(&numbers, axis as u32))
    }

    /// Joins whatever nobody has read, so that only the output is left.
    fn finish(mut self) -> Vec<u8> {
        let unread = |graph: &Self| {
            let places = 0..graph.tensors.len();
            places
                .filter(|place| !graph.tensors[*place].read)
                .collect::<Vec<_>>()
        };
        let ends = unread(&self);
        if ends.len() > 1 {
            let mixed = ends
                .iter()
                .any(|end| self.tensors[*end].int8 != self.tensors[ends[0]].int8);
            for end in ends {
                if mixed && self.tensors[end].int8 {
                    self = self.with(end, &Step::Raw { units: 2, bias: None });
                    let last = self.tensors.len() - 1;
                    self = self.with(last, &Step::Line);
                } else {
                    self = self.with(end, &Step::Line);
                }
            }
            let lines = unread(&self);
            let numbers: Vec<u32> = lines.iter().map(|line| self.tensors[*line].number).collect();
            self.builder = self.builder.concat(&numbers, 0);
        }
        self.builder.build()
    }

    fn grow(self, steps: &[(Option<Index>, Step)]) -> Vec<u8> {
        let grown = steps.iter().fold(self, |graph, (source, step)| {
            let count = graph.tensors.len();
            let at = source.map_or(count - 1, |index| index.index(count));
            graph.with(at, step)
        });
        grown.finish()
    }
}

fn tensor_graph() -> impl Strategy<Value = Vec<u8>> {
    (
        any::<bool>(),
        vec(1u32..6, 1..=4),
        step(),
        steps(8),
        vec(any::<i8>(), 997),
    )
        .prop_map(|(unsigned, dims, first, steps, weights)| {
            let builder = if unsigned {
                GraphBuilder::uint8(&dims)
            } else {
                GraphBuilder::int8(&dims)
            };
            let graph = Growing::new(builder, &dims, true, &weights);
            graph.with(0, &first).grow(&steps)
        })
}

fn text_graph() -> impl Strategy<Value = Vec<u8>> {
    let ngrams = (1u8..5, 0u8..4, 1u8..10, 8u32..60);
    let width = || prop_oneof![Just(8u32), Just(16), Just(24), Just(32), 1u32..40];
    let second = proptest::option::weighted(0.3, width());
    (ngrams, width(), second, steps(7), vec(any::<i8>(), 997)).prop_map(
        |((lo, more, bits, max_chars), width, second, steps, weights)| {
            let table = |width: u32| -> Vec<i8> {
                weights
                    .iter()
                    .copied()
                    .cycle()
                    .take((width << bits) as usize)
                    .collect()
            };
            let ngrams = NGrams {
                lo,
                hi: lo + more,
                bits,
                max_chars,
            };
            let builder = GraphBuilder::text(300)
                .ngram_hash(ngrams)
                .embedding_bag(&table(width), width);
            let mut graph = Growing::new(builder, &[width], false, &weights);
            if let Some(width) = second {
                graph = graph.then(vec![width], false, |builder| {
                    builder.at(1).embedding_bag(&table(width), width)
                });
            }
            graph.grow(&steps)
        },
    )
}

/// Any graph that the builder can make; some of them can overflow.
pub fn graph() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![tensor_graph(), text_graph()]
}

/// An input that fits the graph, made from bytes and text that may not.
pub fn fitting(spec: InputSpec, bytes: &[u8], text: &str) -> Vec<u8> {
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

pub fn overflow(error: &GraphError) -> bool {
    matches!(
        error,
        GraphError::AccumulatorOverflow { .. } | GraphError::RequantisedOverflow { .. }
    )
}

pub fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,120}",
        "[a-zA-Z ÄÖÜäöüßĄąЖжΩω.,0-9]{0,250}",
        vec(any::<char>(), 0..80).prop_map(|chars| chars.into_iter().collect::<String>())
    ]
}
