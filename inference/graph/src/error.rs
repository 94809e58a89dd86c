//! Why a graph is refused, or an input. Every variant is a fact; `Display` adds the remedy.

mod message;
mod step;
mod tile;

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

pub use step::StepError;
pub use tile::TileError;

/// Bytes that are not a graph, or a graph that may not run. Nodes are numbered from 1, 0 is the header.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum GraphError {
    /// The bytes are fewer or more than the header says.
    Length {
        /// What header, table and weights add up to.
        expected: u64,
        /// What there is.
        found: u64,
    },
    /// The first four bytes are not `PGRF`.
    Magic,
    /// The format version is not known here.
    FormatVersion {
        /// The version in the header.
        found: u16,
    },
    /// A reserved field is not zero.
    Reserved {
        /// The node, or 0 for the header.
        node: u32,
    },
    /// The graph has no node.
    NoNodes,
    /// The graph has more nodes than allowed.
    TooManyNodes {
        /// How many there are.
        nodes: u32,
        /// How many are allowed.
        max: u32,
    },
    /// The graph is longer than allowed.
    TooLarge {
        /// Its length in bytes.
        bytes: u64,
        /// The allowed length.
        max: u32,
    },
    /// The input is of a kind that is not known here.
    InputKind {
        /// The code in the header.
        code: u8,
    },
    /// The input's dimensions are no valid shape.
    InputShape,
    /// A node's record is cut off, or not as long as its operator's record is.
    RecordLength {
        /// The node.
        node: u32,
    },
    /// The node table is longer than its records.
    TableLeftOver {
        /// Bytes behind the last record.
        bytes: u32,
    },
    /// The operator is not known here.
    UnknownOperator {
        /// The node.
        node: u32,
        /// The code in its record.
        code: u8,
    },
    /// The operator is known, but not in this version.
    OperatorVersion {
        /// The node.
        node: u32,
        /// The operator's code.
        code: u8,
        /// The version in its record.
        version: u8,
    },
    /// The operator takes another number of inputs.
    InputCount {
        /// The node.
        node: u32,
    },
    /// A node reads a tensor that is not made before it.
    InputOrder {
        /// The node.
        node: u32,
        /// The tensor it wants.
        tensor: u32,
    },
    /// Nothing reads this tensor.
    TensorUnused {
        /// The tensor.
        tensor: u32,
    },
    /// The operator cannot read a tensor of this type.
    InputType {
        /// The node.
        node: u32,
    },
    /// The operator does not make an output of this type.
    OutputType {
        /// The node.
        node: u32,
    },
    /// The operator does not make an output of these dimensions from its input.
    OutputShape {
        /// The node.
        node: u32,
    },
    /// A tensor is larger than allowed.
    TensorTooLarge {
        /// The tensor; 0 is the input.
        tensor: u32,
        /// Its length in bytes.
        bytes: u32,
        /// The allowed length.
        max: u32,
    },
    /// A node's weights do not begin where the previous node's end.
    WeightsOffset {
        /// The node.
        node: u32,
    },
    /// A node's weights are not as long as its shape demands, or reach over the end of the blob.
    WeightsLength {
        /// The node.
        node: u32,
    },
    /// The blob is longer than the weights of the nodes.
    WeightsLeftOver {
        /// Bytes behind the last node's weights.
        bytes: u32,
    },
    /// A parameter is outside its range.
    Parameter {
        /// The node.
        node: u32,
        /// Which one.
        name: ParameterName,
    },
    /// A requantisation multiplier is negative, or its shift outside -31 to 30.
    Multiplier {
        /// The node.
        node: u32,
        /// The output unit.
        unit: u32,
    },
    /// Some input makes an accumulator leave 32 bits.
    AccumulatorOverflow {
        /// The node.
        node: u32,
        /// The output unit.
        unit: u32,
    },
    /// Some input makes a requantised value leave 32 bits before it is clamped.
    RequantisedOverflow {
        /// The node.
        node: u32,
        /// The output unit.
        unit: u32,
    },
    /// The last node does not make numbers.
    OutputNotNumbers,
    /// One execution may cost more than allowed.
    TooCostly {
        /// Its worst case, in multiply-accumulate equivalents.
        cost: u64,
        /// The allowed cost.
        max: u64,
    },
    /// The tensors that are alive while a node runs are larger together than allowed.
    LiveTooLarge {
        /// The node.
        node: u32,
        /// Their length in bytes, its output included.
        bytes: u64,
        /// The allowed length.
        max: u32,
    },
}

/// The parameters of operators.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum ParameterName {
    /// NGramHash: which normalisation.
    Normalisation,
    /// NGramHash: smallest and largest order.
    Orders,
    /// NGramHash: logarithm of the number of buckets.
    Bits,
    /// NGramHash: code points of the normalised text.
    MaxChars,
    /// EmbeddingBag: rows of the table.
    Rows,
    /// EmbeddingBag: elements of a row, which are the output's dimension.
    Width,
    /// FullyConnected: which arithmetic.
    Rule,
    /// FullyConnected: what the weights contain.
    Flags,
    /// FullyConnected: inputs per unit.
    Depth,
    /// FullyConnected and Add: the input value that means zero.
    InputZeroPoint,
    /// FullyConnected and Add: the output value that means zero.
    OutputZeroPoint,
    /// FullyConnected, Clamp and Add: smallest and largest output.
    Clamp,
    /// Concat: the dimension along which the inputs are joined.
    Axis,
    /// Add: multipliers and exponents.
    Factors,
}

/// An input that does not fit the graph.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum InputError {
    /// The text is longer than the graph takes.
    TooLong {
        /// Its length in bytes.
        len: u64,
        /// The greatest length.
        max: u32,
    },
    /// The tensor does not have the graph's length.
    WrongLength {
        /// The length the graph takes, in bytes.
        expected: u32,
        /// What was given.
        found: u64,
    },
    /// The text is not UTF-8.
    NotUtf8 {
        /// The first byte that is wrong.
        at: u32,
    },
}

/// A run that gave no output.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum RunError {
    /// The input does not fit.
    Input(InputError),
    /// The graph's bytes were loaded without ever having been validated.
    NotValidated {
        /// The node that could not run.
        node: u32,
    },
}

impl From<InputError> for RunError {
    fn from(error: InputError) -> Self {
        Self::Input(error)
    }
}

impl core::error::Error for GraphError {}
impl core::error::Error for InputError {}
impl core::error::Error for RunError {}
