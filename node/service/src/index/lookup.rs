//! Finding a record and proving it against the chain's state.

use super::Index;
use crate::chain::{Chain, ChainError};
use codec::Decode;
use pensum_primitives::{
    record::{self, IndexedRecord, Record},
    task::Output,
    BlockNumber, Digest, ModelId, TaskId,
};
use sp_core::offchain::STORAGE_PREFIX;
use sp_runtime::traits::BlakeTwo256;

/// How far behind the head records are looked for that have no pointer yet. Finality lags by a block or two; a network that
/// lost finality for longer than this shows its newest records once finality is back.
const MAX_UNINDEXED: BlockNumber = 256;

/// A record with everything that proves it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ProvenRecord {
    /// The record.
    pub record: Record,
    /// The answer, whose digest the record names.
    pub output: Output,
    /// The block in which the task ended.
    pub block: BlockNumber,
    /// Its hash.
    pub block_hash: Digest,
    /// Whether that block is final.
    pub finalized: bool,
    /// Merkle root of the block's records, from the chain's state.
    pub root: Digest,
    /// `blake2_256` of the SCALE-encoded record.
    pub leaf: Digest,
    /// The leaf's place among the block's leaves.
    pub leaf_index: u32,
    /// How many leaves the block has.
    pub leaf_count: u32,
    /// The hashes from the leaf up to the root.
    pub proof: Vec<Digest>,
}

/// Why a record cannot be shown.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum LookupError {
    /// The chain cannot be read.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// What lies in the index does not hash to what the state says.
    #[error("the records of block {0} in this node's index do not hash to the root in the chain's state")]
    Corrupt(BlockNumber),
}

impl Index {
    /// The record of a task, proven; nothing where this node has none.
    pub fn find(&self, chain: &dyn Chain, task: TaskId) -> Result<Option<ProvenRecord>, LookupError> {
        // Read before the pointer: the follower may index the task's block in between, and then either the pointer is seen
        // or this mark is still below it.
        let last = self.last();
        if let Some(block) = self.block_of(task) {
            return self.prove(chain, block, task);
        }
        // Not final yet, or final a moment ago: the follower has not been there.
        let best = chain.best().number;
        let first = last.saturating_add(1).max(best.saturating_sub(MAX_UNINDEXED));
        for block in (first..=best).rev() {
            if let Some(proven) = self.prove(chain, block, task)? {
                return Ok(Some(proven));
            }
        }
        Ok(None)
    }

    /// The tasks whose records a block holds, with their models. Nothing where this node did not execute the block.
    pub(super) fn ended_in(
        &self,
        chain: &dyn Chain,
        at: Digest,
        block: BlockNumber,
    ) -> Result<Ended, LookupError> {
        let Some(root) = chain.record_root(at, block)? else {
            return Ok(Ended::None);
        };
        let Some(leaves) = self.leaves(root, block)? else {
            return Ok(Ended::Unknown);
        };
        let mut ended = Vec::with_capacity(leaves.len());
        for (_, leaf) in leaves {
            let Some(body) = self.body(leaf, block)? else {
                return Ok(Ended::Unknown);
            };
            ended.push((body.record.task, body.record.model));
        }
        Ok(Ended::Tasks(ended))
    }

    fn prove(
        &self,
        chain: &dyn Chain,
        block: BlockNumber,
        task: TaskId,
    ) -> Result<Option<ProvenRecord>, LookupError> {
        let best = chain.best();
        let Some(root) = chain.record_root(best.hash, block)? else {
            return Ok(None);
        };
        let Some(leaves) = self.leaves(root, block)? else {
            return Ok(None);
        };
        let Some(place) = leaves.iter().position(|(id, _)| *id == task) else {
            return Ok(None);
        };
        let digests: Vec<Digest> = leaves.into_iter().map(|(_, leaf)| leaf).collect();
        let tree = binary_merkle_tree::merkle_proof::<BlakeTwo256, _, _>(digests, place as u32);
        let Some(body) = self.body(tree.leaf, block)? else {
            return Ok(None);
        };
        if body.record.task != task {
            return Err(LookupError::Corrupt(block));
        }
        let Some(block_hash) = chain.hash(block)? else {
            return Ok(None);
        };
        Ok(Some(ProvenRecord {
            record: body.record,
            output: body.output,
            block,
            block_hash,
            finalized: block <= chain.finalized().number,
            root,
            leaf: tree.leaf,
            leaf_index: tree.leaf_index,
            leaf_count: tree.number_of_leaves,
            proof: tree.proof,
        }))
    }

    /// The leaves of a block, known to hash to `root`.
    fn leaves(&self, root: Digest, block: BlockNumber) -> Result<Option<Vec<(TaskId, Digest)>>, LookupError> {
        let Some(bytes) = self.storage.get(STORAGE_PREFIX, &record::leaves_key(&root)) else {
            return Ok(None);
        };
        let leaves =
            Vec::<(TaskId, Digest)>::decode(&mut &bytes[..]).map_err(|_| LookupError::Corrupt(block))?;
        let digests: Vec<Digest> = leaves.iter().map(|(_, leaf)| *leaf).collect();
        if record::root(&digests) != root {
            return Err(LookupError::Corrupt(block));
        }
        Ok(Some(leaves))
    }

    /// The body of a leaf, known to hash to it, with the answer whose digest it names.
    fn body(&self, leaf: Digest, block: BlockNumber) -> Result<Option<IndexedRecord>, LookupError> {
        let Some(bytes) = self.storage.get(STORAGE_PREFIX, &record::body_key(&leaf)) else {
            return Ok(None);
        };
        let body = IndexedRecord::decode(&mut &bytes[..]).map_err(|_| LookupError::Corrupt(block))?;
        let output: Digest = sp_crypto_hashing::sha2_256(&body.output).into();
        if body.record.leaf() != leaf || body.record.output != output {
            return Err(LookupError::Corrupt(block));
        }
        Ok(Some(body))
    }
}

/// What the index learns of a block.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Ended {
    /// No task ended in it.
    None,
    /// Tasks ended in it, and this node does not have their records: it did not execute the block.
    Unknown,
    /// These ended.
    Tasks(Vec<(TaskId, ModelId)>),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::fixture::{record, storage, write_block, FakeChain};
    use pensum_primitives::BatchId;

    fn three_records(chain: &mut FakeChain, index: &Index, block: BlockNumber) -> Vec<IndexedRecord> {
        let records: Vec<_> = (0..3)
            .map(|place| record(BatchId(7).task(place), block, &[place, 1]))
            .collect();
        write_block(chain, index.storage.as_ref(), block, &records);
        records
    }

    #[test]
    fn every_record_of_a_block_is_proven_against_its_root() {
        let (mut chain, index) = (FakeChain::new(9, 5), Index::new(storage()));
        for expected in three_records(&mut chain, &index, 8) {
            let found = index.find(&chain, expected.record.task).unwrap().unwrap();
            assert_eq!(
                (&found.record, &found.output),
                (&expected.record, &expected.output)
            );
            assert_eq!((found.block, found.leaf_count, found.finalized), (8, 3, false));
            assert!(binary_merkle_tree::verify_proof::<BlakeTwo256, _, _>(
                &found.root,
                found.proof.clone(),
                found.leaf_count,
                found.leaf_index,
                &found.leaf.0,
            ));
            assert_eq!(found.record.leaf(), found.leaf);
        }
    }

    #[test]
    fn a_task_that_did_not_end_is_not_found() {
        let (mut chain, index) = (FakeChain::new(9, 5), Index::new(storage()));
        three_records(&mut chain, &index, 8);
        assert_eq!(index.find(&chain, BatchId(7).task(3)).unwrap(), None);
    }

    #[test]
    fn a_pointer_to_the_wrong_block_shows_nothing() {
        let (mut chain, index) = (FakeChain::new(9, 9), Index::new(storage()));
        let records = three_records(&mut chain, &index, 8);
        index.add(7, &[(records[0].record.task, records[0].record.model)]);
        assert_eq!(index.find(&chain, records[0].record.task).unwrap(), None);
    }

    #[test]
    fn a_forged_body_is_refused() {
        let (mut chain, index) = (FakeChain::new(9, 9), Index::new(storage()));
        let records = three_records(&mut chain, &index, 8);
        let mut forged = records[1].clone();
        forged.output = vec![9, 9].try_into().unwrap();
        let key = record::body_key(&records[1].record.leaf());
        index
            .storage
            .set(STORAGE_PREFIX, &key, &codec::Encode::encode(&forged));
        assert_eq!(
            index.find(&chain, forged.record.task),
            Err(LookupError::Corrupt(8))
        );
    }

    #[test]
    fn forged_leaves_are_refused() {
        let (mut chain, index) = (FakeChain::new(9, 9), Index::new(storage()));
        let records = three_records(&mut chain, &index, 8);
        let root = chain.roots[&8];
        let leaves = vec![(records[0].record.task, Digest::repeat_byte(1))];
        index.storage.set(
            STORAGE_PREFIX,
            &record::leaves_key(&root),
            &codec::Encode::encode(&leaves),
        );
        assert_eq!(
            index.find(&chain, records[0].record.task),
            Err(LookupError::Corrupt(8))
        );
    }
}
