//! The sum of the rows that the ids name.

use alloc::{vec, vec::Vec};
use core::ops::Range;

use super::{part::slice, IdSource};
use crate::{
    bounds::Interval,
    limits::FORMAT_MAX_EMBEDDING,
    node::Definition,
    tensor::{Kind, Shape},
    GraphError, ParameterName,
};

#[derive(Clone, Debug)]
pub(crate) struct EmbeddingBag<'a> {
    table: &'a [u8],
    width: u32,
    max_ids: u32,
}

impl<'a> EmbeddingBag<'a> {
    pub(super) fn parse(mut def: Definition<'_, 'a>) -> Result<Self, GraphError> {
        let rows = def.parameters.u32();
        let rows = def.field(rows)?;
        def.end()?;
        def.input_type(def.input.kind == Kind::Ids)?;
        def.output_type(def.output.kind == Kind::Int32)?;
        def.require(rows == def.input.ids_below, ParameterName::Rows)?;
        let width = def.output.elements();
        def.output_shape(Shape::line(width) == Some(def.output.shape))?;
        def.require(width <= FORMAT_MAX_EMBEDDING, ParameterName::Width)?;
        def.weights_length(u64::from(rows).saturating_mul(width.into()))?;
        Ok(Self {
            table: def.weights.bytes,
            width,
            max_ids: def.input.elements(),
        })
    }

    pub(super) fn width(&self) -> u32 {
        self.width
    }

    pub(super) fn rows(&self) -> u64 {
        (self.table.len() as u64)
            .checked_div(self.width.into())
            .unwrap_or(0)
    }

    /// The bag that a table of other columns would make, without the table.
    pub(super) fn with_width(&self, width: u32) -> Self {
        Self {
            table: &[],
            width,
            max_ids: self.max_ids,
        }
    }

    /// A range of the table's columns.
    pub(super) fn columns(&self, range: Range<u32>) -> Vec<u8> {
        let rows = self.table.chunks_exact((self.width as usize).max(1));
        rows.flat_map(|row| slice(row, &range, 1)).copied().collect()
    }

    /// What adding one row costs, in multiply-accumulate equivalents.
    pub(crate) fn row_cost(&self) -> u64 {
        let finding = 4u64;
        match self.width {
            8 | 16 | 24 | 32 => finding.saturating_add(u64::from(self.width) / 4),
            width => finding.saturating_add(width.into()),
        }
    }

    /// The format allows at most 2^15 ids, so a sum is below 2^22 and needs no check.
    pub(super) fn bounds(&self) -> Interval {
        let weights = self.table.iter().map(|w| *w as i8);
        let (lo, hi) = weights.fold((0i8, 0i8), |(lo, hi), w| (w.min(lo), w.max(hi)));
        let ids = i64::from(self.max_ids);
        Interval {
            lo: ids.saturating_mul(lo.into()),
            hi: ids.saturating_mul(hi.into()),
        }
    }

    pub(crate) fn sum(&self, ids: &(impl IdSource + ?Sized)) -> Vec<i32> {
        match self.width {
            8 => self.sum_packed::<1>(ids),
            16 => self.sum_packed::<2>(ids),
            24 => self.sum_packed::<3>(ids),
            32 => self.sum_packed::<4>(ids),
            _ => self.sum_plain(ids),
        }
    }

    fn sum_plain(&self, ids: &(impl IdSource + ?Sized)) -> Vec<i32> {
        let width = self.width as usize;
        let mut sums = vec![0i32; width];
        ids.for_each_id(|id| {
            // An id of a step's input may be anything: one beyond the table adds nothing, whatever the width of `usize`.
            let row = (id as usize)
                .checked_mul(width)
                .and_then(|start| self.table.get(start..)?.get(..width));
            if let Some(row) = row {
                for (sum, w) in sums.iter_mut().zip(row) {
                    *sum = sum.wrapping_add(i32::from(*w as i8));
                }
            }
        });
        sums
    }

    /// The same for a row of `K` words of eight bytes. Without SIMD, adding sixteen bytes one by one takes sixteen loads;
    /// here a word adds four bytes at once, in 16-bit lanes, with 128 added to each byte so that no lane borrows.
    fn sum_packed<const K: usize>(&self, ids: &(impl IdSource + ?Sized)) -> Vec<i32> {
        let (words, _) = self.table.as_chunks::<8>();
        let (rows, _) = words.as_chunks::<K>();
        let mut lanes = Lanes::<K> {
            even: [0; K],
            odd: [0; K],
            added: 0,
        };
        let mut sums = vec![0i32; self.width as usize];
        ids.for_each_id(|id| {
            if let Some(row) = rows.get(id as usize) {
                lanes.add(row);
                if lanes.added == LANE_ROWS {
                    lanes.move_to(&mut sums);
                }
            }
        });
        lanes.move_to(&mut sums);
        sums
    }
}

/// Rows that a 16-bit lane holds: 257 × 255 is the last multiple that fits.
const LANE_ROWS: u32 = 256;
const LANE: u64 = 0x00FF_00FF_00FF_00FF;
const OFFSET: u64 = 0x8080_8080_8080_8080;

/// Sums of even and odd bytes in 16-bit lanes, each byte 128 too high.
struct Lanes<const K: usize> {
    even: [u64; K],
    odd: [u64; K],
    added: u32,
}

impl<const K: usize> Lanes<K> {
    #[inline(always)]
    fn add(&mut self, row: &[[u8; 8]; K]) {
        for ((even, odd), word) in self.even.iter_mut().zip(&mut self.odd).zip(row) {
            let word = u64::from_le_bytes(*word) ^ OFFSET;
            *even = even.wrapping_add(word & LANE);
            *odd = odd.wrapping_add((word >> 8) & LANE);
        }
        self.added = self.added.wrapping_add(1);
    }

    fn move_to(&mut self, sums: &mut [i32]) {
        let offset = self.added.wrapping_mul(128) as i32;
        let (words, _) = sums.as_chunks_mut::<8>();
        for (sums, (even, odd)) in words.iter_mut().zip(self.even.iter().zip(&self.odd)) {
            let (pairs, _) = sums.as_chunks_mut::<2>();
            for (pair, shift) in pairs.iter_mut().zip([0u32, 16, 32, 48]) {
                let [first, second] = pair;
                *first = first.wrapping_add(lane(*even, shift)).wrapping_sub(offset);
                *second = second.wrapping_add(lane(*odd, shift)).wrapping_sub(offset);
            }
        }
        *self = Self {
            even: [0; K],
            odd: [0; K],
            added: 0,
        };
    }
}

fn lane(word: u64, shift: u32) -> i32 {
    (word.wrapping_shr(shift) & 0xFFFF) as i32
}
