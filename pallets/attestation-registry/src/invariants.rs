//! What is always true of this pallet's storage.

use crate::{
    cost::CostLine, registration::ancestors, Children, Config, Deposits, Flags, Graphs, HoldReason,
    Manifests, Models, Pallet, RecordRoots, Skeletons, StepTotals,
};
use alloc::collections::{BTreeMap, BTreeSet};
use frame_support::{ensure, traits::fungible::hold::Inspect as HoldInspect};
use pensum_graph::{Graph, Skeleton};
use pensum_primitives::{
    model::{ModelEntry, ModelState},
    AccountId, Balance, ModelId,
};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// Checks the invariants:
    ///
    /// 1. Every model has a manifest that hashes to its id, an entry that repeats it, and a deposit; nothing else has.
    /// 2. A model is on chain exactly when its graph is stored; the graph hashes to the entry's weights, can be
    ///    loaded, and costs what the entry says.
    ///    A skeleton is stored of no other model; it can be read, and costs what the entry says.
    /// 3. The steps of every model with a skeleton or a graph are those of its nodes, if each of them can be executed alone; of no other
    ///    model is anything said.
    /// 4. What an account has on hold under `ModelDeposit` is the sum of its models' deposits, and nothing is held for
    ///    a graph or skeleton that is not there.
    /// 5. The children of models are exactly the models whose manifests name them.
    /// 6. A flag stands exactly where the entry says `Flagged`, and never hides another flag.
    /// 7. No block of the future has a root.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        Self::check_models()?;
        Self::check_graphs()?;
        Self::check_deposits()?;
        Self::check_lineage()?;
        Self::check_flags()?;
        let now = Self::now();
        ensure!(
            RecordRoots::<T>::iter_keys().all(|block| block <= now),
            "a future block has a record root"
        );
        Ok(())
    }

    fn check_models() -> Result<(), TryRuntimeError> {
        for (id, entry) in Models::<T>::iter() {
            let manifest = Manifests::<T>::get(id).ok_or("a model has no manifest")?;
            ensure!(manifest.id() == id, "a manifest does not hash to its id");
            let repeated = ModelEntry {
                kind: manifest.kind,
                weights: manifest.weights,
                input: manifest.input,
                output_len: manifest.output.byte_len(),
                publisher: manifest.publisher,
                royalty: manifest.royalty,
                ..entry.clone()
            };
            ensure!(repeated == entry, "an entry differs from its manifest");
            ensure!(Deposits::<T>::contains_key(id), "a model has no deposit");
        }
        let known = Models::<T>::contains_key::<ModelId>;
        ensure!(Manifests::<T>::iter_keys().all(known), "a manifest has no model");
        ensure!(Deposits::<T>::iter_keys().all(known), "a deposit has no model");
        Ok(())
    }

    fn check_graphs() -> Result<(), TryRuntimeError> {
        let mut on_chain = 0_usize;
        for (id, entry) in Models::<T>::iter().filter(|(_, entry)| entry.on_chain) {
            on_chain = on_chain.saturating_add(1);
            let bytes = Graphs::<T>::get(id).ok_or("a model on chain has no graph")?;
            let graph = Graph::load(&bytes).map_err(|_| "a graph cannot be loaded")?;
            ensure!(
                graph.digest() == entry.weights.0,
                "a graph does not hash to its model's weights"
            );
            let line = CostLine {
                fixed: entry.cost_fixed,
                per_byte: entry.cost_per_byte,
            };
            ensure!(
                CostLine::over(&graph) == line,
                "an entry's cost is not its graph's"
            );
            Self::check_steps(&id, Skeleton::of(&graph))?;
        }
        for (id, bytes) in Skeletons::<T>::iter() {
            let entry = Models::<T>::get(id).ok_or("a skeleton has no model")?;
            ensure!(
                !entry.on_chain,
                "a model on chain has a skeleton beside its graph"
            );
            Self::check_steps(&id, &bytes)?;
            ensure!(
                StepTotals::<T>::contains_key(id),
                "a node of a skeleton cannot be executed alone"
            );
            let cost = Skeleton::parse(&bytes).map(|skeleton| skeleton.cost()).ok();
            ensure!(
                cost == Some(entry.cost(entry.max_input())),
                "an entry's cost is not its skeleton's"
            );
        }
        ensure!(
            StepTotals::<T>::iter_keys()
                .all(|id| Graphs::<T>::contains_key(id) || Skeletons::<T>::contains_key(id)),
            "something is said about the steps of a model that is not there"
        );
        ensure!(
            Graphs::<T>::iter_keys().count() == on_chain,
            "a graph has no model on chain"
        );
        Ok(())
    }

    fn check_steps(id: &ModelId, skeleton: &[u8]) -> Result<(), TryRuntimeError> {
        let skeleton = Skeleton::parse(skeleton).map_err(|_| "a skeleton cannot be read")?;
        ensure!(
            StepTotals::<T>::get(id) == Self::steps_of(&skeleton).ok(),
            "the steps are not those of the graph"
        );
        Ok(())
    }

    fn check_deposits() -> Result<(), TryRuntimeError> {
        let mut sums = BTreeMap::<AccountId, Balance>::new();
        for (id, deposit) in Deposits::<T>::iter() {
            let manifest = Manifests::<T>::get(id).ok_or("a deposit has no manifest")?;
            ensure!(
                deposit.graph == 0 || Graphs::<T>::contains_key(id) || Skeletons::<T>::contains_key(id),
                "a deposit is for a graph or skeleton that is not there"
            );
            let sum = sums.entry(manifest.publisher).or_default();
            *sum = sum.saturating_add(deposit.total());
        }
        for (publisher, sum) in sums {
            let held = T::NativeBalance::balance_on_hold(&HoldReason::ModelDeposit.into(), &publisher);
            ensure!(held == sum, "a publisher's hold is not the sum of its deposits");
        }
        Ok(())
    }

    fn check_lineage() -> Result<(), TryRuntimeError> {
        let named: BTreeSet<(ModelId, ModelId)> = Manifests::<T>::iter()
            .flat_map(|(id, manifest)| {
                ancestors(&manifest)
                    .map(|ancestor| (ancestor, id))
                    .collect::<BTreeSet<_>>()
            })
            .collect();
        let stored: BTreeSet<(ModelId, ModelId)> = Children::<T>::iter_keys().collect();
        ensure!(named == stored, "children are not those of the manifests");
        ensure!(
            named.iter().all(|(parent, _)| Models::<T>::contains_key(parent)),
            "a parent is unknown"
        );
        Ok(())
    }

    fn check_flags() -> Result<(), TryRuntimeError> {
        let flagged = Models::<T>::iter().filter(|(_, entry)| entry.state == ModelState::Flagged);
        let flagged: BTreeSet<ModelId> = flagged.map(|(id, _)| id).collect();
        let flags: BTreeSet<ModelId> = Flags::<T>::iter_keys().collect();
        ensure!(flagged == flags, "flags are not those of the entries");
        ensure!(
            Flags::<T>::iter_values().all(|flag| flag.was != ModelState::Flagged),
            "a flag hides a flag"
        );
        Ok(())
    }
}
