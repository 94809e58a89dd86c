//! Header and node table: everything about a graph except what its weights are.

use alloc::{vec, vec::Vec};

use crate::{
    bounds::Interval,
    cost,
    header::{Form, Header},
    node::{Node, Tensors, Weights},
    operator::Operator,
    reader::Reader,
    tensor::{Kind, TensorSpec},
    DType, GraphError, InputSpec, Limits, OutputSpec,
};

/// A well-formed header and table. In a graph the nodes have their weights, in a skeleton only the lengths of them.
#[derive(Clone, Debug)]
pub(crate) struct Table<'a> {
    pub(crate) input: InputSpec,
    pub(crate) input_tensor: TensorSpec,
    pub(crate) nodes: Vec<Node<'a>>,
    /// Every node reads the tensor before it and no other.
    pub(crate) is_chain: bool,
    pub(crate) output: OutputSpec,
    pub(crate) graph_bytes: u64,
}

impl<'a> Table<'a> {
    pub(crate) fn parse(bytes: &'a [u8], form: Form) -> Result<Self, GraphError> {
        Self::of(Header::parse(bytes, form)?)
    }

    /// Fails on a graph with too many nodes before it reads any.
    pub(crate) fn parse_within(bytes: &'a [u8], form: Form, limits: &Limits) -> Result<Self, GraphError> {
        let too_large = |bytes| GraphError::TooLarge {
            bytes,
            max: limits.max_bytes,
        };
        let found = bytes.len() as u64;
        if found > limits.max_bytes.into() {
            return Err(too_large(found));
        }
        let header = Header::parse(bytes, form)?;
        let nodes = header.nodes;
        if nodes > limits.max_nodes {
            return Err(GraphError::TooManyNodes {
                nodes,
                max: limits.max_nodes,
            });
        }
        let table = Self::of(header)?;
        if table.graph_bytes > limits.max_bytes.into() {
            return Err(too_large(table.graph_bytes));
        }
        table.check_tensors(limits.max_tensor)?;
        table.check_live(limits.max_live)?;
        let cost = table.cost_of(u64::MAX);
        if cost > limits.max_cost {
            return Err(GraphError::TooCostly {
                cost,
                max: limits.max_cost,
            });
        }
        Ok(table)
    }

    fn of(header: Header<'a>) -> Result<Self, GraphError> {
        let graph_bytes = header.graph_bytes();
        let nodes = parse_nodes(&header)?;
        let is_chain = is_chain(&nodes);
        if !is_chain {
            check_readers(&nodes)?;
        }
        let output = output_of(&nodes).ok_or(GraphError::OutputNotNumbers)?;
        Ok(Self {
            input: header.input,
            input_tensor: header.tensor,
            nodes,
            is_chain,
            output,
            graph_bytes,
        })
    }

    /// Upper bound of the cost of a run for an input of so many bytes.
    pub(crate) fn cost_of(&self, input_len: u64) -> u64 {
        cost::cost_of(&self.input_tensor, &self.nodes, input_len)
    }

    /// The node of this number, counted from 1.
    pub(crate) fn node(&self, number: u32) -> Option<&Node<'a>> {
        self.nodes.get(number.checked_sub(1)? as usize)
    }

    pub(crate) fn tensors(&self) -> Tensors<'_, 'a> {
        Tensors {
            input: self.input_tensor,
            made: &self.nodes,
        }
    }

    /// The last node that reads each tensor, by the tensor's number.
    pub(crate) fn last_readers(&self) -> Vec<u32> {
        last_readers(&self.nodes)
    }

    fn check_tensors(&self, max: u32) -> Result<(), GraphError> {
        let outputs = self.nodes.iter().map(|node| node.output.bytes());
        let sizes = core::iter::once(self.input_tensor.bytes()).chain(outputs);
        match (0u32..).zip(sizes).find(|(_, bytes)| *bytes > max) {
            Some((tensor, bytes)) => Err(GraphError::TensorTooLarge { tensor, bytes, max }),
            None => Ok(()),
        }
    }

    /// A tensor is alive from the node that makes it to the last that reads it.
    fn check_live(&self, max: u32) -> Result<(), GraphError> {
        let last_readers = self.last_readers();
        let mut live = u64::from(self.input_tensor.bytes());
        for (node, number) in self.nodes.iter().zip(1u32..) {
            live = live.saturating_add(node.output.bytes().into());
            if live > max.into() {
                return Err(GraphError::LiveTooLarge {
                    node: number,
                    bytes: live,
                    max,
                });
            }
            for tensor in node.reads_once() {
                if last_readers.get(tensor as usize) != Some(&number) {
                    continue;
                }
                let bytes = self.tensors().get(tensor).map_or(0, |spec| spec.bytes());
                live = live.saturating_sub(bytes.into());
            }
        }
        Ok(())
    }

    /// Proves from the actual weights that no accumulator leaves 32 bits.
    pub(crate) fn check_bounds(&self) -> Result<(), GraphError> {
        let mut values = Vec::with_capacity(self.nodes.len().saturating_add(1));
        values.push(match self.input_tensor.kind {
            Kind::Int8 => Interval::INT8,
            _ => Interval::NONE,
        });
        for (node, number) in self.nodes.iter().zip(1u32..) {
            let inputs = node.reads().filter_map(|tensor| values.get(tensor as usize));
            let input = inputs.copied().reduce(Interval::union).unwrap_or(Interval::NONE);
            values.push(node.operator.bounds(number, input)?);
        }
        Ok(())
    }
}

/// The weights of the nodes, one behind the other, as far as they are not taken yet.
struct Blob<'a> {
    bytes: Reader<'a>,
    offset: u32,
    left: u32,
}

impl<'a> Blob<'a> {
    fn take(&mut self, node: u32, offset: u32, len: u32) -> Result<Weights<'a>, GraphError> {
        if offset != self.offset {
            return Err(GraphError::WeightsOffset { node });
        }
        let left = self.left.checked_sub(len);
        self.left = left.ok_or(GraphError::WeightsLength { node })?;
        self.offset = self.offset.saturating_add(len);
        // A skeleton has no bytes to give.
        let bytes = self.bytes.bytes(len).unwrap_or_default();
        Ok(Weights { len, bytes })
    }
}

fn parse_nodes<'a>(header: &Header<'a>) -> Result<Vec<Node<'a>>, GraphError> {
    let mut table = Reader::new(header.table);
    let mut blob = Blob {
        bytes: Reader::new(header.weights),
        offset: 0,
        left: header.weights_len,
    };
    // A record has at least 32 bytes: a header that lies about the number of nodes reserves no memory.
    let mut nodes: Vec<Node<'a>> = Vec::with_capacity((header.nodes as usize).min(header.table.len() / 32));
    for number in 1..=header.nodes {
        let tensors = Tensors {
            input: header.tensor,
            made: &nodes,
        };
        let node = Node::parse(number, &mut table, tensors, |offset, len| {
            blob.take(number, offset, len)
        })?;
        nodes.push(node);
    }
    if !table.rest().is_empty() {
        return Err(GraphError::TableLeftOver {
            bytes: table.rest().len() as u32,
        });
    }
    if blob.left != 0 {
        return Err(GraphError::WeightsLeftOver { bytes: blob.left });
    }
    Ok(nodes)
}

fn is_chain(nodes: &[Node<'_>]) -> bool {
    (0u32..)
        .zip(nodes)
        .all(|(before, node)| node.inputs == [before.to_le_bytes()])
}

/// By tensor; 0, which is no node's number, for a tensor that nobody reads.
fn last_readers(nodes: &[Node<'_>]) -> Vec<u32> {
    let mut readers = vec![0; nodes.len().saturating_add(1)];
    for (node, number) in nodes.iter().zip(1u32..) {
        for tensor in node.reads() {
            if let Some(reader) = readers.get_mut(tensor as usize) {
                *reader = number;
            }
        }
    }
    readers
}

/// Every tensor but the output is read.
fn check_readers(nodes: &[Node<'_>]) -> Result<(), GraphError> {
    let readers = last_readers(nodes);
    let inner = (0u32..).zip(&readers).take(nodes.len());
    match inner.into_iter().find(|(_, reader)| **reader == 0) {
        Some((tensor, _)) => Err(GraphError::TensorUnused { tensor }),
        None => Ok(()),
    }
}

fn output_of(nodes: &[Node<'_>]) -> Option<OutputSpec> {
    let last = nodes.last()?;
    let dtype = match last.output.kind {
        Kind::Int8 => DType::Int8,
        Kind::Int32 => DType::Int32,
        Kind::Text | Kind::Ids => return None,
    };
    let classes = match &last.operator {
        Operator::ArgMax(arg_max) => Some(arg_max.classes()),
        _ => None,
    };
    Some(OutputSpec {
        dtype,
        elements: last.output.elements(),
        bytes: last.output.bytes(),
        classes,
    })
}
