//! Element types, shapes and the specification of a tensor.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

use crate::limits::{FORMAT_MAX_ELEMENTS, FORMAT_MAX_TEXT_BYTES};

/// Element type of a tensor that enters or leaves a graph.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum DType {
    /// One byte, two's complement.
    Int8,
    /// One byte, unsigned; only as an input, where 128 is subtracted from it.
    UInt8,
    /// Four bytes, two's complement, little endian.
    Int32,
}

impl DType {
    /// Bytes of one element.
    pub const fn size(self) -> u32 {
        match self {
            Self::Int8 | Self::UInt8 => 1,
            Self::Int32 => 4,
        }
    }
}

/// What a tensor inside a graph holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    Text,
    Int8,
    Int32,
    Ids,
}

impl Kind {
    pub(crate) fn of_output(code: u8) -> Option<Self> {
        match code {
            1 => Some(Self::Int8),
            2 => Some(Self::Int32),
            3 => Some(Self::Ids),
            _ => None,
        }
    }

    /// The code of an output's kind; text is never one.
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Text => 0,
            Self::Int8 => 1,
            Self::Int32 => 2,
            Self::Ids => 3,
        }
    }

    pub(crate) fn is_number(self) -> bool {
        matches!(self, Self::Int8 | Self::Int32)
    }
}

/// One to four dimensions, none of them zero, with at most [`FORMAT_MAX_ELEMENTS`] elements.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Shape {
    dims: [u32; 4],
    rank: u8,
    elements: u32,
}

impl Shape {
    /// `None` where a dimension in use is zero, an unused one is not, or the product is too large.
    pub(crate) fn new(rank: u8, dims: [u32; 4]) -> Option<Self> {
        let mut elements = u32::from((1..=4).contains(&rank));
        for (axis, dim) in (0u8..).zip(dims) {
            if axis < rank {
                elements = elements.checked_mul(dim)?;
            } else if dim != 0 {
                return None;
            }
        }
        (1..=FORMAT_MAX_ELEMENTS)
            .contains(&elements)
            .then_some(Self { dims, rank, elements })
    }

    pub(crate) fn line(len: u32) -> Option<Self> {
        Self::new(1, [len, 0, 0, 0])
    }

    pub(crate) fn elements(&self) -> u32 {
        self.elements
    }

    /// The dimensions in use.
    pub(crate) fn dims(&self) -> &[u32] {
        self.dims.get(..self.rank.into()).unwrap_or_default()
    }

    pub(crate) fn last(&self) -> u32 {
        self.dims().last().copied().unwrap_or(1)
    }

    /// The shape without its last dimension; `[1]` for a vector.
    pub(crate) fn reduced(&self) -> Option<Self> {
        let rank = self.rank.saturating_sub(1);
        if rank == 0 {
            return Self::line(1);
        }
        let mut dims = self.dims;
        if let Some(last) = dims.get_mut(usize::from(rank)) {
            *last = 0;
        }
        Self::new(rank, dims)
    }
}

/// Kind and shape of a tensor. For text the one dimension is the greatest number of bytes, for ids that of ids.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct TensorSpec {
    pub(crate) kind: Kind,
    pub(crate) shape: Shape,
    /// Every id is below this; 0 for all other kinds.
    pub(crate) ids_below: u32,
}

impl TensorSpec {
    pub(crate) fn new(kind: Kind, shape: Shape) -> Self {
        Self {
            kind,
            shape,
            ids_below: 0,
        }
    }

    pub(crate) fn text(max_bytes: u32) -> Option<Self> {
        let shape = Shape::line(max_bytes)?;
        (max_bytes <= FORMAT_MAX_TEXT_BYTES).then_some(Self::new(Kind::Text, shape))
    }

    pub(crate) fn elements(&self) -> u32 {
        self.shape.elements()
    }

    pub(crate) fn bytes(&self) -> u32 {
        self.elements().saturating_mul(self.element_bytes())
    }

    pub(crate) fn element_bytes(&self) -> u32 {
        match self.kind {
            Kind::Text | Kind::Int8 => 1,
            Kind::Int32 | Kind::Ids => 4,
        }
    }
}
