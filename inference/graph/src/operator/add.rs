//! The sum of two int8 tensors of different scales, with the bits of LiteRT's reference kernel.

use alloc::vec::Vec;

use crate::{
    bounds::Interval, node::Definition, reader::Reader, tensor::Kind, value::Value, GraphError, ParameterName,
};

/// How many tensors are added.
pub(crate) const ADDENDS: u8 = 2;
/// Places by which both inputs are moved up before they are scaled, so that little is lost when they are rounded.
const HEADROOM: u32 = 20;

#[derive(Clone, Debug)]
pub(crate) struct Add {
    inputs: [Addend; 2],
    output: Factor,
    zero_point: i32,
    min: i32,
    max: i32,
}

#[derive(Clone, Copy, Debug)]
struct Addend {
    zero_point: i32,
    factor: Factor,
}

/// `multiplier × 2^-31 × 2^-shift`, which is less than one.
#[derive(Clone, Copy, Debug)]
struct Factor {
    multiplier: i32,
    shift: u32,
}

/// The parameters of the record.
struct Parameters {
    zero_points: [i32; 3],
    clamp: [i32; 2],
    multipliers: [i32; 3],
    exponents: [i8; 3],
    reserved: u8,
}

impl Parameters {
    fn read(fields: &mut Reader<'_>) -> Option<Self> {
        Some(Self {
            zero_points: [fields.i32()?, fields.i32()?, fields.i32()?],
            clamp: [fields.i32()?, fields.i32()?],
            multipliers: [fields.i32()?, fields.i32()?, fields.i32()?],
            exponents: [fields.u8()? as i8, fields.u8()? as i8, fields.u8()? as i8],
            reserved: fields.u8()?,
        })
    }
}

impl Add {
    pub(super) fn parse(mut def: Definition<'_, '_>) -> Result<Self, GraphError> {
        let parameters = Parameters::read(&mut def.parameters);
        let parameters = def.field(parameters)?;
        def.end()?;
        if parameters.reserved != 0 {
            return Err(GraphError::Reserved { node: def.node });
        }
        for field in def.inputs {
            let input = def.tensors.get(u32::from_le_bytes(*field));
            def.input_type(input.is_some_and(|input| input.kind == Kind::Int8))?;
            def.output_shape(input.is_some_and(|input| input.shape == def.output.shape))?;
        }
        def.output_type(def.output.kind == Kind::Int8)?;
        def.weights_length(0)?;

        let int8 = i8::MIN.into()..=i8::MAX.into();
        let [first, second, zero_point] = parameters.zero_points;
        let zeros = int8.contains(&first) && int8.contains(&second);
        def.require(zeros, ParameterName::InputZeroPoint)?;
        def.require(int8.contains(&zero_point), ParameterName::OutputZeroPoint)?;
        let [min, max] = parameters.clamp;
        let ordered = int8.contains(&min) && int8.contains(&max) && min <= max;
        def.require(ordered, ParameterName::Clamp)?;
        let [of_first, of_second, output] = {
            let [q, r, s] = parameters.multipliers;
            let [d, e, f] = parameters.exponents;
            [Factor::new(q, d), Factor::new(r, e), Factor::new(s, f)]
        };
        let refused = GraphError::Parameter {
            node: def.node,
            name: ParameterName::Factors,
        };
        let addend = |zero_point, factor: Option<Factor>| {
            factor.map(|factor| Addend { zero_point, factor }).ok_or(refused)
        };
        Ok(Self {
            inputs: [addend(first, of_first)?, addend(second, of_second)?],
            output: output.ok_or(refused)?,
            zero_point,
            min,
            max,
        })
    }

    /// Nothing can overflow: an input is within 2^8 and has 20 places of headroom, a factor is below one, so the sum stays
    /// within 2^29.
    pub(super) fn bounds(&self) -> Interval {
        Interval {
            lo: self.min.into(),
            hi: self.max.into(),
        }
    }

    /// `None` where the inputs are not two of int8.
    pub(crate) fn run(&self, inputs: &[&Value<'_>]) -> Option<Vec<u8>> {
        let [Value::Int8(first), Value::Int8(second)] = inputs else {
            return None;
        };
        let pairs = first.iter().zip(second.iter());
        Some(pairs.map(|(a, b)| self.sum(*a as i8, *b as i8)).collect())
    }

    #[inline]
    fn sum(&self, a: i8, b: i8) -> u8 {
        let [first, second] = &self.inputs;
        let sum = first.scaled(a).wrapping_add(second.scaled(b));
        let y = self.output.times(sum).wrapping_add(self.zero_point);
        y.max(self.min).min(self.max) as u8
    }
}

impl Addend {
    #[inline]
    fn scaled(&self, x: i8) -> i32 {
        let centred = i32::from(x).wrapping_sub(self.zero_point);
        self.factor.times(centred.wrapping_shl(HEADROOM))
    }
}

impl Factor {
    fn new(multiplier: i32, exponent: i8) -> Option<Self> {
        let valid = multiplier >= 0 && (-31..=0).contains(&exponent);
        valid.then_some(Self {
            multiplier,
            shift: exponent.unsigned_abs().into(),
        })
    }

    /// The product, rounded to an integer half up, then divided by the power of two, rounded half away from zero.
    #[inline]
    fn times(self, x: i32) -> i32 {
        let product = i64::from(x).wrapping_mul(self.multiplier.into());
        let high = product.wrapping_add(1 << 30) >> 31;
        let half = 1u64.wrapping_shl(self.shift) >> 1;
        let size = (high.unsigned_abs().wrapping_add(half)).wrapping_shr(self.shift) as i32;
        if high < 0 {
            size.wrapping_neg()
        } else {
            size
        }
    }
}
