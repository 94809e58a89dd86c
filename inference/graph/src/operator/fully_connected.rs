//! `W · x + b`, rescaled to int8 or left as int32.

use alloc::vec::Vec;
use core::ops::Range;

use super::{
    part::slice,
    rescale::{Factors, Rescale},
};
use crate::{bounds::Interval, node::Definition, reader::Reader, tensor::Kind, GraphError, ParameterName};

pub(crate) const RULE_FIXED_POINT: u8 = 0;
pub(crate) const RULE_RAW: u8 = 1;
pub(crate) const RULE_LITERT: u8 = 2;
pub(crate) const FLAG_BIAS: u8 = 1;
pub(crate) const FLAG_PER_UNIT: u8 = 2;

#[derive(Clone, Debug)]
pub(crate) struct FullyConnected<'a> {
    depth: u32,
    units: u32,
    batch: u32,
    input_zero_point: i32,
    matrix: &'a [u8],
    bias: &'a [[u8; 4]],
    rescale: Option<Rescale<'a>>,
}

/// The parameters of the record.
struct Parameters {
    rule: u8,
    flags: u8,
    reserved: u16,
    depth: u32,
    input_zero_point: i32,
    output_zero_point: i32,
    min: i32,
    max: i32,
}

impl Parameters {
    fn read(fields: &mut Reader<'_>) -> Option<Self> {
        Some(Self {
            rule: fields.u8()?,
            flags: fields.u8()?,
            reserved: fields.u16()?,
            depth: fields.u32()?,
            input_zero_point: fields.i32()?,
            output_zero_point: fields.i32()?,
            min: fields.i32()?,
            max: fields.i32()?,
        })
    }

    fn is_raw(&self) -> bool {
        self.rule == RULE_RAW
    }

    fn has_bias(&self) -> bool {
        self.flags & FLAG_BIAS != 0
    }

    fn is_per_unit(&self) -> bool {
        self.flags & FLAG_PER_UNIT != 0
    }

    fn check(&self, def: &Definition<'_, '_>) -> Result<(), GraphError> {
        if self.reserved != 0 {
            return Err(GraphError::Reserved { node: def.node });
        }
        let known = matches!(self.rule, RULE_FIXED_POINT | RULE_RAW | RULE_LITERT);
        def.require(known, ParameterName::Rule)?;
        let meant = self.flags & !(FLAG_BIAS | FLAG_PER_UNIT) == 0 && !(self.is_raw() && self.is_per_unit());
        def.require(meant, ParameterName::Flags)?;
        let wide = def.input.kind == Kind::Int32;
        def.input_type(def.input.kind == Kind::Int8 || self.is_raw() && wide)?;
        def.output_type(def.output.kind == if self.is_raw() { Kind::Int32 } else { Kind::Int8 })?;

        let int8 = i8::MIN.into()..=i8::MAX.into();
        let zero = if wide { 0..=0 } else { int8.clone() };
        def.require(
            zero.contains(&self.input_zero_point),
            ParameterName::InputZeroPoint,
        )?;
        let zero = if self.is_raw() { 0..=0 } else { int8.clone() };
        def.require(
            zero.contains(&self.output_zero_point),
            ParameterName::OutputZeroPoint,
        )?;
        let clamp = if self.is_raw() { 0..=0 } else { int8 };
        let ordered = clamp.contains(&self.min) && clamp.contains(&self.max) && self.min <= self.max;
        def.require(ordered, ParameterName::Clamp)
    }
}

impl<'a> FullyConnected<'a> {
    pub(super) fn parse(mut def: Definition<'_, 'a>) -> Result<Self, GraphError> {
        let parameters = Parameters::read(&mut def.parameters);
        let parameters = def.field(parameters)?;
        def.end()?;
        parameters.check(&def)?;

        let (depth, elements) = (parameters.depth, def.input.elements());
        let batch = elements.checked_div(depth).unwrap_or(0);
        let whole = batch > 0 && batch.checked_mul(depth) == Some(elements);
        def.require(whole, ParameterName::Depth)?;
        let units = def.output.shape.last();
        def.output_shape(batch.checked_mul(units) == Some(def.output.elements()))?;

        let (matrix, bias, rescale) = cut(&def, &parameters, units)?;
        let input_zero_point = parameters.input_zero_point;
        Ok(Self {
            depth,
            units,
            batch,
            input_zero_point,
            matrix,
            bias,
            rescale,
        })
    }

    pub(super) fn units(&self) -> u32 {
        self.units
    }

    /// The layer of a range of the units.
    pub(super) fn part(&self, range: Range<u32>) -> Self {
        Self {
            units: range.len() as u32,
            matrix: slice(self.matrix, &range, self.depth as usize),
            bias: slice(self.bias, &range, 1),
            rescale: self
                .rescale
                .as_ref()
                .map(|rescale| rescale.part(self.units, &range)),
            ..*self
        }
    }

    pub(super) fn weights_len(&self) -> u64 {
        let factors = self.rescale.as_ref().map_or(0, |rescale| rescale.factors.len());
        (self.matrix.len() as u64)
            .saturating_add(self.bias.as_flattened().len() as u64)
            .saturating_add(factors as u64)
    }

    /// Matrix, bias, factors.
    pub(super) fn weights(&self) -> Vec<u8> {
        let mut weights = [self.matrix, self.bias.as_flattened()].concat();
        if let Some(rescale) = &self.rescale {
            rescale.factors.write(&mut weights);
        }
        weights
    }

    /// Multiply-accumulates and outputs of one run.
    pub(crate) fn work(&self) -> (u64, u64) {
        let outputs = u64::from(self.batch).saturating_mul(self.units.into());
        (outputs.saturating_mul(self.depth.into()), outputs)
    }

    pub(crate) fn is_rescaled(&self) -> bool {
        self.rescale.is_some()
    }

    pub(super) fn bounds(&self, node: u32, input: Interval) -> Result<Interval, GraphError> {
        let x = input.shifted_down(self.input_zero_point.into());
        let mut output: Option<Interval> = None;
        for (unit, row) in (0u32..).zip(self.matrix.chunks_exact(self.depth as usize)) {
            let (positive, negative) = signed_sums(row);
            let bias = i64::from(self.bias(unit));
            // Every partial sum, in whatever order, is at most this large.
            let largest = positive
                .saturating_sub(negative)
                .saturating_mul(x.magnitude())
                .saturating_add(bias.saturating_abs());
            if largest > i32::MAX.into() {
                return Err(GraphError::AccumulatorOverflow { node, unit });
            }
            let sum = x
                .scaled(positive)
                .plus(x.scaled(negative))
                .plus(Interval { lo: bias, hi: bias });
            let made = match &self.rescale {
                None => sum,
                Some(rescale) => rescale.bounds(node, unit, sum)?,
            };
            output = Some(output.map_or(made, |other| other.union(made)));
        }
        Ok(output.unwrap_or(Interval::NONE))
    }

    fn bias(&self, unit: u32) -> i32 {
        self.bias
            .get(unit as usize)
            .map_or(0, |bytes| i32::from_le_bytes(*bytes))
    }

    /// Int8 input without its zero point. Sixteen bits hold it, and compilers multiply them faster than 32.
    pub(crate) fn centred(&self, input: &[u8]) -> Vec<i16> {
        let zero = self.input_zero_point as i16;
        input
            .iter()
            .map(|x| i16::from(*x as i8).wrapping_sub(zero))
            .collect()
    }

    /// The accumulators of all units, for every row of the batch.
    pub(crate) fn accumulate<T: Copy + Into<i32>>(&self, input: &[T]) -> Vec<i32> {
        let mut sums = Vec::with_capacity((self.batch as usize).wrapping_mul(self.units as usize));
        let depth = self.depth as usize;
        for x in input.chunks_exact(depth) {
            for (unit, row) in (0u32..).zip(self.matrix.chunks_exact(depth)) {
                sums.push(self.bias(unit).wrapping_add(dot(x, row)));
            }
        }
        sums
    }

    /// Accumulators to int8, where the layer rescales.
    pub(crate) fn rescale(&self, sums: &[i32]) -> Option<Vec<u8>> {
        let rescale = self.rescale.as_ref()?;
        let mut output = Vec::with_capacity(sums.len());
        for row in sums.chunks_exact(self.units as usize) {
            output.extend(
                (0u32..)
                    .zip(row)
                    .map(|(unit, sum)| rescale.apply(unit, *sum) as u8),
            );
        }
        Some(output)
    }
}

/// The sum of the positive weights and that of the negative ones. A row has at most 2^24 weights: neither leaves 32 bits.
fn signed_sums(row: &[u8]) -> (i64, i64) {
    let (mut positive, mut negative) = (0i32, 0i32);
    for w in row {
        let w = i32::from(*w as i8);
        positive = positive.wrapping_add(w.max(0));
        negative = negative.wrapping_add(w.min(0));
    }
    (positive.into(), negative.into())
}

/// The weights: matrix, bias, factors.
fn cut<'a>(
    def: &Definition<'_, 'a>,
    parameters: &Parameters,
    units: u32,
) -> Result<(&'a [u8], &'a [[u8; 4]], Option<Rescale<'a>>), GraphError> {
    let matrix = u64::from(units).saturating_mul(parameters.depth.into());
    let biases = if parameters.has_bias() { units.into() } else { 0u64 };
    let factors = if parameters.is_per_unit() {
        units.into()
    } else {
        1u64
    };
    let bytes_per_factor = match parameters.rule {
        RULE_FIXED_POINT => 5,
        RULE_LITERT => 8,
        _ => 0,
    };
    let rest = biases
        .saturating_mul(4)
        .saturating_add(factors.saturating_mul(bytes_per_factor));
    def.weights_length(matrix.saturating_add(rest))?;

    // The length is right, so no cut falls outside, except in a skeleton, whose operators never run.
    let (matrix, rest) = def
        .weights
        .bytes
        .split_at_checked(matrix as usize)
        .unwrap_or_default();
    let (bias, rest) = rest
        .split_at_checked(biases.saturating_mul(4) as usize)
        .unwrap_or_default();
    let factors = match parameters.rule {
        RULE_FIXED_POINT => {
            let multipliers = factors.saturating_mul(4) as usize;
            let (multipliers, shifts) = rest.split_at_checked(multipliers).unwrap_or_default();
            Some(Factors::FixedPoint {
                multipliers: multipliers.as_chunks().0,
                shifts,
            })
        }
        RULE_LITERT => Some(Factors::Binary64(rest.as_chunks().0)),
        _ => None,
    };
    let &Parameters {
        output_zero_point: zero_point,
        min,
        max,
        ..
    } = parameters;
    let rescale = factors.map(|factors| Rescale {
        factors,
        zero_point,
        min,
        max,
    });
    Ok((matrix, bias.as_chunks().0, rescale))
}

#[inline]
fn dot<T: Copy + Into<i32>>(x: &[T], row: &[u8]) -> i32 {
    let mut sum = 0i32;
    for (x, w) in x.iter().zip(row) {
        let x: i32 = (*x).into();
        sum = sum.wrapping_add(x.wrapping_mul(i32::from(*w as i8)));
    }
    sum
}
