//! Registering a model.

use crate::{
    cost::CostLine, Children, Config, Deposits, Error, Event, GraphBytes, Graphs, HoldReason, Manifests,
    ModelDeposit, Models, Pallet,
};
use codec::Encode;
use frame_support::traits::{fungible::hold::Mutate as HoldMutate, Get};
use pensum_primitives::{
    model::{Manifest, ModelEntry, ModelState},
    AccountId, Balance, ModelId,
};
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_register(
        who: AccountId,
        manifest: Manifest,
        graph: Option<GraphBytes>,
    ) -> DispatchResult {
        let id = manifest.id();
        Self::ensure_manifest(&who, &id, &manifest)?;
        let line = match &graph {
            Some(graph) => Self::ensure_graph(&manifest, graph)?,
            // Nobody replays it here, so there is nothing to charge for.
            None => CostLine {
                fixed: 0,
                per_byte: 0,
            },
        };

        let deposit = Self::deposit_for(
            manifest.encoded_size(),
            graph.as_ref().map_or(0, |graph| graph.len()),
        );
        let delay = manifest.previous.map_or(0, |_| T::ActivationDelay::get());
        let usable_from = Self::now().saturating_add(delay);
        let on_chain = graph.is_some();
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
        if let Some(graph) = graph {
            Graphs::<T>::insert(id, graph);
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
            usable_from,
            deposit: deposit.total(),
        });
        Ok(())
    }

    /// What registering a model holds, for a manifest and a graph of so many bytes.
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
