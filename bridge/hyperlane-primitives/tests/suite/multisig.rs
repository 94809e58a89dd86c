//! The rule of the multisig contract, against a model of it that knows who signed.

use hyperlane_primitives::{
    limits::MAX_VALIDATORS, IsmKind, MerkleRootMetadata, Message, MessageIdMetadata, Metadata, MetadataError,
    Native, Signature, SignatureError, Signatures, ValidatorSet, VerifyError, H160, H256,
};
use proptest::prelude::*;

use crate::proven::{address_of, key, sign, Proven};

const DIGEST: H256 = H256([7; 32]);

/// Whether the contract accepts signatures by these, in this order: each must be found behind the one before.
fn contract_accepts(signers: &[u8], validators: &[u8], threshold: u8) -> bool {
    let mut next = 0;
    for signer in signers.iter().take(threshold.into()) {
        while next < validators.len() && validators[next] != *signer {
            next += 1;
        }
        if next == validators.len() {
            return false;
        }
        next += 1;
    }
    signers.len() >= threshold.into()
}

fn set_of(numbers: &[u8]) -> Vec<H160> {
    numbers.iter().map(|number| address_of(&key(*number))).collect()
}

fn signed_by(numbers: &[u8]) -> Vec<Signature> {
    numbers.iter().map(|number| sign(&key(*number), DIGEST)).collect()
}

fn verify(signers: &[u8], validators: &[u8], threshold: u8) -> Result<(), VerifyError> {
    let addresses = set_of(validators);
    let signatures: Vec<_> = signed_by(signers).iter().map(|each| each.0).collect();
    ValidatorSet::new(&addresses, threshold)
        .unwrap()
        .verify::<Native>(&DIGEST, Signatures(&signatures))
}

proptest! {
    #[test]
    fn signatures_are_accepted_as_the_contract_accepts_them(
        validators in Just((1..=6).collect::<Vec<u8>>()).prop_shuffle(),
        signers in prop::collection::vec(1..=7u8, 0..6),
        threshold in 1..=6u8,
    ) {
        let accepted = verify(&signers, &validators, threshold).is_ok();
        prop_assert_eq!(accepted, contract_accepts(&signers, &validators, threshold));
    }

    #[test]
    fn any_subset_in_order_is_a_quorum_and_reversed_it_is_not(
        signers in prop::sample::subsequence((1..=8).collect::<Vec<u8>>(), 2..=8),
    ) {
        let validators: Vec<u8> = (1..=8).collect();
        let threshold = signers.len() as u8;
        prop_assert_eq!(verify(&signers, &validators, threshold), Ok(()));
        let reversed: Vec<u8> = signers.iter().rev().copied().collect();
        prop_assert_eq!(verify(&reversed, &validators, threshold), Err(VerifyError::NotByThreshold { at: 1 }));
    }

    #[test]
    fn a_quorum_is_found_among_signatures_in_any_order_with_strangers_and_bad_ones(
        signers in Just((1..=9).collect::<Vec<u8>>()).prop_shuffle(), given_count in 0..=9usize, threshold in 1..=6u8,
    ) {
        let validators: Vec<u8> = (1..=6).collect();
        let addresses = set_of(&validators);
        let set = ValidatorSet::new(&addresses, threshold).unwrap();
        let mut given = signed_by(&signers[..given_count]);
        given.insert(0, Signature([0xff; 65]));
        let known = signers[..given_count].iter().filter(|signer| **signer <= 6).count();
        match set.quorum::<Native>(&DIGEST, &given) {
            Some(chosen) => {
                prop_assert_eq!(chosen.len(), usize::from(threshold));
                prop_assert_eq!(set.verify::<Native>(&DIGEST, Signatures(&chosen)), Ok(()));
            }
            None => prop_assert!(known < threshold.into()),
        }
    }
}

#[test]
fn too_few_signatures_are_refused_with_both_numbers() {
    assert_eq!(
        verify(&[1], &[1, 2, 3], 2),
        Err(VerifyError::TooFewSignatures { needed: 2, found: 1 })
    );
}

#[test]
fn one_bad_signature_spoils_the_lot_even_where_others_would_suffice() {
    let addresses = set_of(&[1, 2, 3]);
    let mut signatures: Vec<_> = signed_by(&[1, 2, 3]).iter().map(|each| each.0).collect();
    signatures[0][64] = 0;
    let found = ValidatorSet::new(&addresses, 2)
        .unwrap()
        .verify::<Native>(&DIGEST, Signatures(&signatures));
    assert_eq!(
        found,
        Err(VerifyError::BadSignature {
            at: 0,
            why: SignatureError::RecoveryByte { found: 0 }
        })
    );
}

#[test]
fn metadata_with_half_a_signature_or_too_many_is_refused() {
    for (kind, header) in [
        (IsmKind::MessageId, MessageIdMetadata::HEADER_BYTES),
        (IsmKind::MerkleRoot, MerkleRootMetadata::HEADER_BYTES),
    ] {
        let decode = |length: usize| Metadata::decode(kind, &vec![0; length]).map(|_| ());
        assert_eq!(decode(header), Ok(()));
        assert_eq!(decode(header + 65 * MAX_VALIDATORS), Ok(()));
        assert_eq!(
            decode(header - 1),
            Err(MetadataError::TooShort {
                needed: header as u32,
                found: header as u32 - 1
            })
        );
        assert_eq!(
            decode(header + 66),
            Err(MetadataError::CutSignature { left_over: 1 })
        );
        assert_eq!(
            decode(header + 65 * (MAX_VALIDATORS + 1)),
            Err(MetadataError::TooManySignatures {
                found: MAX_VALIDATORS as u32 + 1
            })
        );
    }
}

#[test]
fn metadata_of_one_kind_is_no_proof_of_the_other() {
    let proven = Proven::new(3, 2);
    let (message, id) = Message::decode_with_id::<Native>(&proven.message).unwrap();
    let crossed = |kind, bytes: &[u8]| {
        Metadata::decode(kind, bytes).is_ok_and(|metadata| {
            metadata
                .verify::<Native>(message.origin, id, &proven.set())
                .is_ok()
        })
    };
    assert!(!crossed(IsmKind::MerkleRoot, &proven.by_id));
    assert!(!crossed(IsmKind::MessageId, &proven.by_root));
    assert_eq!(IsmKind::MerkleRoot.module_type(), 4);
    assert_eq!(IsmKind::MessageId.module_type(), 5);
}

#[test]
fn a_proof_for_another_origin_is_none() {
    let proven = Proven::new(3, 2);
    let (message, id) = Message::decode_with_id::<Native>(&proven.message).unwrap();
    let elsewhere = (message.origin.0 + 1).into();
    let metadata = Metadata::decode(IsmKind::MessageId, &proven.by_id).unwrap();
    assert_eq!(
        metadata.verify::<Native>(elsewhere, id, &proven.set()),
        Err(VerifyError::NotByThreshold { at: 0 })
    );
}
