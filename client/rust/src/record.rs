//! Records of tasks that have ended, with their proofs checked here, so that the node that serves them need not be trusted with them.

use crate::{
    chain::At,
    key::{hex_bytes, to_hex},
    view::ProvenRecord,
    Chain, Digest, Error, TaskId,
};
use sp_runtime::traits::BlakeTwo256;
use subxt::dynamic::Value;

/// A record that was checked.
#[derive(Clone, PartialEq, Debug)]
pub struct CheckedRecord {
    /// The record with its proof.
    pub view: ProvenRecord,
    /// The root under which it lies, read from the chain's state.
    pub root: Digest,
    /// Whether that was the state of a final block.
    pub is_final: bool,
}

impl Chain {
    /// Reads a task's record and checks it against the root in the chain's state: of the last final block, or of the best one where
    /// the record's block is not final yet.
    pub async fn record(&self, task: TaskId) -> Result<CheckedRecord, Error> {
        let view = self.rpc.record(task).await?;
        if view.record.task != task {
            return Err(Error::untrusted(
                "record.OtherTask",
                format!("The node served the record of task {}.", view.record.task),
                "Ask another node.",
            ));
        }
        let (root, is_final) = match self.record_root(&self.finalized().await?, &view).await? {
            Some(root) => (root, true),
            None => {
                let root = self.record_root(&self.best().await?, &view).await?;
                let root = root.ok_or_else(|| {
                    Error::untrusted(
                        "record.NoRoot",
                        format!(
                            "The chain holds no root of records of block {}.",
                            view.record.block
                        ),
                        "Ask another node.",
                    )
                })?;
                (root, false)
            }
        };
        check(&view, root)?;
        Ok(CheckedRecord { view, root, is_final })
    }

    async fn record_root(&self, at: &At, view: &ProvenRecord) -> Result<Option<Digest>, Error> {
        let key = vec![Value::u128(view.record.block.into())];
        let root: Option<[u8; 32]> = self.entry(at, "AttestationRegistry", "RecordRoots", key).await?;
        Ok(root.map(Digest::from))
    }
}

/// Checks that the record is in the tree with this root, and that the answer is the one it names.
pub fn check(view: &ProvenRecord, root: Digest) -> Result<(), Error> {
    let ProvenRecord {
        record,
        output,
        proof,
        leaf_count,
        leaf_index,
        ..
    } = view;
    let leaf = record.leaf();
    if !binary_merkle_tree::verify_proof::<BlakeTwo256, _, _>(
        &root,
        proof.clone(),
        *leaf_count,
        *leaf_index,
        &leaf.0,
    ) {
        return Err(Error::untrusted(
            "record.NotInTree",
            format!(
                "The record of task {} is not under {}, the root of block {}.",
                record.task,
                to_hex(root),
                record.block
            ),
            "Ask another node.",
        ));
    }
    if sp_crypto_hashing::sha2_256(&hex_bytes(output)?) != record.output.0 {
        return Err(Error::untrusted(
            "record.OtherAnswer",
            format!(
                "The answer served for task {} is not the one that its record names.",
                record.task
            ),
            "Ask another node.",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::BatchId;
    use serde_json::json;

    fn view(place: u8, output: &[u8]) -> ProvenRecord {
        let task = BatchId(2).task(place);
        serde_json::from_value(json!({
            "record": {
                "task": task, "model": Digest::repeat_byte(1), "requester": "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY",
                "input": Digest::repeat_byte(2), "output": Digest::from(sp_crypto_hashing::sha2_256(output)), "solvers": [],
                "verification": { "replay": { "window": 0 } }, "evidence": Digest::zero(), "upstream": [], "outcome": "answered",
                "price": "10", "posted_at": 7, "block": 8,
            },
            "output": to_hex(output), "block": 8, "block_hash": Digest::zero(), "finalized": true, "root": Digest::zero(),
            "leaf": Digest::zero(), "leaf_index": 0, "leaf_count": 0, "proof": [],
        }))
        .unwrap()
    }

    /// Five records, each with its proof, and their root.
    fn tree() -> (Digest, Vec<ProvenRecord>) {
        let mut views: Vec<_> = (0..5).map(|place| view(place, &[place])).collect();
        let leaves: Vec<Digest> = views.iter().map(|view| view.record.leaf()).collect();
        for (index, view) in views.iter_mut().enumerate() {
            let proof = binary_merkle_tree::merkle_proof::<BlakeTwo256, _, _>(&leaves, index as u32);
            (view.leaf_index, view.leaf_count, view.proof) = (index as u32, 5, proof.proof);
        }
        (pensum_primitives::record::root(&leaves), views)
    }

    #[test]
    fn a_record_in_the_tree_is_believed() {
        let (root, views) = tree();
        for view in &views {
            assert_eq!(check(view, root), Ok(()));
        }
    }

    #[test]
    fn a_record_that_was_changed_is_not() {
        let (root, mut views) = tree();
        views[0].record.price = 11;
        assert_eq!(check(&views[0], root).unwrap_err().code, "record.NotInTree");
        views[1].leaf_index = 2;
        assert_eq!(check(&views[1], root).unwrap_err().code, "record.NotInTree");
        assert_eq!(
            check(&views[2], Digest::zero()).unwrap_err().code,
            "record.NotInTree"
        );
        views[3].output = "0x07".into();
        let error = check(&views[3], root).unwrap_err();
        assert_eq!(
            (error.code.as_str(), error.kind.exit_code()),
            ("record.OtherAnswer", 7)
        );
    }
}
