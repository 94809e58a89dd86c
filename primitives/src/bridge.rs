//! Other chains: who is who across them, and what the node's RPC tells about messages.
//!
//! The bytes of messages, checkpoints and metadata are `hyperlane-primitives`' matter. Here is what is Pensum's own: the addresses of
//! its modules, the accounts of those who are elsewhere, and the key with which its validators sign checkpoints.

use crate::{AccountId, AssetId, BlockNumber, Digest};
use alloc::{string::String, vec::Vec};
use codec::{Decode, Encode};
pub use hyperlane_primitives::{Address, Domain};
use scale_info::TypeInfo;
use sp_core::{H160, H256};

/// The key with which a validator signs checkpoints: secp256k1, because contracts on EVM chains check the signatures.
pub mod checkpoint_key {
    use sp_application_crypto::{app_crypto, ecdsa, KeyTypeId};

    /// Where key stores keep it.
    pub const KEY_TYPE: KeyTypeId = KeyTypeId(*b"hypl");

    app_crypto!(ecdsa, KEY_TYPE);
}

/// The public half of a validator's checkpoint key.
pub type CheckpointId = checkpoint_key::Public;

/// The address of one of this chain's modules: 12 zero bytes, then the name's ASCII, padded by zeros to the 20 bytes of an EVM address, which
/// agents and contracts elsewhere take it for.
pub const fn module(name: &[u8]) -> Address {
    assert!(name.len() <= 20, "a module's name has at most 20 bytes");
    let mut bytes = [0; 32];
    let mut i = 0;
    while i < name.len() {
        bytes[12 + i] = name[i];
        i += 1;
    }
    Address(H256(bytes))
}

/// The mailbox.
pub const MAILBOX: Address = module(b"pensum/mailbox");
/// The Merkle tree of dispatched messages, by which validators' checkpoints name it.
pub const MERKLE_TREE_HOOK: Address = module(b"pensum/merkle-tree");
/// Takes payments for gas elsewhere.
pub const GAS_PAYMASTER: Address = module(b"pensum/gas-paymaster");
/// Takes intents and sends results.
pub const TASKS: Address = module(b"pensum/tasks");

/// The end of an asset's warp route on this chain: `pensum/warp/`, then the asset's id as eight bytes.
pub const fn warp_route(asset: AssetId) -> Address {
    let Address(H256(mut bytes)) = module(b"pensum/warp/");
    let id = (asset as u64).to_be_bytes();
    let mut i = 0;
    while i < id.len() {
        bytes[24 + i] = id[i];
        i += 1;
    }
    Address(H256(bytes))
}

/// The account on this chain of somebody on another: `keccak256("pensum/remote-account" ‖ domain (4) ‖ address (32))`. Keccak, so that
/// a contract there can compute it.
pub fn remote_account(domain: Domain, address: Address) -> AccountId {
    let mut preimage = b"pensum/remote-account".to_vec();
    preimage.extend_from_slice(&domain.to_bytes());
    preimage.extend_from_slice(address.0.as_bytes());
    sp_crypto_hashing::keccak_256(&preimage).into()
}

/// A message that a security module has let pass.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Inbound<'a> {
    /// Its id.
    pub id: Digest,
    /// The chain it comes from.
    pub origin: Domain,
    /// Who sent it there.
    pub sender: Address,
    /// Which module it is for.
    pub recipient: Address,
    /// What it says.
    pub body: &'a [u8],
}

/// A message that this chain has dispatched.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, TypeInfo)]
pub struct Dispatched {
    /// Its leaf in the tree.
    pub index: u32,
    /// Its id.
    pub id: Digest,
    /// The root of the tree right after it.
    pub root: Digest,
    /// The block in which it was dispatched.
    pub block: BlockNumber,
    /// The message, as it is hashed.
    pub message: Vec<u8>,
}

/// A validator's signature of a checkpoint.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, TypeInfo)]
pub struct CheckpointSignature {
    /// Who signed.
    pub validator: H160,
    /// `r ‖ s ‖ v`.
    pub signature: [u8; 65],
}

/// What the tree was after a message, and who has signed it.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, TypeInfo)]
pub struct CheckpointView {
    /// The leaf.
    pub index: u32,
    /// The root right after it.
    pub root: Digest,
    /// The leaf itself: the message's id.
    pub message_id: Digest,
    /// Signatures by validators of this chain, in no particular order.
    pub signatures: Vec<CheckpointSignature>,
}

/// Whom messages from a domain are believed.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, TypeInfo)]
pub struct IsmView {
    /// The module's type in Hyperlane's numbers: 4 for Merkle root, 5 for message id.
    pub module_type: u8,
    /// The validators, in the order in which their signatures must come.
    pub validators: Vec<H160>,
    /// How many of them must sign.
    pub threshold: u8,
    /// What takes its place, and from which block on.
    pub pending: Option<(BlockNumber, Vec<H160>, u8)>,
}

/// The bridge as a whole.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, TypeInfo)]
pub struct BridgeView {
    /// This chain's domain.
    pub domain: u32,
    /// Messages dispatched so far.
    pub count: u32,
    /// The tree's root now.
    pub root: Digest,
    /// Whether nothing is dispatched for now.
    pub outbound_paused: bool,
    /// Whether nothing is processed for now.
    pub inbound_paused: bool,
}

/// Where an intent from another chain stands.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, TypeInfo)]
pub enum RequestView {
    /// It is a task, which has not ended.
    Open {
        /// The task.
        task: crate::TaskId,
    },
    /// It has ended; its result waits to be sent.
    Ended,
    /// Its result was dispatched in this message.
    Sent {
        /// The message's id.
        message: Digest,
    },
}

/// A result that was sent in a batch, and the proof that it belongs to it.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, TypeInfo)]
pub struct ResultProof {
    /// The batch's number at its destination.
    pub batch: u64,
    /// The chain to which the root was sent.
    pub domain: u32,
    /// The root, as it was sent.
    pub root: Digest,
    /// The ABI-encoded result, of which `keccak256` is the leaf.
    pub result: Vec<u8>,
    /// The leaf's place.
    pub index: u32,
    /// How many leaves there are.
    pub leaves: u32,
    /// Siblings, from the leaf up.
    pub proof: Vec<Digest>,
}

/// Where a validator says that its checkpoints can be read.
pub type Locations = Vec<String>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_look_like_evm_addresses() {
        for module in [MAILBOX, MERKLE_TREE_HOOK, GAS_PAYMASTER, TASKS, warp_route(7)] {
            assert!(module.to_evm().is_ok());
        }
        assert_ne!(warp_route(1), warp_route(2));
    }

    #[test]
    fn a_remote_account_depends_on_domain_and_address() {
        let account = remote_account(Domain(1), TASKS);
        assert_ne!(account, remote_account(Domain(2), TASKS));
        assert_ne!(account, remote_account(Domain(1), MAILBOX));
    }
}
