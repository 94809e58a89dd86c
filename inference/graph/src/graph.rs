//! A graph, seen through its bytes.

use alloc::vec::Vec;

use sp_crypto_hashing::blake2_256;

use crate::{
    bounds::Interval,
    cost, execute,
    header::Header,
    node::{parse_nodes, Node},
    operator::Operator,
    tensor::{Kind, TensorSpec},
    DType, GraphError, InputError, InputSpec, Limits, OutputSpec, RunError, Trace,
};

/// A well-formed graph. The weights stay where they are: this borrows the bytes.
#[derive(Clone, Debug)]
pub struct Graph<'a> {
    bytes: &'a [u8],
    input: InputSpec,
    input_tensor: TensorSpec,
    nodes: Vec<Node<'a>>,
    output: OutputSpec,
    cost: u64,
}

impl<'a> Graph<'a> {
    /// Proves that the bytes are a graph within `limits` and that no input can make an execution overflow 32 bits or
    /// cost more than [`cost`](Self::cost). Reads every weight.
    pub fn validate(bytes: &'a [u8], limits: &Limits) -> Result<Self, GraphError> {
        if bytes.len() as u64 > limits.max_bytes.into() {
            return Err(GraphError::TooLarge {
                bytes: bytes.len() as u64,
                max: limits.max_bytes,
            });
        }
        let header = Header::parse(bytes)?;
        if header.nodes > limits.max_nodes {
            return Err(GraphError::TooManyNodes {
                nodes: header.nodes,
                max: limits.max_nodes,
            });
        }
        let graph = Self::of(bytes, header)?;
        graph.check_tensors(limits.max_tensor)?;
        if graph.cost > limits.max_cost {
            return Err(GraphError::TooCostly {
                cost: graph.cost,
                max: limits.max_cost,
            });
        }
        graph.check_bounds()?;
        Ok(graph)
    }

    /// Reads header and table of bytes that [`validate`](Self::validate) accepted before, without looking at the
    /// weights. Of bytes that it never saw, a run may give wrapped numbers or cost anything, but nothing worse.
    pub fn load(bytes: &'a [u8]) -> Result<Self, GraphError> {
        Self::of(bytes, Header::parse(bytes)?)
    }

    fn of(bytes: &'a [u8], header: Header<'a>) -> Result<Self, GraphError> {
        let nodes = parse_nodes(&header)?;
        let output = output_of(&nodes).ok_or(GraphError::OutputNotNumbers)?;
        let cost = cost::cost_of(&header.tensor, &nodes, u64::MAX);
        Ok(Self {
            bytes,
            input: header.input,
            input_tensor: header.tensor,
            nodes,
            output,
            cost,
        })
    }

    fn check_tensors(&self, max: u32) -> Result<(), GraphError> {
        let outputs = self.nodes.iter().map(|node| node.output.bytes());
        let sizes = core::iter::once(self.input_tensor.bytes()).chain(outputs);
        match (0u32..).zip(sizes).find(|(_, bytes)| *bytes > max) {
            Some((tensor, bytes)) => Err(GraphError::TensorTooLarge { tensor, bytes, max }),
            None => Ok(()),
        }
    }

    fn check_bounds(&self) -> Result<(), GraphError> {
        let mut values = match self.input_tensor.kind {
            Kind::Int8 => Interval::INT8,
            _ => Interval::NONE,
        };
        for (node, number) in self.nodes.iter().zip(1u32..) {
            values = node.operator.bounds(number, values)?;
        }
        Ok(())
    }

    /// What goes in.
    pub fn input(&self) -> InputSpec {
        self.input
    }

    /// What comes out.
    pub fn output(&self) -> OutputSpec {
        self.output
    }

    /// Number of nodes, which is also the length of a trace.
    pub fn nodes(&self) -> u32 {
        self.nodes.len() as u32
    }

    /// Whether a run would take this input.
    pub fn check_input(&self, input: &[u8]) -> Result<(), InputError> {
        execute::check_input(&self.input, input)
    }

    /// Worst-case cost of [`run`](Self::run) over all inputs, in multiply-accumulate equivalents.
    pub fn cost(&self) -> u64 {
        self.cost
    }

    /// Upper bound of the cost of [`run`](Self::run) for an input of this many bytes.
    pub fn cost_of(&self, input_len: usize) -> u64 {
        cost::cost_of(&self.input_tensor, &self.nodes, input_len as u64)
    }

    /// What [`run_traced`](Self::run_traced) costs beyond [`run`](Self::run), for an input of this many bytes.
    pub fn trace_cost_of(&self, input_len: usize) -> u64 {
        cost::trace_cost_of(&self.input_tensor, &self.nodes, input_len as u64)
    }

    /// The output's bytes for this input: int8 as it is, int32 little endian.
    pub fn run(&self, input: &[u8]) -> Result<Vec<u8>, RunError> {
        execute::run(&self.input, &self.nodes, input)
    }

    /// The output's bytes and the digest of every node's output.
    pub fn run_traced(&self, input: &[u8]) -> Result<(Vec<u8>, Trace), RunError> {
        execute::run_traced(&self.input, &self.nodes, input)
    }

    /// The digest of every node: its record and its weights.
    pub fn node_digests(&self) -> Vec<[u8; 32]> {
        self.nodes
            .iter()
            .map(|node| blake2_256(&[node.record, node.weights].concat()))
            .collect()
    }

    /// The digest of the whole graph.
    pub fn digest(&self) -> [u8; 32] {
        blake2_256(self.bytes)
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
