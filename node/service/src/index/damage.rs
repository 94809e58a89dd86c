//! Property tests: whatever a disk makes of the index, no lookup panics, and none shows a record that did not happen.

use super::{
    fixture::{record, storage, write_block, FakeChain, MODEL},
    keys, Index,
};
use codec::Encode;
use pensum_primitives::{
    record::{self, IndexedRecord},
    BatchId, ModelId, TaskId,
};
use proptest::{collection::vec, prelude::*, sample::Index as Place};
use sp_core::offchain::STORAGE_PREFIX;

const BLOCK: u32 = 8;

/// A chain, its index, and the records of one block.
fn written() -> (FakeChain, Index, Vec<IndexedRecord>) {
    let (mut chain, index) = (FakeChain::new(9, 9), Index::new(storage()));
    let records: Vec<_> = (0..5)
        .map(|place| record(BatchId(7).task(place), BLOCK, &[place, 1]))
        .collect();
    write_block(&mut chain, index.storage.as_ref(), BLOCK, &records);
    let ended: Vec<(TaskId, ModelId)> = records
        .iter()
        .map(|body| (body.record.task, body.record.model))
        .collect();
    index.add(BLOCK, &ended);
    (chain, index, records)
}

/// Every entry of the index: its prefix and its key.
fn entries(chain: &FakeChain, records: &[IndexedRecord]) -> Vec<(&'static [u8], Vec<u8>)> {
    let mut entries = vec![
        (STORAGE_PREFIX, record::leaves_key(&chain.roots[&BLOCK])),
        (keys::PREFIX, keys::LAST.to_vec()),
        (keys::PREFIX, keys::tail(MODEL)),
        (keys::PREFIX, keys::page(MODEL, 0)),
    ];
    for body in records {
        entries.push((STORAGE_PREFIX, record::body_key(&body.record.leaf())));
        entries.push((keys::PREFIX, keys::task(body.record.task)));
    }
    entries
}

/// Bytes instead of those: some changed, some cut off, some added, or all of them others.
fn damaged() -> impl Strategy<Value = (Vec<(Place, u8)>, Place, Vec<u8>)> {
    (
        vec((any::<Place>(), any::<u8>()), 0..4),
        any::<Place>(),
        vec(any::<u8>(), 0..40),
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_damaged_index_shows_the_truth_or_nothing(which: Place, (changes, cut, tail) in damaged()) {
        let (chain, index, records) = written();
        let entries = entries(&chain, &records);
        let (prefix, key) = &entries[which.index(entries.len())];
        let mut bytes = index.storage.get(prefix, key).unwrap();
        for (place, value) in changes {
            let place = place.index(bytes.len());
            bytes[place] = value;
        }
        bytes.truncate(cut.index(bytes.len() + 1));
        bytes.extend(tail);
        index.storage.set(prefix, key, &bytes);

        for body in &records {
            if let Ok(Some(found)) = index.find(&chain, body.record.task) {
                prop_assert_eq!(&found.record, &body.record);
                prop_assert_eq!(&found.output, &body.output);
            }
        }
        let listed = index.tasks_of(MODEL, 0, 256);
        prop_assert!(listed.len() <= 256);
        prop_assert!(index.tasks_of(MODEL, u64::MAX - 3, 256).len() <= 256);
        let _ = (index.task_count(MODEL), index.last());
        // The follower writes on, whatever it finds.
        index.add(9, &[(BatchId(8).task(0), MODEL)]);
    }

    #[test]
    fn entries_of_any_bytes_show_nothing(bytes in vec(any::<u8>(), 0..200)) {
        let (chain, index, records) = written();
        for (prefix, key) in entries(&chain, &records) {
            index.storage.set(prefix, &key, &bytes);
        }
        for body in &records {
            prop_assert!(!matches!(index.find(&chain, body.record.task), Ok(Some(_))));
        }
        prop_assert!(index.tasks_of(MODEL, 0, 256).len() <= 256);
    }
}

#[test]
fn what_is_whole_is_shown() {
    let (chain, index, records) = written();
    for body in &records {
        assert_eq!(
            index.find(&chain, body.record.task).unwrap().unwrap().record,
            body.record
        );
    }
    assert_eq!(index.storage.get(keys::PREFIX, keys::LAST), Some(BLOCK.encode()));
    assert_eq!(index.task_count(MODEL), 5);
}
