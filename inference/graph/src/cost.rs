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
/// Finding one piece of one input of a concatenation and copying it, apart from its elements.
const PER_PIECE: u64 = 16;
/// Scaling one element of one addend, and its part in scaling the sum.
const PER_ADDEND: u64 = 6;
/// Hashing one byte of a node's output, which only a traced run does.
pub const COST_PER_DIGEST_BYTE: u64 = 8;

/// Upper bound of the cost of a run for an input of `input_len` bytes.
pub(crate) fn cost_of(input: &TensorSpec, nodes: &[Node<'_>], input_len: u64) -> u64 {
    let entering = input_len.min(input.elements().into()).saturating_mul(PER_ELEMENT);
    nodes.iter().fold(entering, |total, node| {
        let inputs = Inputs::of(input, nodes, node, input_len);
        total.saturating_add(operator_cost(&node.operator, inputs))
    })
}

/// The cost of digesting every node's output.
pub(crate) fn trace_cost_of(input: &TensorSpec, nodes: &[Node<'_>], input_len: u64) -> u64 {
    nodes.iter().fold(0u64, |total, node| {
        let bytes = output_size(input, node, input_len).saturating_mul(node.output.element_bytes().into());
        total.saturating_add(digest_cost(bytes))
    })
}

/// The cost of digesting so many bytes. BLAKE2 works on blocks of 128.
pub(crate) fn digest_cost(bytes: u64) -> u64 {
    let blocks = bytes.div_ceil(128).max(1);
    blocks.saturating_mul(128).saturating_mul(COST_PER_DIGEST_BYTE)
}

/// Worst-case cost of executing a node alone, on inputs of so many elements that have to be read from bytes first.
pub(crate) fn step_cost(operator: &Operator<'_>, inputs: Inputs) -> u64 {
    inputs
        .elements
        .saturating_mul(PER_ELEMENT)
        .saturating_add(operator_cost(operator, inputs))
}

/// How much an operator reads.
#[derive(Clone, Copy)]
pub(crate) struct Inputs {
    pub(crate) tensors: u64,
    pub(crate) elements: u64,
}

impl Inputs {
    /// What a node reads of a graph whose input has `input_len` bytes.
    pub(crate) fn of(input: &TensorSpec, nodes: &[Node<'_>], node: &Node<'_>, input_len: u64) -> Self {
        let size = |tensor: u32| match tensor.checked_sub(1) {
            None => input_len.min(input.elements().into()),
            Some(maker) => nodes
                .get(maker as usize)
                .map_or(0, |maker| output_size(input, maker, input_len)),
        };
        Self {
            tensors: node.inputs.len() as u64,
            elements: node.reads().map(size).fold(0, u64::saturating_add),
        }
    }
}

/// The greatest number of elements that a node makes. Text is only ever tensor 0, so ids are those of the input.
fn output_size(input: &TensorSpec, node: &Node<'_>, input_len: u64) -> u64 {
    match &node.operator {
        Operator::NGramHash(hash) => {
            hash.ids_of_chars(hash.chars_of_bytes(input_len.min(input.elements().into())))
        }
        _ => node.output.elements().into(),
    }
}

fn operator_cost(operator: &Operator<'_>, inputs: Inputs) -> u64 {
    let read = inputs.elements;
    let work = match operator {
        Operator::NGramHash(hash) => {
            let chars = hash.chars_of_bytes(read);
            let ngrams = hash.steps_of_chars(chars);
            read.saturating_mul(PER_TEXT_BYTE)
                .saturating_add(chars.saturating_mul(PER_CHAR))
                .saturating_add(ngrams.saturating_mul(PER_NGRAM))
        }
        Operator::EmbeddingBag(bag) => read.saturating_mul(bag.row_cost()),
        Operator::FullyConnected(layer) => {
            let (multiplications, outputs) = layer.work();
            let rescaled = if layer.is_rescaled() { PER_RESCALED } else { 0 };
            read.saturating_mul(PER_ELEMENT)
                .saturating_add(multiplications)
                .saturating_add(outputs.saturating_mul(PER_OUTPUT.saturating_add(rescaled)))
        }
        // A reshaped tensor that others read too is copied.
        Operator::Reshape | Operator::Clamp(_) | Operator::ArgMax(_) => read.saturating_mul(PER_ELEMENT),
        Operator::Add(_) => read.saturating_mul(PER_ADDEND),
        Operator::Concat(concat) => read.saturating_mul(PER_ELEMENT).saturating_add(
            concat
                .pieces()
                .saturating_mul(inputs.tensors)
                .saturating_mul(PER_PIECE),
        ),
    };
    PER_NODE.saturating_add(work)
}
