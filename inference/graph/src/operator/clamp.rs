//! Every element held between two bounds: relu, relu6.

use crate::{bounds::Interval, node::Definition, tensor::Kind, GraphError, ParameterName};

#[derive(Clone, Debug)]
pub(crate) struct Clamp {
    min: i32,
    max: i32,
}

impl Clamp {
    pub(super) fn parse(mut def: Definition<'_, '_>) -> Result<Self, GraphError> {
        let fields = (|| Some((def.parameters.i32()?, def.parameters.i32()?)))();
        let (min, max) = def.field(fields)?;
        def.end()?;
        def.input_type(def.input.kind.is_number())?;
        def.output_type(def.output.kind == def.input.kind)?;
        def.output_shape(def.output.shape == def.input.shape)?;
        def.weights_length(0)?;
        let range = match def.input.kind {
            Kind::Int8 => i8::MIN.into()..=i8::MAX.into(),
            _ => i32::MIN..=i32::MAX,
        };
        def.require(
            min <= max && range.contains(&min) && range.contains(&max),
            ParameterName::Clamp,
        )?;
        Ok(Self { min, max })
    }

    pub(super) fn bounds(&self, input: Interval) -> Interval {
        input.clamped(self.min.into(), self.max.into())
    }

    #[inline]
    pub(crate) fn apply(&self, x: i32) -> i32 {
        x.max(self.min).min(self.max)
    }
}
