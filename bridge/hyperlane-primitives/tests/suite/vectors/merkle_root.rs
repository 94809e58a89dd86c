use hyperlane_primitives::{
    IsmKind, MerkleRootMetadata, MessageId, Native, Proof, Signatures, ValidatorSet, H256,
};
use serde::Deserialize;

use super::{addresses, CheckpointFields, Hex, Inserted, MustFail, Validator, VECTORS};
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
    messages: Vec<Inserted>,
    tree_after_5: Tree,
    proven_leaf_index: u32,
    proof: Vec<H256>,
    checkpoint: CheckpointFields,
    signer_indices: Vec<usize>,
    metadata: Hex,
    metadata_length: usize,
    must_fail: MustFail,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Tree {
    count: u32,
    branch_nonzero: Vec<H256>,
    root: H256,
}

impl Vector {
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    fn proven(&self) -> &Inserted {
        &self.messages[self.proven_leaf_index as usize]
    }

    fn proof(&self) -> Proof {
        Proof(<[H256; 32]>::try_from(&self.proof[..]).unwrap())
    }
}

fn vector() -> &'static Vector {
    &VECTORS.vectors.1
}

#[test]
fn each_message_makes_the_root_that_the_vector_has_after_it() {
    let vector = vector();
    let (tree, full) = super::insert_all(&vector.messages);
    let expected = &vector.tree_after_5;
    assert_eq!(tree.count(), expected.count);
    assert_eq!(tree.root::<Native>(), expected.root);
    // Its encoding is the branch, 32 hashes, and the count: the slots that are not zero are the contract's.
    let stored = codec::Encode::encode(&tree);
    let branch: Vec<H256> = stored[..1024]
        .chunks(32)
        .map(H256::from_slice)
        .filter(|slot| !slot.is_zero())
        .collect();
    assert_eq!(branch, expected.branch_nonzero);
    assert_eq!(
        full.prove::<Native>(vector.proven_leaf_index, expected.count),
        Ok(vector.proof())
    );
}

#[test]
fn the_proof_leads_to_the_signed_root() {
    let vector = vector();
    let root = vector
        .proof()
        .root::<Native>(vector.proven().id(), vector.proven_leaf_index);
    assert_eq!(root, vector.checkpoint.root);
}

#[test]
fn metadata_is_encoded_decoded_and_accepted() {
    let vector = vector();
    vector.checkpoint.check(&vector.validators);
    let signatures = vector.checkpoint.signatures_of(&vector.signer_indices);
    let metadata = MerkleRootMetadata {
        merkle_tree_hook: vector.merkle_tree_hook.0.into(),
        leaf_index: vector.proven_leaf_index,
        signed_id: vector.checkpoint.message_id.0.into(),
        proof: vector.proof(),
        signed_index: vector.checkpoint.index,
        signatures: Signatures(&signatures),
    };
    assert_eq!(metadata.encode(), vector.metadata.0);
    assert_eq!(
        MerkleRootMetadata::decode(&vector.metadata.0),
        Ok(metadata.clone())
    );
    assert_eq!(vector.metadata.0.len(), vector.metadata_length);
    let proven = vector.proven();
    let id = proven.id();
    assert_eq!(
        metadata.checkpoint::<Native>(proven.message.origin.into(), id),
        Ok(vector.checkpoint.checkpoint())
    );
    assert_eq!(process(vector, &vector.metadata.0), Ok(id));
}

#[test]
fn each_case_that_must_fail_fails_for_its_reason() {
    let vector = vector();
    assert_eq!(vector.must_fail.len(), 2);
    for (case, reason) in &vector.must_fail {
        let mut metadata = MerkleRootMetadata::decode(&vector.metadata.0).unwrap();
        match case.as_str() {
            "wrong_leaf_index" => metadata.leaf_index -= 1,
            "signed_message_id_replaced_by_own_id" => {
                metadata.signed_id = vector.proven().id();
            }
            _ => panic!("no test of {case}"),
        }
        assert_eq!(
            process(vector, &metadata.encode()),
            Err(reason.as_str()),
            "{case}"
        );
    }
}

#[test]
fn a_leaf_behind_the_signed_checkpoint_is_refused_before_anything_is_hashed() {
    let vector = vector();
    let mut metadata = MerkleRootMetadata::decode(&vector.metadata.0).unwrap();
    metadata.leaf_index = metadata.signed_index + 1;
    assert_eq!(
        process(vector, &metadata.encode()),
        Err("Invalid merkle index metadata")
    );
}

fn process(vector: &Vector, metadata: &[u8]) -> Result<MessageId, &'static str> {
    let validators = addresses(&vector.validators);
    let set = ValidatorSet::new(&validators, vector.threshold).unwrap();
    let proven = vector.proven();
    Mailbox::new(proven.message.destination.into(), IsmKind::MerkleRoot, set)
        .process(metadata, &proven.encoded.0)
        .map_err(|refusal| refusal.reason())
}
