//! Signs checkpoints, on validators.
//!
//! At every final block the signer asks the runtime, in that block's state, which checkpoints each of its keys has not published
//! yet. It signs those that its own tree confirms, keeps what it signed, writes the files, and publishes the signatures. What was
//! handed to the pool and is not on chain some blocks later is handed over again.

mod files;
mod folder;
mod key;
mod outbox;
mod publisher;
mod records;
mod refusal;

pub use folder::{Folder, FolderError};
pub use outbox::Outbox;
pub(crate) use outbox::PoolOutbox;
pub(super) use records::Records;

use self::{
    files::{Files, Sources},
    key::Key,
    publisher::Publisher,
    records::Signed,
    refusal::{check_place, Refusal},
};
use super::{
    messages::{Disagreement, MessagesError},
    Messages,
};
use crate::{
    chain::{BlockRef, Chain, ChainError},
    metrics::Metrics,
};
use hyperlane_primitives::{Checkpoint, Domain, Native};
use sp_keystore::KeystorePtr;
use std::sync::Arc;

/// Checkpoints that one round asks for, for each key: the most that the runtime gives.
const SIGNED_PER_ROUND: u32 = 256;

/// Signs checkpoints.
pub struct Signer {
    chain: Arc<dyn Chain>,
    messages: Messages,
    records: Records,
    keystore: KeystorePtr,
    publisher: Publisher,
    files: Option<Files>,
    metrics: Metrics,
    stopped: bool,
    failing: bool,
}

/// Why a round ends early.
#[derive(Debug, thiserror::Error)]
enum Halt {
    /// For good.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Until the next final block.
    #[error("the chain cannot be read ({0})")]
    Chain(#[from] ChainError),
    /// Until the next final block.
    #[error("{0}")]
    Key(#[from] key::KeyError),
    /// Until the operator does something.
    #[error("{0}. Sync from scratch to repair it")]
    Messages(#[from] MessagesError),
}

impl Signer {
    /// One that signs with the keys of `keystore` that are validators', and writes files if it has a folder.
    pub fn new(
        chain: Arc<dyn Chain>,
        messages: Messages,
        keystore: KeystorePtr,
        outbox: Box<dyn Outbox>,
        folder: Option<Folder>,
        metrics: Metrics,
    ) -> Self {
        let files = folder.map(Files::new);
        let flagged = files.as_ref().filter(|files| files.is_flagged());
        if let Some(files) = flagged {
            log::error!(
                "Checkpoints: nothing is signed, because `reorg_flag.json` lies in {}. Find out why this validator stopped, as \
                 the log of that time says; then remove the file and start again",
                files.path()
            );
        }
        let stopped = flagged.is_some();
        metrics.bridge_stopped(stopped);
        Self {
            chain,
            records: messages.records(),
            messages,
            keystore,
            publisher: Publisher::new(outbox),
            files,
            metrics,
            stopped,
            failing: false,
        }
    }

    /// Signs and publishes what is unsigned in the state of the final block `at`, whose messages have been copied.
    pub fn round(&mut self, at: BlockRef) {
        if self.publisher.is_behind() {
            return;
        }
        if self.stopped {
            // Whoever watches the node shall see how much is missing.
            if let Ok(unpublished) = self.count_unpublished(at) {
                self.metrics.bridge_unpublished(unpublished);
            }
            return;
        }
        match self.try_round(at) {
            Ok(()) => self.failing = false,
            Err(Halt::Refused(refusal)) => self.stop(&refusal),
            Err(error) if self.failing => log::debug!("Checkpoints: at block {}: {error}", at.number),
            Err(error) => {
                self.failing = true;
                log::error!(
                    "Checkpoints: those at block {} are not signed: {error}. Trying again at every final block",
                    at.number
                );
            }
        }
    }

    fn try_round(&mut self, at: BlockRef) -> Result<(), Halt> {
        let chain = self.chain.clone();
        let keys = Key::own(&self.keystore, chain.checkpoint_validators(at.hash)?);
        if keys.is_empty() {
            return Ok(());
        }
        let domain = Domain(chain.bridge(at.hash)?.domain);
        let mut unpublished = 0;
        let mut failure = None;
        for key in &keys {
            let open = chain.unsigned_checkpoints(at.hash, key.public.clone(), SIGNED_PER_ROUND)?;
            unpublished += open.len();
            let mut signed = Vec::with_capacity(open.len());
            for checkpoint in &open {
                match self.sign(key, domain, checkpoint) {
                    Ok(Some(own)) => signed.push((checkpoint.index, own)),
                    // The rest has not been copied yet.
                    Ok(None) => break,
                    Err(refused @ Halt::Refused(_)) => return Err(refused),
                    // One that fails shall not keep the others from being signed.
                    Err(error) => failure = Some(error),
                }
            }
            // Files first: they are on disk when the signature is seen.
            self.write_files(key, domain, at, &signed);
            self.publisher.publish(chain.as_ref(), key, at, &signed)?;
        }
        self.metrics.bridge_unpublished(unpublished);
        failure.map_or(Ok(()), Err)
    }

    fn count_unpublished(&self, at: BlockRef) -> Result<usize, ChainError> {
        let keys = Key::own(&self.keystore, self.chain.checkpoint_validators(at.hash)?);
        let mut count = 0;
        for key in keys {
            let open = self
                .chain
                .unsigned_checkpoints(at.hash, key.public, SIGNED_PER_ROUND)?;
            count += open.len();
        }
        Ok(count)
    }

    /// What a validator signs at this checkpoint, or signed before; nothing where the message has not been copied yet.
    fn sign(&self, key: &Key, domain: Domain, checkpoint: &Checkpoint) -> Result<Option<Signed>, Halt> {
        check_place(checkpoint, domain)?;
        let index = checkpoint.index;
        let Some(message) = self.messages.get(index)? else {
            return Ok(None);
        };
        if let Some(earlier) = self.messages.disagreement().filter(|found| found.index <= index) {
            return Err(Refusal::Disagreement(earlier).into());
        }
        if (message.root, message.id) != (checkpoint.root, checkpoint.message_id.0) {
            let (own, told) = (message.root, checkpoint.root);
            return Err(Refusal::Disagreement(Disagreement { index, own, told }).into());
        }
        let told = checkpoint.root;
        if let Some(before) = self.records.get(key.address, index) {
            if before.root != told {
                let signed = before.root;
                return Err(Refusal::SignedBefore { index, signed, told }.into());
            }
            return Ok(Some(before));
        }
        // A database may be younger than the folder.
        let written = self
            .files
            .as_ref()
            .and_then(|files| files.contradicts(checkpoint));
        if let Some(signed) = written {
            return Err(Refusal::SignedBefore { index, signed, told }.into());
        }
        let signed = Signed {
            root: checkpoint.root,
            message_id: checkpoint.message_id,
            signature: key.sign(&self.keystore, checkpoint.digest::<Native>())?,
        };
        self.records.keep(key.address, index, &signed);
        self.metrics.bridge_signed(index);
        Ok(Some(signed))
    }

    fn write_files(&mut self, key: &Key, domain: Domain, at: BlockRef, signed: &[(u32, Signed)]) {
        let Some(files) = &mut self.files else { return };
        let sources = Sources {
            chain: self.chain.as_ref(),
            messages: &self.messages,
            records: &self.records,
            keystore: &self.keystore,
            domain,
            at,
        };
        files.update(&sources, key, signed);
    }

    fn stop(&mut self, refusal: &Refusal) {
        self.stopped = true;
        self.metrics.bridge_stopped(true);
        log::error!("Checkpoints: this validator signs nothing any more: {refusal}");
        if let Some(files) = &self.files {
            files.flag(&refusal.roots());
        }
    }
}

#[cfg(test)]
mod tests;
