//! Where the last dimension is greatest.

use alloc::vec::Vec;

use crate::{bounds::Interval, node::Definition, tensor::Kind, GraphError};

#[derive(Clone, Debug)]
pub(crate) struct ArgMax {
    classes: u32,
}

impl ArgMax {
    pub(super) fn parse(def: Definition<'_, '_>) -> Result<Self, GraphError> {
        def.end()?;
        def.input_type(def.input.kind.is_number())?;
        def.output_type(def.output.kind == Kind::Int32)?;
        def.output_shape(def.input.shape.reduced() == Some(def.output.shape))?;
        def.weights_length(0)?;
        Ok(Self {
            classes: def.input.shape.last(),
        })
    }

    pub(crate) fn classes(&self) -> u32 {
        self.classes
    }

    pub(super) fn bounds(&self) -> Interval {
        Interval {
            lo: 0,
            hi: i64::from(self.classes).saturating_sub(1),
        }
    }

    /// The first maximum wins.
    pub(crate) fn run<T: Copy>(&self, input: &[T], value: impl Fn(T) -> i32) -> Vec<i32> {
        let rows = input.chunks_exact(self.classes as usize);
        rows.map(|row| {
            let mut best = (0i32, i32::MIN);
            for (class, x) in (0i32..).zip(row) {
                let x = value(*x);
                if x > best.1 {
                    best = (class, x);
                }
            }
            best.0
        })
        .collect()
    }
}
