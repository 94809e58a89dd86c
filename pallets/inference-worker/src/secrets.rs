//! What a commitment hides, kept in this node's own storage until it is revealed.
//!
//! A secret is written before its commitment is sent, and the same duty always finds the same secret: a node that is killed
//! and started again never commits twice. Whoever loses the storage loses the stake behind what it cannot reveal.

use crate::LOG_TARGET;
use alloc::vec::Vec;
use codec::{Decode, Encode};
use pensum_primitives::{
    operator::OperatorId,
    panel::{Ballot, RoundId, Salt},
    Balance, BatchId, BlockNumber, Digest,
};
use sp_core::offchain::StorageKind;

const KEY: &[u8] = b"pensum/worker/secret";
const INDEX_KEY: &[u8] = b"pensum/worker/secrets";
/// Blocks after which a secret is of no use: longer than any panel or auction.
const KEEP: BlockNumber = 4_000;
/// Most secrets kept for one operator; the oldest go first.
const MOST: usize = 4_096;

/// What is hidden.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
pub(crate) enum Secret {
    /// A ballot on a panel.
    Ballot(Ballot, Salt),
    /// The price of a bid.
    Bid(Balance, Salt),
}

/// Names a secret. What it is about is in it, because a fork may give another batch the same number.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode)]
pub(crate) struct Name {
    pub(crate) batch: BatchId,
    pub(crate) round: RoundId,
    /// Digest of what is committed about.
    pub(crate) about: Digest,
}

/// The secrets of one operator.
pub(crate) struct Secrets<'a>(pub(crate) &'a OperatorId);

impl Secrets<'_> {
    fn key(&self, name: &Name) -> Vec<u8> {
        (KEY, self.0, name).encode()
    }

    fn index_key(&self) -> Vec<u8> {
        (INDEX_KEY, self.0).encode()
    }

    /// The secret of this name.
    pub(crate) fn get(&self, name: &Name) -> Option<Secret> {
        let stored = sp_io::offchain::local_storage_get(StorageKind::PERSISTENT, &self.key(name))?;
        let secret = Secret::decode(&mut stored.as_slice()).ok();
        if secret.is_none() {
            log::error!(target: LOG_TARGET, "unreadable secret: batch={} round={} what was committed cannot be revealed", name.batch, name.round);
        }
        secret
    }

    fn index(&self) -> Vec<(BlockNumber, Name)> {
        sp_io::offchain::local_storage_get(StorageKind::PERSISTENT, &self.index_key())
            .and_then(|stored| Decode::decode(&mut stored.as_slice()).ok())
            .unwrap_or_default()
    }

    /// All secrets of a round, whatever they are about.
    pub(crate) fn of_round(&self, batch: BatchId, round: RoundId) -> impl Iterator<Item = Secret> + '_ {
        let is_of_round = move |name: &Name| name.batch == batch && name.round == round;
        self.index()
            .into_iter()
            .filter(move |(_, name)| is_of_round(name))
            .filter_map(|(_, name)| self.get(&name))
    }

    /// Keeps a secret, and drops those that are too old to be of use.
    pub(crate) fn put(&self, name: &Name, secret: &Secret, now: BlockNumber) {
        let mut index = self.index();
        let excess = index.len().saturating_add(1).saturating_sub(MOST);
        let mut place = 0usize;
        index.retain(|(at, old)| {
            let too_many = place < excess;
            place = place.saturating_add(1);
            // What was written in what is the future now was written on a fork that lost.
            let keep = !too_many && *at <= now && now.saturating_sub(*at) < KEEP;
            if !keep {
                sp_io::offchain::local_storage_clear(StorageKind::PERSISTENT, &self.key(old));
            }
            keep
        });
        index.push((now, *name));
        // The index first: a secret that it does not name would stay for ever.
        sp_io::offchain::local_storage_set(StorageKind::PERSISTENT, &self.index_key(), &index.encode());
        sp_io::offchain::local_storage_set(StorageKind::PERSISTENT, &self.key(name), &secret.encode());
    }
}

/// Random bytes of this node.
pub(crate) fn salt() -> Salt {
    sp_io::offchain::random_seed()
}
