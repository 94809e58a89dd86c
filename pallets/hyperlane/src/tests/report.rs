use crate::{
    mock::*,
    types::{Evidence, Truth},
    Host,
};
use codec::{Decode, Encode};
use frame_support::{
    assert_noop, assert_ok,
    dispatch::{DispatchResultWithPostInfo, Pays},
};
use hyperlane_primitives::{Checkpoint, FullTree, MessageId, Signature};
use pensum_primitives::bridge::{checkpoint_key::KEY_TYPE, MERKLE_TREE_HOOK, TASKS};
use proptest::prelude::*;
use sp_core::H256;
use sp_runtime::{DispatchError, Perbill};
use sp_session::MembershipProof;

const ALL: Perbill = Perbill::from_percent(100);

/// A checkpoint of this chain's tree that is true of nothing.
fn forged(index: u32) -> Checkpoint {
    Checkpoint {
        origin: HERE,
        merkle_tree_hook: MERKLE_TREE_HOOK,
        root: H256([0xbb; 32]),
        index,
        message_id: MessageId(H256([0xcc; 32])),
    }
}

fn evidence(number: u8, checkpoint: Checkpoint, truth: Option<Truth>) -> Evidence {
    Evidence {
        signature: sign_checkpoint(&key(number), &checkpoint),
        key: public(&key(number)),
        checkpoint,
        truth,
    }
}

fn report_with(evidence: Evidence, proof: MembershipProof) -> DispatchResultWithPostInfo {
    let call = Call::report_bad_checkpoint {
        evidence: Box::new(evidence),
        key_owner_proof: proof,
    };
    act(signed(RELAYER), call)
}

/// Validator 1 has signed this, and is reported for it.
fn report(checkpoint: Checkpoint, truth: Option<Truth>) -> DispatchResultWithPostInfo {
    report_with(evidence(1, checkpoint, truth), key_proof(1))
}

/// So many messages, and all that their tree proves.
fn tree_of(count: u32) -> (FullTree, Vec<MessageId>) {
    let mut tree = FullTree::default();
    let ids: Vec<_> = (0..count).map(|number| send(&number.to_be_bytes())).collect();
    for id in &ids {
        tree.insert::<Host>(*id).unwrap();
    }
    (tree, ids)
}

fn truth(tree: &FullTree, ids: &[MessageId], index: u32, at: u32) -> Option<Truth> {
    Some(Truth {
        leaf: ids[index as usize],
        proof: tree.prove::<Host>(index, at + 1).unwrap(),
        at,
    })
}

fn true_checkpoint(tree: &FullTree, ids: &[MessageId], index: u32) -> Checkpoint {
    Checkpoint {
        root: tree.root::<Host>(index + 1).unwrap(),
        message_id: ids[index as usize],
        ..forged(index)
    }
}

#[test]
fn a_checkpoint_beyond_the_tree_convicts() {
    on_chain(|| {
        let done = report(forged(0), None).unwrap();
        assert_eq!(done.pays_fee, Pays::No);
        assert_eq!(Slashes::get(), [(validator(1), vec![RELAYER], 0, ALL)]);
        assert_eq!(
            last_event(),
            Event::BadCheckpointProven {
                validator: address(&key(1)),
                session: 0,
                checkpoint: forged(0),
                reporter: RELAYER,
            }
        );
    });
}

#[test]
fn another_root_or_another_leaf_convicts() {
    on_chain(|| {
        let (tree, ids) = tree_of(3);
        for index in 0..3 {
            let right = true_checkpoint(&tree, &ids, index);
            let wrong_root = Checkpoint {
                root: H256([1; 32]),
                ..right
            };
            let wrong_leaf = Checkpoint {
                message_id: MessageId(H256([1; 32])),
                ..right
            };
            for wrong in [wrong_root, wrong_leaf] {
                assert_ok!(report(wrong, None));
            }
        }
        assert_eq!(Slashes::get().len(), 6);
    });
}

#[test]
fn a_true_checkpoint_of_another_index_convicts() {
    on_chain(|| {
        let (tree, ids) = tree_of(3);
        let moved = Checkpoint {
            index: 1,
            ..true_checkpoint(&tree, &ids, 2)
        };
        assert_ok!(report(moved, None));
    });
}

#[test]
fn another_tree_of_this_domain_convicts_even_with_the_right_root() {
    on_chain(|| {
        let (tree, ids) = tree_of(1);
        // Contracts elsewhere do not compare the tree's address, so that a quorum could forge messages under another one.
        let elsewhere = Checkpoint {
            merkle_tree_hook: TASKS,
            ..true_checkpoint(&tree, &ids, 0)
        };
        assert_ok!(report(elsewhere, None));
        assert_eq!(Slashes::get().len(), 1);
    });
}

#[test]
fn a_true_checkpoint_is_refused_in_the_window_and_outside() {
    on_chain(|| {
        let (tree, ids) = tree_of(WINDOW + 4);
        let latest = WINDOW + 3;
        for index in 0..=latest {
            let right = true_checkpoint(&tree, &ids, index);
            if index >= 4 {
                assert_noop!(
                    report(right, None).map_err(|error| error.error),
                    Error::TrueCheckpoint
                );
            }
            for at in index.max(4)..=latest {
                assert_noop!(
                    report(right, truth(&tree, &ids, index, at)),
                    Error::TrueCheckpoint
                );
            }
        }
    });
}

#[test]
fn a_bad_checkpoint_convicts_long_after_its_message_has_left_the_state() {
    on_chain(|| {
        let (tree, ids) = tree_of(WINDOW + 4);
        let wrong = Checkpoint {
            root: H256([1; 32]),
            ..true_checkpoint(&tree, &ids, 2)
        };
        assert_noop!(report(wrong, None), Error::TruthMissing);
        assert_ok!(report(wrong, truth(&tree, &ids, 2, WINDOW + 3)));
        assert_eq!(Slashes::get().len(), 1);
    });
}

#[test]
fn a_proof_by_an_older_tree_convicts_though_messages_have_come_since() {
    on_chain(|| {
        let (tree, ids) = tree_of(WINDOW + 4);
        let proven = truth(&tree, &ids, 2, WINDOW + 3);
        send_some(WINDOW - 1);
        assert_ok!(report(forged(2), proven.clone()));
        send(b"that tree is not kept any more");
        assert_noop!(
            report(forged(1), truth(&tree, &ids, 1, WINDOW + 3)),
            Error::TreeNotKept
        );
    });
}

#[test]
fn a_false_truth_convicts_nobody() {
    on_chain(|| {
        let (tree, ids) = tree_of(WINDOW);
        let right = true_checkpoint(&tree, &ids, 3);
        let proven = truth(&tree, &ids, 3, 5).unwrap();
        let wrong_leaf = Truth {
            leaf: ids[2],
            ..proven.clone()
        };
        let of_another_leaf = truth(&tree, &ids, 2, 5).unwrap();
        let by_another_tree = Truth {
            at: 6,
            ..proven.clone()
        };
        let by_an_older_tree = truth(&tree, &ids, 2, 2).unwrap();
        let mut other_sibling = proven.clone();
        other_sibling.proof.0[31] = H256([1; 32]);
        for false_truth in [
            wrong_leaf,
            of_another_leaf,
            by_another_tree,
            by_an_older_tree,
            other_sibling,
        ] {
            assert_noop!(report(right, Some(false_truth)), Error::WrongTruth);
        }
        let by_no_tree = Truth { at: 77, ..proven };
        assert_noop!(report(right, Some(by_no_tree)), Error::TreeNotKept);
        assert!(Slashes::get().is_empty());
    });
}

#[test]
fn an_empty_leaf_is_no_truth() {
    on_chain(|| {
        let (tree, ids) = tree_of(3);
        // The fourth leaf of the tree of three is zero, and proven so; but the fourth message is there by now.
        let right = {
            let mut longer = tree.clone();
            let id = send(b"fourth");
            longer.insert::<Host>(id).unwrap();
            true_checkpoint(&longer, &[ids.clone(), vec![id]].concat(), 3)
        };
        let mut with_zero = tree.clone();
        with_zero.insert::<Host>(MessageId(H256::zero())).unwrap();
        let of_nothing = Truth {
            leaf: MessageId(H256::zero()),
            proof: with_zero.prove::<Host>(3, 4).unwrap(),
            at: 2,
        };
        assert_noop!(report(right, Some(of_nothing)), Error::WrongTruth);
    });
}

#[test]
fn another_chains_checkpoint_is_not_judged() {
    on_chain(|| {
        let elsewhere = Checkpoint {
            origin: EVM,
            ..forged(0)
        };
        assert_noop!(report(elsewhere, None), Error::NotThisDomain);
    });
}

#[test]
fn the_signature_must_be_the_keys() {
    on_chain(|| {
        let by_two = evidence(2, forged(0), None);
        let named_one = Evidence {
            key: public(&key(1)),
            ..by_two.clone()
        };
        assert_noop!(report_with(named_one, key_proof(1)), Error::NotThisKey);
        let of_another = Evidence {
            checkpoint: forged(1),
            ..by_two.clone()
        };
        assert_noop!(report_with(of_another, key_proof(2)), Error::NotThisKey);
        for signature in [other_form(by_two.signature), Signature([0; 65])] {
            let spoilt = Evidence {
                signature,
                ..by_two.clone()
            };
            assert_noop!(report_with(spoilt, key_proof(2)), Error::NotThisKey);
        }
        let no_key = Evidence {
            key: sp_core::ecdsa::Public::from_raw([9; 33]).into(),
            ..by_two
        };
        assert_noop!(report_with(no_key, key_proof(2)), Error::NotThisKey);
    });
}

#[test]
fn the_key_must_have_been_a_validators() {
    on_chain(|| {
        // Somebody has the key, but was no validator.
        assert_noop!(
            report_with(evidence(4, forged(0), None), key_proof(1)),
            Error::NoKeyOwner
        );
        let another_session = MembershipProof {
            session: 7,
            ..key_proof(1)
        };
        assert_noop!(
            report_with(evidence(1, forged(0), None), another_session),
            Error::NoKeyOwner
        );
        let another_count = MembershipProof {
            validator_count: 1,
            ..key_proof(1)
        };
        assert_noop!(
            report_with(evidence(1, forged(0), None), another_count),
            Error::NoKeyOwner
        );
        assert_noop!(
            report_with(evidence(1, forged(0), None), MembershipProof::default()),
            Error::NoKeyOwner
        );
    });
}

#[test]
fn who_has_left_is_slashed_for_its_session() {
    on_chain(|| {
        let proof = key_proof(1);
        elect(&[2, 3]);
        rotate();
        assert_ok!(report_with(evidence(1, forged(9), None), proof));
        assert_eq!(Slashes::get(), [(validator(1), vec![RELAYER], 0, ALL)]);
    });
}

#[test]
fn a_session_that_cannot_be_slashed_any_more_is_refused() {
    on_chain(|| {
        let proof = key_proof(1);
        elect(&[1, 2]);
        Historical::prune_up_to(2);
        assert_noop!(
            report_with(evidence(1, forged(9), None), proof),
            Error::NoKeyOwner
        );
        assert_ok!(report_with(evidence(1, forged(9), None), key_proof(1)));
    });
}

#[test]
fn the_same_checkpoint_counts_once_in_a_session() {
    on_chain(|| {
        assert_ok!(report(forged(0), None));
        assert_noop!(report(forged(0), None), Error::AlreadyReported);
        assert_ok!(report(forged(1), None));
        assert_ok!(report_with(evidence(2, forged(0), None), key_proof(2)));
        let convicted: Vec<_> = Slashes::get().into_iter().map(|(who, ..)| who).collect();
        // Offences are reported with all who are guilty of the same.
        assert_eq!(
            convicted,
            [validator(1), validator(1), validator(1), validator(2)]
        );
    });
}

#[test]
fn nobody_escapes_by_reporting_itself_for_a_poorer_session() {
    on_chain(|| {
        let poor = key_proof(1);
        rotate();
        assert_ok!(report_with(evidence(1, forged(0), None), poor));
        assert_ok!(report_with(evidence(1, forged(0), None), key_proof(1)));
        let sessions: Vec<_> = Slashes::get()
            .into_iter()
            .map(|(_, _, session, _)| session)
            .collect();
        assert_eq!(sessions, [0, 1]);
    });
}

#[test]
fn only_somebody_with_an_account_reports() {
    on_chain(|| {
        let call = Call::report_bad_checkpoint {
            evidence: Box::new(evidence(1, forged(0), None)),
            key_owner_proof: key_proof(1),
        };
        assert_noop!(
            act(RuntimeOrigin::none(), call).map_err(|error| error.error),
            DispatchError::BadOrigin
        );
    });
}

#[test]
fn a_key_is_proven_by_what_the_runtime_tells() {
    on_chain(|| {
        let encoded = Hyperlane::checkpoint_key_proof(public(&key(2))).unwrap();
        let proof = MembershipProof::decode(&mut &encoded[..]).unwrap();
        assert_eq!(proof.encode(), key_proof(2).encode());
        assert_eq!(KEY_TYPE.0, *b"hypl");
        assert_ok!(report_with(evidence(2, forged(0), None), proof));
    });
}

#[test]
fn an_honest_validator_is_never_convicted() {
    // Every leaf of trees of many sizes, proven by every later tree that is kept, and each of them spoilt at random.
    let cases = ProptestConfig::with_cases(24);
    proptest!(cases, |(count in 1..40u32, seed: u64)| {
        ExtBuilder::default().window(12).build_and_execute(|| {
            let (tree, ids) = tree_of(count);
            let oldest = count.saturating_sub(12);
            for index in 0..count {
                let right = true_checkpoint(&tree, &ids, index);
                for at in oldest.max(index)..count {
                    let mut proven = truth(&tree, &ids, index, at).unwrap();
                    assert_eq!(report(right, Some(proven.clone())), Err(Error::TrueCheckpoint.into()));
                    let spoil = seed.rotate_left(index + at);
                    proven.proof.0[(spoil % 32) as usize].0[(spoil / 32 % 32) as usize] ^= 1 << (spoil / 1024 % 8);
                    assert_eq!(report(right, Some(proven)), Err(Error::WrongTruth.into()));
                }
            }
            assert!(Slashes::get().is_empty());
        });
    });
}
