//! Steps: the execution of one node of a graph, with which a wrong answer is disproven and an audited one opened.

use crate::{task::Trace, Digest};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_core::{bounded::BoundedVec, ConstU32};

/// Most bytes of a node's weights in a step: what an extrinsic of a 5 MiB block can carry beside the inputs.
pub const MAX_STEP_WEIGHTS: u32 = 2 * 1024 * 1024;
/// Most bytes of one tensor that a node reads in a step.
pub const MAX_STEP_TENSOR: u32 = 1024 * 1024;
/// Most bytes of everything in a step.
pub const MAX_STEP_BYTES: u32 = 3 * 1024 * 1024;
/// Most tensors that a node reads.
pub const MAX_STEP_INPUTS: u32 = 64;

/// Everything that executing one node needs and the chain does not have.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Step {
    /// The node's place in the trace: node *i* of the graph format is `i - 1`.
    pub node: u16,
    /// The node's weights.
    pub weights: BoundedVec<u8, ConstU32<MAX_STEP_WEIGHTS>>,
    /// The tensors it reads, in the order of its record: the task's input as it was given, else outputs of earlier nodes.
    pub inputs: BoundedVec<BoundedVec<u8, ConstU32<MAX_STEP_TENSOR>>, ConstU32<MAX_STEP_INPUTS>>,
}

impl Step {
    /// Bytes of weights and inputs.
    pub fn bytes(&self) -> u32 {
        self.inputs.iter().fold(self.weights.len() as u32, |sum, input| {
            sum.saturating_add(input.len() as u32)
        })
    }
}

/// A tensor that a node reads.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, TypeInfo)]
pub enum Reads {
    /// The task's input.
    Input,
    /// The output of an earlier node, by its place in the trace.
    Node(u16),
}

/// What the registry knows of one node.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, TypeInfo)]
pub struct NodeInfo {
    /// The tensors it reads.
    pub reads: Vec<Reads>,
    /// Its work, in multiply-accumulates.
    pub cost: u64,
    /// Bytes of its weights.
    pub weights: u32,
    /// Most bytes of the tensors it reads, together.
    pub inputs: u32,
}

/// What opening every node of a model once would take.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Steps {
    /// How many nodes there are.
    pub nodes: u16,
    /// Their work, in multiply-accumulates.
    pub cost: u64,
    /// Most bytes of their weights and of the tensors they read.
    pub bytes: u64,
}

impl Steps {
    /// With one node more.
    pub fn and(self, node: &NodeInfo) -> Self {
        let bytes = u64::from(node.weights).saturating_add(node.inputs.into());
        Self {
            nodes: self.nodes.saturating_add(1),
            cost: self.cost.saturating_add(node.cost),
            bytes: self.bytes.saturating_add(bytes),
        }
    }
}

/// What came of executing one node.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Executed {
    /// The digest of its output, as a trace names it.
    Output(Digest),
    /// The weights are not those of the model's node, or a tensor has the wrong length: whoever brought them is at fault.
    Malformed,
    /// The node reads the task's input, and cannot: it is not UTF-8, or has the wrong length. No answer to it is right.
    Unreadable,
    /// The node cannot be run on what it reads although everything fits: the model itself is broken.
    Broken,
}

/// Digest of a trace, which is all that the chain keeps of it.
pub fn trace_digest(trace: &Trace) -> Digest {
    sp_crypto_hashing::blake2_256(&trace.encode()).into()
}
