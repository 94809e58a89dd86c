//! Follows finality and keeps the index up to date.

use super::{lookup::Ended, Index, LookupError};
use crate::chain::{BlockRef, Chain};
use futures::{Stream, StreamExt};
use pensum_primitives::BlockNumber;
use std::sync::Arc;

/// Every how many blocks a long catch-up says how far it is.
const PROGRESS_EVERY: BlockNumber = 10_000;

/// Every how many blocks without records a long catch-up notes where it is.
const MARK_EVERY: BlockNumber = 256;

/// Indexes all final blocks, those of before the start first, for as long as `finality` goes on.
pub async fn run(index: Index, chain: Arc<dyn Chain>, finality: impl Stream<Item = BlockRef>) {
    futures::pin_mut!(finality);
    catch_up(&index, chain.as_ref(), chain.finalized()).await;
    while let Some(block) = finality.next().await {
        catch_up(&index, chain.as_ref(), block).await;
    }
}

/// Indexes up to `to`, in whose state the roots of all blocks before it lie.
async fn catch_up(index: &Index, chain: &dyn Chain, to: BlockRef) {
    let first = index.last().saturating_add(1);
    let mut unknown = Gap::default();
    for block in first..=to.number {
        match index.ended_in(chain, to.hash, block) {
            Ok(Ended::Tasks(ended)) => index.add(block, &ended),
            Ok(Ended::None) => {}
            Ok(Ended::Unknown) => unknown.note(block),
            Err(error @ LookupError::Corrupt(_)) => {
                log::error!(
                    "Record index: {error}. Their tasks cannot be shown; sync from scratch to repair it"
                );
            }
            Err(LookupError::Chain(error)) => {
                // The next final block brings us back here.
                log::warn!(
                    "Record index: the roots at block {} cannot be read ({error}). Trying again later",
                    to.number
                );
                return unknown.tell(index);
            }
        }
        if block.is_multiple_of(MARK_EVERY) || block == to.number {
            index.mark(block);
        }
        if block.is_multiple_of(PROGRESS_EVERY) {
            log::info!("Record index: at block {block} of {}", to.number);
        }
        // Lets the node stop in the middle of a long catch-up.
        tokio::task::yield_now().await;
    }
    unknown.tell(index);
}

/// Blocks whose records this node does not have.
#[derive(Default)]
struct Gap {
    first: Option<BlockNumber>,
    last: BlockNumber,
    blocks: u32,
}

impl Gap {
    fn note(&mut self, block: BlockNumber) {
        self.first.get_or_insert(block);
        self.last = block;
        self.blocks = self.blocks.saturating_add(1);
    }

    fn tell(&self, index: &Index) {
        if let Some(first) = self.first {
            index.metrics.unindexed(self.blocks);
            log::warn!(
                "Record index: this node did not execute {} blocks with records from {first} to {} and cannot show their tasks. \
                 A node that syncs with `--sync full` can",
                self.blocks,
                self.last
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::fixture::{record, storage, write_block, FakeChain};
    use pensum_primitives::BatchId;

    #[tokio::test]
    async fn records_of_final_blocks_are_found_by_task_and_by_model() {
        let mut chain = FakeChain::new(20, 10);
        let index = Index::new(storage());
        let early = record(BatchId(1).task(0), 4, b"early");
        let late = record(BatchId(2).task(0), 12, b"late");
        write_block(
            &mut chain,
            index.storage.as_ref(),
            4,
            std::slice::from_ref(&early),
        );
        write_block(
            &mut chain,
            index.storage.as_ref(),
            12,
            std::slice::from_ref(&late),
        );
        let block_15 = BlockRef {
            number: 15,
            hash: chain.block_hash(15),
        };
        chain.finalized = 15;
        run(
            index.clone(),
            Arc::new(chain.clone()),
            futures::stream::iter([block_15]),
        )
        .await;
        assert_eq!(index.last(), 15);
        for expected in [early, late] {
            let found = index.find(&chain, expected.record.task).unwrap().unwrap();
            assert_eq!(found.record, expected.record);
            assert!(found.finalized);
        }
        assert_eq!(
            index.task_count(record(BatchId(1).task(0), 4, b"").record.model),
            2
        );
    }

    #[tokio::test]
    async fn a_restart_goes_on_where_it_stopped() {
        let mut chain = FakeChain::new(20, 8);
        let shared = storage();
        let index = Index::new(shared.clone());
        run(index, Arc::new(chain.clone()), futures::stream::empty()).await;
        let ended = record(BatchId(3).task(1), 9, b"later");
        write_block(&mut chain, shared.as_ref(), 9, std::slice::from_ref(&ended));
        chain.finalized = 11;
        let index = Index::new(shared);
        assert_eq!(index.last(), 8);
        run(index.clone(), Arc::new(chain.clone()), futures::stream::empty()).await;
        assert_eq!(index.last(), 11);
        assert_eq!(index.find(&chain, ended.record.task).unwrap().unwrap().block, 9);
    }

    #[tokio::test]
    async fn blocks_that_warp_sync_skipped_are_passed_over() {
        let mut chain = FakeChain::new(20, 10);
        let index = Index::new(storage());
        let skipped = record(BatchId(1).task(0), 3, b"never executed here");
        chain.roots.insert(3, skipped.record.leaf());
        let ended = record(BatchId(2).task(0), 7, b"executed");
        write_block(
            &mut chain,
            index.storage.as_ref(),
            7,
            std::slice::from_ref(&ended),
        );
        run(index.clone(), Arc::new(chain.clone()), futures::stream::empty()).await;
        assert_eq!(index.last(), 10);
        assert_eq!(index.find(&chain, skipped.record.task).unwrap(), None);
        assert!(index.find(&chain, ended.record.task).unwrap().is_some());
    }
}
