//! Running a graph, node by node.

use alloc::{borrow::Cow, vec::Vec};

use sp_crypto_hashing::blake2_256;

use crate::{
    live::Live,
    node::Node,
    operator::{ArgMax, Clamp, FullyConnected, Operator},
    table::Table,
    value::Value,
    InputError, InputSpec, RunError,
};

/// The digest of every node's output, in order.
pub type Trace = Vec<[u8; 32]>;

pub(crate) fn check_input(spec: &InputSpec, input: &[u8]) -> Result<(), InputError> {
    match (spec, input.len() as u64) {
        // A tensor's conversion cannot fail, so it need not be made.
        (InputSpec::Tensor { len, .. }, found) if found == u64::from(*len) => Ok(()),
        _ => Value::enter(spec, input).map(|_| ()),
    }
}

/// The output, without a trace.
pub(crate) fn run(table: &Table<'_>, input: &[u8]) -> Result<Vec<u8>, RunError> {
    if table.is_chain {
        run_chain(table, input)
    } else {
        output(table, walk(table, &table.nodes, input, |_, _| {})?)
    }
}

/// The same where every node reads the tensor before it. N-grams that go straight into an embedding bag are summed as they
/// are hashed.
fn run_chain(table: &Table<'_>, input: &[u8]) -> Result<Vec<u8>, RunError> {
    let mut value = Value::enter(&table.input, input)?;
    let mut number = 0u32;
    let mut rest = table.nodes.as_slice();
    while let [node, after @ ..] = rest {
        number = number.saturating_add(1);
        rest = after;
        value = match (&node.operator, after, value) {
            (Operator::NGramHash(hash), [next, after @ ..], Value::Text(text)) => match &next.operator {
                Operator::EmbeddingBag(bag) => {
                    number = number.saturating_add(1);
                    rest = after;
                    Value::Int32(Cow::Owned(bag.sum(&hash.hash(text))))
                }
                _ => Value::Ids(Cow::Owned(hash.hash(text).ids())),
            },
            (operator, _, value) => operator
                .apply(value)
                .ok_or(RunError::NotValidated { node: number })?,
        };
    }
    output(table, Some(value))
}

/// The output; `visit` sees every node's number and the bytes of its output.
pub(crate) fn run_with(
    table: &Table<'_>,
    input: &[u8],
    mut visit: impl FnMut(u32, &[u8]),
) -> Result<Vec<u8>, RunError> {
    let last = walk(table, &table.nodes, input, |number, value| {
        visit(number, &value.bytes())
    })?;
    output(table, last)
}

/// The output, with the digest of every node's output.
pub(crate) fn run_traced(table: &Table<'_>, input: &[u8]) -> Result<(Vec<u8>, Trace), RunError> {
    let mut trace = Vec::with_capacity(table.nodes.len());
    let output = run_with(table, input, |_, bytes| trace.push(blake2_256(bytes)))?;
    Ok((output, trace))
}

/// Runs the first nodes of the table, one by one. The tensor that the last of them makes.
pub(crate) fn walk<'v>(
    table: &Table<'_>,
    nodes: &[Node<'_>],
    input: &'v [u8],
    mut visit: impl FnMut(u32, &Value<'v>),
) -> Result<Option<Value<'v>>, RunError> {
    let mut live = Live::new(table, Value::enter(&table.input, input)?);
    let mut number = 0u32;
    for node in nodes {
        number = number.saturating_add(1);
        let value = live
            .run(node, number)
            .ok_or(RunError::NotValidated { node: number })?;
        visit(number, &value);
        live.put(number, value);
    }
    Ok(live.take(number))
}

fn output(table: &Table<'_>, value: Option<Value<'_>>) -> Result<Vec<u8>, RunError> {
    match value {
        Some(value @ (Value::Int8(_) | Value::Int32(_))) => Ok(value.into_bytes()),
        _ => Err(RunError::NotValidated {
            node: table.nodes.len() as u32,
        }),
    }
}

impl Operator<'_> {
    /// What it makes of one tensor. `None` if it cannot read this one, which the parser rules out.
    pub(crate) fn apply<'v>(&self, value: Value<'v>) -> Option<Value<'v>> {
        match (self, value) {
            (Self::NGramHash(hash), Value::Text(text)) => Some(Value::Ids(Cow::Owned(hash.hash(text).ids()))),
            (Self::EmbeddingBag(bag), Value::Ids(ids)) => Some(Value::Int32(Cow::Owned(bag.sum(&*ids)))),
            (Self::FullyConnected(layer), value) => fully_connected(layer, value),
            (Self::Reshape, value @ (Value::Int8(_) | Value::Int32(_))) => Some(value),
            (Self::Clamp(clamp), value) => clamped(clamp, value),
            (Self::ArgMax(arg_max), value) => arg_max_of(arg_max, value),
            (Self::Concat(concat), value) => concat.run(&[&value]),
            _ => None,
        }
    }

    /// Whether it reads more than one tensor, maybe.
    pub(crate) fn combines(&self) -> bool {
        matches!(self, Self::Concat(_) | Self::Add(_))
    }

    /// What it makes of several tensors.
    pub(crate) fn combine<'v>(&self, inputs: &[&Value<'_>]) -> Option<Value<'v>> {
        match self {
            Self::Concat(concat) => concat.run(inputs),
            Self::Add(add) => Some(Value::Int8(Cow::Owned(add.run(inputs)?))),
            _ => None,
        }
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
        None => Value::Int32(Cow::Owned(sums)),
    })
}

fn clamped<'v>(clamp: &Clamp, value: Value<'v>) -> Option<Value<'v>> {
    match value {
        Value::Int8(x) => Some(Value::Int8(
            x.iter().map(|x| clamp.apply(i32::from(*x as i8)) as u8).collect(),
        )),
        Value::Int32(mut x) => {
            for x in x.to_mut() {
                *x = clamp.apply(*x);
            }
            Some(Value::Int32(x))
        }
        _ => None,
    }
}

fn arg_max_of<'v>(arg_max: &ArgMax, value: Value<'v>) -> Option<Value<'v>> {
    let made = match value {
        Value::Int8(x) => arg_max.run(&x, |x| i32::from(x as i8)),
        Value::Int32(x) => arg_max.run(&x, |x| x),
        _ => return None,
    };
    Some(Value::Int32(Cow::Owned(made)))
}
