//! The errors in words: the fact, then what to do about it.

use core::fmt;

use super::{GraphError, InputError, RunError};

impl fmt::Display for GraphError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Length { expected, found } => {
                write!(
                    f,
                    "The graph has {found} bytes, its header says {expected}. Send the file uncut."
                )
            }
            Self::Magic => write!(
                f,
                "The bytes do not begin with PGRF. Send a graph of this format."
            ),
            Self::FormatVersion { found } => {
                write!(
                    f,
                    "Format version {found} is not known here. Export the graph as version 1."
                )
            }
            Self::Reserved { node } => {
                write!(
                    f,
                    "A reserved field of node {node} (0: header) is set. Export it as zero."
                )
            }
            Self::NoNodes => write!(f, "The graph has no node. Export at least one."),
            Self::TooManyNodes { nodes, max } => {
                write!(
                    f,
                    "The graph has {nodes} nodes, {max} are allowed. Merge or drop nodes."
                )
            }
            Self::TooLarge { bytes, max } => {
                write!(
                    f,
                    "The graph has {bytes} bytes, {max} are allowed. Use a smaller model."
                )
            }
            Self::InputKind { code } => {
                write!(
                    f,
                    "Input kind {code} is not known here. Use 0 (text), 1 (int8) or 2 (uint8)."
                )
            }
            Self::InputShape => {
                write!(
                    f,
                    "The input's dimensions are no shape. Give 1 to 4, none of them zero, unused ones 0."
                )
            }
            Self::RecordLength { node } => {
                write!(
                    f,
                    "The record of node {node} has a wrong length. Export it as its operator demands."
                )
            }
            Self::TableLeftOver { bytes } => {
                write!(
                    f,
                    "{bytes} bytes follow the last node's record. Correct the table's length."
                )
            }
            Self::UnknownOperator { node, code } => {
                write!(
                    f,
                    "Node {node} uses operator {code}, which is not known here. Use a listed operator."
                )
            }
            Self::OperatorVersion { node, code, version } => {
                write!(
                    f,
                    "Node {node} uses version {version} of operator {code}. Export version 1."
                )
            }
            Self::InputCount { node } => {
                write!(
                    f,
                    "Node {node} has a wrong number of inputs. Give as many as its operator takes."
                )
            }
            Self::InputOrder { node, tensor } => {
                write!(
                    f,
                    "Node {node} reads tensor {tensor}, which is not made before it. Sort the nodes."
                )
            }
            Self::TensorUnused { tensor } => {
                write!(f, "Nothing reads tensor {tensor}. Drop the node that makes it.")
            }
            Self::InputType { node } => {
                write!(
                    f,
                    "Node {node} cannot read its input's type. Put a fitting operator before it."
                )
            }
            Self::OutputType { node } => {
                write!(
                    f,
                    "Node {node} does not make this type. Declare the type its operator makes."
                )
            }
            Self::OutputShape { node } => {
                write!(
                    f,
                    "Node {node} does not make this shape. Declare the shape its operator makes."
                )
            }
            Self::TensorTooLarge { tensor, bytes, max } => {
                write!(
                    f,
                    "Tensor {tensor} has {bytes} bytes, {max} are allowed. Use a smaller model."
                )
            }
            Self::WeightsOffset { node } => {
                write!(
                    f,
                    "The weights of node {node} leave a gap or overlap. Lay them out in node order."
                )
            }
            Self::WeightsLength { node } => {
                write!(
                    f,
                    "The weights of node {node} have a wrong length. Export what its shape demands."
                )
            }
            Self::WeightsLeftOver { bytes } => {
                write!(f, "{bytes} bytes follow the last node's weights. Cut them off.")
            }
            Self::Parameter { node, name } => {
                write!(
                    f,
                    "Node {node}: {name:?} is outside its range. See the operator in FORMAT.md."
                )
            }
            Self::Multiplier { node, unit } => {
                write!(
                    f,
                    "Node {node}, unit {unit}: no valid multiplier and shift. Export 0 <= q, -31 <= e <= 30."
                )
            }
            Self::AccumulatorOverflow { node, unit } => {
                write!(
                    f,
                    "Node {node}, unit {unit} can overflow 32 bits. Use smaller weights or inputs."
                )
            }
            Self::RequantisedOverflow { node, unit } => {
                write!(
                    f,
                    "Node {node}, unit {unit} can overflow when rescaled. Use a smaller multiplier."
                )
            }
            Self::OutputNotNumbers => {
                write!(
                    f,
                    "The last node makes no numbers. End with an operator that makes int8 or int32."
                )
            }
            Self::TooCostly { cost, max } => {
                write!(
                    f,
                    "One run may cost {cost}, {max} is allowed. Use a smaller model or shorter inputs."
                )
            }
            Self::LiveTooLarge { node, bytes, max } => {
                write!(
                    f,
                    "While node {node} runs {bytes} bytes of tensors are alive, {max} are allowed. Read them sooner."
                )
            }
        }
    }
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::TooLong { len, max } => {
                write!(f, "The text has {len} bytes, the model takes {max}. Shorten it.")
            }
            Self::WrongLength { expected, found } => {
                write!(
                    f,
                    "The input has {found} bytes, the model takes {expected}. Send exactly that many."
                )
            }
            Self::NotUtf8 { at } => {
                write!(f, "The text is not UTF-8 from byte {at} on. Encode it as UTF-8.")
            }
        }
    }
}

impl fmt::Display for RunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Input(error) => error.fmt(f),
            Self::NotValidated { node } => {
                write!(
                    f,
                    "Node {node} cannot run: the graph was never validated. Validate its bytes."
                )
            }
        }
    }
}
