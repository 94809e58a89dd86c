//! Decoders on any bytes: they return, and what they accept is the only encoding of what they read.

use crate::strategies;
use pensum_task_abi::{AbiError, FromTasks, Intent, Root, TaskResult, ToTasks};
use proptest::{collection::vec, prelude::*, sample::Index};

fn decoders_are_total_and_exact(bytes: &[u8]) {
    if let Ok(message) = ToTasks::decode(bytes) {
        assert_eq!(message.encode(), bytes);
    }
    if let Ok(message) = FromTasks::decode(bytes) {
        assert_eq!(message.encode(), bytes);
    }
    if let Ok(intent) = Intent::decode(bytes) {
        assert_eq!(intent.encode(), bytes);
    }
    if let Ok(result) = TaskResult::decode(bytes) {
        assert_eq!(result.encode(), bytes);
    }
    if let Ok(root) = Root::decode(bytes) {
        assert_eq!(root.encode(), bytes);
    }
}

/// A word such as offsets and lengths are made of.
fn word() -> impl Strategy<Value = [u8; 32]> {
    prop_oneof![
        (0..700u16).prop_map(|small| {
            let mut word = [0; 32];
            word[30..].copy_from_slice(&small.to_be_bytes());
            word
        }),
        any::<[u8; 32]>(),
        Just([0xff; 32]),
    ]
}

proptest! {
    // The environment's PROPTEST_CASES asks for more.
    #![proptest_config(ProptestConfig::with_cases(ProptestConfig::default().cases.max(2_000)))]

    #[test]
    fn random_bytes(kind in 0..6u8, bytes in vec(any::<u8>(), 0..1_200)) {
        decoders_are_total_and_exact(&bytes);
        decoders_are_total_and_exact(&[&[kind][..], &bytes].concat());
    }

    #[test]
    fn random_words(kind in 0..6u8, words in vec(word(), 0..40)) {
        decoders_are_total_and_exact(&words.concat());
        decoders_are_total_and_exact(&[&[kind][..], &words.concat()].concat());
    }

    #[test]
    fn valid_bodies_with_one_byte_changed(
        to in strategies::to_tasks(), from in strategies::from_tasks(), place: Index, byte: u8,
    ) {
        for mut body in [to.encode(), from.encode()] {
            let place = place.index(body.len());
            body[place] = byte;
            decoders_are_total_and_exact(&body);
        }
    }

    #[test]
    fn valid_bodies_with_one_word_changed(to in strategies::to_tasks(), place: Index, word in word()) {
        let mut body = to.encode();
        let place = place.index(body.len() / 32);
        body[1 + 32 * place..33 + 32 * place].copy_from_slice(&word);
        decoders_are_total_and_exact(&body);
    }

    #[test]
    fn valid_bodies_cut_or_continued(
        to in strategies::to_tasks(), from in strategies::from_tasks(), cut: Index, tail in vec(any::<u8>(), 1..70),
    ) {
        let (to, from) = (to.encode(), from.encode());
        for bytes in [&to[..cut.index(to.len())], &[&to[..], &tail].concat()] {
            prop_assert!(ToTasks::decode(bytes).is_err());
        }
        for bytes in [&from[..cut.index(from.len())], &[&from[..], &tail].concat()] {
            prop_assert!(FromTasks::decode(bytes).is_err());
        }
    }
}

#[test]
fn the_two_directions_are_told_apart_where_kinds_are_the_same() {
    let root = FromTasks::Root(Root {
        batch: 0,
        root: [1; 32],
        leaves: 1,
    });
    assert_eq!(ToTasks::decode(&root.encode()), Err(AbiError::NotCanonical));
    let cancel = ToTasks::Cancel { request: [1; 32] };
    assert_eq!(FromTasks::decode(&cancel.encode()), Err(AbiError::NotAbi));
}
