//! Operators that can be cut: each element of the output's last dimension has weights of its own.

use alloc::vec::Vec;
use core::ops::Range;

use super::Operator;

/// The part of an operator that makes a range of the output's last dimension.
pub(crate) struct Part<'a> {
    pub(crate) operator: Operator<'a>,
    pub(crate) weights_len: u64,
}

impl<'a> Operator<'a> {
    /// The number of elements that it can be cut between; 1 where it cannot be cut.
    pub(crate) fn width(&self) -> u32 {
        match self {
            Self::EmbeddingBag(bag) => bag.width(),
            Self::FullyConnected(layer) => layer.units(),
            _ => 1,
        }
    }

    /// After how many elements it is best cut. Rows of an embedding are summed eight bytes at a time.
    pub(crate) fn granules(&self) -> &'static [u32] {
        match self {
            Self::EmbeddingBag(_) => &[8, 1],
            _ => &[1],
        }
    }

    /// How large the part is. Its operator says what it costs, but may lack its weights.
    pub(crate) fn part(&self, range: Range<u32>) -> Option<Part<'a>> {
        match self {
            Self::EmbeddingBag(bag) => Some(Part {
                weights_len: bag.rows().saturating_mul(range.len() as u64),
                operator: Self::EmbeddingBag(bag.with_width(range.len() as u32)),
            }),
            Self::FullyConnected(layer) => {
                let part = layer.part(range);
                Some(Part {
                    weights_len: part.weights_len(),
                    operator: Self::FullyConnected(part),
                })
            }
            _ => None,
        }
    }

    /// The part's weights, as its node has them.
    pub(crate) fn part_weights(&self, range: Range<u32>) -> Vec<u8> {
        match self {
            Self::EmbeddingBag(bag) => bag.columns(range),
            Self::FullyConnected(layer) => layer.part(range).weights(),
            _ => Vec::new(),
        }
    }
}

/// The elements of a range, of which each takes `size` places of the slice.
pub(super) fn slice<'s, T>(all: &'s [T], range: &Range<u32>, size: usize) -> &'s [T] {
    let place = |element: u32| (element as usize).saturating_mul(size);
    all.get(place(range.start)..place(range.end)).unwrap_or_default()
}
