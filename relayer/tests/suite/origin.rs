//! A chain that messages come from, with blocks that can be taken back, and its validators.

use alloy::{
    primitives::B256,
    signers::{local::PrivateKeySigner, SignerSync as _},
};
use async_trait::async_trait;
use hyperlane_primitives::{
    Address, Body, Checkpoint, Crypto as _, Domain, IncrementalTree, Message, MessageId, Native, Signature,
    H160, H256,
};
use pensum_relayer::{
    chain::{Anchor, Batch, Cursor, Dispatched, Leaf, Origin, Reading},
    Fault,
};
use std::{
    collections::BTreeSet,
    sync::{Mutex, MutexGuard},
};

pub const ORIGIN: Domain = Domain(31338);
pub const DESTINATION: Domain = Domain(1346719233);
/// Recipients are told apart by their first byte.
pub const RECIPIENT: H256 = H256::repeat_byte(0x77);

pub fn hook() -> Address {
    Address::from(H160::repeat_byte(0x11))
}

pub fn validator(at: u8) -> PrivateKeySigner {
    PrivateKeySigner::from_bytes(&B256::repeat_byte(at + 1)).unwrap()
}

pub fn address_of(key: &PrivateKeySigner) -> H160 {
    H160(key.address().into_array())
}

pub fn sign(key: &PrivateKeySigner, checkpoint: &Checkpoint) -> Signature {
    let digest = B256::from(checkpoint.digest::<Native>().0);
    let signature = key.sign_hash_sync(&digest).unwrap();
    Signature::from_recoverable(signature.as_bytes()).unwrap()
}

#[derive(Clone, Default)]
struct Block {
    fork: u8,
    messages: Vec<Dispatched>,
    leaves: Vec<Leaf>,
}

#[derive(Default)]
pub struct State {
    blocks: Vec<Block>,
    fork: u8,
    nonce: u32,
    pub tree: IncrementalTree,
    checkpoints: Vec<Checkpoint>,
    /// Blocks on top of one that is final.
    pub finality: usize,
    /// Blocks of one answer.
    pub range: usize,
    /// Which validators have signed so far.
    pub signers: BTreeSet<u8>,
    /// What was announced, the same for every validator.
    pub locations: Vec<Vec<String>>,
    /// What is published beside honest signatures.
    pub forged: Vec<Signature>,
    pub down: bool,
    /// The node leaves out the logs of this leaf.
    pub hidden: Option<u32>,
    /// And does not tell how many there are.
    pub silent: bool,
}

#[derive(Default)]
pub struct FakeOrigin(Mutex<State>);

impl FakeOrigin {
    pub fn new() -> Self {
        let origin = Self::default();
        origin.state().range = 2;
        origin.state().blocks.push(Block::default());
        origin.state().signers = (0..3).collect();
        origin
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    /// Dispatches a message in a block of its own, which is final at once unless finality takes blocks.
    pub fn dispatch(&self, recipient: H256, body: &[u8]) -> MessageId {
        self.dispatch_where(recipient, body, true)
    }

    /// The same, without the hook if it is not inserted.
    pub fn dispatch_where(&self, recipient: H256, body: &[u8], inserted: bool) -> MessageId {
        let mut state = self.state();
        let block = state.blocks.len() as u64;
        let message = Message {
            nonce: state.nonce,
            origin: ORIGIN,
            sender: hook(),
            destination: DESTINATION,
            recipient: Address(recipient),
            body: Body::new(body).unwrap(),
        };
        let bytes = message.encode();
        let id = MessageId::of::<Native>(&bytes);
        state.nonce += 1;
        let mut leaves = Vec::new();
        if inserted {
            let index = state.tree.insert::<Native>(id).unwrap();
            let root = state.tree.root::<Native>();
            state.checkpoints.push(Checkpoint {
                origin: ORIGIN,
                merkle_tree_hook: hook(),
                root,
                index,
                message_id: id,
            });
            leaves.push(Leaf {
                index,
                id: id.0,
                block,
                root: None,
            });
        }
        let fork = state.fork;
        state.blocks.push(Block {
            fork,
            messages: vec![Dispatched {
                id: id.0,
                nonce: message.nonce,
                destination: DESTINATION,
                bytes,
                block,
            }],
            leaves,
        });
        id
    }

    /// An empty block.
    pub fn pass(&self) {
        let mut state = self.state();
        let fork = state.fork;
        state.blocks.push(Block {
            fork,
            ..Block::default()
        });
    }

    /// Takes the last blocks back and puts as many empty ones in their place.
    pub fn reorganise(&self, depth: usize) {
        let mut state = self.state();
        let keep = state.blocks.len().saturating_sub(depth).max(1);
        let gone: Vec<Block> = state.blocks.drain(keep..).collect();
        state.fork += 1;
        let messages: usize = gone.iter().map(|block| block.messages.len()).sum();
        let leaves: usize = gone.iter().map(|block| block.leaves.len()).sum();
        state.nonce -= messages as u32;
        let left = state.checkpoints.len() - leaves;
        state.checkpoints.truncate(left);
        state.tree = IncrementalTree::default();
        let ids: Vec<MessageId> = state.checkpoints.iter().map(|c| c.message_id).collect();
        for id in ids {
            state.tree.insert::<Native>(id).unwrap();
        }
        let fork = state.fork;
        state.blocks.extend((0..gone.len()).map(|_| Block {
            fork,
            ..Block::default()
        }));
    }

    pub fn checkpoint(&self, index: u32) -> Checkpoint {
        self.state().checkpoints[index as usize]
    }

    pub fn checkpoints(&self) -> Vec<Checkpoint> {
        self.state().checkpoints.clone()
    }
}

fn hash(number: u64, fork: u8) -> [u8; 32] {
    Native::keccak_256(&[&number.to_be_bytes()[..], &[fork]].concat())
}

#[async_trait]
impl Origin for FakeOrigin {
    fn domain(&self) -> Domain {
        ORIGIN
    }

    fn merkle_tree_hook(&self) -> Address {
        hook()
    }

    async fn read(&self, cursor: &Cursor) -> Result<Reading, Fault> {
        if let Some(anchor) = &cursor.anchor {
            if !self.holds(anchor).await? {
                return Ok(Reading::Reorganised);
            }
        }
        let state = self.state();
        let head = (state.blocks.len() - 1).saturating_sub(state.finality);
        let first = cursor.next.unwrap_or(0) as usize;
        if first > head {
            return Ok(Reading::Batch(Batch {
                cursor: *cursor,
                ..Batch::default()
            }));
        }
        let last = head.min(first + state.range - 1);
        let blocks = &state.blocks[first..=last];
        let all = state.blocks[..=last]
            .iter()
            .map(|block| block.leaves.len())
            .sum::<usize>();
        let leaves = blocks.iter().flat_map(|block| block.leaves.clone());
        Ok(Reading::Batch(Batch {
            messages: blocks.iter().flat_map(|block| block.messages.clone()).collect(),
            leaves: leaves.filter(|leaf| Some(leaf.index) != state.hidden).collect(),
            count: (last == head && !state.silent).then_some(all as u32),
            cursor: Cursor {
                next: Some(last as u64 + 1),
                anchor: Some(Anchor {
                    block: last as u64,
                    hash: hash(last as u64, state.blocks[last].fork),
                }),
            },
            behind: (head - last) as u64,
        }))
    }

    async fn holds(&self, anchor: &Anchor) -> Result<bool, Fault> {
        let state = self.state();
        if state.down {
            return Err(Fault::Unreachable("down".into()));
        }
        let block = state.blocks.get(anchor.block as usize);
        Ok(block.is_some_and(|block| hash(anchor.block, block.fork) == anchor.hash))
    }

    async fn published(&self, index: u32) -> Result<Vec<Signature>, Fault> {
        let state = self.state();
        let Some(checkpoint) = state.checkpoints.get(index as usize) else {
            return Ok(Vec::new());
        };
        let honest = state.signers.iter().map(|at| sign(&validator(*at), checkpoint));
        Ok(state.forged.iter().copied().chain(honest).collect())
    }

    async fn announced(&self, _: &[H160]) -> Result<Vec<Vec<String>>, Fault> {
        Ok(self.state().locations.clone())
    }
}
