//! Hands signatures to the pool, again and again until they are on chain, but not at every block.

use super::{key::Key, outbox::Outbox, records::Signed};
use crate::chain::{BlockRef, Chain, Read};
use hyperlane_primitives::H160;
use pensum_primitives::BlockNumber;
use std::collections::{BTreeMap, BTreeSet};

/// Signatures in one transaction: the most that the call takes.
const PER_TRANSACTION: usize = 64;

/// After how many final blocks a signature that is not on chain is handed over again. One that is taken at once is final two or
/// three blocks later.
pub(super) const AGAIN_AFTER: BlockNumber = 4;

/// Hands signatures to the pool.
pub(super) struct Publisher {
    outbox: Box<dyn Outbox>,
    /// At which final block a signature was handed over last.
    handed_over: BTreeMap<(H160, u32), BlockNumber>,
}

impl Publisher {
    pub(super) fn new(outbox: Box<dyn Outbox>) -> Self {
        Self {
            outbox,
            handed_over: BTreeMap::new(),
        }
    }

    /// Whether there is no use in publishing now.
    pub(super) fn is_behind(&self) -> bool {
        self.outbox.is_behind()
    }

    /// Publishes those of `signed`, which is all of a validator's that is not on chain at the final block `at`, whose turn it is.
    pub(super) fn publish(
        &mut self,
        chain: &dyn Chain,
        key: &Key,
        at: BlockRef,
        signed: &[(u32, Signed)],
    ) -> Read<()> {
        let open: BTreeSet<u32> = signed.iter().map(|(index, _)| *index).collect();
        self.handed_over
            .retain(|(validator, index), _| *validator != key.address || open.contains(index));
        let due: Vec<(u32, Vec<u8>)> = signed
            .iter()
            .filter(|(index, _)| self.is_due(key, *index, at.number))
            .map(|(index, signed)| (*index, signed.signature.0.to_vec()))
            .collect();
        for signatures in due.chunks(PER_TRANSACTION) {
            for (index, _) in signatures {
                self.handed_over.insert((key.address, *index), at.number);
            }
            self.hand_over(chain, signatures.to_vec())?;
        }
        Ok(())
    }

    fn is_due(&self, key: &Key, index: u32, now: BlockNumber) -> bool {
        self.handed_over
            .get(&(key.address, index))
            .is_none_or(|before| now >= before.saturating_add(AGAIN_AFTER))
    }

    /// In the form that the newest runtime takes: the transaction will be in a block after the best one.
    fn hand_over(&self, chain: &dyn Chain, signatures: Vec<(u32, Vec<u8>)>) -> Read<()> {
        let best = chain.best().hash;
        let count = signatures.len();
        let Some(transaction) = chain.checkpoints_transaction(best, signatures)? else {
            log::error!("Checkpoints: the runtime takes no transaction of {count} signatures. Compare its version with the node's");
            return Ok(());
        };
        match self.outbox.submit(best, transaction) {
            Ok(()) => log::debug!("Checkpoints: handed {count} signatures to the pool"),
            Err(error) => log::warn!(
                "Checkpoints: the pool refused {count} signatures: {error}. Those that are still missing {AGAIN_AFTER} blocks \
                 later are handed over again"
            ),
        }
        Ok(())
    }
}
