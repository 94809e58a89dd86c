//! Writes graphs: the counterpart of the parser, for tests, tools and exporters written in Rust.
//!
//! ```
//! use pensum_graph::{builder::GraphBuilder, Graph, Limits};
//!
//! let bytes = GraphBuilder::int8(&[2]).raw_logits(&[1, 0, 0, 1], 2, Some(&[0, 5])).arg_max().build();
//! let graph = Graph::validate(&bytes, &Limits::default()).unwrap();
//! assert_eq!(graph.run(&[7, 1]).unwrap(), 0i32.to_le_bytes());
//! assert_eq!(graph.run(&[7, 3]).unwrap(), 1i32.to_le_bytes());
//! ```

use alloc::vec::Vec;

use crate::{
    header,
    operator::{code, RULE_FIXED_POINT, RULE_LITERT, RULE_RAW},
    operator::{FLAG_BIAS, FLAG_PER_UNIT, NORMALISATION_LITE},
    tensor::Kind,
    writer::{input_fields, Record, Writer},
};

/// Parameters of a hashed n-gram node with the lite normalisation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NGrams {
    /// Smallest order.
    pub lo: u8,
    /// Largest order.
    pub hi: u8,
    /// Logarithm to base 2 of the number of buckets.
    pub bits: u8,
    /// Code points of the normalised text that count.
    pub max_chars: u32,
}

/// The factors by which a fully connected layer's accumulators become int8: one for all units, or one per unit.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Scales<'a> {
    /// Multiplier and shift, rounded once, half up.
    FixedPoint(&'a [(i32, i8)]),
    /// Real factors, with the bits of LiteRT's reference kernel.
    LiteRt(&'a [f64]),
}

/// A fully connected layer from int8 to int8.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct FullyConnected<'a> {
    /// `[units][depth]`, row-major.
    pub weights: &'a [i8],
    /// Number of outputs.
    pub units: u32,
    /// One per unit, or none.
    pub bias: Option<&'a [i32]>,
    /// From accumulator to output.
    pub scales: Scales<'a>,
    /// The input value that means zero.
    pub input_zero_point: i32,
    /// The output value that means zero.
    pub output_zero_point: i32,
    /// Smallest and largest output.
    pub clamp: (i32, i32),
}

/// The sum of two int8 tensors: `FORMAT.md` says how scales become multipliers and exponents.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Addition {
    /// The values that mean zero: of the first input, the second, the output.
    pub zero_points: [i32; 3],
    /// Multiplier and exponent of the first input, the second, the output.
    pub factors: [(i32, i8); 3],
    /// Smallest and largest output.
    pub clamp: (i32, i32),
}

/// A text classifier: hashed n-grams, an embedding bag, a matrix, arg-max.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TextClassifier<'a> {
    /// Greatest length of the text in bytes.
    pub max_bytes: u32,
    /// The n-grams.
    pub ngrams: NGrams,
    /// `[2^bits][width]`, row-major.
    pub table: &'a [i8],
    /// `[classes][width]`, row-major.
    pub matrix: &'a [i8],
    /// Number of classes.
    pub classes: u32,
}

/// The bytes of a graph that puts text into a class.
pub fn text_classifier(model: &TextClassifier<'_>) -> Vec<u8> {
    let width = (model.matrix.len() as u32)
        .checked_div(model.classes)
        .unwrap_or(0);
    GraphBuilder::text(model.max_bytes)
        .ngram_hash(model.ngrams)
        .embedding_bag(model.table, width)
        .raw_logits(model.matrix, model.classes, None)
        .arg_max()
        .build()
}

/// The bytes of a graph that puts an int8 tensor into a class: `arg-max(weights · input + bias)`, where `weights` is
/// `[bias.len()][inputs]`, row-major.
pub fn tensor_classifier(inputs: u32, weights: &[i8], bias: &[i32]) -> Vec<u8> {
    GraphBuilder::int8(&[inputs])
        .raw_logits(weights, bias.len() as u32, Some(bias))
        .arg_max()
        .build()
}

/// Adds one node behind the other: each reads the tensor made last, or the one that [`at`](Self::at) names. It does not
/// check what it is given: `Graph::validate` does that to its result.
///
/// ```
/// use pensum_graph::{builder::GraphBuilder, Graph, Limits};
///
/// // The same input, held between different bounds, side by side.
/// let bytes = GraphBuilder::int8(&[2]).clamp(-1, 1).at(0).clamp(-9, 9).concat(&[1, 2], 0).build();
/// let graph = Graph::validate(&bytes, &Limits::default()).unwrap();
/// assert_eq!(graph.run(&[3, 20]).unwrap(), [1, 1, 3, 9]);
/// ```
#[derive(Clone, Debug)]
pub struct GraphBuilder {
    kind: u8,
    /// What is known of every tensor, the input first.
    tensors: Vec<(Kind, Vec<u32>)>,
    /// The tensor that the next node reads.
    at: u32,
    writer: Writer,
}

impl GraphBuilder {
    /// A graph that reads text of at most so many bytes.
    pub fn text(max_bytes: u32) -> Self {
        Self::new(header::INPUT_TEXT, &[max_bytes])
    }

    /// A graph that reads an int8 tensor of these one to four dimensions.
    pub fn int8(dims: &[u32]) -> Self {
        Self::new(header::INPUT_INT8, dims)
    }

    /// A graph that reads a uint8 tensor, from whose elements 128 is subtracted.
    pub fn uint8(dims: &[u32]) -> Self {
        Self::new(header::INPUT_UINT8, dims)
    }

    fn new(kind: u8, dims: &[u32]) -> Self {
        Self {
            kind,
            tensors: [(Kind::Int8, dims.to_vec())].into(),
            at: 0,
            writer: Writer::default(),
        }
    }

    /// The number of the tensor that the next node will read: that made last, or the one that [`at`](Self::at) named.
    pub fn tensor(&self) -> u32 {
        self.at
    }

    /// Lets the next node read this tensor: 0 is the input, and *i* the output of node *i*, counted from 1.
    #[must_use]
    pub fn at(mut self, tensor: u32) -> Self {
        self.at = tensor;
        self
    }

    /// Text to the ids of its n-grams.
    #[must_use]
    pub fn ngram_hash(self, ngrams: NGrams) -> Self {
        let NGrams {
            lo,
            hi,
            bits,
            max_chars,
        } = ngrams;
        let ids = (lo..=hi)
            .map(|order| max_chars.saturating_add(1).saturating_sub(order.into()))
            .fold(0, u32::saturating_add);
        let mut parameters = [NORMALISATION_LITE, lo, hi, bits].to_vec();
        parameters.extend(max_chars.to_le_bytes());
        self.node(code::NGRAM_HASH, Kind::Ids, &[ids], &parameters, &[])
    }

    /// Ids to the sum of their rows; `table` is `[rows][width]`, row-major.
    #[must_use]
    pub fn embedding_bag(self, table: &[i8], width: u32) -> Self {
        let rows = (table.len() as u32).checked_div(width).unwrap_or(0);
        self.node(
            code::EMBEDDING_BAG,
            Kind::Int32,
            &[width],
            &rows.to_le_bytes(),
            &bytes_of(table),
        )
    }

    /// A fully connected layer from int8 to int8, over the last dimension.
    #[must_use]
    pub fn fully_connected(self, layer: &FullyConnected<'_>) -> Self {
        let mut weights = bytes_of(layer.weights);
        weights.extend(layer.bias.unwrap_or(&[]).iter().flat_map(|b| b.to_le_bytes()));
        let (rule, factors) = match layer.scales {
            Scales::FixedPoint(scales) => {
                weights.extend(scales.iter().flat_map(|(multiplier, _)| multiplier.to_le_bytes()));
                weights.extend(scales.iter().map(|(_, shift)| *shift as u8));
                (RULE_FIXED_POINT, scales.len())
            }
            Scales::LiteRt(factors) => {
                weights.extend(factors.iter().flat_map(|factor| factor.to_le_bytes()));
                (RULE_LITERT, factors.len())
            }
        };
        let mut flags = if layer.bias.is_some() { FLAG_BIAS } else { 0 };
        if factors > 1 {
            flags |= FLAG_PER_UNIT;
        }
        let numbers = [
            layer.input_zero_point,
            layer.output_zero_point,
            layer.clamp.0,
            layer.clamp.1,
        ];
        let parameters = dense_parameters(rule, flags, layer.weights.len(), layer.units, numbers);
        let dims = self.with_last(layer.units);
        self.node(code::FULLY_CONNECTED, Kind::Int8, &dims, &parameters, &weights)
    }

    /// A fully connected layer that leaves its int32 accumulators as they are; `matrix` is `[units][depth]`, row-major.
    #[must_use]
    pub fn raw_logits(self, matrix: &[i8], units: u32, bias: Option<&[i32]>) -> Self {
        let flags = if bias.is_some() { FLAG_BIAS } else { 0 };
        let mut weights = bytes_of(matrix);
        weights.extend(bias.unwrap_or(&[]).iter().flat_map(|b| b.to_le_bytes()));
        let parameters = dense_parameters(RULE_RAW, flags, matrix.len(), units, [0; 4]);
        let dims = self.with_last(units);
        self.node(code::FULLY_CONNECTED, Kind::Int32, &dims, &parameters, &weights)
    }

    /// The same elements under other dimensions.
    #[must_use]
    pub fn reshape(self, dims: &[u32]) -> Self {
        let (kind, _) = self.of(self.at);
        self.node(code::RESHAPE, kind, dims, &[], &[])
    }

    /// Every element held between two bounds.
    #[must_use]
    pub fn clamp(self, min: i32, max: i32) -> Self {
        let (kind, dims) = self.of(self.at);
        let parameters = [min.to_le_bytes(), max.to_le_bytes()].concat();
        self.node(code::CLAMP, kind, &dims, &parameters, &[])
    }

    /// The index of the greatest element along the last dimension.
    #[must_use]
    pub fn arg_max(self) -> Self {
        let (_, mut dims) = self.of(self.at);
        dims.pop();
        if dims.is_empty() {
            dims.push(1);
        }
        self.node(code::ARG_MAX, Kind::Int32, &dims, &[], &[])
    }

    /// Tensors of one type joined along an axis, counted from 0; their other dimensions are the same.
    #[must_use]
    pub fn concat(self, tensors: &[u32], axis: u32) -> Self {
        let (kind, mut dims) = self.of(tensors.first().copied().unwrap_or(0));
        if let Some(along) = dims.get_mut(axis as usize) {
            let lengths = tensors
                .iter()
                .filter_map(|tensor| self.of(*tensor).1.get(axis as usize).copied());
            *along = lengths.fold(0, u32::saturating_add);
        }
        self.reading(tensors, code::CONCAT, kind, &dims, &axis.to_le_bytes(), &[])
    }

    /// The sum of two int8 tensors of the same dimensions.
    #[must_use]
    pub fn add(self, tensors: [u32; 2], addition: &Addition) -> Self {
        let (_, dims) = self.of(tensors[0]);
        let (min, max) = addition.clamp;
        let numbers = addition.zero_points.into_iter().chain([min, max]);
        let multipliers = addition.factors.iter().map(|(multiplier, _)| *multiplier);
        let words = numbers.chain(multipliers);
        let mut parameters: Vec<u8> = words.flat_map(i32::to_le_bytes).collect();
        parameters.extend(addition.factors.iter().map(|(_, exponent)| *exponent as u8));
        parameters.push(0);
        self.reading(&tensors, code::ADD, Kind::Int8, &dims, &parameters, &[])
    }

    /// The graph's bytes.
    pub fn build(self) -> Vec<u8> {
        let (_, dims) = self.of(0);
        self.writer.finish(&input_fields(self.kind, &dims))
    }

    /// Kind and dimensions of a tensor.
    fn of(&self, tensor: u32) -> (Kind, Vec<u32>) {
        let known = self.tensors.get(tensor as usize).cloned();
        known.unwrap_or((Kind::Int8, Vec::new()))
    }

    /// The shape of the tensor to read with another last dimension.
    fn with_last(&self, last: u32) -> Vec<u32> {
        let (_, mut dims) = self.of(self.at);
        dims.pop();
        dims.push(last);
        dims
    }

    fn node(self, code: u8, kind: Kind, dims: &[u32], parameters: &[u8], weights: &[u8]) -> Self {
        let input = self.at;
        self.reading(&[input], code, kind, dims, parameters, weights)
    }

    fn reading(
        mut self,
        inputs: &[u32],
        code: u8,
        kind: Kind,
        dims: &[u32],
        parameters: &[u8],
        weights: &[u8],
    ) -> Self {
        let record = Record {
            code,
            kind: kind.code(),
            dims,
            inputs,
            parameters,
        };
        self.at = self.writer.push(&record, weights);
        self.tensors.push((kind, dims.to_vec()));
        self
    }
}

fn dense_parameters(rule: u8, flags: u8, weights: usize, units: u32, numbers: [i32; 4]) -> Vec<u8> {
    let depth = (weights as u32).checked_div(units).unwrap_or(0);
    let mut parameters = [rule, flags, 0, 0].to_vec();
    parameters.extend(depth.to_le_bytes());
    parameters.extend(numbers.iter().flat_map(|n| n.to_le_bytes()));
    parameters
}

fn bytes_of(weights: &[i8]) -> Vec<u8> {
    weights.iter().map(|w| *w as u8).collect()
}
