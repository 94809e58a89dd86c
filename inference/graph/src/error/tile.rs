//! Why a graph cannot be cut into steps of a given size.

use core::fmt;

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

use super::GraphError;

/// A node that exceeds a limit and cannot be cut any further, or a graph that is none.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum TileError {
    /// The bytes are not a graph.
    Graph(GraphError),
    /// The smallest piece of a node's weights is longer than allowed.
    WeightsTooLarge {
        /// The node, as the graph came.
        node: u32,
        /// Length of the piece in bytes.
        bytes: u64,
        /// The allowed length.
        max: u32,
    },
    /// The smallest piece of a node costs more than allowed.
    TooCostly {
        /// The node, as the graph came.
        node: u32,
        /// What the piece costs, in multiply-accumulate equivalents.
        cost: u64,
        /// The allowed cost.
        max: u64,
    },
    /// The inputs and the output of a node's smallest piece, or of what joins its pieces, are longer than allowed.
    TensorsTooLarge {
        /// The node, as the graph came.
        node: u32,
        /// Their length in bytes.
        bytes: u64,
        /// The allowed length.
        max: u32,
    },
    /// In pieces the graph has more nodes than the format allows.
    TooManyNodes {
        /// How many there are at least.
        nodes: u32,
        /// How many are allowed.
        max: u32,
    },
}

impl From<GraphError> for TileError {
    fn from(error: GraphError) -> Self {
        Self::Graph(error)
    }
}

impl fmt::Display for TileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Graph(error) => error.fmt(f),
            Self::WeightsTooLarge { node, bytes, max } => {
                write!(
                    f,
                    "Node {node} cannot be cut below {bytes} bytes of weights, {max} are allowed. Use a smaller layer."
                )
            }
            Self::TooCostly { node, cost, max } => {
                write!(
                    f,
                    "Node {node} cannot be cut below a cost of {cost}, {max} is allowed. Use a smaller batch."
                )
            }
            Self::TensorsTooLarge { node, bytes, max } => {
                write!(
                    f,
                    "Node {node} reads and makes at least {bytes} bytes, {max} are allowed. Use smaller tensors."
                )
            }
            Self::TooManyNodes { nodes, max } => {
                write!(
                    f,
                    "In pieces the graph has at least {nodes} nodes, {max} are allowed. Allow larger steps."
                )
            }
        }
    }
}

impl core::error::Error for TileError {}
