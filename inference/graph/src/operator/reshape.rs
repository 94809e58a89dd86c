//! The same elements under other dimensions.

use crate::{node::Definition, GraphError};

pub(super) fn check(def: Definition<'_, '_>) -> Result<(), GraphError> {
    def.end()?;
    def.input_type(def.input.kind.is_number())?;
    def.output_type(def.output.kind == def.input.kind)?;
    def.output_shape(def.output.elements() == def.input.elements())?;
    def.weights_length(0)
}
