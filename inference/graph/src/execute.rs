//! Running a graph, node by node.

use alloc::{borrow::Cow, vec::Vec};

use sp_crypto_hashing::blake2_256;

use crate::{
    node::Node,
    operator::{ArgMax, Clamp, FullyConnected, Operator},
    DType, InputError, InputSpec, RunError,
};

/// The digest of every node's output, in order.
pub type Trace = Vec<[u8; 32]>;

/// A tensor while a graph runs. Int8 stays in bytes, as it came and as it leaves.
enum Value<'v> {
    Text(&'v str),
    Ids(Vec<u32>),
    Int8(Cow<'v, [u8]>),
    Int32(Vec<i32>),
}

/// The input as tensor 0, if it fits.
fn enter<'v>(spec: &InputSpec, input: &'v [u8]) -> Result<Value<'v>, InputError> {
    let len = input.len() as u64;
    match *spec {
        InputSpec::Text { max_bytes } if len > max_bytes.into() => {
            Err(InputError::TooLong { len, max: max_bytes })
        }
        InputSpec::Text { .. } => {
            core::str::from_utf8(input)
                .map(Value::Text)
                .map_err(|error| InputError::NotUtf8 {
                    at: error.valid_up_to() as u32,
                })
        }
        InputSpec::Tensor { len: expected, .. } if len != expected.into() => {
            Err(InputError::WrongLength { expected, found: len })
        }
        InputSpec::Tensor {
            dtype: DType::UInt8, ..
        } => Ok(Value::Int8(input.iter().map(|x| x ^ 0x80).collect())),
        InputSpec::Tensor { .. } => Ok(Value::Int8(Cow::Borrowed(input))),
    }
}

pub(crate) fn check_input(spec: &InputSpec, input: &[u8]) -> Result<(), InputError> {
    match (spec, input.len() as u64) {
        // A tensor's conversion cannot fail, so it need not be made.
        (InputSpec::Tensor { len, .. }, found) if found == u64::from(*len) => Ok(()),
        _ => enter(spec, input).map(|_| ()),
    }
}

/// The output, without a trace. N-grams that go straight into an embedding bag are summed as they are hashed.
pub(crate) fn run(spec: &InputSpec, nodes: &[Node<'_>], input: &[u8]) -> Result<Vec<u8>, RunError> {
    let mut value = enter(spec, input)?;
    let mut number = 0u32;
    let mut rest = nodes;
    while let [node, after @ ..] = rest {
        number = number.saturating_add(1);
        rest = after;
        value = match (&node.operator, after, value) {
            (Operator::NGramHash(hash), [next, after @ ..], Value::Text(text)) => match &next.operator {
                Operator::EmbeddingBag(bag) => {
                    number = number.saturating_add(1);
                    rest = after;
                    Value::Int32(bag.sum(&hash.hash(text)))
                }
                _ => Value::Ids(hash.hash(text).ids()),
            },
            (operator, _, value) => step(operator, value).ok_or(RunError::NotValidated { node: number })?,
        };
    }
    value.into_bytes().ok_or(RunError::NotValidated { node: number })
}

/// The output, with the digest of every node's output.
pub(crate) fn run_traced(
    spec: &InputSpec,
    nodes: &[Node<'_>],
    input: &[u8],
) -> Result<(Vec<u8>, Trace), RunError> {
    let mut value = enter(spec, input)?;
    let mut trace = Vec::with_capacity(nodes.len());
    let mut number = 0u32;
    for node in nodes {
        number = number.saturating_add(1);
        value = step(&node.operator, value).ok_or(RunError::NotValidated { node: number })?;
        trace.push(value.digest());
    }
    let output = value
        .into_bytes()
        .ok_or(RunError::NotValidated { node: number })?;
    Ok((output, trace))
}

/// One node. `None` if the operator cannot read this value, which the parser rules out.
fn step<'v>(operator: &Operator<'_>, value: Value<'v>) -> Option<Value<'v>> {
    match (operator, value) {
        (Operator::NGramHash(hash), Value::Text(text)) => Some(Value::Ids(hash.hash(text).ids())),
        (Operator::EmbeddingBag(bag), Value::Ids(ids)) => Some(Value::Int32(bag.sum(&ids))),
        (Operator::FullyConnected(layer), value) => fully_connected(layer, value),
        (Operator::Reshape, value @ (Value::Int8(_) | Value::Int32(_))) => Some(value),
        (Operator::Clamp(clamp), value) => clamped(clamp, value),
        (Operator::ArgMax(arg_max), value) => arg_max_of(arg_max, value),
        _ => None,
    }
}

fn fully_connected<'v>(layer: &FullyConnected<'_>, value: Value<'v>) -> Option<Value<'v>> {
    let sums = match value {
        Value::Int8(x) => layer.accumulate(&layer.centred(&x)),
        Value::Int32(x) => layer.accumulate(&x),
        _ => return None,
    };
    Some(match layer.rescale(&sums) {
        Some(output) => Value::Int8(Cow::Owned(output)),
        None => Value::Int32(sums),
    })
}

fn clamped<'v>(clamp: &Clamp, value: Value<'v>) -> Option<Value<'v>> {
    match value {
        Value::Int8(x) => Some(Value::Int8(
            x.iter().map(|x| clamp.apply(i32::from(*x as i8)) as u8).collect(),
        )),
        Value::Int32(mut x) => {
            for x in &mut x {
                *x = clamp.apply(*x);
            }
            Some(Value::Int32(x))
        }
        _ => None,
    }
}

fn arg_max_of<'v>(arg_max: &ArgMax, value: Value<'v>) -> Option<Value<'v>> {
    match value {
        Value::Int8(x) => Some(Value::Int32(arg_max.run(&x, |x| i32::from(x as i8)))),
        Value::Int32(x) => Some(Value::Int32(arg_max.run(&x, |x| x))),
        _ => None,
    }
}

impl Value<'_> {
    fn digest(&self) -> [u8; 32] {
        match self {
            Self::Text(text) => blake2_256(text.as_bytes()),
            Self::Ids(ids) => blake2_256(&ids.iter().flat_map(|id| id.to_le_bytes()).collect::<Vec<u8>>()),
            Self::Int8(x) => blake2_256(x),
            Self::Int32(x) => blake2_256(&little_endian(x)),
        }
    }

    fn into_bytes(self) -> Option<Vec<u8>> {
        match self {
            Self::Int8(x) => Some(x.into_owned()),
            Self::Int32(x) => Some(little_endian(&x)),
            Self::Text(_) | Self::Ids(_) => None,
        }
    }
}

fn little_endian(values: &[i32]) -> Vec<u8> {
    values.iter().flat_map(|x| x.to_le_bytes()).collect()
}
