//! Reads final blocks, each once, and keeps the metrics that come from them.

use super::{
    agenda,
    figures::Figures,
    open,
    quorum::Quorum,
    runtime::{key, Runtime},
    solvers::Solvers,
    tell::tell,
};
use crate::chain::{BlockRef, Chain, Read};
use pensum_primitives::{BlockNumber, Digest};
use sp_keystore::KeystorePtr;
use std::sync::Arc;

/// Most blocks that are read when many become final at once: those whose state a node keeps by default.
const MAX_BLOCKS: usize = 256;
/// Least blocks between two counts of the open tasks, where blocks cannot be read again and again.
const COUNT_EVERY: BlockNumber = 64;

/// Reads final blocks. Knows no streams, so that tests tell it what became final.
pub struct Follower {
    pub(super) chain: Arc<dyn Chain>,
    figures: Figures,
    runtime: Option<(u32, Runtime)>,
    quorum: Quorum,
    solvers: Option<Solvers>,
    /// Whether the open tasks were counted, and no events missed since.
    counted: bool,
    count_from: BlockNumber,
    failing: bool,
}

impl Follower {
    /// One that also measures the solvers whose operator key lies in `keystore`.
    pub fn new(chain: Arc<dyn Chain>, figures: Figures, keystore: Option<KeystorePtr>) -> Self {
        Self {
            chain,
            figures,
            runtime: None,
            quorum: Quorum::default(),
            solvers: keystore.map(Solvers::new),
            counted: false,
            count_from: 0,
            failing: false,
        }
    }

    /// Blocks became final, in ascending order; `last` is the last of them.
    pub fn finalized(&mut self, blocks: &[Digest], last: BlockRef) {
        let first = blocks.len().saturating_sub(MAX_BLOCKS);
        self.figures.market.unread.inc_by(first as u64);
        let read = blocks.get(first..).unwrap_or_default();
        // First, so that what events say of an own solver finds it known.
        let standing = self.stand(last);
        self.counted &= first == 0;
        for block in read {
            if let Err(error) = self.read(*block) {
                self.figures.market.unread.inc();
                self.counted = false;
                log::debug!(target: "pensum::measure", "unread: block={block:?} error={error}");
            }
        }
        match standing.and_then(|()| self.count(last)) {
            Ok(()) => {
                self.failing = false;
                self.figures.market.block.set(last.number.into());
            }
            Err(error) if self.failing => {
                log::debug!(target: "pensum::measure", "not measured: block={} error={error}", last.number);
            }
            Err(error) => {
                self.failing = true;
                log::warn!(
                    target: "pensum::measure",
                    "not measured: block={} error={error}; its metrics stand still, and it is tried again at every final block",
                    last.number
                );
            }
        }
    }

    /// Counts the events of a block.
    fn read(&mut self, block: Digest) -> Read<()> {
        let version = self.chain.spec_version(block)?;
        if self.runtime.as_ref().is_none_or(|(known, _)| *known != version) {
            self.runtime = Some((version, Runtime::of(&self.chain.metadata(block)?)?));
        }
        let Some((_, runtime)) = &self.runtime else {
            return Ok(());
        };
        let Some(bytes) = self.chain.storage(block, &key("System", "Events"))? else {
            return Ok(());
        };
        // All of them are taken apart before one is counted; a field that does not fit ends the block there.
        let events = runtime.told(&bytes)?;
        for told in &events {
            tell(told, &self.figures)?;
            if let Some(solvers) = &self.solvers {
                solvers.tell(told, &self.figures.solver)?;
            }
        }
        Ok(())
    }

    /// Reads how things stand at the last block.
    fn stand(&mut self, last: BlockRef) -> Read<()> {
        let chain = self.chain.as_ref();
        self.figures
            .market
            .agenda
            .set(agenda::behind(chain, last)?.into());
        let bridge = chain.bridge(last.hash)?;
        self.figures
            .bridge
            .paused(bridge.inbound_paused, bridge.outbound_paused);
        let lag = self.quorum.lag(chain, last, bridge.count)?;
        self.figures.bridge.quorum_lag.set(lag.into());
        match &mut self.solvers {
            Some(solvers) => solvers.look(chain, last, &self.figures.solver),
            None => Ok(()),
        }
    }

    /// Sets the open tasks right, where a block before was missed and events alone do not tell them.
    fn count(&mut self, last: BlockRef) -> Read<()> {
        if self.counted || last.number < self.count_from {
            return Ok(());
        }
        self.figures
            .market
            .open
            .set(open::count(self.chain.as_ref(), last.hash)?);
        self.counted = true;
        self.count_from = last.number.saturating_add(COUNT_EVERY);
        Ok(())
    }
}
