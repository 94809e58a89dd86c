//! What checkpoints and announcements have in common: the hash of a domain, and Ethereum's prefix.

use primitive_types::H256;

use crate::{
    address::Address,
    crypto::{keccak, Crypto},
    domain::Domain,
};

/// `keccak(domain ‖ contract ‖ purpose)`: ties a signature to a chain, to a contract on it and to what it was given for.
pub(crate) fn domain_hash<C: Crypto>(domain: Domain, contract: Address, purpose: &[u8]) -> H256 {
    keccak::<C>(&[&domain.to_bytes(), &contract.0 .0, purpose])
}

/// The digest that a wallet signs for a message of 32 bytes (EIP-191, version 0x45).
pub(crate) fn eip191<C: Crypto>(hash: H256) -> H256 {
    keccak::<C>(&[b"\x19Ethereum Signed Message:\n32", &hash.0])
}
