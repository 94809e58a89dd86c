//! A bridge, keys and a pool for tests.

use super::signer::Outbox;
use crate::chain::{ChainError, Read};
use codec::{Decode, Encode};
use hyperlane_primitives::{
    Address, Body, Checkpoint, Domain, IncrementalTree, Message, MessageId, Native, H160, H256,
};
use parking_lot::Mutex;
use pensum_primitives::{
    bridge::{
        checkpoint_key::KEY_TYPE, BridgeView, CheckpointId, CheckpointSignature, CheckpointView, Dispatched,
        IsmView, RequestView, ResultProof, MERKLE_TREE_HOOK,
    },
    BlockNumber, Digest,
};
use sc_keystore::LocalKeystore;
use sp_core::{ecdsa, Pair};
use sp_keystore::{Keystore, KeystorePtr};
use sp_runtime::OpaqueExtrinsic;
use std::{collections::BTreeMap, sync::Arc};

/// The domain of the chain in these tests.
pub const DOMAIN: u32 = 7;

/// What a chain's state says of the bridge.
pub struct FakeBridge {
    /// All messages of the best chain, in order.
    pub messages: Vec<Dispatched>,
    /// How many of the newest lie in the state.
    pub window: usize,
    /// States of blocks before this are gone.
    pub pruned: BlockNumber,
    /// Nothing may be asked for signatures in the state of a later block.
    pub finalized: BlockNumber,
    /// What the runtime asks to sign in place of what its messages make.
    pub forged: BTreeMap<u32, Checkpoint>,
    pub validators: Vec<(CheckpointId, H160)>,
    /// Signatures on chain.
    pub published: BTreeMap<(u32, H160), [u8; 65]>,
    pub delivered: BTreeMap<Digest, BlockNumber>,
    pub isms: BTreeMap<u32, IsmView>,
    pub locations: BTreeMap<H160, Vec<String>>,
    pub requests: BTreeMap<Digest, RequestView>,
    pub results: BTreeMap<Digest, ResultProof>,
}

impl Default for FakeBridge {
    fn default() -> Self {
        Self {
            messages: vec![],
            window: usize::MAX,
            pruned: 0,
            finalized: BlockNumber::MAX,
            forged: BTreeMap::new(),
            validators: vec![],
            published: BTreeMap::new(),
            delivered: BTreeMap::new(),
            isms: BTreeMap::new(),
            locations: BTreeMap::new(),
            requests: BTreeMap::new(),
            results: BTreeMap::new(),
        }
    }
}

impl FakeBridge {
    /// Dispatches a message in a block.
    pub fn dispatch(&mut self, block: BlockNumber) -> Dispatched {
        self.dispatch_body(block, b"hello")
    }

    /// Dispatches a message that says this.
    pub fn dispatch_body(&mut self, block: BlockNumber, body: &[u8]) -> Dispatched {
        let index = self.messages.len() as u32;
        let message = Message {
            nonce: index,
            origin: Domain(DOMAIN),
            sender: Address(H256::repeat_byte(1)),
            destination: Domain(31338),
            recipient: Address::from(H160::repeat_byte(2)),
            body: Body::new(body).unwrap(),
        };
        let bytes = message.encode();
        let id = MessageId::of::<Native>(&bytes);
        let mut tree = self.tree(self.messages.len());
        tree.insert::<Native>(id).unwrap();
        let dispatched = Dispatched {
            index,
            id: id.0,
            root: tree.root::<Native>(),
            block,
            message: bytes,
        };
        self.messages.push(dispatched.clone());
        dispatched
    }

    /// Puts what lies in a pool into the best block.
    pub fn publish(&mut self, transactions: &[Vec<(u32, Vec<u8>)>], validator: H160) {
        for (index, signature) in transactions.iter().flatten() {
            let signature = signature.as_slice().try_into().unwrap();
            self.published.insert((*index, validator), signature);
        }
    }

    pub fn tree(&self, leaves: usize) -> IncrementalTree {
        let mut tree = IncrementalTree::default();
        for message in &self.messages[..leaves] {
            tree.insert::<Native>(MessageId(message.id)).unwrap();
        }
        tree
    }

    fn readable(&self, at: Digest) -> Read<BlockNumber> {
        let block = at.to_low_u64_be() as BlockNumber;
        if block < self.pruned {
            return Err(ChainError(format!("the state of block {block} is gone")));
        }
        Ok(block)
    }

    /// How many messages there are at a block.
    pub fn count(&self, at: Digest) -> Read<usize> {
        let block = self.readable(at)?;
        Ok(self
            .messages
            .iter()
            .filter(|message| message.block <= block)
            .count())
    }

    /// The messages in the state of a block.
    pub fn in_state(&self, at: Digest) -> Read<&[Dispatched]> {
        let count = self.count(at)?;
        Ok(&self.messages[count.saturating_sub(self.window)..count])
    }

    pub fn view(&self, at: Digest) -> Read<BridgeView> {
        let count = self.count(at)?;
        Ok(BridgeView {
            domain: DOMAIN,
            count: count as u32,
            root: self.tree(count).root::<Native>(),
            outbound_paused: false,
            inbound_paused: true,
        })
    }

    pub fn checkpoint(&self, at: Digest, index: u32) -> Read<Option<CheckpointView>> {
        let message = self.in_state(at)?.iter().find(|message| message.index == index);
        let signatures = self.published.iter().filter(|((of, _), _)| *of == index);
        let signatures = signatures.map(|((_, validator), signature)| CheckpointSignature {
            validator: *validator,
            signature: *signature,
        });
        Ok(message.map(|message| CheckpointView {
            index,
            root: message.root,
            message_id: message.id,
            signatures: signatures.collect(),
        }))
    }

    pub fn unsigned(&self, at: Digest, public: &CheckpointId, limit: u32) -> Read<Vec<Checkpoint>> {
        let block = self.readable(at)?;
        assert!(block <= self.finalized, "signatures are for final blocks only");
        let validator = self.validators.iter().find(|(key, _)| key == public);
        let Some((_, validator)) = validator else {
            return Ok(vec![]);
        };
        let open = self
            .in_state(at)?
            .iter()
            .filter(|message| !self.published.contains_key(&(message.index, *validator)));
        let checkpoints = open.map(|message| match self.forged.get(&message.index) {
            Some(forged) => *forged,
            None => checkpoint(message),
        });
        Ok(checkpoints.take(limit as usize).collect())
    }
}

/// The checkpoint at a message.
pub fn checkpoint(message: &Dispatched) -> Checkpoint {
    Checkpoint {
        origin: Domain(DOMAIN),
        merkle_tree_hook: MERKLE_TREE_HOOK,
        root: message.root,
        index: message.index,
        message_id: MessageId(message.id),
    }
}

/// The transaction of so many signatures.
pub fn transaction(signatures: &[(u32, Vec<u8>)]) -> OpaqueExtrinsic {
    OpaqueExtrinsic::from_blob(signatures.encode())
}

/// A development key, as the chain knows it.
pub fn validator(name: &str) -> (CheckpointId, H160) {
    let pair = ecdsa::Pair::from_string(name, None).unwrap();
    // The address as contracts find it: from a signature.
    let digest = Digest::repeat_byte(1);
    let signature: [u8; 65] = pair.sign_prehashed(&digest.0).into();
    let signature = hyperlane_primitives::Signature::from_recoverable(signature).unwrap();
    (
        CheckpointId::from(pair.public()),
        signature.signer::<Native>(&digest).unwrap(),
    )
}

/// A keystore that holds these development keys.
pub fn keystore(names: &[&str]) -> KeystorePtr {
    let keystore = LocalKeystore::in_memory();
    for name in names {
        keystore.ecdsa_generate_new(KEY_TYPE, Some(name)).unwrap();
    }
    Arc::new(keystore)
}

/// A pool that only lists what is handed to it.
#[derive(Clone, Default)]
pub struct FakePool {
    pub transactions: Arc<Mutex<Vec<Vec<(u32, Vec<u8>)>>>>,
    pub behind: Arc<Mutex<bool>>,
    pub refuses: Arc<Mutex<bool>>,
}

impl FakePool {
    /// What was handed over since the last call.
    pub fn take(&self) -> Vec<Vec<(u32, Vec<u8>)>> {
        std::mem::take(&mut *self.transactions.lock())
    }
}

impl Outbox for FakePool {
    fn is_behind(&self) -> bool {
        *self.behind.lock()
    }

    fn submit(&self, _: Digest, transaction: OpaqueExtrinsic) -> Result<(), String> {
        if *self.refuses.lock() {
            return Err("it is full".into());
        }
        let signatures = Decode::decode(&mut transaction.inner()).unwrap();
        self.transactions.lock().push(signatures);
        Ok(())
    }
}
