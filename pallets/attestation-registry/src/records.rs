//! Records: leaves gathered through a block, sealed under one root at its end.
//!
//! Off-chain index writes follow the import of a block on any fork and are never rolled back. Every key is therefore
//! the digest of what lies under it: a fork can only add, never replace.

use crate::{Config, Event, Pallet, PendingLeaves, RecordRoots};
use alloc::vec::Vec;
use codec::Encode;
use pensum_primitives::{
    record::{self, IndexedRecord},
    traits::Records,
    Digest,
};
use sp_io::offchain_index;

impl<T: Config> Records for Pallet<T> {
    fn record(entry: IndexedRecord) {
        let leaf = entry.record.leaf();
        PendingLeaves::<T>::append((entry.record.task, leaf));
        offchain_index::set(&record::body_key(&leaf), &entry.encode());
    }
}

impl<T: Config> Pallet<T> {
    /// Seals the records of the block under construction, if it has any.
    pub(crate) fn seal_records() {
        let pending = PendingLeaves::<T>::take();
        if pending.is_empty() {
            return;
        }
        let leaves: Vec<Digest> = pending.iter().map(|(_, leaf)| *leaf).collect();
        let root = record::root(&leaves);
        let block = Self::now();
        let records = pending.len() as u32;

        RecordRoots::<T>::insert(block, root);
        offchain_index::set(&record::leaves_key(&root), &pending.encode());
        Self::deposit_event(Event::RecordsSealed { block, root, records });
    }
}
