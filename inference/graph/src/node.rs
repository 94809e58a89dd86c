//! The node table: one record per node, each with its own piece of the weights.

use alloc::vec::Vec;

use crate::{
    header::Header,
    operator::Operator,
    reader::Reader,
    tensor::{Kind, Shape, TensorSpec},
    GraphError,
};

/// A node whose record is well formed: its operator can make this output from this input with these weights.
#[derive(Clone, Debug)]
pub(crate) struct Node<'a> {
    pub(crate) record: &'a [u8],
    pub(crate) weights: &'a [u8],
    pub(crate) operator: Operator<'a>,
    pub(crate) output: TensorSpec,
    reads: u32,
}

/// What an operator needs to read its parameters.
pub(crate) struct Definition<'a> {
    pub(crate) node: u32,
    pub(crate) parameters: Reader<'a>,
    pub(crate) weights: &'a [u8],
    pub(crate) input: TensorSpec,
    pub(crate) output: TensorSpec,
}

/// Reads the table. Every operator of version 1 reads one tensor and every tensor must be read, so the nodes are a chain
/// and node *i* reads tensor *i* - 1: the executor holds one tensor at a time.
pub(crate) fn parse_nodes<'a>(header: &Header<'a>) -> Result<Vec<Node<'a>>, GraphError> {
    let mut table = Reader::new(header.table);
    let mut weights = Reader::new(header.weights);
    let mut offset = 0u32;
    // A record has at least 32 bytes: a header that lies about the number of nodes reserves no memory.
    let mut nodes = Vec::with_capacity((header.nodes as usize).min(header.table.len() / 32));
    for node in 1..=header.nodes {
        let parsed = parse_node(node, &mut table, &mut weights, offset, header.tensor, &nodes)?;
        offset = offset.saturating_add(parsed.weights.len() as u32);
        nodes.push(parsed);
    }
    if !table.rest().is_empty() {
        return Err(GraphError::TableLeftOver {
            bytes: table.rest().len() as u32,
        });
    }
    if !weights.rest().is_empty() {
        return Err(GraphError::WeightsLeftOver {
            bytes: weights.rest().len() as u32,
        });
    }
    if let Some(tensor) = unread_tensor(&nodes) {
        return Err(GraphError::TensorUnused { tensor });
    }
    if nodes.last().is_none_or(|node| !node.output.kind.is_number()) {
        return Err(GraphError::OutputNotNumbers);
    }
    Ok(nodes)
}

/// The first tensor, the output left out, that no node reads. There are as many reads as such tensors, so none is left
/// over exactly where every node reads the one before it.
fn unread_tensor(nodes: &[Node<'_>]) -> Option<u32> {
    let tensors = (0u32..).zip(nodes);
    if tensors.clone().all(|(tensor, node)| node.reads == tensor) {
        return None;
    }
    tensors
        .map(|(tensor, _)| tensor)
        .find(|tensor| nodes.iter().all(|node| node.reads != *tensor))
}

fn parse_node<'a>(
    node: u32,
    table: &mut Reader<'a>,
    weights: &mut Reader<'a>,
    offset: u32,
    graph_input: TensorSpec,
    before: &[Node<'a>],
) -> Result<Node<'a>, GraphError> {
    let cut = GraphError::RecordLength { node };
    let length = Reader::new(table.rest()).u16().ok_or(cut)?;
    let record = table.bytes(length.into()).ok_or(cut)?;
    let mut fields = Reader::new(record);
    fields.u16().ok_or(cut)?;
    let code = fields.u8().ok_or(cut)?;
    let version = fields.u8().ok_or(cut)?;
    let kind = fields.u8().ok_or(cut)?;
    let rank = fields.u8().ok_or(cut)?;
    let inputs = fields.u8().ok_or(cut)?;
    let reserved = fields.u8().ok_or(cut)?;
    let dims = fields.dims().ok_or(cut)?;
    let weights_offset = fields.u32().ok_or(cut)?;
    let weights_bytes = fields.u32().ok_or(cut)?;

    Operator::check_known(node, code, version)?;
    if reserved != 0 {
        return Err(GraphError::Reserved { node });
    }
    if inputs != 1 {
        return Err(GraphError::InputCount { node });
    }
    let tensor = fields.u32().ok_or(cut)?;
    let input = match tensor.checked_sub(1) {
        None => graph_input,
        Some(maker) => {
            before
                .get(maker as usize)
                .ok_or(GraphError::InputOrder { node, tensor })?
                .output
        }
    };
    let kind = Kind::of_output(kind).ok_or(GraphError::OutputType { node })?;
    let shape = Shape::new(rank, dims).ok_or(GraphError::OutputShape { node })?;
    if weights_offset != offset {
        return Err(GraphError::WeightsOffset { node });
    }
    let weights = weights
        .bytes(weights_bytes)
        .ok_or(GraphError::WeightsLength { node })?;
    let mut output = TensorSpec::new(kind, shape);
    let operator = Operator::parse(
        code,
        Definition {
            node,
            parameters: fields,
            weights,
            input,
            output,
        },
    )?;
    if let Operator::NGramHash(hash) = &operator {
        output.ids_below = hash.buckets();
    }
    Ok(Node {
        record,
        weights,
        operator,
        output,
        reads: tensor,
    })
}
