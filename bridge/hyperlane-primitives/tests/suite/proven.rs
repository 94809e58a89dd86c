//! Keys, and a message with everything that proves it. `examples/verification_time.rs` uses it as well.

use hyperlane_primitives::{
    Address, Checkpoint, Domain, FullTree, MerkleRootMetadata, Message, MessageId, MessageIdMetadata, Native,
    Signature, SignatureBytes, Signatures, ValidatorSet, H160, H256,
};
use k256::ecdsa::SigningKey;

/// The secret key of a test validator, repeated bytes as in the vectors.
pub fn key(number: u8) -> SigningKey {
    SigningKey::from_slice(&[number; 32]).unwrap()
}

pub fn address_of(key: &SigningKey) -> H160 {
    let point = key.verifying_key().to_encoded_point(false);
    H256(<Native as hyperlane_primitives::Crypto>::keccak_256(
        &point.as_bytes()[1..],
    ))
    .into()
}

pub fn sign(key: &SigningKey, digest: H256) -> Signature {
    let (signature, id) = key.sign_prehash_recoverable(&digest.0).unwrap();
    let mut bytes: SignatureBytes = [id.to_byte(); 65];
    bytes[..64].copy_from_slice(&signature.to_bytes());
    Signature::from_recoverable(bytes).unwrap()
}

/// A message, proven twice: everything to verify it, and to spoil it.
pub struct Proven {
    pub validators: Vec<H160>,
    pub threshold: u8,
    pub message: Vec<u8>,
    pub by_id: Vec<u8>,
    pub by_root: Vec<u8>,
}

impl Proven {
    pub fn set(&self) -> ValidatorSet<'_> {
        ValidatorSet::new(&self.validators, self.threshold).unwrap()
    }

    /// Message 1 of 5, its own checkpoint and the last one signed by the first `threshold` of as many keys.
    pub fn new(validators: u8, threshold: u8) -> Self {
        let keys: Vec<SigningKey> = (1..=validators).map(key).collect();
        let (origin, hook) = (Domain(31_337), Address::from(H160::repeat_byte(0xe7)));
        let messages: Vec<Vec<u8>> = (0..5)
            .map(|nonce| {
                Message {
                    nonce,
                    origin,
                    sender: H160::repeat_byte(0xf3).into(),
                    destination: Domain(7),
                    recipient: [9; 32].into(),
                    body: hyperlane_primitives::Body::new(b"an intent").unwrap(),
                }
                .encode()
            })
            .collect();
        let ids: Vec<MessageId> = messages
            .iter()
            .map(|bytes| MessageId::of::<Native>(bytes))
            .collect();
        let mut tree = FullTree::default();
        for id in &ids {
            tree.insert::<Native>(*id).unwrap();
        }
        let at = |index: u32| Checkpoint {
            origin,
            merkle_tree_hook: hook,
            root: tree.root::<Native>(index + 1).unwrap(),
            index,
            message_id: ids[index as usize],
        };
        let signed = |checkpoint: Checkpoint| -> Vec<SignatureBytes> {
            let digest = checkpoint.digest::<Native>();
            keys.iter()
                .take(threshold.into())
                .map(|key| sign(key, digest).0)
                .collect()
        };
        Self {
            validators: keys.iter().map(address_of).collect(),
            threshold,
            message: messages[1].clone(),
            by_id: MessageIdMetadata {
                merkle_tree_hook: hook,
                root: at(1).root,
                index: 1,
                signatures: Signatures(&signed(at(1))),
            }
            .encode(),
            by_root: MerkleRootMetadata {
                merkle_tree_hook: hook,
                leaf_index: 1,
                signed_id: ids[4],
                proof: tree.prove::<Native>(1, 5).unwrap(),
                signed_index: 4,
                signatures: Signatures(&signed(at(4))),
            }
            .encode(),
        }
    }
}
