//! A graph without its weights: what a chain keeps of a model that is too large for it.
//!
//! The skeleton of a graph is its header and its node table, as they are: some kilobytes of a model of megabytes. With the
//! node digests, which bind the weights, it is all that [`step::execute`](crate::step::execute) needs.

use alloc::vec::Vec;

use crate::{
    cost::{self, Inputs},
    header::Form,
    table::Table,
    tile::Size,
    Graph, GraphError, InputError, InputSpec, Limits, OutputSpec, TileError, TileLimits,
};

/// A well-formed header and table. Everything about the graph is checked but what its weights are: an accumulator of a
/// node whose weights nobody validated may wrap around.
#[derive(Clone, Debug)]
pub struct Skeleton<'a> {
    bytes: &'a [u8],
    pub(crate) table: Table<'a>,
}

/// A tensor that a node reads or makes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TensorBytes {
    /// Its number; 0 is the task's input, and tensor *i* is the output of node *i*.
    pub tensor: u32,
    /// Its length, for text and ids the greatest.
    pub max_bytes: u32,
}

/// What executing one node alone takes and gives.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NodeSpec<'a> {
    /// The node's record, which its digest covers together with its weights.
    pub record: &'a [u8],
    /// The tensors it reads, in order.
    pub inputs: Vec<TensorBytes>,
    /// What it makes.
    pub output: TensorBytes,
    /// Exact length of its weights.
    pub weights_bytes: u32,
    /// Worst-case cost of [`step::execute`](crate::step::execute), in multiply-accumulate equivalents.
    pub cost: u64,
}

impl<'a> NodeSpec<'a> {
    pub(crate) fn of(table: &Table<'a>, number: u32) -> Option<Self> {
        let node = table.node(number)?;
        let tensors = table.tensors();
        let inputs = node.reads().map(|tensor| {
            let max_bytes = tensors.get(tensor)?.bytes();
            Some(TensorBytes { tensor, max_bytes })
        });
        let reads = Inputs::of(&table.input_tensor, &table.nodes, node, u64::MAX);
        Some(Self {
            record: node.record,
            inputs: inputs.collect::<Option<_>>()?,
            output: TensorBytes {
                tensor: number,
                max_bytes: node.output.bytes(),
            },
            weights_bytes: node.weights_len(),
            cost: cost::step_cost(&node.operator, reads),
        })
    }

    /// Greatest length of all inputs and the output together.
    pub fn io_bytes(&self) -> u64 {
        let inputs = self.inputs.iter().map(|input| u64::from(input.max_bytes));
        inputs.fold(self.output.max_bytes.into(), u64::saturating_add)
    }

    /// Greatest length of weights, inputs and output.
    pub fn bytes(&self) -> u64 {
        self.io_bytes().saturating_add(self.weights_bytes.into())
    }

    /// Worst-case cost of digesting record, weights, inputs and output in plain wasm: what checking a step takes beside
    /// executing it where the host does not help.
    pub fn digest_cost(&self) -> u64 {
        let node = (self.record.len() as u64).saturating_add(self.weights_bytes.into());
        let inputs = self
            .inputs
            .iter()
            .map(|input| cost::digest_cost(input.max_bytes.into()));
        inputs
            .fold(cost::digest_cost(node), u64::saturating_add)
            .saturating_add(cost::digest_cost(self.output.max_bytes.into()))
    }
}

impl<'a> Skeleton<'a> {
    /// Reads a skeleton's bytes. Their length is for the caller to bound.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, GraphError> {
        let table = Table::parse(bytes, Form::Skeleton)?;
        Ok(Self { bytes, table })
    }

    /// The same, for a graph that has to be within limits, the bytes of its weights included.
    pub fn validate(bytes: &'a [u8], limits: &Limits) -> Result<Self, GraphError> {
        let table = Table::parse_within(bytes, Form::Skeleton, limits)?;
        Ok(Self { bytes, table })
    }

    /// The bytes of a graph's skeleton.
    pub fn of(graph: &Graph<'a>) -> &'a [u8] {
        let weights = graph.table.nodes.iter().map(|node| node.weights_len());
        let weights = weights.fold(0u32, u32::saturating_add);
        let length = graph.bytes.len().saturating_sub(weights as usize);
        graph.bytes.get(..length).unwrap_or_default()
    }

    /// Whether every node can be executed alone within these limits; the error is that of the first which cannot.
    pub fn check_steps(&self, limits: TileLimits) -> Result<(), TileError> {
        let specs = (1..=self.nodes()).filter_map(|number| Some((number, self.node(number)?)));
        let mut refusals = specs.filter_map(|(number, spec)| Size::of(&spec).refusal(number, limits));
        refusals.next().map_or(Ok(()), Err)
    }

    /// What goes in.
    pub fn input(&self) -> InputSpec {
        self.table.input
    }

    /// What comes out.
    pub fn output(&self) -> OutputSpec {
        self.table.output
    }

    /// Number of nodes, which is also the length of a trace.
    pub fn nodes(&self) -> u32 {
        self.table.nodes.len() as u32
    }

    /// Length of the whole graph.
    pub fn graph_bytes(&self) -> u64 {
        self.table.graph_bytes
    }

    /// Length of all weights.
    pub fn weights_bytes(&self) -> u64 {
        self.table.graph_bytes.saturating_sub(self.bytes.len() as u64)
    }

    /// Worst-case cost of running the graph over all inputs, in multiply-accumulate equivalents.
    pub fn cost(&self) -> u64 {
        self.table.cost_of(u64::MAX)
    }

    /// Upper bound of the cost of running the graph on an input of this many bytes.
    pub fn cost_of(&self, input_len: usize) -> u64 {
        self.table.cost_of(input_len as u64)
    }

    /// Whether a run would take this input.
    pub fn check_input(&self, input: &[u8]) -> Result<(), InputError> {
        crate::execute::check_input(&self.table.input, input)
    }

    /// The node of this number, counted from 1.
    pub fn node(&self, number: u32) -> Option<NodeSpec<'a>> {
        NodeSpec::of(&self.table, number)
    }

    /// The bytes this was read from.
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The digest of the skeleton.
    pub fn digest(&self) -> [u8; 32] {
        sp_crypto_hashing::blake2_256(self.bytes)
    }
}
