use super::Files;
use crate::{journal::Journal, metrics::Metrics, tree::Tree, Error, Kind};
use alloy::{
    primitives::B256,
    signers::{local::PrivateKeySigner, SignerSync as _},
};
use hyperlane_primitives::{files::SignedCheckpoint, Checkpoint, Native, Signature, H160, H256};
use std::sync::Arc;

/// Checkpoints that are written down at once before they are signed.
const AT_ONCE: u32 = 256;

/// What the contract says about its tree at a final block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Witness {
    /// The block's number.
    pub block: u64,
    /// The root.
    pub root: H256,
    /// The number of leaves.
    pub count: u32,
}

/// Signs what is final, in order, once.
pub struct Signing {
    /// The key.
    pub key: PrivateKeySigner,
    /// The origin's tree, from its events.
    pub tree: Arc<Tree>,
    /// What was signed.
    pub journal: Arc<Journal>,
    /// Where it is shown.
    pub files: Files,
    /// Tells up to where.
    pub metrics: Arc<Metrics>,
}

impl Signing {
    /// The validator's address.
    pub fn address(&self) -> H160 {
        H160(self.key.address().into_array())
    }

    /// A raised flag is an end: whoever takes it down must know why.
    pub fn check_flag(&self) -> Result<(), Error> {
        match self.files.is_flagged() {
            false => Ok(()),
            true => Err(Error::new(
                Kind::RootMismatch,
                format!("{} is there: this validator has stopped for good.", self.files.flag().display()),
                "Find out what happened. What was signed cannot be taken back: go on with a new key, a new folder and a new journal.",
            )),
        }
    }

    /// Signs everything up to what the contract has vouched for. Returns how many checkpoints are new.
    ///
    /// ## Fails when
    /// the contract's root is not the tree's, or something that was signed is no longer so; the flag is raised then.
    pub fn advance(&self, witness: &Witness) -> Result<u32, Error> {
        self.check_flag()?;
        self.compare(witness)?;
        self.compare_last()?;
        let first = self.journal.next_to_sign()?;
        let mut next = first;
        while next < witness.count {
            let last = witness.count.min(next.saturating_add(AT_ONCE));
            self.sign(next, last)?;
            next = last;
        }
        self.repair()?;
        self.metrics.signed(witness.count.max(first).checked_sub(1));
        Ok(next.saturating_sub(first))
    }

    /// Signs the checkpoints from `first` to before `end`.
    fn sign(&self, first: u32, end: u32) -> Result<(), Error> {
        let mut batch = Vec::new();
        for index in first..end {
            let checkpoint = self.checkpoint(index)?;
            self.compare_file(&checkpoint)?;
            batch.push(checkpoint);
        }
        let digests: Vec<_> = batch
            .iter()
            .map(|checkpoint| (checkpoint.index, checkpoint.digest::<Native>().0))
            .collect();
        // Before they are signed: a crash after this leads to the same signatures, never to others at the same index.
        self.journal.sign(&digests)?;
        for checkpoint in batch {
            self.show(checkpoint)?;
        }
        Ok(())
    }

    /// Writes files that a crash kept from being written.
    fn repair(&self) -> Result<(), Error> {
        let end = self.journal.next_to_sign()?;
        let shown = self.files.latest()?.map_or(0, |latest| latest.saturating_add(1));
        for index in shown..end {
            self.show(self.checkpoint(index)?)?;
        }
        Ok(())
    }

    fn show(&self, checkpoint: Checkpoint) -> Result<(), Error> {
        let digest = checkpoint.digest::<Native>();
        if self.journal.signed(checkpoint.index)? != Some(digest.0) {
            return Err(self.contradiction(
                checkpoint.index,
                "the journal has another digest at this index",
                digest,
            ));
        }
        let signature = self.signature(digest)?;
        self.files.show(&SignedCheckpoint {
            checkpoint,
            signature,
        })?;
        self.files.raise_latest(checkpoint.index)
    }

    /// The key's signature of a digest: always the same one, and in the form that contracts accept.
    pub fn signature(&self, digest: H256) -> Result<Signature, Error> {
        let cannot =
            |why: String| Error::machine(format!("The key cannot sign: {why}."), "Look at the key file.");
        let signature = self
            .key
            .sign_hash_sync(&B256::from(digest.0))
            .map_err(|why| cannot(why.to_string()))?;
        Signature::from_recoverable(signature.as_bytes()).map_err(|why| cannot(why.to_string()))
    }

    /// The contract's word against the tree's.
    fn compare(&self, witness: &Witness) -> Result<(), Error> {
        let built = self.tree.root(witness.count);
        match built == Some(witness.root) {
            true => Ok(()),
            false => Err(self.flagged(
                format!(
                    "At block {} the contract has {} leaves and the root {:?}, and its events make {built:?}.",
                    witness.block, witness.count, witness.root
                ),
                serde_json::json!({
                    "block": witness.block, "count": witness.count,
                    "onchain_root": witness.root, "local_root": built,
                }),
            )),
        }
    }

    /// What was signed last must still be so: a leaf of the past that changed has changed every root after it.
    fn compare_last(&self) -> Result<(), Error> {
        let Some(last) = self.journal.next_to_sign()?.checked_sub(1) else {
            return Ok(());
        };
        let Some(signed) = self.journal.signed(last)? else {
            return Ok(());
        };
        let now = self.tree.checkpoint(&self.journal, last)?;
        let Some(now) = now else {
            // The chain took the leaf back and has put nothing in its place, so far.
            return Err(self.contradiction(last, "the leaf is gone", H256::zero()));
        };
        let digest = now.digest::<Native>();
        match digest.0 == signed {
            true => Ok(()),
            false => Err(self.contradiction(last, "the chain has another checkpoint now", digest)),
        }
    }

    /// A file that is there without the journal knowing: a journal that was lost must not lead to a second signature.
    fn compare_file(&self, checkpoint: &Checkpoint) -> Result<(), Error> {
        match self.files.checkpoint(checkpoint.index)? {
            Some(shown) if shown.checkpoint != *checkpoint => Err(self.contradiction(
                checkpoint.index,
                "its file has another checkpoint",
                checkpoint.digest::<Native>(),
            )),
            _ => Ok(()),
        }
    }

    fn checkpoint(&self, index: u32) -> Result<Checkpoint, Error> {
        self.tree.checkpoint(&self.journal, index)?.ok_or_else(|| {
            Error::new(
                Kind::Journal,
                format!("The journal has no leaf {index}."),
                "Move the journal away: it is built again from the chain, and the files keep it from signing twice.",
            )
        })
    }

    fn contradiction(&self, index: u32, what: &str, digest: H256) -> Error {
        self.flagged(
            format!("The checkpoint {index} was signed, and {what}."),
            serde_json::json!({ "index": index, "what": what, "digest": digest }),
        )
    }

    fn flagged(&self, fact: String, what: serde_json::Value) -> Error {
        let remedy = match self.files.raise_flag(&what) {
            Ok(()) => format!("The flag {} is raised.", self.files.flag().display()),
            Err(why) => format!("The flag could not be raised ({why}): do so by hand."),
        };
        Error::new(
            Kind::RootMismatch,
            fact,
            format!("{remedy} Ask other nodes what the chain is, before anything is signed again."),
        )
    }
}
