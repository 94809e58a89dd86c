//! Kills the relayer before or after any of its questions to a chain: between two of them it can only have written to its journal,
//! which is whole or not at all.

use async_trait::async_trait;
use hyperlane_primitives::{Address, Domain, Signature, H160, H256};
use pensum_relayer::{
    chain::{
        Anchor, Arrival, Cursor, Delivery, Destination, Fate, Origin, Purpose, Quote, Reading, Security,
        SendFault, Sequence,
    },
    journal::Transaction,
    Error, Fault,
};
use std::{
    sync::{
        atomic::{AtomicI64, Ordering},
        Arc,
    },
    time::Duration,
};

/// Steps that are left to live; negative for ever.
#[derive(Clone)]
pub struct Life(Arc<AtomicI64>);

impl Life {
    pub fn of(steps: i64) -> Self {
        Self(Arc::new(AtomicI64::new(steps)))
    }

    pub fn is_over(&self) -> bool {
        self.0.load(Ordering::Relaxed) == 0
    }

    fn step(&self) -> Result<(), Error> {
        match self.0.load(Ordering::Relaxed) {
            0 => Err(Error::machine("killed", "")),
            left if left > 0 => {
                self.0.store(left - 1, Ordering::Relaxed);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn around<T>(&self, answer: Result<T, Fault>) -> Result<T, Fault> {
        self.step()?;
        answer
    }
}

/// A chain, asked by somebody mortal.
pub struct Mortal<T> {
    pub chain: Arc<T>,
    pub life: Life,
}

#[async_trait]
impl<T: Origin> Origin for Mortal<T> {
    fn domain(&self) -> Domain {
        self.chain.domain()
    }

    fn merkle_tree_hook(&self) -> Address {
        self.chain.merkle_tree_hook()
    }

    async fn read(&self, cursor: &Cursor) -> Result<Reading, Fault> {
        self.life.step()?;
        self.life.around(self.chain.read(cursor).await)
    }

    async fn holds(&self, anchor: &Anchor) -> Result<bool, Fault> {
        self.life.step()?;
        self.chain.holds(anchor).await
    }

    async fn published(&self, index: u32) -> Result<Vec<Signature>, Fault> {
        self.life.step()?;
        self.chain.published(index).await
    }

    async fn announced(&self, validators: &[H160]) -> Result<Vec<Vec<String>>, Fault> {
        self.life.step()?;
        self.chain.announced(validators).await
    }
}

#[async_trait]
impl<T: Destination> Destination for Mortal<T> {
    fn domain(&self) -> Domain {
        self.chain.domain()
    }

    async fn security(&self, message: &[u8]) -> Result<Security, Fault> {
        self.life.step()?;
        self.chain.security(message).await
    }

    async fn arrival(&self, id: H256) -> Result<Arrival, Fault> {
        self.life.step()?;
        self.life.around(self.chain.arrival(id).await)
    }

    async fn try_out(&self, delivery: &Delivery) -> Result<Quote, Fault> {
        self.life.step()?;
        self.chain.try_out(delivery).await
    }

    async fn sequence(&self) -> Result<Sequence, Fault> {
        self.life.step()?;
        self.chain.sequence().await
    }

    async fn sign(&self, purpose: Purpose<'_>, nonce: u64) -> Result<Transaction, Fault> {
        self.life.step()?;
        self.life.around(self.chain.sign(purpose, nonce).await)
    }

    async fn send(&self, transaction: &Transaction) -> Result<(), SendFault> {
        self.life.step().map_err(SendFault::Fatal)?;
        let sent = self.chain.send(transaction).await;
        // The node has it, and nobody lives to hear so.
        self.life.step().map_err(SendFault::Fatal)?;
        sent
    }

    async fn fate(&self, transaction: &Transaction, sequence: &Sequence) -> Result<Fate, Fault> {
        self.life.step()?;
        self.life.around(self.chain.fate(transaction, sequence).await)
    }

    fn replaces_after(&self) -> Option<Duration> {
        self.chain.replaces_after()
    }

    async fn balance(&self) -> Result<f64, Fault> {
        self.chain.balance().await
    }
}
