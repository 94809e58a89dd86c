//! A chain that messages go to: a mailbox, a pool, blocks that can be taken back, and a price of gas.

use crate::origin::{address_of, validator, DESTINATION};
use async_trait::async_trait;
use codec::{Decode, Encode};
use hyperlane_primitives::{
    Crypto as _, Domain, IsmKind, Message, MessageId, Metadata, Native, ValidatorSet, H256,
};
use pensum_relayer::{
    chain::{Arrival, Delivery, Destination, Fate, Purpose, Quote, Security, SendFault, Sequence},
    journal::Transaction,
    Fault,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, MutexGuard},
    time::Duration,
};

pub const STUCK: Duration = Duration::from_secs(30);

/// What a transaction of this chain says.
#[derive(Clone, Debug, Encode, Decode)]
struct Raw {
    nonce: u64,
    max_fee: u128,
    delivery: Option<(Vec<u8>, Vec<u8>)>,
}

#[derive(Clone, Default)]
struct Ledger {
    delivered: BTreeSet<H256>,
    nonce: u64,
    /// By transaction: whether it did what it was for.
    receipts: BTreeMap<[u8; 32], bool>,
}

#[derive(Default)]
pub struct State {
    /// The state after each block; the last is the latest.
    blocks: Vec<Ledger>,
    pool: BTreeMap<u64, ([u8; 32], Raw)>,
    /// The highest block that was final.
    settled: usize,
    /// Blocks on top of one that is final.
    pub finality: usize,
    pub base_fee: u128,
    pub max_fee: u128,
    pub kind: Option<IsmKind>,
    pub threshold: u8,
    /// Recipients that revert, by their first byte.
    pub failing: BTreeSet<u8>,
    /// Recipients that revert only in a block, not when tried out.
    pub treacherous: BTreeSet<u8>,
    /// How often each message arrived, over all forks that became final or not.
    pub arrivals: BTreeMap<H256, u32>,
    /// Transactions of the relayer that failed in a block: money for nothing.
    pub wasted: u32,
    /// Transactions that were sent for the first time.
    pub sent: u32,
    pub tried_out: BTreeMap<H256, u32>,
    pub down: bool,
    /// The node takes a transaction but its answer is lost.
    pub deaf: bool,
}

pub struct FakeDestination(Mutex<State>);

impl FakeDestination {
    pub fn new() -> Self {
        Self(Mutex::new(State {
            blocks: vec![Ledger::default()],
            base_fee: 10,
            max_fee: 1000,
            kind: Some(IsmKind::MessageId),
            threshold: 2,
            ..State::default()
        }))
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    /// Makes a block of everything in the pool that pays enough.
    pub fn mine(&self) {
        let mut state = self.state();
        let mut ledger = state.blocks.last().cloned().unwrap();
        while let Some((hash, raw)) = state.pool.get(&ledger.nonce).cloned() {
            if raw.max_fee < state.base_fee {
                break;
            }
            state.pool.remove(&ledger.nonce);
            ledger.nonce += 1;
            let success = match &raw.delivery {
                None => true,
                Some((metadata, message)) => state.execute(&mut ledger, metadata, message),
            };
            if !success {
                state.wasted += 1;
            }
            ledger.receipts.insert(hash, success);
        }
        state.push(ledger);
    }

    /// Somebody else brings a message.
    pub fn deliver_by_another(&self, id: H256) {
        let mut state = self.state();
        let mut ledger = state.blocks.last().cloned().unwrap();
        ledger.delivered.insert(id);
        *state.arrivals.entry(id).or_default() += 1;
        state.push(ledger);
    }

    /// The pool forgets everything.
    pub fn drop_pool(&self) {
        self.state().pool.clear();
    }

    /// Takes blocks back that are not final; their transactions are lost.
    pub fn reorganise(&self, depth: usize) {
        let mut state = self.state();
        // What was final once stays.
        let keep = (state.blocks.len() - depth.min(state.blocks.len())).max(state.settled + 1);
        if keep >= state.blocks.len() {
            return;
        }
        for ledger in state.blocks.split_off(keep) {
            let before = state.blocks.last().cloned().unwrap();
            for id in ledger.delivered.difference(&before.delivered) {
                // It has not arrived after all.
                state.arrivals.remove(id);
            }
        }
    }

    /// Another program sends from the relayer's account.
    pub fn foreign_transaction(&self) {
        let mut state = self.state();
        let nonce = state.pooled();
        let raw = Raw {
            nonce,
            max_fee: u128::MAX,
            delivery: None,
        };
        let hash = Native::keccak_256(&[b"foreign", raw.encode().as_slice()].concat());
        state.pool.insert(nonce, (hash, raw));
    }

    pub fn pool_size(&self) -> usize {
        self.state().pool.len()
    }

    pub fn delivered(&self) -> usize {
        self.state().blocks.last().unwrap().delivered.len()
    }
}

impl State {
    fn last_final(&self) -> &Ledger {
        &self.blocks[self.settled]
    }

    fn push(&mut self, ledger: Ledger) {
        self.blocks.push(ledger);
        self.settled = self
            .settled
            .max((self.blocks.len() - 1).saturating_sub(self.finality));
    }

    fn latest(&self) -> &Ledger {
        self.blocks.last().unwrap()
    }

    fn pooled(&self) -> u64 {
        let mut next = self.latest().nonce;
        while self.pool.contains_key(&next) {
            next += 1;
        }
        next
    }

    fn convinces(&self, metadata: &[u8], message: &[u8]) -> bool {
        let Some(kind) = self.kind else { return false };
        let (decoded, id) = Message::decode_with_id::<Native>(message).unwrap();
        let validators: Vec<_> = (0..4).map(|at| address_of(&validator(at))).collect();
        let set = ValidatorSet::new(&validators, self.threshold).unwrap();
        Metadata::decode(kind, metadata)
            .is_ok_and(|metadata| metadata.verify::<Native>(decoded.origin, id, &set).is_ok())
    }

    fn execute(&mut self, ledger: &mut Ledger, metadata: &[u8], message: &[u8]) -> bool {
        let id = MessageId::of::<Native>(message).0;
        let recipient = first_byte(message);
        let refused = self.failing.contains(&recipient) || self.treacherous.contains(&recipient);
        if refused || !self.convinces(metadata, message) || !ledger.delivered.insert(id) {
            return false;
        }
        *self.arrivals.entry(id).or_default() += 1;
        true
    }

    fn answers(&self) -> Result<(), Fault> {
        match self.down {
            true => Err(Fault::Unreachable("down".into())),
            false => Ok(()),
        }
    }
}

fn first_byte(message: &[u8]) -> u8 {
    Message::decode(message).unwrap().recipient.0 .0[0]
}

fn signed(raw: Raw, hashes: Vec<[u8; 32]>) -> Transaction {
    let bytes = raw.encode();
    let hash = Native::keccak_256(&bytes);
    Transaction {
        nonce: raw.nonce,
        hashes: [hashes, vec![hash]].concat(),
        max_fee: raw.max_fee,
        raw: bytes,
        ..Transaction::default()
    }
}

#[async_trait]
impl Destination for FakeDestination {
    fn domain(&self) -> Domain {
        DESTINATION
    }

    async fn security(&self, _: &[u8]) -> Result<Security, Fault> {
        let state = self.state();
        state.answers()?;
        Ok(match state.kind {
            Some(kind) => Security::Multisig {
                kind,
                validators: (0..4).map(|at| address_of(&validator(at))).collect(),
                threshold: state.threshold,
            },
            None => Security::Unsupported("type 9".into()),
        })
    }

    async fn arrival(&self, id: H256) -> Result<Arrival, Fault> {
        let state = self.state();
        state.answers()?;
        Ok(if state.last_final().delivered.contains(&id) {
            Arrival::Final
        } else if state.latest().delivered.contains(&id) {
            Arrival::Unsettled
        } else {
            Arrival::No
        })
    }

    async fn try_out(&self, delivery: &Delivery) -> Result<Quote, Fault> {
        let mut state = self.state();
        state.answers()?;
        let id = MessageId::of::<Native>(&delivery.message).0;
        *state.tried_out.entry(id).or_default() += 1;
        if state.failing.contains(&first_byte(&delivery.message)) {
            return Err(Fault::Refused("execution reverted".into()));
        }
        match state.convinces(&delivery.metadata, &delivery.message) {
            true => Ok(Quote { gas: 100_000 }),
            false => Err(Fault::Refused("!threshold".into())),
        }
    }

    async fn sequence(&self) -> Result<Sequence, Fault> {
        let state = self.state();
        state.answers()?;
        Ok(Sequence {
            settled: state.last_final().nonce,
            included: state.latest().nonce,
            pooled: state.pooled(),
        })
    }

    async fn sign(&self, purpose: Purpose<'_>, nonce: u64) -> Result<Transaction, Fault> {
        let state = self.state();
        state.answers()?;
        let dear = |fee: u128| match fee > state.max_fee {
            true => Err(Fault::TooDear(format!("{fee}"))),
            false => Ok(fee),
        };
        let fee = dear(state.base_fee)?;
        match purpose {
            Purpose::Deliver(delivery, _) => Ok(signed(
                Raw {
                    nonce,
                    max_fee: fee,
                    delivery: Some((delivery.metadata.clone(), delivery.message.clone())),
                },
                Vec::new(),
            )),
            Purpose::FillGap => Ok(signed(
                Raw {
                    nonce,
                    max_fee: fee,
                    delivery: None,
                },
                Vec::new(),
            )),
            Purpose::Replace(old) => {
                let raw = Raw::decode(&mut old.raw.as_slice()).unwrap();
                let max_fee = dear(fee.max(raw.max_fee + raw.max_fee.div_ceil(8)))?;
                Ok(signed(Raw { max_fee, ..raw }, old.hashes.clone()))
            }
        }
    }

    async fn send(&self, transaction: &Transaction) -> Result<(), SendFault> {
        let mut state = self.state();
        if state.down {
            return Err(SendFault::Unreachable("down".into()));
        }
        let raw = Raw::decode(&mut transaction.raw.as_slice()).unwrap();
        if raw.nonce < state.latest().nonce {
            return Err(SendFault::Known);
        }
        if let Some((hash, there)) = state.pool.get(&raw.nonce) {
            if *hash == transaction.hash() {
                return Err(SendFault::Known);
            }
            if raw.max_fee * 10 < there.max_fee.saturating_mul(11) {
                return Err(SendFault::Underpriced);
            }
        }
        state.sent += 1;
        state.pool.insert(raw.nonce, (transaction.hash(), raw));
        match state.deaf {
            true => Err(SendFault::Unreachable("deaf".into())),
            false => Ok(()),
        }
    }

    async fn fate(&self, transaction: &Transaction, sequence: &Sequence) -> Result<Fate, Fault> {
        let state = self.state();
        state.answers()?;
        for hash in transaction.hashes.iter().rev() {
            if let Some(success) = state.last_final().receipts.get(hash) {
                return Ok(Fate::Settled {
                    success: *success,
                    cost: transaction.max_fee,
                });
            }
            if state.latest().receipts.contains_key(hash) {
                return Ok(Fate::Included);
            }
        }
        if transaction.nonce < sequence.settled {
            return Ok(Fate::Displaced);
        }
        if transaction.nonce < sequence.included {
            return Ok(Fate::Included);
        }
        let pooled = state.pool.get(&transaction.nonce);
        Ok(
            match pooled.is_some_and(|(hash, _)| *hash == transaction.hash()) {
                true => Fate::Pooled,
                false => Fate::Missing,
            },
        )
    }

    fn replaces_after(&self) -> Option<Duration> {
        Some(STUCK)
    }

    async fn balance(&self) -> Result<f64, Fault> {
        Ok(1.0)
    }
}
