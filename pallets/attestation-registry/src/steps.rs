//! Steps: one node of a registered graph, executed alone.

use crate::{skeleton::info, Config, Graphs, Manifests, Pallet, Skeletons, StepTotals};
use alloc::vec::Vec;
use pensum_graph::{step, Graph, Skeleton, StepError};
use pensum_primitives::{
    step::{Executed, NodeInfo, Step},
    Digest, ModelId,
};

impl<T: Config> Pallet<T> {
    pub(crate) fn node_of(model: &ModelId, node: u16) -> Option<NodeInfo> {
        Self::with_skeleton(model, |skeleton| {
            let spec = skeleton.node(u32::from(node).saturating_add(1))?;
            Some(info(&spec))
        })?
    }

    /// A model that has no skeleton any more can convict nobody: it is broken.
    pub(crate) fn execute_step(model: &ModelId, step: &Step) -> Executed {
        let manifest = Manifests::<T>::get(model);
        let Some(digest) = manifest.map(|manifest| manifest.nodes.get(usize::from(step.node)).copied())
        else {
            return Executed::Broken;
        };
        let Some(digest) = digest else {
            return Executed::Malformed;
        };
        Self::with_skeleton(model, |skeleton| execute(skeleton, step, digest)).unwrap_or(Executed::Broken)
    }

    /// Reads the skeleton of a model whose nodes can be proven one by one; the graph's, where that is on chain.
    fn with_skeleton<R>(model: &ModelId, read: impl FnOnce(&Skeleton<'_>) -> R) -> Option<R> {
        if let Some(bytes) = Skeletons::<T>::get(model) {
            return Some(read(&Skeleton::parse(&bytes).ok()?));
        }
        // Some graphs can be replayed and yet not be proven step by step.
        if !StepTotals::<T>::contains_key(model) {
            return None;
        }
        let bytes = Graphs::<T>::get(model)?;
        let graph = Graph::load(&bytes).ok()?;
        Some(read(&Skeleton::parse(Skeleton::of(&graph)).ok()?))
    }
}

fn execute(skeleton: &Skeleton<'_>, step: &Step, digest: Digest) -> Executed {
    let number = u32::from(step.node).saturating_add(1);
    let Some(spec) = skeleton.node(number) else {
        return Executed::Malformed;
    };
    // Lengths first: no foreign megabytes are hashed.
    if step.weights.len() as u64 != u64::from(spec.weights_bytes) {
        return Executed::Malformed;
    }
    let node = [spec.record, step.weights.as_slice()].concat();
    if sp_io::hashing::blake2_256(&node) != digest.0 {
        return Executed::Malformed;
    }
    let inputs: Vec<&[u8]> = step.inputs.iter().map(|tensor| tensor.as_slice()).collect();
    match step::execute(skeleton, number, &step.weights, &inputs) {
        Ok(output) => Executed::Output(sp_io::hashing::blake2_256(&output).into()),
        Err(StepError::Input { tensor: 0, .. }) => Executed::Unreadable,
        Err(StepError::NotValidated { .. }) => Executed::Broken,
        Err(error) => {
            log::debug!(target: "runtime::attestation-registry", "{error}");
            Executed::Malformed
        }
    }
}
