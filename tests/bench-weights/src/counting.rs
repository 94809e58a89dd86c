//! Externalities that count what passes through them.

use crate::access::{Access, Place, Touch};
use sp_core::storage::{ChildInfo, StateVersion, TrackedStorageKey};
use sp_externalities::{Error, Extension, ExtensionStore, Externalities, MultiRemovalResults};
use std::{
    any::{Any, TypeId},
    collections::BTreeMap,
};

/// Does some work in the externalities that are set, and says what it read and wrote.
pub fn counted<R>(work: impl FnOnce() -> R) -> (R, Access) {
    sp_externalities::with_externalities(|externalities| {
        let mut counting = Counting {
            inner: externalities,
            touches: BTreeMap::new(),
            layers: vec![BTreeMap::new()],
        };
        let result = sp_externalities::set_and_run_with_externalities(&mut counting, work);
        (result, counting.finish())
    })
    .expect("work that is counted has a state to work on")
}

/// Passes everything on and counts it. Child tries are passed on only: no pallet of this runtime has any.
struct Counting<'a> {
    inner: &'a mut dyn Externalities,
    touches: BTreeMap<Place, Touch>,
    /// What was written, with its length: at first outside of storage transactions, then in each that is open.
    layers: Vec<BTreeMap<Vec<u8>, usize>>,
}

impl Counting<'_> {
    fn touch(&mut self, key: &[u8]) -> &mut Touch {
        let inner = &mut self.inner;
        self.touches
            .entry(Place::Key(key.to_vec()))
            .or_insert_with(|| Touch {
                existed: inner.exists_storage(key),
                ..Touch::default()
            })
    }

    fn read(&mut self, key: &[u8]) {
        let written = self.layers.iter().any(|layer| layer.contains_key(key));
        let touch = self.touch(key);
        touch.read |= !written;
        touch.read_ops += 1;
    }

    fn seek(&mut self, key: &[u8]) {
        let touch = self.touches.entry(Place::After(key.to_vec())).or_default();
        touch.read = true;
        touch.read_ops += 1;
    }

    fn write(&mut self, key: &[u8], bytes: usize) {
        self.touch(key).write_ops += 1;
        if let Some(layer) = self.layers.last_mut() {
            let longest = layer.entry(key.to_vec()).or_default();
            *longest = bytes.max(*longest);
        }
    }

    /// Closes a storage transaction; what was written in it lasts only if it is committed.
    fn close(&mut self, commits: bool) {
        let Some(layer) = self.layers.pop().filter(|_| commits) else {
            return;
        };
        match self.layers.last_mut() {
            Some(below) => {
                for (key, bytes) in layer {
                    let longest = below.entry(key).or_default();
                    *longest = bytes.max(*longest);
                }
            }
            None => self.layers.push(layer),
        }
    }

    fn finish(mut self) -> Access {
        for (key, bytes) in self.layers.into_iter().flatten() {
            let touch = self.touches.entry(Place::Key(key)).or_default();
            touch.written = touch.written.max(Some(bytes));
        }
        Access(self.touches)
    }
}

impl Externalities for Counting<'_> {
    fn set_offchain_storage(&mut self, key: &[u8], value: Option<&[u8]>) {
        self.inner.set_offchain_storage(key, value)
    }

    fn storage(&mut self, key: &[u8]) -> Option<Vec<u8>> {
        self.read(key);
        self.inner.storage(key)
    }

    fn storage_hash(&mut self, key: &[u8]) -> Option<Vec<u8>> {
        self.read(key);
        self.inner.storage_hash(key)
    }

    fn child_storage_hash(&mut self, child_info: &ChildInfo, key: &[u8]) -> Option<Vec<u8>> {
        self.inner.child_storage_hash(child_info, key)
    }

    fn child_storage(&mut self, child_info: &ChildInfo, key: &[u8]) -> Option<Vec<u8>> {
        self.inner.child_storage(child_info, key)
    }

    fn exists_storage(&mut self, key: &[u8]) -> bool {
        self.read(key);
        self.inner.exists_storage(key)
    }

    fn next_storage_key(&mut self, key: &[u8]) -> Option<Vec<u8>> {
        self.seek(key);
        self.inner.next_storage_key(key)
    }

    fn next_child_storage_key(&mut self, child_info: &ChildInfo, key: &[u8]) -> Option<Vec<u8>> {
        self.inner.next_child_storage_key(child_info, key)
    }

    fn kill_child_storage(
        &mut self,
        child_info: &ChildInfo,
        maybe_limit: Option<u32>,
        maybe_cursor: Option<&[u8]>,
    ) -> MultiRemovalResults {
        self.inner
            .kill_child_storage(child_info, maybe_limit, maybe_cursor)
    }

    fn clear_prefix(
        &mut self,
        prefix: &[u8],
        maybe_limit: Option<u32>,
        maybe_cursor: Option<&[u8]>,
    ) -> MultiRemovalResults {
        let most = maybe_limit.map_or(usize::MAX, |limit| limit as usize);
        let mut at = maybe_cursor.unwrap_or(prefix).to_vec();
        for _ in 0..most {
            self.seek(&at);
            match self.inner.next_storage_key(&at) {
                Some(next) if next.starts_with(prefix) => {
                    self.write(&next, 0);
                    at = next;
                }
                _ => break,
            }
        }
        self.inner.clear_prefix(prefix, maybe_limit, maybe_cursor)
    }

    fn clear_child_prefix(
        &mut self,
        child_info: &ChildInfo,
        prefix: &[u8],
        maybe_limit: Option<u32>,
        maybe_cursor: Option<&[u8]>,
    ) -> MultiRemovalResults {
        self.inner
            .clear_child_prefix(child_info, prefix, maybe_limit, maybe_cursor)
    }

    fn place_storage(&mut self, key: Vec<u8>, value: Option<Vec<u8>>) {
        self.write(&key, value.as_ref().map_or(0, Vec::len));
        self.inner.place_storage(key, value)
    }

    fn place_child_storage(&mut self, child_info: &ChildInfo, key: Vec<u8>, value: Option<Vec<u8>>) {
        self.inner.place_child_storage(child_info, key, value)
    }

    fn storage_root(&mut self, state_version: StateVersion) -> Vec<u8> {
        self.inner.storage_root(state_version)
    }

    fn child_storage_root(&mut self, child_info: &ChildInfo, state_version: StateVersion) -> Vec<u8> {
        self.inner.child_storage_root(child_info, state_version)
    }

    fn storage_append(&mut self, key: Vec<u8>, value: Vec<u8>) {
        // The host reads what is there to append to it.
        self.read(&key);
        self.write(&key, value.len());
        self.inner.storage_append(key, value)
    }

    fn storage_start_transaction(&mut self) {
        self.layers.push(BTreeMap::new());
        self.inner.storage_start_transaction()
    }

    fn storage_rollback_transaction(&mut self) -> Result<(), ()> {
        self.close(false);
        self.inner.storage_rollback_transaction()
    }

    fn storage_commit_transaction(&mut self) -> Result<(), ()> {
        self.close(true);
        self.inner.storage_commit_transaction()
    }

    fn storage_index_transaction(&mut self, index: u32, hash: &[u8], size: u32) {
        self.inner.storage_index_transaction(index, hash, size)
    }

    fn storage_renew_transaction_index(&mut self, index: u32, hash: &[u8]) {
        self.inner.storage_renew_transaction_index(index, hash)
    }

    fn wipe(&mut self) {
        self.inner.wipe()
    }

    fn commit(&mut self) {
        self.inner.commit()
    }

    fn read_write_count(&self) -> (u32, u32, u32, u32) {
        self.inner.read_write_count()
    }

    fn reset_read_write_count(&mut self) {
        self.inner.reset_read_write_count()
    }

    fn get_whitelist(&self) -> Vec<TrackedStorageKey> {
        self.inner.get_whitelist()
    }

    fn set_whitelist(&mut self, new: Vec<TrackedStorageKey>) {
        self.inner.set_whitelist(new)
    }

    fn get_read_and_written_keys(&self) -> Vec<(Vec<u8>, u32, u32, bool)> {
        self.inner.get_read_and_written_keys()
    }
}

impl ExtensionStore for Counting<'_> {
    fn extension_by_type_id(&mut self, type_id: TypeId) -> Option<&mut dyn Any> {
        self.inner.extension_by_type_id(type_id)
    }

    fn register_extension_with_type_id(
        &mut self,
        type_id: TypeId,
        extension: Box<dyn Extension>,
    ) -> Result<(), Error> {
        self.inner.register_extension_with_type_id(type_id, extension)
    }

    fn deregister_extension_by_type_id(&mut self, type_id: TypeId) -> Result<(), Error> {
        self.inner.deregister_extension_by_type_id(type_id)
    }
}
