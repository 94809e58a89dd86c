//! Lays out records, weights and header, which nobody else does.

use alloc::vec::Vec;

use crate::{
    header::{HEADER_BYTES, MAGIC, VERSION},
    operator::OPERATOR_VERSION,
};

/// A node table and a blob of weights that grow node by node.
#[derive(Clone, Default, Debug)]
pub(crate) struct Writer {
    nodes: u32,
    table: Vec<u8>,
    weights: Vec<u8>,
}

/// What a node's record says, apart from where its weights lie.
pub(crate) struct Record<'r> {
    pub(crate) code: u8,
    pub(crate) kind: u8,
    pub(crate) dims: &'r [u32],
    pub(crate) inputs: &'r [u32],
    pub(crate) parameters: &'r [u8],
}

impl Writer {
    /// Adds a node. The number of the tensor that it makes.
    pub(crate) fn push(&mut self, record: &Record<'_>, weights: &[u8]) -> u32 {
        let rank = record.dims.len() as u8;
        let inputs = record.inputs.len() as u8;
        let mut fields = [record.code, OPERATOR_VERSION, record.kind, rank, inputs, 0].to_vec();
        fields.extend(dim_fields(record.dims));
        fields.extend((self.weights.len() as u32).to_le_bytes());
        fields.extend((weights.len() as u32).to_le_bytes());
        fields.extend(record.inputs.iter().flat_map(|tensor| tensor.to_le_bytes()));
        fields.extend(record.parameters);
        self.table
            .extend((fields.len() as u16).saturating_add(2).to_le_bytes());
        self.table.extend(fields);
        self.weights.extend(weights);
        self.nodes = self.nodes.saturating_add(1);
        self.nodes
    }

    pub(crate) fn nodes(&self) -> u32 {
        self.nodes
    }

    /// The graph's bytes; `input` is what the header says of its input.
    pub(crate) fn finish(self, input: &[u8]) -> Vec<u8> {
        let length = (HEADER_BYTES as usize)
            .saturating_add(self.table.len())
            .saturating_add(self.weights.len());
        let mut bytes = Vec::with_capacity(length);
        bytes.extend(MAGIC);
        bytes.extend(VERSION.to_le_bytes());
        bytes.extend([0, 0]);
        bytes.extend(self.nodes.to_le_bytes());
        bytes.extend((self.table.len() as u32).to_le_bytes());
        bytes.extend((self.weights.len() as u32).to_le_bytes());
        bytes.extend(input);
        bytes.extend(self.table);
        bytes.extend(self.weights);
        bytes
    }
}

/// What a header says of the graph's input.
pub(crate) fn input_fields(kind: u8, dims: &[u32]) -> Vec<u8> {
    let mut fields = [kind, dims.len() as u8, 0, 0].to_vec();
    fields.extend(dim_fields(dims));
    fields
}

fn dim_fields(dims: &[u32]) -> impl Iterator<Item = u8> + '_ {
    dims.iter()
        .copied()
        .chain(core::iter::repeat(0))
        .take(4)
        .flat_map(u32::to_le_bytes)
}
