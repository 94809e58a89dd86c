//! What an execution costs, in multiply-accumulate equivalents: one int8 multiply-add of a fully connected layer in plain
//! wasm. The factors are measured ratios, rounded up; README.md has the measurement.

use crate::{node::Node, operator::Operator, tensor::TensorSpec};

/// Entering any node: dispatch and one allocation.
const PER_NODE: u64 = 200;
/// Checking, decoding and folding one byte of UTF-8.
const PER_TEXT_BYTE: u64 = 4;
/// Storing one code point and entering its n-grams.
const PER_CHAR: u64 = 6;
/// One hash step.
const PER_NGRAM: u64 = 4;
/// Setting up, storing and rescaling one output of a fully connected layer.
const PER_OUTPUT: u64 = 4;
/// The additional cost of rescaling one output to int8.
const PER_RESCALED: u64 = 10;
/// Reading and writing one element.
const PER_ELEMENT: u64 = 2;
/// Hashing one byte of a node's output, which only a traced run does.
pub const COST_PER_DIGEST_BYTE: u64 = 8;

/// The greatest number of elements of every tensor for an input of `input_len` bytes, and the cost of making it.
pub(crate) fn cost_of(input: &TensorSpec, nodes: &[Node<'_>], input_len: u64) -> u64 {
    let mut size = input_len.min(input.elements().into());
    let mut total = size.saturating_mul(PER_ELEMENT);
    for node in nodes {
        total = total
            .saturating_add(PER_NODE)
            .saturating_add(node_cost(&node.operator, size));
        size = output_size(node, size);
    }
    total
}

/// The cost of digesting every node's output.
pub(crate) fn trace_cost_of(input: &TensorSpec, nodes: &[Node<'_>], input_len: u64) -> u64 {
    let mut size = input_len.min(input.elements().into());
    let mut total = 0u64;
    for node in nodes {
        size = output_size(node, size);
        // BLAKE2 works on blocks of 128 bytes.
        let blocks = size
            .saturating_mul(node.output.element_bytes().into())
            .div_ceil(128)
            .max(1);
        total = total.saturating_add(blocks.saturating_mul(128).saturating_mul(COST_PER_DIGEST_BYTE));
    }
    total
}

fn output_size(node: &Node<'_>, input: u64) -> u64 {
    match &node.operator {
        Operator::NGramHash(hash) => hash.ids_of_chars(hash.chars_of_bytes(input)),
        _ => node.output.elements().into(),
    }
}

fn node_cost(operator: &Operator<'_>, input: u64) -> u64 {
    match operator {
        Operator::NGramHash(hash) => {
            let chars = hash.chars_of_bytes(input);
            let ngrams = hash.steps_of_chars(chars);
            input
                .saturating_mul(PER_TEXT_BYTE)
                .saturating_add(chars.saturating_mul(PER_CHAR))
                .saturating_add(ngrams.saturating_mul(PER_NGRAM))
        }
        Operator::EmbeddingBag(bag) => input.saturating_mul(bag.row_cost()),
        Operator::FullyConnected(layer) => {
            let (multiplications, outputs) = layer.work();
            let rescaled = if layer.is_rescaled() { PER_RESCALED } else { 0 };
            input
                .saturating_mul(PER_ELEMENT)
                .saturating_add(multiplications)
                .saturating_add(outputs.saturating_mul(PER_OUTPUT.saturating_add(rescaled)))
        }
        Operator::Reshape => 0,
        Operator::Clamp(_) | Operator::ArgMax(_) => input.saturating_mul(PER_ELEMENT),
    }
}
