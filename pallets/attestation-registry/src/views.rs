//! What the runtime APIs tell.

use crate::{Children, Config, Manifests, Models, Pallet, RecordRoots};
use alloc::{string::String, vec::Vec};
use pensum_primitives::{
    model::{ModelView, OutputSchema},
    BlockNumber, Digest, ModelId,
};

/// Most entries of one page.
pub const MAX_PAGE: u32 = 256;

fn page(limit: u32) -> usize {
    limit.min(MAX_PAGE) as usize
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

impl<T: Config> Pallet<T> {
    /// A model, with everything its manifest says.
    pub fn model_view(model: &ModelId) -> Option<ModelView> {
        let entry = Models::<T>::get(model)?;
        let manifest = Manifests::<T>::get(model)?;
        let labels = match &manifest.output {
            OutputSchema::Label { labels } => labels.iter().map(|label| text(label)).collect(),
            OutputSchema::Tensor { .. } => Vec::new(),
        };
        Some(ModelView {
            id: *model,
            name: text(&manifest.name),
            version: text(&manifest.version),
            kind: entry.kind,
            state: entry.state,
            weights: entry.weights,
            on_chain: entry.on_chain,
            input: entry.input,
            output_len: entry.output_len,
            labels,
            cost: entry.cost(entry.max_input()),
            licence: text(&manifest.licence),
            previous: manifest.previous,
            parents: manifest.parents.into_inner(),
            data_sets: manifest
                .data_sets
                .iter()
                .map(|set| (text(&set.name), text(&set.licence)))
                .collect(),
            publisher: entry.publisher,
            royalty_ppm: entry.royalty.deconstruct(),
        })
    }

    /// The models after `after`, in order of their ids; at most `limit`, itself at most [`MAX_PAGE`].
    pub fn models_after(after: Option<ModelId>, limit: u32) -> Vec<ModelView> {
        let ids = match after {
            Some(after) => Models::<T>::iter_keys_from_key(after),
            None => Models::<T>::iter_keys(),
        };
        ids.take(page(limit))
            .filter_map(|id| Self::model_view(&id))
            .collect()
    }

    /// The models that name this one as a parent or as their previous version, in order of their ids; at most
    /// `limit`, itself at most [`MAX_PAGE`].
    pub fn children(model: &ModelId, limit: u32) -> Vec<ModelId> {
        Children::<T>::iter_key_prefix(model).take(page(limit)).collect()
    }

    /// Merkle root of the records of a block, if it has any.
    pub fn record_root(block: BlockNumber) -> Option<Digest> {
        RecordRoots::<T>::get(block)
    }
}
