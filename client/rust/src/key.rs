//! Keys: sr25519, from a secret phrase or URI, and what an operator key signs to join.

use crate::{config::Pensum, AccountId, Digest, Error};
use pensum_primitives::operator::ownership_payload;
use sp_core::{
    crypto::{Ss58Codec, DEV_PHRASE},
    sr25519, Pair,
};
use std::str::FromStr;
use subxt::{
    config::substrate::{AccountId32, MultiSignature},
    tx::Signer,
};

/// An account with its secret.
#[derive(Clone)]
pub struct Key(sr25519::Pair);

impl Key {
    /// From a secret phrase, a hex seed or a URI (`phrase//hard/soft///password`, `//Alice` for the development phrase).
    pub fn from_uri(uri: &str) -> Result<Self, Error> {
        sr25519::Pair::from_string(uri.trim(), None)
            .map(Self)
            .map_err(|error| {
                Error::usage(
                    "Key",
                    format!("The secret is no phrase, seed or URI of an sr25519 key ({error:?})."),
                    "Give 12 or 24 words, 0x and 64 hex digits, or a URI such as `PHRASE//solver`.",
                )
            })
    }

    /// A fresh key and its secret phrase of 12 words.
    pub fn generate() -> (Self, String) {
        let (pair, phrase, _) = sr25519::Pair::generate_with_phrase(None);
        (Self(pair), phrase)
    }

    /// Whether anybody can know this secret: it is derived from the development phrase.
    pub fn is_well_known(uri: &str) -> bool {
        let uri = uri.trim();
        uri.is_empty() || uri.starts_with('/') || uri.starts_with(DEV_PHRASE)
    }

    /// The account.
    pub fn account(&self) -> AccountId {
        AccountId::new(self.public())
    }

    /// The public key.
    pub fn public(&self) -> [u8; 32] {
        self.0.public().0
    }

    /// Signs bytes.
    pub fn sign(&self, bytes: &[u8]) -> [u8; 64] {
        self.0.sign(bytes).0
    }

    /// Shows, as an operator key, that its holder agrees to work for `stash` on the chain with this genesis hash.
    pub fn prove_operator(&self, genesis: Digest, stash: &AccountId) -> [u8; 64] {
        self.sign(&ownership_payload(genesis, stash))
    }
}

impl Signer<Pensum> for Key {
    fn account_id(&self) -> AccountId32 {
        AccountId32(self.public())
    }

    fn sign(&self, payload: &[u8]) -> MultiSignature {
        MultiSignature::Sr25519(Key::sign(self, payload))
    }
}

/// An account from its SS58 address or 32 bytes of hex.
pub fn account(text: &str) -> Result<AccountId, Error> {
    AccountId::from_ss58check(text)
        .or_else(|_| AccountId::from_str(text))
        .map_err(|_| {
            Error::usage(
                "Account",
                format!("`{text}` is no account."),
                "Give an SS58 address or 32 bytes as 0x hex.",
            )
        })
}

/// Bytes from `0x` hex.
pub fn hex_bytes(text: &str) -> Result<Vec<u8>, Error> {
    text.strip_prefix("0x")
        .and_then(|digits| hex::decode(digits).ok())
        .ok_or_else(|| {
            Error::usage(
                "Hex",
                format!("`{text}` is no hex."),
                "Give 0x and an even number of hex digits.",
            )
        })
}

/// Exactly `N` bytes from `0x` hex.
pub fn hex_array<const N: usize>(text: &str) -> Result<[u8; N], Error> {
    hex_bytes(text)?.try_into().map_err(|bytes: Vec<u8>| {
        Error::usage(
            "Hex",
            format!("`{text}` has {} bytes.", bytes.len()),
            format!("Give {N} bytes: 0x and {} hex digits.", 2 * N),
        )
    })
}

/// `0x` hex of bytes.
pub fn to_hex(bytes: impl AsRef<[u8]>) -> String {
    format!("0x{}", hex::encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALICE: &str = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";

    #[test]
    fn a_uri_gives_the_account_that_other_tools_give() {
        assert_eq!(Key::from_uri("//Alice").unwrap().account().to_ss58check(), ALICE);
        let spelt_out = format!("{DEV_PHRASE}//Alice");
        assert_eq!(
            Key::from_uri(&spelt_out).unwrap().account(),
            account(ALICE).unwrap()
        );
        assert!(Key::from_uri("not a phrase at all").is_err());
    }

    #[test]
    fn a_generated_phrase_gives_its_key_again() {
        let (key, phrase) = Key::generate();
        assert_eq!(phrase.split(' ').count(), 12);
        assert_eq!(Key::from_uri(&phrase).unwrap().account(), key.account());
        assert_ne!(Key::generate().1, phrase);
    }

    #[test]
    fn development_secrets_are_known_to_all() {
        assert!(Key::is_well_known("//Alice"));
        assert!(Key::is_well_known(&format!("{DEV_PHRASE}//x")));
        assert!(!Key::is_well_known(&Key::generate().1));
    }

    #[test]
    fn an_ownership_proof_signs_tag_genesis_and_stash_without_lengths() {
        let (key, stash, genesis) = (
            Key::from_uri("//Operator").unwrap(),
            account(ALICE).unwrap(),
            Digest::repeat_byte(0xaa),
        );
        let proof = key.prove_operator(genesis, &stash);
        let mut payload = b"pensum/operator".to_vec();
        payload.extend([0xaa; 32]);
        payload.extend(AsRef::<[u8; 32]>::as_ref(&stash));
        assert!(sr25519::Pair::verify(
            &sr25519::Signature::from(proof),
            payload,
            &sr25519::Public::from(key.public())
        ));
    }

    #[test]
    fn an_account_is_an_address_or_hex() {
        let hex = to_hex(account(ALICE).unwrap());
        assert_eq!(account(&hex).unwrap(), account(ALICE).unwrap());
        for wrong in ["", "alice", "5Grw", "0x12"] {
            assert_eq!(account(wrong).unwrap_err().code, "usage.Account", "{wrong}");
        }
    }

    #[test]
    fn hex_has_a_prefix_and_a_length() {
        assert_eq!(hex_array::<2>("0x01ff").unwrap(), [1, 255]);
        assert!(hex_array::<2>("0x01").is_err());
        assert!(hex_bytes("01ff").is_err());
        assert!(hex_bytes("0x1").is_err());
    }
}
