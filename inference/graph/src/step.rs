//! One node, executed alone: the one-step fraud proof.
//!
//! A trace names the digest of every node's output. Two runs that differ have a first node whose digests differ, and all
//! that it reads are digests which both agree on. Whoever has the [`Skeleton`] and the node's digest checks that
//! [`node_digest`] of the given weights is that digest and that the given inputs have the digests of the trace (tensor 0:
//! the task's input itself), calls [`execute()`], and knows by the digest of what comes out who is right.
//!
//! With the weights and inputs of a validated graph, the bits are those of
//! [`Graph::run_traced`](crate::Graph::run_traced). Of other weights or inputs, whose accumulators may not fit 32 bits, the
//! numbers wrap around, natively as in wasm, and ids beyond an embedding's table add nothing: every step of the right
//! lengths has one result, and no bytes make it panic.

use alloc::vec::Vec;

use codec::{Decode, DecodeWithMemTracking, Encode};
use scale_info::TypeInfo;
use sp_crypto_hashing::blake2_256;

use crate::{
    execute,
    node::{Definition, Node, Weights},
    operator::Operator,
    reader::Reader,
    table::Table,
    value::Value,
    Graph, Skeleton, StepError,
};

/// What a challenger brings: everything but the skeleton.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct Proof {
    /// The node, numbered from 1: its output's digest is entry `node - 1` of a trace.
    pub node: u32,
    /// Its weights.
    pub weights: Vec<u8>,
    /// The bytes of the tensors that it reads, in the order of its record; tensor 0 as the requester gave it.
    pub inputs: Vec<Vec<u8>>,
}

impl Proof {
    /// Length of weights and inputs.
    pub fn bytes(&self) -> u64 {
        let inputs = self.inputs.iter().map(|input| input.len() as u64);
        inputs.fold(self.weights.len() as u64, u64::saturating_add)
    }

    /// The bytes of the node's output.
    pub fn execute(&self, skeleton: &Skeleton<'_>) -> Result<Vec<u8>, StepError> {
        let inputs: Vec<&[u8]> = self.inputs.iter().map(Vec::as_slice).collect();
        execute(skeleton, self.node, &self.weights, &inputs)
    }
}

/// The digest of a node.
pub fn node_digest(record: &[u8], weights: &[u8]) -> [u8; 32] {
    if weights.is_empty() {
        return blake2_256(record);
    }
    blake2_256(&[record, weights].concat())
}

/// Executes the node of this number, counted from 1, on the bytes of the tensors it reads: the task's input as the
/// requester gave it, or the bytes of another node's output. Gives the bytes of its output, whose `blake2_256` is its
/// entry in a trace.
///
/// Work and memory are those of the node: [`Skeleton::check_steps`] bounds them once for all nodes.
pub fn execute(
    skeleton: &Skeleton<'_>,
    node: u32,
    weights: &[u8],
    inputs: &[&[u8]],
) -> Result<Vec<u8>, StepError> {
    let table = &skeleton.table;
    let found = find(table, node)?;
    if weights.len() as u64 != u64::from(found.weights_len()) {
        return Err(StepError::WeightsLength {
            expected: found.weights_len(),
            found: weights.len() as u64,
        });
    }
    if inputs.len() != found.inputs.len() {
        return Err(StepError::InputCount {
            expected: found.inputs.len() as u32,
            found: inputs.len() as u64,
        });
    }
    let tensors = found.reads().zip(inputs);
    let mut values = tensors
        .map(|(tensor, bytes)| read(table, tensor, bytes))
        .collect::<Result<Vec<_>, _>>()?;

    let broken = StepError::NotValidated { node };
    let operator = with_weights(table, node, found, weights)?;
    let output = if operator.combines() {
        operator.combine(&values.iter().collect::<Vec<_>>())
    } else {
        operator.apply(values.pop().ok_or(broken)?)
    };
    Ok(output.ok_or(broken)?.into_bytes())
}

/// Runs the graph up to the node of this number, counted from 1, and gives what it takes to execute that node alone. A node that reads
/// the graph's input alone needs no run: it can be proven that nobody can read an input.
pub fn prove(graph: &Graph<'_>, input: &[u8], node: u32) -> Result<Proof, StepError> {
    let found = find(&graph.table, node)?;
    let before = graph.table.nodes.get(..node.saturating_sub(1) as usize);
    let mut read: Vec<(u32, Vec<u8>)> = Vec::new();
    if found.reads().any(|tensor| tensor > 0) {
        execute::walk(&graph.table, before.unwrap_or_default(), input, |made, value| {
            if found.reads().any(|tensor| tensor == made) {
                read.push((made, value.bytes().into_owned()));
            }
        })?;
    }
    let bytes_of = |tensor: u32| match tensor {
        0 => Some(input.to_vec()),
        _ => read
            .iter()
            .find(|(made, _)| *made == tensor)
            .map(|(_, bytes)| bytes.clone()),
    };
    let inputs = found.reads().map(bytes_of).collect::<Option<_>>();
    Ok(Proof {
        node,
        weights: found.weights.to_vec(),
        inputs: inputs.ok_or(StepError::NotValidated { node })?,
    })
}

fn find<'t, 'a>(table: &'t Table<'a>, node: u32) -> Result<&'t Node<'a>, StepError> {
    table.node(node).ok_or(StepError::NoSuchNode {
        node,
        nodes: table.nodes.len() as u32,
    })
}

fn read<'v>(table: &Table<'_>, tensor: u32, bytes: &'v [u8]) -> Result<Value<'v>, StepError> {
    let value = match table.tensors().get(tensor) {
        Some(spec) if tensor > 0 => Value::read(&spec, bytes),
        _ => Value::enter(&table.input, bytes),
    };
    value.map_err(|error| StepError::Input { tensor, error })
}

/// The node's operator, which in a skeleton has no weights, with these.
fn with_weights<'w>(
    table: &Table<'w>,
    number: u32,
    node: &Node<'w>,
    weights: &'w [u8],
) -> Result<Operator<'w>, StepError> {
    let broken = StepError::NotValidated { node: number };
    let tensors = table.tensors();
    let first = node.reads().next().and_then(|tensor| tensors.get(tensor));
    Operator::parse(
        node.code(),
        Definition {
            node: number,
            parameters: Reader::new(node.parameters()),
            weights: Weights {
                len: node.weights_len(),
                bytes: weights,
            },
            input: first.ok_or(broken)?,
            inputs: node.inputs,
            tensors,
            output: node.output,
        },
    )
    .map_err(|_| broken)
}
