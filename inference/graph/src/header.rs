//! The first forty bytes.

use crate::{
    limits::FORMAT_MAX_NODES,
    reader::Reader,
    tensor::{Kind, Shape, TensorSpec},
    GraphError, InputSpec,
};

pub(crate) const MAGIC: [u8; 4] = *b"PGRF";
pub(crate) const VERSION: u16 = 1;
pub(crate) const HEADER_BYTES: u32 = 40;

pub(crate) const INPUT_TEXT: u8 = 0;
pub(crate) const INPUT_INT8: u8 = 1;
pub(crate) const INPUT_UINT8: u8 = 2;

/// Whether the weights follow the table.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Graph,
    Skeleton,
}

/// A header whose lengths add up, with the table and the weights it announces. A skeleton's weights are announced, but
/// not there.
pub(crate) struct Header<'a> {
    pub(crate) nodes: u32,
    pub(crate) table: &'a [u8],
    pub(crate) weights_len: u32,
    pub(crate) weights: &'a [u8],
    pub(crate) input: InputSpec,
    pub(crate) tensor: TensorSpec,
}

impl<'a> Header<'a> {
    pub(crate) fn parse(bytes: &'a [u8], form: Form) -> Result<Self, GraphError> {
        let found = bytes.len() as u64;
        let short = GraphError::Length {
            expected: HEADER_BYTES.into(),
            found,
        };
        let mut reader = Reader::new(bytes);
        if reader.array().ok_or(short)? != MAGIC {
            return Err(GraphError::Magic);
        }
        let version = reader.u16().ok_or(short)?;
        if version != VERSION {
            return Err(GraphError::FormatVersion { found: version });
        }
        let flags = reader.u16().ok_or(short)?;
        let nodes = reader.u32().ok_or(short)?;
        let table_bytes = reader.u32().ok_or(short)?;
        let weights_len = reader.u32().ok_or(short)?;
        let kind = reader.u8().ok_or(short)?;
        let rank = reader.u8().ok_or(short)?;
        let reserved = reader.u16().ok_or(short)?;
        let dims = reader.dims().ok_or(short)?;

        if flags != 0 || reserved != 0 {
            return Err(GraphError::Reserved { node: 0 });
        }
        if nodes == 0 {
            return Err(GraphError::NoNodes);
        }
        if nodes > FORMAT_MAX_NODES {
            return Err(GraphError::TooManyNodes {
                nodes,
                max: FORMAT_MAX_NODES,
            });
        }
        let weights_here = match form {
            Form::Graph => weights_len,
            Form::Skeleton => 0,
        };
        let expected = length(table_bytes, weights_here);
        let wrong = GraphError::Length { expected, found };
        let table = reader.bytes(table_bytes).ok_or(wrong)?;
        let weights = reader.bytes(weights_here).ok_or(wrong)?;
        if !reader.rest().is_empty() {
            return Err(wrong);
        }
        let (input, tensor) = input(kind, rank, dims)?;
        Ok(Self {
            nodes,
            table,
            weights_len,
            weights,
            input,
            tensor,
        })
    }

    /// Length of the whole graph.
    pub(crate) fn graph_bytes(&self) -> u64 {
        length(self.table.len() as u32, self.weights_len)
    }
}

fn length(table: u32, weights: u32) -> u64 {
    u64::from(HEADER_BYTES)
        .saturating_add(table.into())
        .saturating_add(weights.into())
}

fn input(kind: u8, rank: u8, dims: [u32; 4]) -> Result<(InputSpec, TensorSpec), GraphError> {
    let shape = Shape::new(rank, dims).ok_or(GraphError::InputShape)?;
    let len = shape.elements();
    let int8 = TensorSpec::new(Kind::Int8, shape);
    match kind {
        INPUT_TEXT if rank == 1 => {
            let tensor = TensorSpec::text(len).ok_or(GraphError::InputShape)?;
            Ok((InputSpec::Text { max_bytes: len }, tensor))
        }
        INPUT_TEXT => Err(GraphError::InputShape),
        INPUT_INT8 => Ok((
            InputSpec::Tensor {
                dtype: crate::DType::Int8,
                len,
            },
            int8,
        )),
        INPUT_UINT8 => Ok((
            InputSpec::Tensor {
                dtype: crate::DType::UInt8,
                len,
            },
            int8,
        )),
        code => Err(GraphError::InputKind { code }),
    }
}
