//! Several tensors joined along one axis.

use alloc::{borrow::Cow, vec::Vec};
use core::slice::ChunksExact;

use crate::{bounds::Interval, node::Definition, value::Value, GraphError, ParameterName};

/// The format's bound on the number of tensors that one node joins.
pub(crate) const MAX_INPUTS: u8 = 64;

#[derive(Clone, Debug)]
pub(crate) struct Concat {
    /// The product of the dimensions before the axis: from every input comes one piece for each.
    outer: u32,
}

impl Concat {
    pub(super) fn parse(mut def: Definition<'_, '_>) -> Result<Self, GraphError> {
        let axis = def.parameters.u32();
        let axis = def.field(axis)? as usize;
        def.end()?;
        let kind = def.input.kind;
        def.input_type(kind.is_number())?;
        def.output_type(def.output.kind == kind)?;
        let wanted = def.output.shape.dims();
        let joined = wanted.get(axis).copied();
        def.require(joined.is_some(), ParameterName::Axis)?;
        let mut along = 0u64;
        for field in def.inputs {
            let tensor = u32::from_le_bytes(*field);
            let missing = GraphError::InputOrder {
                node: def.node,
                tensor,
            };
            let input = def.tensors.get(tensor).ok_or(missing)?;
            def.input_type(input.kind == kind)?;
            let dims = input.shape.dims();
            let same = (0usize..)
                .zip(dims.iter().zip(wanted))
                .all(|(at, (has, wants))| at == axis || has == wants);
            def.output_shape(same && dims.len() == wanted.len())?;
            along = along.saturating_add(dims.get(axis).copied().unwrap_or(0).into());
        }
        def.output_shape(joined.map(u64::from) == Some(along))?;
        def.weights_length(0)?;
        let outer = wanted.iter().take(axis).fold(1u32, |a, b| a.saturating_mul(*b));
        Ok(Self { outer })
    }

    /// The input's interval is the union over all inputs.
    pub(super) fn bounds(&self, input: Interval) -> Interval {
        input
    }

    /// How many pieces come from each input.
    pub(crate) fn pieces(&self) -> u64 {
        self.outer.into()
    }

    /// `None` where the inputs are not all int8 or all int32.
    pub(crate) fn run<'v>(&self, inputs: &[&Value<'_>]) -> Option<Value<'v>> {
        let int8 = inputs.iter().map(|value| match value {
            Value::Int8(x) => Some(x.as_ref()),
            _ => None,
        });
        if let Some(inputs) = int8.collect::<Option<Vec<_>>>() {
            return Some(Value::Int8(Cow::Owned(self.join(&inputs))));
        }
        let int32 = inputs.iter().map(|value| match value {
            Value::Int32(x) => Some(x.as_ref()),
            _ => None,
        });
        let inputs = int32.collect::<Option<Vec<_>>>()?;
        Some(Value::Int32(Cow::Owned(self.join(&inputs))))
    }

    fn join<T: Copy>(&self, inputs: &[&[T]]) -> Vec<T> {
        let outer = (self.outer as usize).max(1);
        let pieces = |input: &&[T]| input.len().checked_div(outer).unwrap_or(0).max(1);
        let mut joined = Vec::with_capacity(inputs.iter().map(|input| input.len()).sum());
        let mut rest: Vec<ChunksExact<'_, T>> = inputs
            .iter()
            .map(|input| input.chunks_exact(pieces(input)))
            .collect();
        for _ in 0..outer {
            for piece in rest.iter_mut().filter_map(|pieces| pieces.next()) {
                joined.extend_from_slice(piece);
            }
        }
        joined
    }
}
