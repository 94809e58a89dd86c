//! Cuts the nodes of a graph so that each can be executed alone within given limits.
//!
//! A fully connected layer becomes several over ranges of its units, an embedding bag several over ranges of its columns;
//! all read what the whole one read, and concatenations on the last axis join what they make. Each unit and each column is
//! computed as before, so the answers are the same bits. Nodes that fit stay as they are.

use alloc::vec::Vec;
use core::ops::Range;

pub use crate::limits::TileLimits;
use crate::{
    cost::{self, Inputs},
    header::Form,
    limits::FORMAT_MAX_NODES,
    node::Node,
    operator::{code, MAX_INPUTS},
    table::Table,
    writer::{Record, Writer},
    NodeSpec, TileError,
};

/// Where the header's account of the input lies.
const INPUT_FIELDS: Range<usize> = 20..40;

/// A graph of the same answers whose nodes are all within the limits; one that already is comes back as it was. The trace
/// and the node digests are those of the new nodes.
pub fn tile(bytes: &[u8], limits: TileLimits) -> Result<Vec<u8>, TileError> {
    let table = Table::parse(bytes, Form::Graph)?;
    let mut tiler = Tiler {
        table: &table,
        limits,
        writer: Writer::default(),
        tensors: [0].into(),
        origins: Vec::new(),
    };
    for (node, number) in table.nodes.iter().zip(1u32..) {
        tiler.node(node, number)?;
        check_count(tiler.writer.nodes())?;
    }
    let Tiler { writer, origins, .. } = tiler;
    let tiled = writer.finish(bytes.get(INPUT_FIELDS).unwrap_or_default());
    check(&tiled, &origins, limits)?;
    Ok(tiled)
}

fn check_count(nodes: u32) -> Result<(), TileError> {
    if nodes > FORMAT_MAX_NODES {
        return Err(TileError::TooManyNodes {
            nodes,
            max: FORMAT_MAX_NODES,
        });
    }
    Ok(())
}

/// Every node of the result fits; the error names the node that it was cut from.
fn check(tiled: &[u8], origins: &[u32], limits: TileLimits) -> Result<(), TileError> {
    let table = Table::parse(tiled, Form::Graph)?;
    for (number, origin) in (1u32..).zip(origins) {
        let spec = NodeSpec::of(&table, number);
        let refusal = spec.and_then(|spec| Size::of(&spec).refusal(*origin, limits));
        refusal.map_or(Ok(()), Err)?;
    }
    Ok(())
}

/// What the limits are about.
#[derive(Clone, Copy)]
pub(crate) struct Size {
    weights: u64,
    cost: u64,
    io: u64,
}

impl Size {
    pub(crate) fn of(spec: &NodeSpec<'_>) -> Self {
        Self {
            weights: spec.weights_bytes.into(),
            cost: spec.cost,
            io: spec.io_bytes(),
        }
    }

    /// Why a node of this size is too large, if it is.
    pub(crate) fn refusal(self, node: u32, limits: TileLimits) -> Option<TileError> {
        if self.weights > limits.max_weights_bytes.into() {
            return Some(TileError::WeightsTooLarge {
                node,
                bytes: self.weights,
                max: limits.max_weights_bytes,
            });
        }
        if self.cost > limits.max_cost {
            return Some(TileError::TooCostly {
                node,
                cost: self.cost,
                max: limits.max_cost,
            });
        }
        (self.io > limits.max_io_bytes.into()).then_some(TileError::TensorsTooLarge {
            node,
            bytes: self.io,
            max: limits.max_io_bytes,
        })
    }
}

struct Tiler<'t, 'a> {
    table: &'t Table<'a>,
    limits: TileLimits,
    writer: Writer,
    /// The new number of every old tensor.
    tensors: Vec<u32>,
    /// The old number of every new node.
    origins: Vec<u32>,
}

impl<'a> Tiler<'_, 'a> {
    fn node(&mut self, node: &Node<'a>, number: u32) -> Result<(), TileError> {
        let spec = NodeSpec::of(self.table, number);
        let refusal = spec.and_then(|spec| Size::of(&spec).refusal(number, self.limits));
        let renamed = |tensor: u32| self.tensors.get(tensor as usize).copied();
        let inputs: Vec<u32> = node.reads().filter_map(renamed).collect();
        let made = match refusal {
            None => self.push(node, number, node.output.shape.dims(), &inputs, node.weights),
            Some(refusal) => {
                let cuts = self.cuts(node, number, refusal)?;
                self.pieces(node, number, &inputs, cuts)
            }
        };
        self.tensors.push(made);
        Ok(())
    }

    /// The ranges of the last dimension that each fit, as few and as even as they can be.
    fn cuts(
        &self,
        node: &Node<'a>,
        number: u32,
        refusal: TileError,
    ) -> Result<impl Iterator<Item = Range<u32>>, TileError> {
        let width = node.operator.width();
        let mut refusal = refusal;
        for granule in node.operator.granules().iter().copied() {
            let refusal_of = |granules: u32| {
                let elements = granules.saturating_mul(granule).min(width);
                self.size_of_part(node, elements)?.refusal(number, self.limits)
            };
            let granules = width.div_ceil(granule);
            let most = last_that(granules, |granules| refusal_of(granules).is_none());
            if most == 0 || most == granules {
                refusal = refusal_of(1).unwrap_or(refusal);
                continue;
            }
            check_count(granules.div_ceil(most))?;
            let at = move |granules: u32| granules.saturating_mul(granule).min(width);
            return Ok(even(granules, most).map(move |range| at(range.start)..at(range.end)));
        }
        Err(refusal)
    }

    fn size_of_part(&self, node: &Node<'a>, elements: u32) -> Option<Size> {
        let part = node.operator.part(0..elements)?;
        let table = self.table;
        let spec = table.tensors();
        let inputs = node.reads().filter_map(|tensor| spec.get(tensor));
        let inputs = inputs.map(|tensor| u64::from(tensor.bytes()));
        let output = u64::from(node.output.bytes())
            .checked_div(node.operator.width().into())?
            .saturating_mul(elements.into());
        let reads = Inputs::of(&table.input_tensor, &table.nodes, node, u64::MAX);
        Some(Size {
            weights: part.weights_len,
            cost: cost::step_cost(&part.operator, reads),
            io: inputs.fold(output, u64::saturating_add),
        })
    }

    /// The node in pieces, and what joins them. The number of the tensor that this makes.
    fn pieces(
        &mut self,
        node: &Node<'a>,
        number: u32,
        inputs: &[u32],
        cuts: impl Iterator<Item = Range<u32>>,
    ) -> u32 {
        let mut parts = Vec::new();
        for cut in cuts {
            let dims = with_last(node, cut.len() as u32);
            let weights = node.operator.part_weights(cut.clone());
            let made = self.push(node, number, &dims, inputs, &weights);
            parts.push((made, cut.len() as u32));
        }
        while parts.len() > 1 {
            let groups = even(parts.len() as u32, MAX_INPUTS.into());
            let joined = groups.filter_map(|group| {
                let group = parts.get(group.start as usize..group.end as usize)?;
                Some(self.join(node, number, group))
            });
            parts = joined.collect();
        }
        parts.first().map_or(0, |(made, _)| *made)
    }

    fn join(&mut self, node: &Node<'a>, number: u32, parts: &[(u32, u32)]) -> (u32, u32) {
        let width = parts
            .iter()
            .fold(0u32, |sum, (_, width)| sum.saturating_add(*width));
        let tensors: Vec<u32> = parts.iter().map(|(made, _)| *made).collect();
        let dims = with_last(node, width);
        let axis = (dims.len() as u32).saturating_sub(1);
        let record = Record {
            code: code::CONCAT,
            kind: node.output.kind.code(),
            dims: &dims,
            inputs: &tensors,
            parameters: &axis.to_le_bytes(),
        };
        self.origins.push(number);
        (self.writer.push(&record, &[]), width)
    }

    /// A node as it was, with other inputs and maybe another width.
    fn push(&mut self, node: &Node<'a>, number: u32, dims: &[u32], inputs: &[u32], weights: &[u8]) -> u32 {
        let record = Record {
            code: node.code(),
            kind: node.output.kind.code(),
            dims,
            inputs,
            parameters: node.parameters(),
        };
        self.origins.push(number);
        self.writer.push(&record, weights)
    }
}

/// The node's output with another last dimension.
fn with_last(node: &Node<'_>, last: u32) -> Vec<u32> {
    let mut dims = node.output.shape.dims().to_vec();
    if let Some(dim) = dims.last_mut() {
        *dim = last;
    }
    dims
}

/// The greatest number up to `most` that has a property which all smaller ones have too; 0 if none has.
fn last_that(most: u32, fits: impl Fn(u32) -> bool) -> u32 {
    let (mut least, mut most) = (0u32, most);
    while least < most {
        // Upwards: `least` itself is known.
        let middle = most.saturating_sub(most.saturating_sub(least) / 2);
        if fits(middle) {
            least = middle;
        } else {
            most = middle.saturating_sub(1);
        }
    }
    least
}

/// `0..len` in the fewest ranges of at most `most`, none longer than another by more than one.
fn even(len: u32, most: u32) -> impl Iterator<Item = Range<u32>> {
    let ranges = u64::from(len.div_ceil(most.max(1)).max(1));
    let at = move |range: u64| {
        let place = range.saturating_mul(len.into()).checked_div(ranges);
        place.unwrap_or(0) as u32
    };
    (0..ranges).map(move |range| at(range)..at(range.saturating_add(1)))
}
