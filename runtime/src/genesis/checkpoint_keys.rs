//! The checkpoint keys of the well-known development accounts: secp256k1, which the key ring of the SDK does not have.

use pensum_primitives::bridge::CheckpointId;
use sp_core::ecdsa;
use sp_keyring::Sr25519Keyring;

/// The public key of `//NAME`, compressed, for the four that validate in a preset.
pub fn checkpoint_key(of: Sr25519Keyring) -> CheckpointId {
    let key = match of {
        Sr25519Keyring::Alice => "020a1091341fe5664bfa1782d5e04779689068c916b04cb365ec3153755684d9a1",
        Sr25519Keyring::Bob => "0390084fdbf27d2b79d26a4f13f0ccd982cb755a661969143c37cbc49ef5b91f27",
        Sr25519Keyring::Charlie => "0389411795514af1627765eceffcbd002719f031604fadd7d188e2dc585b4e1afb",
        Sr25519Keyring::Dave => "03bc9d0ca094bd5b8b3225d7651eac5d18c1c04bf8ae8f8b263eebca4e1410ed0c",
        other => unreachable!("{other} does not validate in any preset"),
    };
    let bytes: [u8; 33] = sp_core::bytes::from_hex(key)
        .ok()
        .and_then(|bytes| bytes.try_into().ok())
        .expect("the keys above have 33 bytes; qed");
    ecdsa::Public::from_raw(bytes).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use sp_core::Pair;

    #[test]
    fn they_are_the_keys_that_a_node_makes_of_the_same_names() {
        for account in [
            Sr25519Keyring::Alice,
            Sr25519Keyring::Bob,
            Sr25519Keyring::Charlie,
            Sr25519Keyring::Dave,
        ] {
            let pair = ecdsa::Pair::from_string(&account.to_seed(), None).unwrap();
            assert_eq!(checkpoint_key(account), pair.public().into());
        }
    }
}
