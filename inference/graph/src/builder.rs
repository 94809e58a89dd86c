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
    operator::{code, OPERATOR_VERSION, RULE_FIXED_POINT, RULE_LITERT, RULE_RAW},
    operator::{FLAG_BIAS, FLAG_PER_UNIT, NORMALISATION_LITE},
};

const INT8: u8 = 1;
const INT32: u8 = 2;
const IDS: u8 = 3;

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

/// Adds one node behind the other. It does not check what it is given: `Graph::validate` does that to its result.
#[derive(Clone, Debug)]
pub struct GraphBuilder {
    input: (u8, Vec<u32>),
    nodes: u32,
    table: Vec<u8>,
    weights: Vec<u8>,
    kind: u8,
    dims: Vec<u32>,
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
            input: (kind, dims.to_vec()),
            nodes: 0,
            table: Vec::new(),
            weights: Vec::new(),
            kind: INT8,
            dims: dims.to_vec(),
        }
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
        self.node(code::NGRAM_HASH, IDS, &[ids], &parameters, &[])
    }

    /// Ids to the sum of their rows; `table` is `[rows][width]`, row-major.
    #[must_use]
    pub fn embedding_bag(self, table: &[i8], width: u32) -> Self {
        let rows = (table.len() as u32).checked_div(width).unwrap_or(0);
        self.node(
            code::EMBEDDING_BAG,
            INT32,
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
        self.node(code::FULLY_CONNECTED, INT8, &dims, &parameters, &weights)
    }

    /// A fully connected layer that leaves its int32 accumulators as they are; `matrix` is `[units][depth]`, row-major.
    #[must_use]
    pub fn raw_logits(self, matrix: &[i8], units: u32, bias: Option<&[i32]>) -> Self {
        let flags = if bias.is_some() { FLAG_BIAS } else { 0 };
        let mut weights = bytes_of(matrix);
        weights.extend(bias.unwrap_or(&[]).iter().flat_map(|b| b.to_le_bytes()));
        let parameters = dense_parameters(RULE_RAW, flags, matrix.len(), units, [0; 4]);
        let dims = self.with_last(units);
        self.node(code::FULLY_CONNECTED, INT32, &dims, &parameters, &weights)
    }

    /// The same elements under other dimensions.
    #[must_use]
    pub fn reshape(self, dims: &[u32]) -> Self {
        let kind = self.kind;
        self.node(code::RESHAPE, kind, dims, &[], &[])
    }

    /// Every element held between two bounds.
    #[must_use]
    pub fn clamp(self, min: i32, max: i32) -> Self {
        let (kind, dims) = (self.kind, self.dims.clone());
        let parameters = [min.to_le_bytes(), max.to_le_bytes()].concat();
        self.node(code::CLAMP, kind, &dims, &parameters, &[])
    }

    /// The index of the greatest element along the last dimension.
    #[must_use]
    pub fn arg_max(self) -> Self {
        let mut dims = self.dims.clone();
        dims.pop();
        if dims.is_empty() {
            dims.push(1);
        }
        self.node(code::ARG_MAX, INT32, &dims, &[], &[])
    }

    /// The graph's bytes.
    pub fn build(self) -> Vec<u8> {
        let (kind, dims) = self.input;
        let mut bytes = header::MAGIC.to_vec();
        bytes.extend(header::VERSION.to_le_bytes());
        bytes.extend([0, 0]);
        bytes.extend(self.nodes.to_le_bytes());
        bytes.extend((self.table.len() as u32).to_le_bytes());
        bytes.extend((self.weights.len() as u32).to_le_bytes());
        bytes.extend([kind, dims.len() as u8, 0, 0]);
        bytes.extend(dim_fields(&dims));
        bytes.extend(self.table);
        bytes.extend(self.weights);
        bytes
    }

    /// The shape with another last dimension.
    fn with_last(&self, last: u32) -> Vec<u32> {
        let mut dims = self.dims.clone();
        dims.pop();
        dims.push(last);
        dims
    }

    fn node(mut self, code: u8, kind: u8, dims: &[u32], parameters: &[u8], weights: &[u8]) -> Self {
        let mut record = [code, OPERATOR_VERSION, kind, dims.len() as u8, 1, 0].to_vec();
        record.extend(dim_fields(dims));
        record.extend((self.weights.len() as u32).to_le_bytes());
        record.extend((weights.len() as u32).to_le_bytes());
        record.extend(self.nodes.to_le_bytes());
        record.extend(parameters);
        self.table
            .extend((record.len() as u16).saturating_add(2).to_le_bytes());
        self.table.extend(record);
        self.weights.extend(weights);
        self.nodes = self.nodes.saturating_add(1);
        self.kind = kind;
        self.dims = dims.to_vec();
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

fn dim_fields(dims: &[u32]) -> Vec<u8> {
    dims.iter()
        .copied()
        .chain(core::iter::repeat(0))
        .take(4)
        .flat_map(u32::to_le_bytes)
        .collect()
}

fn bytes_of(weights: &[i8]) -> Vec<u8> {
    weights.iter().map(|w| *w as u8).collect()
}
