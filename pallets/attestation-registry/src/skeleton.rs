//! Whether every node of a graph can be executed alone, and whether a skeleton is its manifest's as far as that shows without
//! the weights.

use crate::{
    graph::{answers, reads},
    Config, Error, Pallet,
};
use frame_support::{ensure, traits::Get};
use pensum_graph::{Limits, NodeSpec, Skeleton};
use pensum_primitives::{
    model::{Manifest, MAX_NODES},
    step::{NodeInfo, Reads, Steps, MAX_STEP_BYTES, MAX_STEP_INPUTS, MAX_STEP_TENSOR, MAX_STEP_WEIGHTS},
};
use sp_runtime::DispatchError;

/// What the chain tells of a node.
pub(crate) fn info(spec: &NodeSpec<'_>) -> NodeInfo {
    // Tensor 0 is the input, tensor i the output of node i, which stands at place i - 1 of a trace.
    let read = |tensor: u32| match tensor.checked_sub(1) {
        None => Reads::Input,
        Some(place) => Reads::Node(place as u16),
    };
    let bytes = spec.inputs.iter().map(|input| input.max_bytes);
    NodeInfo {
        reads: spec.inputs.iter().map(|input| read(input.tensor)).collect(),
        cost: spec.cost,
        weights: spec.weights_bytes,
        inputs: bytes.fold(0, u32::saturating_add),
    }
}

impl<T: Config> Pallet<T> {
    /// Proves that a skeleton is well formed, that it is its manifest's as far as that shows, and that each of its nodes can be proven in
    /// one extrinsic. What its weights are is shown by whoever brings some: their digests are the manifest's.
    pub(crate) fn ensure_skeleton<'a>(
        manifest: &Manifest,
        bytes: &'a [u8],
    ) -> Result<(Skeleton<'a>, Steps), DispatchError> {
        let limits = Limits {
            max_bytes: u32::MAX,
            max_nodes: MAX_NODES,
            max_cost: u64::MAX,
            max_tensor: MAX_STEP_TENSOR,
            max_live: u32::MAX,
        };
        let skeleton = Skeleton::validate(bytes, &limits).map_err(Error::<T>::of_graph)?;
        ensure!(
            skeleton.nodes() as usize == manifest.nodes.len(),
            Error::<T>::NodesMismatch
        );
        ensure!(reads(skeleton.input(), manifest.input), Error::<T>::InputMismatch);
        ensure!(
            answers(skeleton.output(), &manifest.output),
            Error::<T>::OutputMismatch
        );
        let steps = Self::steps_of(&skeleton)?;
        Ok((skeleton, steps))
    }

    /// What opening every node once would take; an error if some node cannot be proven in one extrinsic.
    pub(crate) fn steps_of(skeleton: &Skeleton<'_>) -> Result<Steps, Error<T>> {
        (1..=skeleton.nodes()).try_fold(Steps::default(), |steps, number| {
            let spec = skeleton.node(number).ok_or(Error::<T>::GraphMalformed)?;
            let info = info(&spec);
            let tensors = spec.inputs.iter().chain([&spec.output]);
            let fits = info.weights <= MAX_STEP_WEIGHTS
                && info.reads.len() <= MAX_STEP_INPUTS as usize
                && info.weights.saturating_add(info.inputs) <= MAX_STEP_BYTES
                && tensors
                    .into_iter()
                    .all(|tensor| tensor.max_bytes <= MAX_STEP_TENSOR);
            ensure!(fits, Error::<T>::StepTooLarge);
            ensure!(info.cost <= T::MaxStepCost::get(), Error::<T>::StepTooCostly);
            Ok(steps.and(&info))
        })
    }
}
