use super::samples::*;
use crate::{mock::*, Event, PendingLeaves, RecordRoots};
use binary_merkle_tree::{merkle_proof, verify_proof};
use codec::{Decode, Encode};
use pensum_primitives::{
    record::{self, IndexedRecord, Record},
    traits::Records as _,
    verdict::{Outcome, Reason},
    verification::Verification,
    Digest, ModelId, TaskId,
};
use sp_io::hashing::{blake2_256, sha2_256};
use sp_io::TestExternalities;
use sp_runtime::traits::BlakeTwo256;

pub fn ended(task: u64, output: &[u8]) -> IndexedRecord {
    IndexedRecord {
        record: Record {
            task: TaskId(task),
            model: ModelId(Digest::repeat_byte(7)),
            requester: BOB,
            input: sha2_256(b"input").into(),
            output: sha2_256(output).into(),
            solvers: vec![ALICE],
            verification: Verification::Replay { window: 0 },
            evidence: Digest::repeat_byte(8),
            upstream: vec![],
            outcome: if output.is_empty() {
                Outcome::Refunded(Reason::NobodyLeft)
            } else {
                Outcome::Answered
            },
            price: 5,
            asset: None,
            posted_at: 1,
            block: 1,
        },
        output: output.to_vec().try_into().unwrap(),
    }
}

/// Records in block 1, ends the block and writes its off-chain changes.
fn seal(entries: &[IndexedRecord]) -> TestExternalities {
    let mut ext = ExtBuilder::build();
    ext.execute_with(|| {
        entries.iter().cloned().for_each(Registry::record);
        run_to(2);
        Registry::do_try_state().unwrap();
    });
    ext.persist_offchain_overlay();
    ext
}

fn indexed(ext: &TestExternalities, key: Vec<u8>) -> Option<Vec<u8>> {
    ext.offchain_db().get(&key)
}

#[test]
fn every_record_of_a_block_is_proven_by_its_root() {
    for count in [1, 2, 3, 7, 64] {
        let entries: Vec<_> = (0..count).map(|task| ended(task, &task.to_le_bytes())).collect();
        let leaves: Vec<Digest> = entries.iter().map(|entry| entry.record.leaf()).collect();
        seal(&entries).execute_with(|| {
            let root = Registry::record_root(1).unwrap();
            for place in 0..count as u32 {
                let proof = merkle_proof::<BlakeTwo256, _, _>(leaves.clone(), place);
                assert_eq!(proof.root, root);
                let proves = |leaf| {
                    verify_proof::<BlakeTwo256, _, _>(&root, proof.proof.clone(), count as u32, place, leaf)
                };
                assert!(proves(&leaves[place as usize]));
                assert!(!proves(&Digest::repeat_byte(1)));
            }
        });
    }
}

#[test]
fn bodies_and_leaves_are_in_the_off_chain_index() {
    let entries = [ended(1, b"one"), ended(2, b""), ended(300, b"three")];
    let mut ext = seal(&entries);
    let root = ext.execute_with(|| RecordRoots::<Test>::get(1).unwrap());

    let leaves = indexed(&ext, record::leaves_key(&root)).unwrap();
    let leaves = Vec::<(TaskId, Digest)>::decode(&mut &leaves[..]).unwrap();
    let expected: Vec<_> = entries
        .iter()
        .map(|entry| (entry.record.task, entry.record.leaf()))
        .collect();
    assert_eq!(leaves, expected);
    for (entry, (_, leaf)) in entries.iter().zip(leaves) {
        assert_eq!(indexed(&ext, record::body_key(&leaf)), Some(entry.encode()));
    }
}

#[test]
fn a_sealed_block_leaves_one_root_one_event_and_nothing_pending() {
    ExtBuilder::build_and_execute(|| {
        let entries = [ended(1, b"one"), ended(2, b"two")];
        entries.iter().cloned().for_each(Registry::record);
        assert_eq!(PendingLeaves::<Test>::get().len(), 2);
        run_to(2);
        let root = record::root(&[entries[0].record.leaf(), entries[1].record.leaf()]);
        assert_eq!(RecordRoots::<Test>::iter().collect::<Vec<_>>(), vec![(1, root)]);
        assert!(!PendingLeaves::<Test>::exists());
        System::assert_last_event(
            Event::RecordsSealed {
                block: 1,
                root,
                records: 2,
            }
            .into(),
        );
    });
}

#[test]
fn a_block_without_records_has_no_root_and_no_event() {
    ExtBuilder::build_and_execute(|| {
        run_to(5);
        assert_eq!(RecordRoots::<Test>::iter().count(), 0);
        assert_eq!(System::event_count(), 0);
        assert_eq!(Registry::record_root(1), None);
    });
}

#[test]
fn every_block_seals_its_own() {
    ExtBuilder::build_and_execute(|| {
        Registry::record(ended(1, b"one"));
        run_to(3);
        Registry::record(ended(2, b"two"));
        run_to(4);
        assert_eq!(
            Registry::record_root(1),
            Some(record::root(&[ended(1, b"one").record.leaf()]))
        );
        assert_eq!(Registry::record_root(2), None);
        assert_eq!(
            Registry::record_root(3),
            Some(record::root(&[ended(2, b"two").record.leaf()]))
        );
    });
}

#[test]
fn a_record_of_a_call_that_fails_is_undone() {
    let mut ext = ExtBuilder::build();
    let (kept, undone) = (ended(1, b"kept"), ended(2, b"undone"));
    ext.execute_with(|| {
        Registry::record(kept.clone());
        let failed = frame_support::storage::with_storage_layer::<(), sp_runtime::DispatchError, _>(|| {
            Registry::record(undone.clone());
            Err(sp_runtime::DispatchError::Other("the call failed"))
        });
        assert!(failed.is_err());
        run_to(2);
        assert_eq!(
            Registry::record_root(1),
            Some(record::root(&[kept.record.leaf()]))
        );
    });
    ext.persist_offchain_overlay();
    assert!(indexed(&ext, record::body_key(&kept.record.leaf())).is_some());
    assert_eq!(indexed(&ext, record::body_key(&undone.record.leaf())), None);
}

#[test]
fn forks_write_side_by_side() {
    // Two blocks of one height: the same task ends differently, another task ends the same.
    let here = [ended(1, b"answered here"), ended(2, b"same")];
    let there = [ended(1, b""), ended(2, b"same")];
    let (mut one, mut other) = (seal(&here), seal(&there));
    let roots = [&mut one, &mut other].map(|ext| ext.execute_with(|| Registry::record_root(1).unwrap()));
    assert_ne!(roots[0], roots[1]);

    // The keys of what differs differ, so that neither fork writes over the other's.
    assert_eq!(indexed(&one, record::leaves_key(&roots[1])), None);
    assert_eq!(indexed(&other, record::leaves_key(&roots[0])), None);
    assert_eq!(indexed(&other, record::body_key(&here[0].record.leaf())), None);
    assert_eq!(indexed(&one, record::body_key(&there[0].record.leaf())), None);
    // What is the same has one key and one value on both.
    let same = record::body_key(&here[1].record.leaf());
    assert_eq!(indexed(&one, same.clone()), Some(here[1].encode()));
    assert_eq!(indexed(&one, same.clone()), indexed(&other, same));

    // A reader can check everything it finds against its key alone.
    for (ext, root) in [(&one, roots[0]), (&other, roots[1])] {
        let leaves = indexed(ext, record::leaves_key(&root)).unwrap();
        let leaves = Vec::<(TaskId, Digest)>::decode(&mut &leaves[..]).unwrap();
        assert_eq!(
            record::root(&leaves.iter().map(|(_, leaf)| *leaf).collect::<Vec<_>>()),
            root
        );
        for (task, leaf) in leaves {
            let body = indexed(ext, record::body_key(&leaf)).unwrap();
            let body = IndexedRecord::decode(&mut &body[..]).unwrap();
            assert_eq!(Digest::from(blake2_256(&body.record.encode())), leaf);
            assert_eq!(Digest::from(sha2_256(&body.output)), body.record.output);
            assert_eq!(body.record.task, task);
        }
    }
}

#[test]
fn records_survive_the_registration_of_models_in_the_same_block() {
    ExtBuilder::build_and_execute(|| {
        Registry::record(ended(1, b"one"));
        Sample::greater(ALICE).register();
        Registry::record(ended(2, b"two"));
        run_to(2);
        let leaves = [ended(1, b"one").record.leaf(), ended(2, b"two").record.leaf()];
        assert_eq!(Registry::record_root(1), Some(record::root(&leaves)));
    });
}
