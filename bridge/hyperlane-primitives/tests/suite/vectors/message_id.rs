use hyperlane_primitives::{
    Body, Crypto, IncrementalTree, IsmKind, Message, MessageIdMetadata, Native, Signature, Signatures,
    ValidatorSet, H160, H256, U256,
};
use serde::Deserialize;

use super::{addresses, CheckpointFields, Hex, MessageFields, MustFail, Validator, VECTORS};
use crate::mailbox::Mailbox;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Vector {
    name: String,
    #[serde(rename = "direction")]
    _direction: String,
    #[serde(rename = "verified_by")]
    _verified_by: String,
    validators: Vec<Validator>,
    threshold: u8,
    merkle_tree_hook: H256,
    merkle_tree_hook_preimage: String,
    message: MessageFields,
    encoded: Hex,
    message_id: H256,
    leaves: Vec<H256>,
    checkpoint: CheckpointFields,
    signer_indices: Vec<usize>,
    metadata: Hex,
    metadata_length: usize,
    must_fail: MustFail,
}

impl Vector {
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The metadata with other signatures under it.
    fn metadata_with(&self, signatures: &[Signature]) -> Vec<u8> {
        let signatures: Vec<_> = signatures.iter().map(|signature| signature.0).collect();
        let mut metadata = MessageIdMetadata::decode(&self.metadata.0).unwrap();
        metadata.signatures = Signatures(&signatures);
        metadata.encode()
    }

    fn mailbox<'a>(&self, validators: &'a [H160]) -> Mailbox<'a> {
        let set = ValidatorSet::new(validators, self.threshold).unwrap();
        Mailbox::new(self.message.destination.into(), IsmKind::MessageId, set)
    }

    /// What the name of a case says, done to the vector: metadata and message.
    fn spoiled(&self, case: &str) -> (Vec<u8>, Vec<u8>) {
        let signed: Vec<Signature> = MessageIdMetadata::decode(&self.metadata.0)
            .unwrap()
            .signatures
            .iter()
            .collect();
        let metadata = match case {
            "swapped_signatures" => self.metadata_with(&[signed[1], signed[0]]),
            "same_signer_twice" => self.metadata_with(&[signed[0], signed[0]]),
            "v_0_or_1" => {
                let mut lowered = signed[0];
                lowered.0[64] -= 27;
                assert!(lowered.v() < 2);
                self.metadata_with(&[lowered, signed[1]])
            }
            "high_s" => self.metadata_with(&[other_form(signed[0]), signed[1]]),
            "replay" | "recipient_upper_12_bytes_nonzero" => self.metadata.0.clone(),
            _ => panic!("no test of {case}"),
        };
        let mut message = self.message.message();
        if case == "recipient_upper_12_bytes_nonzero" {
            message.recipient.0 .0[11] = 1;
        }
        (metadata, message.encode())
    }
}

/// The second signature that the same key has for the same digest: `order - s`, other parity.
pub fn other_form(signature: Signature) -> Signature {
    let order = U256::from_str_radix(
        "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141",
        16,
    )
    .unwrap();
    let mut bytes = signature.0;
    bytes[32..64].copy_from_slice(&(order - U256::from_big_endian(signature.s())).to_big_endian());
    bytes[64] = 55 - signature.v();
    Signature(bytes)
}

fn vector() -> &'static Vector {
    &VECTORS.vectors.0
}

#[test]
fn message_and_tree_have_the_bytes_and_hashes_of_the_vector() {
    let vector = vector();
    let id = vector.message_id.0.into();
    vector.message.check(&vector.encoded, id);

    let mut tree = IncrementalTree::default();
    for leaf in &vector.leaves {
        tree.insert::<Native>(leaf.0.into()).unwrap();
    }
    assert_eq!(tree.root::<Native>(), vector.checkpoint.root);
    assert_eq!(tree.latest_index(), Some(vector.checkpoint.index));
    assert_eq!(vector.leaves.last(), Some(&vector.message_id));

    let (label, _) = vector
        .merkle_tree_hook_preimage
        .strip_prefix("keccak256(\"")
        .and_then(|rest| rest.split_once("\")"))
        .unwrap();
    assert_eq!(
        H256(Native::keccak_256(label.as_bytes())),
        vector.merkle_tree_hook
    );
}

#[test]
fn metadata_is_encoded_decoded_and_accepted() {
    let vector = vector();
    vector.checkpoint.check(&vector.validators);
    let signatures = vector.checkpoint.signatures_of(&vector.signer_indices);
    let metadata = MessageIdMetadata {
        merkle_tree_hook: vector.merkle_tree_hook.0.into(),
        root: vector.checkpoint.root,
        index: vector.checkpoint.index,
        signatures: Signatures(&signatures),
    };
    assert_eq!(metadata.encode(), vector.metadata.0);
    assert_eq!(MessageIdMetadata::decode(&vector.metadata.0), Ok(metadata));
    assert_eq!(vector.metadata.0.len(), vector.metadata_length);
    assert_eq!(
        metadata.checkpoint(vector.message.origin.into(), vector.message_id.0.into()),
        vector.checkpoint.checkpoint()
    );

    let validators = addresses(&vector.validators);
    let delivered = vector
        .mailbox(&validators)
        .process(&vector.metadata.0, &vector.encoded.0);
    assert_eq!(delivered, Ok(vector.message_id.0.into()));
}

#[test]
fn each_case_that_must_fail_fails_for_its_reason() {
    let vector = vector();
    let validators = addresses(&vector.validators);
    assert_eq!(vector.must_fail.len(), 6);
    for (case, reason) in &vector.must_fail {
        let mut mailbox = vector.mailbox(&validators);
        if case == "replay" {
            mailbox.process(&vector.metadata.0, &vector.encoded.0).unwrap();
        }
        let (metadata, message) = vector.spoiled(case);
        let refusal = mailbox.process(&metadata, &message).unwrap_err();
        assert_eq!(refusal.reason(), reason, "{case}");
    }
}

#[test]
fn what_the_real_contracts_refused_beyond_the_vectors_is_refused_for_the_same_reason() {
    let vector = vector();
    let validators = addresses(&vector.validators);
    let reason = |metadata: &[u8], message: &[u8]| {
        vector
            .mailbox(&validators)
            .process(metadata, message)
            .map_err(|refusal| refusal.reason())
    };
    let mut version = vector.encoded.0.clone();
    version[0] = 2;
    assert_eq!(reason(&vector.metadata.0, &version), Err("Mailbox: bad version"));

    let elsewhere = Message {
        destination: 1.into(),
        ..vector.message.message()
    };
    assert_eq!(
        reason(&vector.metadata.0, &elsewhere.encode()),
        Err("Mailbox: unexpected destination")
    );

    let mut root = vector.metadata.0.clone();
    root[32] ^= 1;
    assert_eq!(reason(&root, &vector.encoded.0), Err("!threshold"));

    let one = &vector.metadata.0[..68 + 65];
    assert_eq!(reason(one, &vector.encoded.0), Err(""));
}

#[test]
fn a_third_signature_behind_two_of_a_threshold_is_not_looked_at() {
    let vector = vector();
    let validators = addresses(&vector.validators);
    let mut metadata = vector.metadata.0.clone();
    metadata.extend([0xff; 65]);
    assert!(vector
        .mailbox(&validators)
        .process(&metadata, &vector.encoded.0)
        .is_ok());
}

#[test]
fn a_message_without_a_body_is_one() {
    let empty = Message {
        body: Body::default(),
        ..vector().message.message()
    };
    assert_eq!(Message::decode(&empty.encode()), Ok(empty));
    assert_eq!(empty.encode().len(), 77);
}
