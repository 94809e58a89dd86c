//! Why a step could not be executed or proven.

use core::fmt;

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

use super::{InputError, RunError};

/// A node that could not be executed alone.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum StepError {
    /// The graph has no node of this number; they are numbered from 1.
    NoSuchNode {
        /// The number.
        node: u32,
        /// How many nodes there are.
        nodes: u32,
    },
    /// The weights are not as long as the node's record says.
    WeightsLength {
        /// What the record says.
        expected: u32,
        /// What was given.
        found: u64,
    },
    /// There are fewer or more inputs than the node reads.
    InputCount {
        /// How many it reads.
        expected: u32,
        /// How many were given.
        found: u64,
    },
    /// An input does not fit the tensor that the node reads in its place.
    Input {
        /// The tensor; 0 is the task's input.
        tensor: u32,
        /// What is wrong.
        error: InputError,
    },
    /// The graph's bytes were loaded without ever having been validated.
    NotValidated {
        /// The node that could not run.
        node: u32,
    },
}

impl From<RunError> for StepError {
    fn from(error: RunError) -> Self {
        match error {
            RunError::Input(error) => Self::Input { tensor: 0, error },
            RunError::NotValidated { node } => Self::NotValidated { node },
        }
    }
}

impl fmt::Display for StepError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSuchNode { node, nodes } => {
                write!(
                    f,
                    "There is no node {node}. Name one from 1 to {nodes}, as trace entries are counted."
                )
            }
            Self::WeightsLength { expected, found } => {
                write!(
                    f,
                    "The weights have {found} bytes, the node has {expected}. Bring the node's part of the graph."
                )
            }
            Self::InputCount { expected, found } => {
                write!(
                    f,
                    "There are {found} inputs, the node reads {expected}. Bring them in the order of its record."
                )
            }
            Self::Input { tensor, error } => write!(f, "Tensor {tensor} does not fit. {error}"),
            Self::NotValidated { node } => RunError::NotValidated { node: *node }.fmt(f),
        }
    }
}

impl core::error::Error for StepError {}
