//! The host's functions must agree with this crate's own.

use hyperlane_primitives::{Crypto, IsmKind, Message, Metadata, Native, Signature, SignatureError, H256};
use proptest::prelude::*;

use crate::{
    host_functions::Host,
    proven::{address_of, key, sign, Proven},
    support::hash,
};

#[test]
fn metadata_of_both_kinds_is_accepted_through_the_host() {
    let proven = Proven::new(8, 5);
    let (message, id) = Message::decode_with_id::<Host>(&proven.message).unwrap();
    for (kind, bytes) in [
        (IsmKind::MessageId, &proven.by_id),
        (IsmKind::MerkleRoot, &proven.by_root),
    ] {
        let metadata = Metadata::decode(kind, bytes).unwrap();
        assert_eq!(metadata.verify::<Host>(message.origin, id, &proven.set()), Ok(()));
    }
}

#[test]
fn forms_that_the_host_would_recover_are_refused_before_it_is_asked() {
    let (key, digest) = (key(1), H256::repeat_byte(7));
    let signature = sign(&key, digest);
    let mut low_v = signature;
    low_v.0[64] -= 27;
    let high_s = crate::vectors::other_form(signature);
    for (lax, why) in [
        (low_v, SignatureError::RecoveryByte { found: low_v.v() }),
        (high_s, SignatureError::HighS),
    ] {
        // The very hole: the host finds the same key.
        let recovered = Host::secp256k1_recover(&lax.0, &digest.0).unwrap();
        assert_eq!(Some(recovered), Host::secp256k1_recover(&signature.0, &digest.0));
        assert_eq!(lax.signer::<Host>(&digest), Err(why));
        assert_eq!(lax.signer::<Native>(&digest), Err(why));
    }
    assert_eq!(signature.signer::<Host>(&digest), Ok(address_of(&key)));
}

proptest! {
    #[test]
    fn both_hash_alike(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        prop_assert_eq!(Host::keccak_256(&bytes), Native::keccak_256(&bytes));
    }

    #[test]
    fn both_recover_the_same_key_or_none(r: [u8; 32], mut s: [u8; 32], odd: bool, digest in hash()) {
        s[0] &= 0x3f;
        let bytes = [&r[..], &s, &[27 + u8::from(odd)]].concat();
        let signature = Signature(bytes.try_into().unwrap());
        prop_assert_eq!(signature.signer::<Host>(&digest), signature.signer::<Native>(&digest));
    }

    #[test]
    fn both_find_the_signer(number in 1..200u8, digest in hash()) {
        let key = key(number);
        let signature = sign(&key, digest);
        prop_assert_eq!(signature.signer::<Host>(&digest), Ok(address_of(&key)));
        prop_assert_eq!(signature.signer::<Native>(&digest), Ok(address_of(&key)));
    }
}
