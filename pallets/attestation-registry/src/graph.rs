//! Whether a graph may live on chain, and whether it is the one its manifest names.

use crate::{cost::CostLine, Config, Error, Pallet};
use frame_support::{ensure, traits::Get};
use pensum_graph::{
    limits::{MAX_LIVE, MAX_TENSOR},
    Graph, GraphError, InputSpec, Limits, OutputSpec,
};
use pensum_primitives::{
    model::{InputSchema, Manifest, OutputSchema, MAX_GRAPH, MAX_NODES},
    task::MAX_INLINE,
};
use sp_runtime::DispatchError;

impl<T: Config> Error<T> {
    /// The class of a refusal. An error in a block has four bytes, too few for the node and the unit: those are in
    /// the log here, and whoever validates the file before sending it sees them in full.
    pub(crate) fn of_graph(error: GraphError) -> Self {
        log::debug!(target: "runtime::attestation-registry", "{error}");
        match error {
            GraphError::AccumulatorOverflow { .. } | GraphError::RequantisedOverflow { .. } => {
                Self::GraphOverflows
            }
            GraphError::TooCostly { .. } => Self::ReplayTooCostly,
            GraphError::TooLarge { .. }
            | GraphError::TooManyNodes { .. }
            | GraphError::TensorTooLarge { .. }
            | GraphError::LiveTooLarge { .. } => Self::GraphTooLarge,
            GraphError::FormatVersion { .. }
            | GraphError::InputKind { .. }
            | GraphError::UnknownOperator { .. }
            | GraphError::OperatorVersion { .. } => Self::GraphUnsupported,
            _ => Self::GraphMalformed,
        }
    }
}

pub(crate) fn reads(spec: InputSpec, schema: InputSchema) -> bool {
    match (spec, schema) {
        (InputSpec::Text { max_bytes }, InputSchema::Text { max_bytes: declared }) => max_bytes == declared,
        (InputSpec::Tensor { len, .. }, InputSchema::Tensor { len: declared }) => len == declared,
        _ => false,
    }
}

pub(crate) fn answers(spec: OutputSpec, schema: &OutputSchema) -> bool {
    match schema {
        OutputSchema::Label { labels } => {
            spec.elements == 1
                && spec
                    .classes
                    .is_some_and(|classes| classes as usize == labels.len())
        }
        OutputSchema::Tensor { len } => spec.bytes == *len,
    }
}

impl<T: Config> Pallet<T> {
    /// Proves that a graph may be replayed on chain for ever and that it is its manifest's. Answers what it costs.
    pub(crate) fn ensure_graph<'a>(
        manifest: &Manifest,
        bytes: &'a [u8],
    ) -> Result<(Graph<'a>, CostLine), DispatchError> {
        let max_cost = T::MaxReplayCost::get();
        let limits = Limits {
            max_bytes: MAX_GRAPH,
            max_nodes: MAX_NODES,
            max_cost,
            max_tensor: MAX_TENSOR,
            max_live: MAX_LIVE,
        };
        let graph = Graph::validate(bytes, &limits).map_err(Error::<T>::of_graph)?;

        ensure!(graph.digest() == manifest.weights.0, Error::<T>::WeightsMismatch);
        let nodes = graph.node_digests();
        ensure!(
            nodes
                .iter()
                .eq(manifest.nodes.iter().map(|digest| digest.as_fixed_bytes())),
            Error::<T>::NodesMismatch
        );
        ensure!(reads(graph.input(), manifest.input), Error::<T>::InputMismatch);
        ensure!(
            answers(graph.output(), &manifest.output),
            Error::<T>::OutputMismatch
        );

        let longest = graph.input().max_bytes();
        ensure!(longest <= MAX_INLINE, Error::<T>::InputTooLong);
        let line = CostLine::over(&graph);
        // The market charges the line, so the line is what must fit.
        ensure!(line.at(longest) <= max_cost, Error::<T>::ReplayTooCostly);
        Ok((graph, line))
    }
}
