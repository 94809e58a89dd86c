//! Small graphs to damage, and how to damage them.
#![allow(dead_code)]

use codec::{Decode, Encode};
use pensum_graph::{
    builder::{tensor_classifier, FullyConnected, GraphBuilder, NGrams, Scales},
    Graph, GraphError, Limits, ParameterName,
};

pub const NGRAMS: NGrams = NGrams {
    lo: 1,
    hi: 2,
    bits: 3,
    max_chars: 10,
};
/// Where the first node's record begins, and where its parameters do.
pub const RECORD: usize = 40;
pub const PARAMETERS: usize = RECORD + 36;
/// Length of the record of an operator without parameters.
pub const PLAIN: usize = 36;

pub fn error(bytes: &[u8]) -> GraphError {
    let found = Graph::validate(bytes, &Limits::default()).unwrap_err();
    assert!(found.to_string().ends_with('.'));
    assert_eq!(GraphError::decode(&mut &found.encode()[..]), Ok(found));
    found
}

/// Also what `load` says: the error needs no look at the weights.
pub fn structural(bytes: &[u8]) -> GraphError {
    let found = error(bytes);
    assert_eq!(Graph::load(bytes).map(|_| ()), Err(found));
    found
}

pub fn patched(bytes: &[u8], at: usize, new: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes[at..at + new.len()].copy_from_slice(new);
    bytes
}

pub fn classifier() -> Vec<u8> {
    tensor_classifier(2, &[1, 0, 0, 1], &[0, 5])
}

pub fn text() -> Vec<u8> {
    GraphBuilder::text(64)
        .ngram_hash(NGRAMS)
        .embedding_bag(&[1; 16], 2)
        .build()
}

pub fn clamp() -> Vec<u8> {
    GraphBuilder::int8(&[4]).clamp(-1, 1).build()
}

pub fn layer(weights: &[i8], bias: Option<&[i32]>, scales: Scales<'_>) -> Vec<u8> {
    let layer = FullyConnected {
        weights,
        units: 2,
        bias,
        scales,
        input_zero_point: 0,
        output_zero_point: 0,
        clamp: (-128, 127),
    };
    GraphBuilder::int8(&[2]).fully_connected(&layer).build()
}

pub fn fixed_point(scale: (i32, i8)) -> Vec<u8> {
    layer(&[1, 2, 3, 4], None, Scales::FixedPoint(&[scale]))
}

pub fn parameter(node: u32, name: ParameterName) -> GraphError {
    GraphError::Parameter { node, name }
}
