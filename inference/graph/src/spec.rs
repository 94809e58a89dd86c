//! What goes into a graph and what comes out.

use crate::DType;

/// What a graph takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum InputSpec {
    /// UTF-8 text.
    Text {
        /// Greatest length in bytes.
        max_bytes: u32,
    },
    /// A tensor of fixed length, row-major.
    Tensor {
        /// `Int8` or `UInt8`.
        dtype: DType,
        /// Number of elements, which is also the number of bytes.
        len: u32,
    },
}

impl InputSpec {
    /// Greatest length of an input in bytes.
    pub const fn max_bytes(&self) -> u32 {
        match *self {
            Self::Text { max_bytes } => max_bytes,
            Self::Tensor { len, .. } => len,
        }
    }
}

/// What a graph gives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct OutputSpec {
    /// `Int8` or `Int32`.
    pub dtype: DType,
    /// Number of elements.
    pub elements: u32,
    /// Length of the output in bytes.
    pub bytes: u32,
    /// Where the last node is an arg-max: every output element is a class below this number.
    pub classes: Option<u32>,
}
