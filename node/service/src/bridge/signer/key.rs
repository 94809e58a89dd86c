//! A validator's key, and signing with it.

use hyperlane_primitives::{Native, Signature, SignatureError, H160};
use pensum_primitives::{
    bridge::{checkpoint_key::KEY_TYPE, CheckpointId},
    Digest,
};
use sp_core::ecdsa;
use sp_keystore::{Keystore, KeystorePtr};

/// A key that the keystore holds and the chain knows as a validator's.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Key {
    /// Its public half.
    pub public: CheckpointId,
    /// Its address, as the chain and contracts know it.
    pub address: H160,
}

/// Why nothing was signed.
#[derive(Debug, thiserror::Error)]
pub(super) enum KeyError {
    /// The keystore fails.
    #[error("the keystore does not sign: {0}. Check the folder that `--keystore-path` names")]
    Keystore(sp_keystore::Error),
    /// The key left the keystore.
    #[error("the keystore does not hold the key any more. Insert it with `pensum-node key insert --key-type hypl --scheme ecdsa`")]
    Gone,
    /// The signature has a form that no chain accepts.
    #[error("the keystore's signature is not of the accepted form. {0}")]
    Form(#[from] SignatureError),
    /// The signature is somebody else's.
    #[error("the signature is that of {0:?}. The chain knows another address for this key: compare its runtime with its source")]
    Stranger(H160),
}

impl Key {
    /// The keys of a keystore that are among the validators'.
    pub(super) fn own(keystore: &KeystorePtr, validators: Vec<(CheckpointId, H160)>) -> Vec<Self> {
        let held = keystore.ecdsa_public_keys(KEY_TYPE);
        let is_held = |public: &CheckpointId| held.contains(public.as_ref());
        validators
            .into_iter()
            .filter(|(public, _)| is_held(public))
            .map(|(public, address)| Self { public, address })
            .collect()
    }

    /// Signs a digest. What is returned is known to recover to the key's address.
    pub(super) fn sign(&self, keystore: &KeystorePtr, digest: Digest) -> Result<Signature, KeyError> {
        let public: &ecdsa::Public = self.public.as_ref();
        let signature = keystore
            .ecdsa_sign_prehashed(KEY_TYPE, public, &digest.0)
            .map_err(KeyError::Keystore)?
            .ok_or(KeyError::Gone)?;
        let signature = Signature::from_recoverable(signature.into())?;
        match signature.signer::<Native>(&digest)? {
            signer if signer == self.address => Ok(signature),
            stranger => Err(KeyError::Stranger(stranger)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bridge::fixture::{keystore, validator};

    #[test]
    fn only_keys_that_are_held_and_are_validators_are_used() {
        let (alice, bob) = (validator("//Alice"), validator("//Bob"));
        let keystore = keystore(&["//Alice", "//Carol"]);
        let own = Key::own(&keystore, vec![bob, alice.clone()]);
        let (public, address) = alice;
        assert_eq!(own, vec![Key { public, address }]);
    }

    #[test]
    fn a_signature_recovers_to_the_keys_address_or_is_not_given() {
        let keystore = keystore(&["//Alice"]);
        let (public, address) = validator("//Alice");
        let digest = Digest::repeat_byte(5);
        let key = Key { public, address };
        let signature = key.sign(&keystore, digest).unwrap();
        assert_eq!(signature.signer::<Native>(&digest), Ok(address));
        let wrong = Key {
            address: H160::repeat_byte(1),
            ..key
        };
        assert!(matches!(wrong.sign(&keystore, digest), Err(KeyError::Stranger(found)) if found == address));
    }

    #[test]
    fn a_key_that_left_the_keystore_signs_nothing() {
        let (public, address) = validator("//Bob");
        let key = Key { public, address };
        let error = key.sign(&keystore(&["//Alice"]), Digest::zero()).unwrap_err();
        assert!(matches!(error, KeyError::Gone), "{error}");
    }
}
