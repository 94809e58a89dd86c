use crate::{
    mock::*,
    types::{BatchState, MAX_LEAVES},
    BatchCount, Batches, HandedOn, Results,
};
use binary_merkle_tree::{verify_proof, Leaf};
use frame_support::assert_ok;
use pensum_primitives::{
    bridge::{Domain, RequestView},
    Digest,
};
use pensum_task_abi::{Root, TaskResult};
use sp_io::hashing::keccak_256;
use sp_runtime::traits::Keccak256;

/// So many answered requests whose results go in a batch.
fn answered(count: u32) -> Vec<Digest> {
    fund(CONSUMER, 20_000 * u128::from(count));
    let ids: Vec<_> = (0..count).map(|_| ask(CONSUMER, batched(intent()))).collect();
    for (number, id) in (0u32..).zip(&ids) {
        Desk::answer(*id, &number.to_le_bytes());
    }
    ids
}

fn roots() -> Vec<Root> {
    Post::roots(EVM, REGISTRY)
        .into_iter()
        .map(|(_, root)| root)
        .collect()
}

/// Whether a contract that knows the root would believe the result.
fn is_proven(id: Digest) -> bool {
    let Some(proof) = Bridge::result_proof(id) else {
        return false;
    };
    let root = roots()
        .into_iter()
        .find(|root| root.batch == proof.batch)
        .unwrap();
    let result = TaskResult::decode(&proof.result).unwrap();
    assert_eq!(result.request, id.0);
    assert_eq!((proof.root.0, proof.leaves), (root.root, root.leaves));
    verify_proof::<Keccak256, _, _>(
        &proof.root,
        proof.proof,
        proof.leaves,
        proof.index,
        Leaf::Hash(keccak_256(&proof.result).into()),
    )
}

#[test]
fn results_are_sent_under_one_root_and_each_is_proven() {
    ExtBuilder.build_and_execute(|| {
        let ids = answered(7);
        run_for(1);
        assert!(ids
            .iter()
            .all(|id| Bridge::request(*id) == Some(RequestView::Ended)));
        assert!(ids.iter().all(|id| Bridge::result_proof(*id).is_none()));
        assert_eq!(Post::letters(), []);
        run_for(BATCH_PERIOD);
        let (message, root) = Post::roots(EVM, REGISTRY)[0];
        assert_eq!((root.batch, root.leaves), (0, 7));
        assert_eq!(
            last_event(),
            Event::RootSent {
                domain: Domain(EVM),
                batch: 0,
                root: root.root.into(),
                leaves: 7,
                message,
            }
        );
        assert!(ids.iter().all(|id| is_proven(*id)));
        assert!(ids
            .iter()
            .all(|id| Bridge::request(*id) == Some(RequestView::Sent { message })));
    });
}

#[test]
fn a_full_batch_is_sent_at_once() {
    ExtBuilder.build_and_execute(|| {
        let ids = answered(MAX_LEAVES + 1);
        run_for(1);
        let [root] = &roots()[..] else { panic!("one root") };
        assert_eq!((root.batch, root.leaves), (0, MAX_LEAVES));
        assert!(ids[..MAX_LEAVES as usize].iter().all(|id| is_proven(*id)));
        assert!(!is_proven(ids[MAX_LEAVES as usize]));
        run_for(BATCH_PERIOD);
        let [_, root] = &roots()[..] else {
            panic!("two roots")
        };
        assert_eq!((root.batch, root.leaves), (1, 1));
        assert!(is_proven(ids[MAX_LEAVES as usize]));
    });
}

#[test]
fn a_batch_is_closed_a_period_after_its_first_result() {
    ExtBuilder.build_and_execute(|| {
        answered(1);
        run_for(1);
        run_for(BATCH_PERIOD - 1);
        answered(1);
        assert_eq!(roots(), []);
        run_for(1);
        // What ends in the block of the closing is too late by a moment.
        assert_eq!(roots()[0].leaves, 1);
        run_for(BATCH_PERIOD);
        assert_eq!(roots()[1].leaves, 1);
    });
}

#[test]
fn each_chain_counts_its_own_batches() {
    ExtBuilder.build_and_execute(|| {
        for remote in [CONSUMER, TWIN] {
            fund(remote, 100_000);
            let id = ask(remote, batched(intent()));
            Desk::answer(id, b"x");
        }
        run_for(BATCH_PERIOD + 1);
        for domain in [EVM, OTHER_EVM] {
            let (_, root) = Post::roots(domain, REGISTRY)[0];
            assert_eq!((root.batch, root.leaves), (0, 1));
            assert_eq!(BatchCount::<Test>::get(Domain(domain)), 1);
        }
    });
}

#[test]
fn results_of_several_contracts_share_a_batch() {
    ExtBuilder.build_and_execute(|| {
        fund(RIVAL, 100_000);
        let mine = answered(1)[0];
        let other = ask(RIVAL, batched(intent()));
        Desk::answer(other, b"y");
        run_for(BATCH_PERIOD + 1);
        assert_eq!(roots()[0].leaves, 2);
        assert!(is_proven(mine) && is_proven(other));
    });
}

#[test]
fn a_root_waits_for_its_registry() {
    ExtBuilder.build_and_execute(|| {
        let ids = answered(2);
        run_for(1);
        assert_ok!(Bridge::set_registry(RuntimeOrigin::root(), EVM, None));
        run_for(BATCH_PERIOD + 3 * RETRY_AFTER);
        assert_eq!(Post::letters(), []);
        let other = contract(0x77);
        assert_ok!(Bridge::set_registry(RuntimeOrigin::root(), EVM, Some(other.0)));
        run_for(RETRY_AFTER);
        assert_eq!(Post::roots(EVM, other)[0].1.leaves, 2);
        assert!(ids.iter().all(|id| Bridge::result_proof(*id).is_some()));
    });
}

#[test]
fn old_results_are_forgotten_and_their_batches_with_them() {
    ExtBuilder.build_and_execute(|| {
        KeptResults::set(3);
        let first = answered(2);
        run_for(BATCH_PERIOD + 1);
        let second = answered(2);
        run_for(BATCH_PERIOD + 1);
        assert_eq!(Bridge::request(first[0]), None);
        assert!(Bridge::result_proof(first[0]).is_none());
        assert!(is_proven(first[1]) && second.iter().all(|id| is_proven(*id)));
        assert!(Batches::<Test>::contains_key(Domain(EVM), 0));
        answered(1);
        run_for(1);
        assert!(!Batches::<Test>::contains_key(Domain(EVM), 0));
        assert_eq!(Results::<Test>::iter_keys().count(), 3);
        run_for(BATCH_PERIOD);
    });
}

#[test]
fn no_result_is_forgotten_before_its_root_was_sent() {
    ExtBuilder.build_and_execute(|| {
        KeptResults::set(2);
        Unreachable::mutate(|chains| chains.insert(EVM));
        let ids = answered(6);
        run_for(BATCH_PERIOD + 1);
        check();
        assert_eq!(HandedOn::<Test>::iter_keys().count(), 6);
        Unreachable::set(Default::default());
        run_for(RETRY_AFTER);
        assert!(ids.iter().all(|id| is_proven(*id)));
        // Two for each new one, until the line is as short as it should be.
        answered(3);
        run_for(1);
        assert_eq!(HandedOn::<Test>::iter_keys().count(), 3);
        run_for(BATCH_PERIOD);
        answered(2);
        run_for(BATCH_PERIOD + 1);
        assert_eq!(HandedOn::<Test>::iter_keys().count(), 2);
    });
}

#[test]
fn a_batch_stands_where_its_root_does() {
    ExtBuilder.build_and_execute(|| {
        let state = || Batches::<Test>::get(Domain(EVM), 0).unwrap().state;
        answered(1);
        run_for(1);
        assert_eq!(state(), BatchState::Open);
        Unreachable::mutate(|chains| chains.insert(EVM));
        run_for(BATCH_PERIOD);
        assert_eq!(state(), BatchState::Closed);
        Unreachable::set(Default::default());
        run_for(RETRY_AFTER);
        assert!(matches!(state(), BatchState::Sent { .. }));
    });
}
