//! Records with their proofs.

use super::{Market, RpcError};
use crate::index::ProvenRecord;
use pensum_primitives::TaskId;

impl Market {
    /// The record of an ended task.
    pub(super) fn record(&self, task: TaskId) -> Result<ProvenRecord, RpcError> {
        if let Some(record) = self.index.find(self.chain.as_ref(), task)? {
            return Ok(record);
        }
        let best = self.chain.best();
        if self.chain.task_status(best.hash, task)?.is_some() {
            return Err(RpcError::StillOpen(task));
        }
        if task.batch() >= self.chain.next_batch(best.hash)? {
            return Err(RpcError::UnknownTask(task));
        }
        Err(RpcError::NoRecord(task))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        events::Events,
        index::{
            fixture::{record, status, storage, write_block, FakeChain},
            Index,
        },
        rpc::views::RecordView,
    };
    use pensum_primitives::{record::Record, BatchId, Digest};
    use sp_runtime::traits::BlakeTwo256;
    use std::sync::Arc;

    #[test]
    fn the_json_of_a_record_is_enough_to_verify_it() {
        let mut chain = FakeChain::new(9, 9);
        let index = Index::new(storage());
        let records: Vec<_> = (0..5)
            .map(|place| record(BatchId(2).task(place), 8, &[place]))
            .collect();
        write_block(&mut chain, index.storage_for_tests(), 8, &records);
        let market = Market::new(Arc::new(chain), index, Events::default());
        let view = RecordView::from(market.record(BatchId(2).task(4)).unwrap());
        let json = serde_json::to_value(view).unwrap();
        // From here on as a client that has nothing but the JSON.
        let proven: Record = serde_json::from_value(json["record"].clone()).unwrap();
        let proof: Vec<Digest> = serde_json::from_value(json["proof"].clone()).unwrap();
        let root: Digest = serde_json::from_value(json["root"].clone()).unwrap();
        let number = |field: &str| json[field].as_u64().unwrap() as u32;
        assert_eq!(proven, records[4].record);
        assert!(binary_merkle_tree::verify_proof::<BlakeTwo256, _, _>(
            &root,
            proof,
            number("leaf_count"),
            number("leaf_index"),
            &proven.leaf().0,
        ));
    }

    #[test]
    fn an_open_an_unknown_and_a_lost_task_are_told_apart() {
        let mut chain = FakeChain::new(9, 9);
        let open = BatchId(3).task(0);
        chain.next_batch = BatchId(4);
        chain.live.insert(open, status(open));
        let market = Market::new(Arc::new(chain), Index::new(storage()), Events::default());
        assert_eq!(market.record(open).unwrap_err(), RpcError::StillOpen(open));
        assert_eq!(market.record(BatchId(9).task(0)).unwrap_err().code(), 7001);
        assert_eq!(market.record(BatchId(1).task(0)).unwrap_err().code(), 7004);
    }
}
