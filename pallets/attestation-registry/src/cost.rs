//! The line that bounds a model's cost: the market computes it for every task without reading the graph.

use pensum_graph::{Graph, InputSpec};

/// `fixed + per_byte × length`, never below the cost of an input of that length.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct CostLine {
    pub(crate) fixed: u64,
    pub(crate) per_byte: u64,
}

impl CostLine {
    /// The lowest line through the cost of the empty input that covers every length a graph takes.
    pub(crate) fn over(graph: &Graph<'_>) -> Self {
        match graph.input() {
            InputSpec::Tensor { .. } => Self {
                fixed: graph.cost(),
                per_byte: 0,
            },
            InputSpec::Text { max_bytes } => Self::over_lengths(max_bytes, |len| graph.cost_of(len as usize)),
        }
    }

    /// The steepest slope to any length, not the slope to the greatest: a cost that levels off rises above that chord.
    fn over_lengths(max_bytes: u32, cost_of: impl Fn(u32) -> u64) -> Self {
        let fixed = cost_of(0);
        let slope_to = |len: u32| cost_of(len).saturating_sub(fixed).div_ceil(u64::from(len));
        Self {
            fixed,
            per_byte: (1..=max_bytes).map(slope_to).max().unwrap_or(0),
        }
    }

    /// Upper bound of the cost of an input of this length.
    pub(crate) fn at(&self, len: u32) -> u64 {
        self.fixed
            .saturating_add(self.per_byte.saturating_mul(len.into()))
    }
}
