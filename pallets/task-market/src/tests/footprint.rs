//! What a task costs in storage. The README's table comes from here.

use crate::{
    mock::*,
    types::{Batch, Inputs, OpenTask, OpenTasks, Part, PartState, Quote, Upstream},
};
use codec::{Encode, MaxEncodedLen};
use frame_support::BoundedVec;
use pensum_primitives::{matching::Matching, verification::Verification, BlockNumber, ModelId};

fn heaviest(tasks: usize) -> Batch {
    let task = |place: usize| OpenTask {
        place: place as u8,
        blob: true,
        len: 4_096,
        bond: u128::MAX,
    };
    Batch {
        requester: REQUESTER,
        model: ModelId::default(),
        max_reward: u128::MAX,
        escrow: None,
        deadline: BlockNumber::MAX,
        posted_at: BlockNumber::MAX,
        min_reputation: 1_000_000,
        matching: Matching::Book,
        verification: Verification::Replay { window: 0 },
        parts: vec![Part {
            solver: solver(1),
            quote: Quote {
                base: u128::MAX,
                per_byte: u128::MAX,
                min_reward: u128::MAX,
            },
            state: PartState::Working,
            answer_by: BlockNumber::MAX,
            sheets: u8::MAX,
            repairs: BoundedVec::new(),
            tasks: OpenTasks::truncate_from((0..tasks).map(task).collect()),
        }]
        .try_into()
        .unwrap(),
        waiting: None,
        failed: BoundedVec::new(),
        upstream: Upstream::new(),
        follower: None,
    }
}

#[test]
fn a_batch_of_one_is_at_most_256_bytes_whatever_is_in_it() {
    assert_eq!(heaviest(1).encoded_size(), 217);
    ExtBuilder::default().build_and_execute(|| assert_eq!(batch(post(1)).encoded_size(), 141));
}

#[test]
fn a_task_in_a_batch_is_small() {
    let each = (heaviest(256).encoded_size() - heaviest(1).encoded_size()) / 255;
    assert!(each <= 23, "{each} bytes at worst");
    ExtBuilder::default().build_and_execute(|| {
        let (one, full) = (batch(post(1)).encoded_size(), batch(post(256)).encoded_size());
        assert!((full - one) / 255 <= 8, "{} bytes", (full - one) / 255);
    });
}

#[test]
fn stored_items_are_bounded() {
    assert!(Batch::max_encoded_len() < 64 * 1024);
    assert!(Inputs::max_encoded_len() < 1_100_000);
}

/// Keys that differ between two states: what was written.
fn written(before: &Keys, after: &Keys) -> usize {
    let keys = before
        .keys()
        .chain(after.keys())
        .collect::<std::collections::BTreeSet<_>>();
    keys.into_iter()
        .filter(|key| before.get(*key) != after.get(*key))
        .count()
}

type Keys = std::collections::BTreeMap<Vec<u8>, Vec<u8>>;

/// The whole state but for the block's own items (number, events, extrinsic data) and for the leaves of its records, which are
/// taken at its end.
fn state() -> Keys {
    let transient = [
        sp_io::hashing::twox_128(b"System").to_vec(),
        pallet_attestation_registry::PendingLeaves::<Test>::hashed_key().to_vec(),
    ];
    let account = frame_support::storage::storage_prefix(b"System", b"Account");
    let mut keys = Keys::new();
    let mut key = Vec::new();
    while let Some(next) = sp_io::storage::next_key(&key) {
        if next.starts_with(&account) || !transient.iter().any(|prefix| next.starts_with(prefix)) {
            keys.insert(next.clone(), sp_io::storage::get(&next).unwrap().to_vec());
        }
        key = next;
    }
    keys
}

/// Writes of posting and of answering batches of so many tasks.
fn life(tasks: u32) -> (usize, usize) {
    let before = state();
    let id = post(tasks);
    let posted = state();
    answers(1, (0..tasks).map(|place| right(id.task(place as u8))).collect());
    (written(&before, &posted), written(&posted, &state()))
}

#[test]
fn a_batch_of_any_size_writes_a_fixed_number_of_items() {
    ExtBuilder::default().build_and_execute(|| {
        // Post: batch, inputs, next batch, agenda, solver's list, solver; requester's account and holds, fee payee.
        // Answer: the same but for next batch and fee payee, and the accounts of solver, publisher and treasury.
        assert_eq!(life(1), (9, 10));
        assert_eq!(life(256), (9, 10));
    });
}

/// Writes of posting and of answering batches of so many tasks that an asset pays.
fn life_in_coins(tasks: u32) -> (usize, usize) {
    let terms = pensum_primitives::task::Terms {
        max_reward: COINS,
        asset: Some(COIN),
        ..terms(greater())
    };
    let before = state();
    let id = post_as(REQUESTER, terms, pairs(tasks)).unwrap();
    let posted = state();
    answers(1, (0..tasks).map(|place| right(id.task(place as u8))).collect());
    (written(&before, &posted), written(&posted, &state()))
}

#[test]
fn an_asset_adds_a_fixed_number_of_writes_that_its_weights_have() {
    ExtBuilder::default().accepting().build_and_execute(|| {
        // Accounts in the asset are made once.
        life_in_coins(1);
        // Beside what PEN writes, the sum of the requester's holds.
        assert_eq!(life_in_coins(1), (10, 11));
        assert_eq!(life_in_coins(256), (10, 11));
    });
}

/// Writes of claiming and of settling batches of so many tasks with a window.
fn windowed_life(tasks: u32) -> (usize, usize) {
    let id = post_on(windowed(), tasks);
    let posted = state();
    let sheet = (0..tasks).map(|place| id.task(place as u8));
    answers(1, sheet.map(|task| traced(task, label(1))).collect());
    let claimed = state();
    run_for(WINDOW + 1);
    (written(&posted, &claimed), written(&claimed, &state()))
}

#[test]
fn a_window_adds_one_item_for_each_task_and_leaves_none() {
    ExtBuilder::default().build_and_execute(|| {
        let before = state().len();
        // The root of a block's records is written in the next one: the first life pays for none.
        windowed_life(1);
        let (one, many) = (windowed_life(1), windowed_life(64));
        assert_eq!((many.0 - one.0, many.1 - one.1), (63, 63));
        // Batch, agenda twice, solver's list, the audits' queue, the answer.
        assert_eq!(one.0, 6);
        // Batch, inputs, agenda, answer, queue, solver; requester's account and holds, solver's, publisher's and treasury's accounts.
        assert!(one.1 <= 13, "{} items", one.1);
        // Nothing but the count of batches and the roots of records.
        assert!(state().len() <= before + 4, "{} more", state().len() - before);
    });
}
