//! Registering a model.

use crate::{
    cost::CostLine, Children, Config, Deposits, Error, Event, Graphs, HoldReason, Manifests, ModelDeposit,
    Models, Pallet, Skeletons, Source, StepTotals,
};
use codec::Encode;
use frame_support::traits::{fungible::hold::Mutate as HoldMutate, Get};
use pensum_graph::Skeleton;
use pensum_primitives::{
    model::{Manifest, ModelEntry, ModelState},
    step::Steps,
    AccountId, Balance, ModelId,
};
use sp_runtime::{DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_register(who: AccountId, manifest: Manifest, source: Source) -> DispatchResult {
        let id = manifest.id();
        Self::ensure_manifest(&who, &id, &manifest)?;
        let (line, steps) = Self::ensure_source(&manifest, &source)?;

        let deposit = Self::deposit_for(manifest.encoded_size(), source.len());
        let delay = manifest.previous.map_or(0, |_| T::ActivationDelay::get());
        let usable_from = Self::now().saturating_add(delay);
        let on_chain = matches!(source, Source::Graph(_));
        let previous = manifest.previous;

        T::NativeBalance::hold(&HoldReason::ModelDeposit.into(), &who, deposit.total())
            .map_err(|_| Error::<T>::DepositUnaffordable)?;
        Models::<T>::insert(
            id,
            ModelEntry {
                kind: manifest.kind,
                weights: manifest.weights,
                on_chain,
                input: manifest.input,
                output_len: manifest.output.byte_len(),
                cost_fixed: line.fixed,
                cost_per_byte: line.per_byte,
                state: ModelState::Active { from: usable_from },
                publisher: who.clone(),
                royalty: manifest.royalty,
            },
        );
        match source {
            Source::Graph(graph) => Graphs::<T>::insert(id, graph),
            Source::Skeleton(skeleton) => Skeletons::<T>::insert(id, skeleton),
            Source::Nowhere => (),
        }
        if let Some(steps) = steps {
            StepTotals::<T>::insert(id, steps);
        }
        Deposits::<T>::insert(id, deposit);
        for ancestor in ancestors(&manifest) {
            Children::<T>::insert(ancestor, id, ());
        }
        Manifests::<T>::insert(id, manifest);
        Self::deposit_event(Event::ModelRegistered {
            model: id,
            publisher: who,
            previous,
            on_chain,
            nodes: steps.map(|steps| steps.nodes),
            usable_from,
            deposit: deposit.total(),
        });
        Ok(())
    }

    /// What a replay costs, and what opening all nodes would take where each can be executed alone.
    fn ensure_source(
        manifest: &Manifest,
        source: &Source,
    ) -> Result<(CostLine, Option<Steps>), DispatchError> {
        Ok(match source {
            Source::Graph(bytes) => {
                let (graph, line) = Self::ensure_graph(manifest, bytes)?;
                // A graph that can be replayed needs no steps: one that has too large ones is verified by replay only.
                let skeleton = Skeleton::parse(Skeleton::of(&graph)).map_err(Error::<T>::of_graph)?;
                (line, Self::steps_of(&skeleton).ok())
            }
            Source::Skeleton(bytes) => {
                let (skeleton, steps) = Self::ensure_skeleton(manifest, bytes)?;
                let line = CostLine {
                    fixed: skeleton.cost(),
                    per_byte: 0,
                };
                (line, Some(steps))
            }
            // Nobody replays it here, so there is nothing to charge for.
            Source::Nowhere => (
                CostLine {
                    fixed: 0,
                    per_byte: 0,
                },
                None,
            ),
        })
    }

    /// What registering a model holds, for a manifest and a graph or skeleton of so many bytes.
    pub fn deposit_for(manifest_bytes: usize, graph_bytes: usize) -> ModelDeposit {
        let bytes = |count: usize| T::DepositPerByte::get().saturating_mul(count as Balance);
        ModelDeposit {
            manifest: T::DepositBase::get().saturating_add(bytes(manifest_bytes)),
            graph: bytes(graph_bytes),
        }
    }
}

/// The models that a manifest names. The previous version may be among the parents as well.
pub(crate) fn ancestors(manifest: &Manifest) -> impl Iterator<Item = ModelId> + '_ {
    manifest
        .previous
        .into_iter()
        .chain(manifest.parents.iter().copied())
}
