//! What a manifest may say, whatever its graph.

use crate::{Config, Error, Manifests, Models, Pallet};
use frame_support::ensure;
use pensum_primitives::{
    model::{InputSchema, Manifest, OutputSchema, MAX_ROYALTY},
    task::MAX_OUTPUT,
    AccountId, ModelId,
};
use sp_runtime::DispatchResult;

/// Whether people can read it: not empty, UTF-8, and nothing in it that would play tricks on a terminal.
pub(crate) fn is_readable(text: &[u8]) -> bool {
    !text.is_empty() && core::str::from_utf8(text).is_ok_and(|text| !text.chars().any(char::is_control))
}

fn texts(manifest: &Manifest) -> impl Iterator<Item = &[u8]> {
    let sources = manifest
        .data_sets
        .iter()
        .flat_map(|set| [set.name.as_slice(), set.licence.as_slice()]);
    let labels = match &manifest.output {
        OutputSchema::Label { labels } => labels.as_slice(),
        OutputSchema::Tensor { .. } => &[],
    };
    [
        manifest.name.as_slice(),
        manifest.version.as_slice(),
        manifest.licence.as_slice(),
    ]
    .into_iter()
    .chain(sources)
    .chain(labels.iter().map(|label| label.as_slice()))
}

fn is_empty(input: &InputSchema, output: &OutputSchema) -> bool {
    let takes_nothing = match *input {
        InputSchema::Text { max_bytes } => max_bytes == 0,
        InputSchema::Tensor { len } => len == 0,
    };
    let says_nothing = match output {
        OutputSchema::Label { labels } => labels.is_empty(),
        OutputSchema::Tensor { len } => *len == 0,
    };
    takes_nothing || says_nothing
}

impl<T: Config> Pallet<T> {
    /// Checks everything that a manifest says by itself and about its ancestors.
    pub(crate) fn ensure_manifest(who: &AccountId, id: &ModelId, manifest: &Manifest) -> DispatchResult {
        ensure!(manifest.publisher == *who, Error::<T>::NotPublisher);
        ensure!(!Manifests::<T>::contains_key(id), Error::<T>::ModelExists);
        ensure!(manifest.royalty <= MAX_ROYALTY, Error::<T>::RoyaltyTooHigh);
        ensure!(texts(manifest).all(is_readable), Error::<T>::TextUnreadable);
        ensure!(
            !is_empty(&manifest.input, &manifest.output),
            Error::<T>::SchemaEmpty
        );
        ensure!(
            manifest.output.byte_len() <= MAX_OUTPUT,
            Error::<T>::OutputTooLong
        );
        ensure!(!manifest.nodes.is_empty(), Error::<T>::NodesMissing);
        Self::ensure_ancestors(who, manifest)
    }

    fn ensure_ancestors(who: &AccountId, manifest: &Manifest) -> DispatchResult {
        if let Some(previous) = manifest.previous {
            let entry = Models::<T>::get(previous).ok_or(Error::<T>::UnknownPrevious)?;
            ensure!(entry.publisher == *who, Error::<T>::PreviousNotYours);
        }
        // At most `MAX_SOURCES` of them: comparing each with all before it costs less than sorting a copy.
        for (place, parent) in manifest.parents.iter().enumerate() {
            ensure!(
                !manifest.parents.iter().take(place).any(|other| other == parent),
                Error::<T>::ParentTwice
            );
            ensure!(Models::<T>::contains_key(parent), Error::<T>::UnknownParent);
        }
        Ok(())
    }
}
