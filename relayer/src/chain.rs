//! What a relayer needs of a chain, whatever sort it is: [`Origin`] as the place where messages come from, [`Destination`] as the
//! one where they go.

use crate::{journal::Transaction, Fault};
use async_trait::async_trait;
use hyperlane_primitives::{Address, Domain, IsmKind, Signature, H160, H256};

/// A block that something was read up to: if its number has another hash later, what was read is void.
#[derive(Clone, Copy, Debug, PartialEq, Eq, codec::Encode, codec::Decode)]
pub struct Anchor {
    /// Its number.
    pub block: u64,
    /// Its hash.
    pub hash: [u8; 32],
}

/// How far an origin has been read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, codec::Encode, codec::Decode)]
pub struct Cursor {
    /// What to read next: a block's number on an EVM chain, a leaf's on Pensum. None before the first reading.
    pub next: Option<u64>,
    /// The last block that was read, where blocks can still be taken back.
    pub anchor: Option<Anchor>,
}

/// A message that its origin has dispatched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dispatched {
    /// Its id.
    pub id: H256,
    /// The number that the origin's mailbox gave it.
    pub nonce: u32,
    /// Where it goes.
    pub destination: Domain,
    /// The message.
    pub bytes: Vec<u8>,
    /// The block that it was dispatched in.
    pub block: u64,
}

/// A leaf of the origin's tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leaf {
    /// Its number.
    pub index: u32,
    /// The message's id.
    pub id: H256,
    /// The block that it was inserted in.
    pub block: u64,
    /// The root right after it, where the origin tells.
    pub root: Option<H256>,
}

/// What one reading brought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// Messages for destinations that are served.
    pub messages: Vec<Dispatched>,
    /// All leaves.
    pub leaves: Vec<Leaf>,
    /// How many leaves the tree has after these, where the origin tells: a node may leave logs out.
    pub count: Option<u32>,
    /// How far has been read with this.
    pub cursor: Cursor,
    /// How much is left to read until the last final block: blocks or leaves.
    pub behind: u64,
}

/// An answer to "what is new?".
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// This, or nothing if the batch is empty and its cursor the same.
    Batch(Batch),
    /// The block that was read last is no longer part of the chain.
    Reorganised,
}

/// Where messages come from.
#[async_trait]
pub trait Origin: Send + Sync {
    /// Its domain.
    fn domain(&self) -> Domain;

    /// Its Merkle tree hook, by which checkpoints name it.
    fn merkle_tree_hook(&self) -> Address;

    /// What is final and has not been read. Bounded: whoever asks goes on until nothing is left.
    async fn read(&self, cursor: &Cursor) -> Result<Reading, Fault>;

    /// Whether a block is still part of the chain.
    async fn holds(&self, anchor: &Anchor) -> Result<bool, Fault>;

    /// Signatures of the checkpoint at `index` that the chain itself has, whoever made them.
    async fn published(&self, index: u32) -> Result<Vec<Signature>, Fault>;

    /// Where each of these validators says that its checkpoints are.
    async fn announced(&self, validators: &[H160]) -> Result<Vec<Vec<String>>, Fault>;
}

/// Whom a recipient believes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Security {
    /// Enough of these validators.
    Multisig {
        /// What they must have signed.
        kind: IsmKind,
        /// In the order in which their signatures must come.
        validators: Vec<H160>,
        /// How many suffice.
        threshold: u8,
    },
    /// Something else, in words.
    Unsupported(String),
}

/// Whether a message has arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// It has not.
    No,
    /// It has, in a block that could still be taken back.
    Unsettled,
    /// It has, for good.
    Final,
}

/// What is to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// What convinces the recipient's security module.
    pub metadata: Vec<u8>,
    /// The message.
    pub message: Vec<u8>,
}

/// What a delivery was found to need when it was tried out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Quote {
    /// Gas; 0 where a chain has no such limit.
    pub gas: u64,
}

/// How far the relayer's account there has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sequence {
    /// Transactions in final blocks.
    pub settled: u64,
    /// Transactions in blocks.
    pub included: u64,
    /// Transactions in blocks and, without a gap, in the node's pool.
    pub pooled: u64,
}

/// What a transaction is for.
#[derive(Clone, Copy, Debug)]
pub enum Purpose<'a> {
    /// To deliver a message.
    Deliver(&'a Delivery, Quote),
    /// To use a number up, so that those after it get into blocks.
    FillGap,
    /// To take the place of this one, for more.
    Replace(&'a Transaction),
}

/// What has become of a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is in the pool.
    Pooled,
    /// Nobody knows it: it must be sent again.
    Missing,
    /// It is in a block that could still be taken back.
    Included,
    /// It is in a final block.
    Settled {
        /// Whether it did what it was for.
        success: bool,
        /// What it cost, in the smallest unit.
        cost: u128,
    },
    /// Another transaction with its number is in a final block.
    Displaced,
    /// It can no longer get into any block.
    Expired,
}

/// Why a node did not take a transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SendFault {
    /// It has it already, or its number is used: see its fate.
    Known,
    /// It pays too little to replace the one that is there, or to be taken at all.
    Underpriced,
    /// It will not, so nobody has got it.
    Refused(String),
    /// It was not heard from: it may have it or not.
    Unreachable(String),
    /// Never ask again.
    Fatal(crate::Error),
}

/// Where messages go.
#[async_trait]
pub trait Destination: Send + Sync {
    /// Its domain.
    fn domain(&self) -> Domain;

    /// Whom the recipient of this message believes.
    async fn security(&self, message: &[u8]) -> Result<Security, Fault>;

    /// Whether a message has arrived.
    async fn arrival(&self, id: H256) -> Result<Arrival, Fault>;

    /// Tries a delivery out, at no cost.
    async fn try_out(&self, delivery: &Delivery) -> Result<Quote, Fault>;

    /// How far the relayer's account has come.
    async fn sequence(&self) -> Result<Sequence, Fault>;

    /// Signs a transaction with this number, and sends nothing.
    async fn sign(&self, purpose: Purpose<'_>, nonce: u64) -> Result<Transaction, Fault>;

    /// Sends a transaction. Sending it again does no harm.
    async fn send(&self, transaction: &Transaction) -> Result<(), SendFault>;

    /// What has become of a transaction.
    async fn fate(&self, transaction: &Transaction, sequence: &Sequence) -> Result<Fate, Fault>;

    /// How long a transaction may be in the pool before it is replaced. None: this chain's transactions expire instead.
    fn replaces_after(&self) -> Option<std::time::Duration>;

    /// What the relayer's account has, in the coin's whole units.
    async fn balance(&self) -> Result<f64, Fault>;
}
