//! A graph, seen through its bytes.

use alloc::vec::Vec;

use crate::{
    cost, execute, header::Form, step::node_digest, table::Table, GraphError, InputError, InputSpec, Limits,
    OutputSpec, RunError, Trace,
};

/// A well-formed graph. The weights stay where they are: this borrows the bytes.
#[derive(Clone, Debug)]
pub struct Graph<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) table: Table<'a>,
}

impl<'a> Graph<'a> {
    /// Proves that the bytes are a graph within `limits` and that no input can make an execution overflow 32 bits or
    /// cost more than [`cost`](Self::cost). Reads every weight.
    pub fn validate(bytes: &'a [u8], limits: &Limits) -> Result<Self, GraphError> {
        let table = Table::parse_within(bytes, Form::Graph, limits)?;
        table.check_bounds()?;
        Ok(Self { bytes, table })
    }

    /// Reads header and table of bytes that [`validate`](Self::validate) accepted before, without looking at the
    /// weights. Of bytes that it never saw, a run may give wrapped numbers or cost anything, but nothing worse.
    pub fn load(bytes: &'a [u8]) -> Result<Self, GraphError> {
        let table = Table::parse(bytes, Form::Graph)?;
        Ok(Self { bytes, table })
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

    /// Whether a run would take this input.
    pub fn check_input(&self, input: &[u8]) -> Result<(), InputError> {
        execute::check_input(&self.table.input, input)
    }

    /// Worst-case cost of [`run`](Self::run) over all inputs, in multiply-accumulate equivalents.
    pub fn cost(&self) -> u64 {
        self.table.cost_of(u64::MAX)
    }

    /// Upper bound of the cost of [`run`](Self::run) for an input of this many bytes.
    pub fn cost_of(&self, input_len: usize) -> u64 {
        self.table.cost_of(input_len as u64)
    }

    /// What [`run_traced`](Self::run_traced) costs beyond [`run`](Self::run), for an input of this many bytes.
    pub fn trace_cost_of(&self, input_len: usize) -> u64 {
        cost::trace_cost_of(&self.table.input_tensor, &self.table.nodes, input_len as u64)
    }

    /// The output's bytes for this input: int8 as it is, int32 little endian.
    pub fn run(&self, input: &[u8]) -> Result<Vec<u8>, RunError> {
        execute::run(&self.table, input)
    }

    /// The output's bytes and the digest of every node's output.
    pub fn run_traced(&self, input: &[u8]) -> Result<(Vec<u8>, Trace), RunError> {
        execute::run_traced(&self.table, input)
    }

    /// The output's bytes; `visit` sees the number of every node, from 1, and its output's bytes, in order. They are
    /// those that a trace has the digests of and that [`step::execute`](crate::step::execute) takes as inputs.
    pub fn run_with(&self, input: &[u8], visit: impl FnMut(u32, &[u8])) -> Result<Vec<u8>, RunError> {
        execute::run_with(&self.table, input, visit)
    }

    /// The digest of every node: its record and its weights.
    pub fn node_digests(&self) -> Vec<[u8; 32]> {
        let nodes = self.table.nodes.iter();
        nodes.map(|node| node_digest(node.record, node.weights)).collect()
    }

    /// The digest of the whole graph.
    pub fn digest(&self) -> [u8; 32] {
        sp_crypto_hashing::blake2_256(self.bytes)
    }
}
