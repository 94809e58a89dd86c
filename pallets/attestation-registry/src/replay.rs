//! The registry's face to the market: [`Models`].

use crate::{Config, Error, Graphs, Models, Pallet, StepTotals};
use alloc::vec::Vec;
use frame_support::ensure;
use pensum_graph::{Graph, RunError};
use pensum_primitives::{
    model::ModelEntry,
    step::{Executed, NodeInfo, Step, Steps},
    traits::{self, Replayed},
    ModelId,
};
use sp_runtime::DispatchError;

impl<T: Config> traits::Models for Pallet<T> {
    fn usable(model: &ModelId, allow_flagged: bool) -> Result<ModelEntry, DispatchError> {
        let entry = Models::<T>::get(model).ok_or(Error::<T>::UnknownModel)?;
        Self::ensure_usable(model, &entry, allow_flagged)?;
        Ok(entry)
    }

    fn entry(model: &ModelId) -> Option<ModelEntry> {
        Models::<T>::get(model)
    }

    fn replay(model: &ModelId, inputs: &[&[u8]]) -> Result<Vec<Replayed>, DispatchError> {
        let Some(bytes) = Graphs::<T>::get(model) else {
            ensure!(Models::<T>::contains_key(model), Error::<T>::UnknownModel);
            return Err(Error::<T>::NotOnChain.into());
        };
        let graph = Graph::load(&bytes).map_err(|_| Error::<T>::GraphUnreadable)?;
        inputs
            .iter()
            .map(|input| match graph.run(input) {
                Ok(output) => Ok(Replayed::Output(output)),
                Err(RunError::Input(_)) => Ok(Replayed::Unreadable),
                Err(RunError::NotValidated { .. }) => Err(Error::<T>::GraphUnreadable.into()),
            })
            .collect()
    }

    fn nodes(model: &ModelId) -> Option<u16> {
        StepTotals::<T>::get(model).map(|steps| steps.nodes)
    }

    fn node(model: &ModelId, node: u16) -> Option<NodeInfo> {
        Self::node_of(model, node)
    }

    fn steps(model: &ModelId) -> Option<Steps> {
        StepTotals::<T>::get(model)
    }

    fn execute(model: &ModelId, step: &Step) -> Executed {
        Self::execute_step(model, step)
    }
}
