//! The state of a chain, kept as an ordered map. A trie makes reading and iterating some ten times dearer, and the real root of a
//! block is of use to nobody here; where only "has anything changed?" is asked, a digest of all entries says as much.

use sp_core::{
    storage::{ChildInfo, StateVersion, Storage},
    H256,
};
use sp_externalities::Extensions;
use sp_io::hashing::blake2_256;
use sp_runtime::traits::BlakeTwo256;
use sp_state_machine::{
    backend::Backend, BackendTransaction, Ext, InMemoryBackend, IterArgs, OverlayedChanges, StorageIterator,
    StorageKey, StorageValue, UsageInfo,
};
use std::{collections::BTreeMap, ops::Bound};

type Entries = BTreeMap<StorageKey, StorageValue>;
/// What can go wrong with reading: nothing.
type Never = String;

/// A chain's state, with what the block that is being made has changed.
#[derive(Default)]
pub struct Chain {
    state: State,
    changes: OverlayedChanges<BlakeTwo256>,
    extensions: Extensions,
}

impl Chain {
    /// A chain with this state.
    pub fn new(state: State) -> Self {
        Self {
            state,
            ..Self::default()
        }
    }

    /// Runs something on this chain.
    pub fn execute_with<R>(&mut self, execute: impl FnOnce() -> R) -> R {
        let mut ext = Ext::new(&mut self.changes, &self.state, Some(&mut self.extensions));
        sp_externalities::set_and_run_with_externalities(&mut ext, execute)
    }

    /// Writes what has changed into the state. No storage transaction may be open.
    pub fn commit(&mut self) {
        let mut changes = std::mem::take(&mut self.changes);
        for (key, value) in changes.changes_mut() {
            self.state.set(key, value.value().cloned());
        }
    }

    /// The state as it is now.
    pub fn into_state(mut self) -> State {
        self.commit();
        self.state
    }
}

/// The entries of a state. There are no child tries in this runtime.
#[derive(Clone, Debug, Default)]
pub struct State {
    entries: Entries,
    digest: H256,
}

impl From<Storage> for State {
    fn from(storage: Storage) -> Self {
        let mut state = Self::default();
        for (key, value) in storage.top {
            state.set(&key, Some(value));
        }
        state
    }
}

impl State {
    fn set(&mut self, key: &[u8], value: Option<StorageValue>) {
        self.digest ^= self.difference(key, value.as_deref());
        match value {
            Some(value) => self.entries.insert(key.to_vec(), value),
            None => self.entries.remove(key),
        };
    }

    /// By what the digest differs where this entry has another value. The digest is the exclusive or of those of all entries.
    fn difference(&self, key: &[u8], value: Option<&[u8]>) -> H256 {
        let now = self.entries.get(key).map(Vec::as_slice);
        match now == value {
            true => H256::zero(),
            false => digest_of(key, now) ^ digest_of(key, value),
        }
    }

    fn after(&self, key: &[u8]) -> Option<&StorageKey> {
        let behind = (Bound::Excluded(key), Bound::Unbounded);
        self.entries.range::<[u8], _>(behind).next().map(|(key, _)| key)
    }
}

fn digest_of(key: &[u8], value: Option<&[u8]>) -> H256 {
    value.map_or(H256::zero(), |value| {
        H256(blake2_256(
            &[blake2_256(key).as_slice(), blake2_256(value).as_slice()].concat(),
        ))
    })
}

impl Backend<BlakeTwo256> for State {
    type Error = Never;
    type TrieBackendStorage = <InMemoryBackend<BlakeTwo256> as Backend<BlakeTwo256>>::TrieBackendStorage;
    type RawIter = Walk;

    fn storage(&self, key: &[u8]) -> Result<Option<StorageValue>, Never> {
        Ok(self.entries.get(key).cloned())
    }

    fn storage_hash(&self, key: &[u8]) -> Result<Option<H256>, Never> {
        Ok(self.entries.get(key).map(|value| H256(blake2_256(value))))
    }

    fn exists_storage(&self, key: &[u8]) -> Result<bool, Never> {
        Ok(self.entries.contains_key(key))
    }

    fn next_storage_key(&self, key: &[u8]) -> Result<Option<StorageKey>, Never> {
        Ok(self.after(key).cloned())
    }

    fn storage_root<'a>(
        &self,
        delta: impl Iterator<Item = (&'a [u8], Option<&'a [u8]>)>,
        _version: StateVersion,
    ) -> (H256, BackendTransaction<BlakeTwo256>) {
        let digest = delta.fold(self.digest, |digest, (key, value)| {
            digest ^ self.difference(key, value)
        });
        (digest, Default::default())
    }

    fn raw_iter(&self, args: IterArgs<'_>) -> Result<Walk, Never> {
        let prefix = args.prefix.unwrap_or_default().to_vec();
        let start = args.start_at.map_or_else(|| prefix.clone(), <[u8]>::to_vec);
        Ok(Walk {
            next: match args.start_at_exclusive {
                true => Bound::Excluded(start),
                false => Bound::Included(start),
            },
            prefix,
        })
    }

    fn closest_merkle_value(&self, _: &[u8]) -> Result<Option<sp_trie::MerkleValue<H256>>, Never> {
        Ok(None)
    }

    fn child_closest_merkle_value(
        &self,
        _: &ChildInfo,
        _: &[u8],
    ) -> Result<Option<sp_trie::MerkleValue<H256>>, Never> {
        Ok(None)
    }

    fn child_storage(&self, _: &ChildInfo, _: &[u8]) -> Result<Option<StorageValue>, Never> {
        Ok(None)
    }

    fn child_storage_hash(&self, _: &ChildInfo, _: &[u8]) -> Result<Option<H256>, Never> {
        Ok(None)
    }

    fn next_child_storage_key(&self, _: &ChildInfo, _: &[u8]) -> Result<Option<StorageKey>, Never> {
        Ok(None)
    }

    fn child_storage_root<'a>(
        &self,
        _: &ChildInfo,
        _: impl Iterator<Item = (&'a [u8], Option<&'a [u8]>)>,
        _: StateVersion,
    ) -> (H256, bool, BackendTransaction<BlakeTwo256>) {
        (H256::zero(), true, Default::default())
    }

    fn register_overlay_stats(&self, _: &sp_state_machine::StateMachineStats) {}

    fn usage_info(&self) -> UsageInfo {
        UsageInfo::empty()
    }
}

/// A walk over the entries in order.
pub struct Walk {
    next: Bound<StorageKey>,
    prefix: Vec<u8>,
}

impl Default for Walk {
    fn default() -> Self {
        Self {
            next: Bound::Unbounded,
            prefix: Vec::new(),
        }
    }
}

impl StorageIterator<BlakeTwo256> for Walk {
    type Backend = State;
    type Error = Never;

    fn next_key(&mut self, state: &State) -> Option<Result<StorageKey, Never>> {
        self.next_pair(state).map(|pair| pair.map(|(key, _)| key))
    }

    fn next_pair(&mut self, state: &State) -> Option<Result<(StorageKey, StorageValue), Never>> {
        let from = (self.next.clone(), Bound::Unbounded);
        let (key, value) = state.entries.range(from).next()?;
        self.next = Bound::Excluded(key.clone());
        key.starts_with(&self.prefix)
            .then(|| Ok((key.clone(), value.clone())))
    }

    fn was_complete(&self) -> bool {
        true
    }
}
