//! Every field of `vectors.json`: unknown ones are refused on reading, unread ones are dead code, which the lints refuse.

mod evm_origin;
mod merkle_root;
mod message_id;

pub use message_id::other_form;

use std::{collections::BTreeMap, sync::LazyLock};

use hyperlane_primitives::{
    Body, Checkpoint, FullTree, IncrementalTree, Message, MessageId, Native, Signature, SignatureBytes, H160,
    H256,
};
use serde::{Deserialize, Deserializer};

use crate::proven::{address_of, sign};

static TEXT: &str = include_str!("../../vectors.json");
static VECTORS: LazyLock<Vectors> = LazyLock::new(|| serde_json::from_str(TEXT).unwrap());

/// Bytes as 0x and hexadecimal digits.
#[derive(Debug, PartialEq, Eq)]
struct Hex(Vec<u8>);

impl<'de> Deserialize<'de> for Hex {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let digits = text.strip_prefix("0x").expect("0x in front");
        Ok(Self(hex::decode(digits).map_err(serde::de::Error::custom)?))
    }
}

impl Hex {
    fn signature(&self) -> Signature {
        Signature(SignatureBytes::try_from(&self.0[..]).unwrap())
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vectors {
    #[serde(rename = "generated_by")]
    _generated_by: String,
    #[serde(rename = "core")]
    _core: String,
    #[serde(rename = "monorepo_commit")]
    _monorepo_commit: String,
    #[serde(rename = "notes")]
    _notes: String,
    vectors: (message_id::Vector, merkle_root::Vector, evm_origin::Vector),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Validator {
    private_key: H256,
    address: H160,
    #[serde(rename = "note")]
    _note: String,
}

impl Validator {
    fn key(&self) -> k256::ecdsa::SigningKey {
        k256::ecdsa::SigningKey::from_slice(&self.private_key.0).unwrap()
    }
}

fn addresses(validators: &[Validator]) -> Vec<H160> {
    for validator in validators {
        assert_eq!(address_of(&validator.key()), validator.address);
    }
    validators.iter().map(|each| each.address).collect()
}

/// A message, field by field.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MessageFields {
    version: u8,
    nonce: u32,
    origin: u32,
    sender: H256,
    destination: u32,
    recipient: H256,
    body: Hex,
}

impl MessageFields {
    fn message(&self) -> Message<'_> {
        assert_eq!(self.version, hyperlane_primitives::message::VERSION);
        Message {
            nonce: self.nonce,
            origin: self.origin.into(),
            sender: self.sender.0.into(),
            destination: self.destination.into(),
            recipient: self.recipient.0.into(),
            body: Body::new(&self.body.0).unwrap(),
        }
    }

    fn check(&self, encoded: &Hex, id: MessageId) {
        assert_eq!(self.message().encode(), encoded.0);
        assert_eq!(
            Message::decode_with_id::<Native>(&encoded.0),
            Ok((self.message(), id))
        );
        assert_eq!(self.message().id::<Native>(), id);
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CheckpointFields {
    origin_domain: u32,
    merkle_tree_hook: H256,
    root: H256,
    index: u32,
    message_id: H256,
    domain_hash: H256,
    signing_hash: H256,
    eip191_digest: H256,
    signatures_by_validator: Vec<Hex>,
}

impl CheckpointFields {
    fn checkpoint(&self) -> Checkpoint {
        Checkpoint {
            origin: self.origin_domain.into(),
            merkle_tree_hook: self.merkle_tree_hook.0.into(),
            root: self.root,
            index: self.index,
            message_id: self.message_id.0.into(),
        }
    }

    /// All three hashes, and each validator's signature, made and recovered.
    fn check(&self, validators: &[Validator]) {
        let checkpoint = self.checkpoint();
        assert_eq!(checkpoint.domain_hash::<Native>(), self.domain_hash);
        assert_eq!(checkpoint.signing_hash::<Native>(), self.signing_hash);
        assert_eq!(checkpoint.digest::<Native>(), self.eip191_digest);
        assert_eq!(self.signatures_by_validator.len(), validators.len());
        for (validator, signature) in validators.iter().zip(&self.signatures_by_validator) {
            let signature = signature.signature();
            assert_eq!(
                signature.signer::<Native>(&self.eip191_digest),
                Ok(validator.address)
            );
            assert_eq!(sign(&validator.key(), self.eip191_digest), signature);
        }
    }

    fn signatures_of(&self, signers: &[usize]) -> Vec<SignatureBytes> {
        signers
            .iter()
            .map(|signer| self.signatures_by_validator[*signer].signature().0)
            .collect()
    }
}

/// A message that was dispatched, and the tree after it.
#[derive(Deserialize)]
struct Inserted {
    #[serde(flatten)]
    message: MessageFields,
    encoded: Hex,
    message_id: H256,
    root_after_insert: H256,
    index: Option<u32>,
    #[serde(flatten)]
    unknown: BTreeMap<String, serde_json::Value>,
}

impl Inserted {
    fn id(&self) -> MessageId {
        MessageId(self.message_id)
    }
}

/// Both trees after all of them, compared after each.
fn insert_all(messages: &[Inserted]) -> (IncrementalTree, FullTree) {
    let (mut tree, mut full) = (IncrementalTree::default(), FullTree::default());
    for (index, inserted) in (0..).zip(messages) {
        assert!(inserted.unknown.is_empty());
        assert_eq!(inserted.index.unwrap_or(index), index);
        inserted.message.check(&inserted.encoded, inserted.id());
        assert_eq!(tree.insert::<Native>(inserted.id()), Ok(index));
        assert_eq!(full.insert::<Native>(inserted.id()), Ok(index));
        assert_eq!(tree.root::<Native>(), inserted.root_after_insert);
        assert_eq!(full.root::<Native>(index + 1), Ok(inserted.root_after_insert));
    }
    (tree, full)
}

type MustFail = BTreeMap<String, String>;

#[test]
fn there_are_as_many_vectors_as_tests_of_them() {
    let (first, second, third) = &VECTORS.vectors;
    assert_eq!(
        [first.name(), second.name(), third.name()],
        [
            "message_id_multisig_2_of_3",
            "merkle_root_multisig_msg2_at_checkpoint4",
            "evm_origin_dispatch_checkpoint_and_announcement",
        ]
    );
}
