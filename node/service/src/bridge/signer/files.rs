//! Keeps a folder up to date with what one validator has signed.

use super::{
    folder::Folder,
    key::{Key, KeyError},
    records::{Records, Signed},
};
use crate::{
    bridge::{messages::Disagreement, Messages},
    chain::{BlockRef, Chain, ChainError},
    embedded::Embedded,
};
use hyperlane_primitives::{
    files::{SignedAnnouncement, SignedCheckpoint},
    Announcement, Checkpoint, Domain, Native, Signature, StorageLocation, H160,
};
use pensum_primitives::{
    bridge::{MAILBOX, MERKLE_TREE_HOOK},
    Digest,
};
use sp_keystore::KeystorePtr;
use std::{collections::BTreeSet, io};

/// Files that one round writes, and calls of the runtime that it makes for them: a long catch-up shares the node with blocks.
const WRITTEN_PER_ROUND: u32 = 256;
/// Indexes that one round looks at.
const LOOKED_AT_PER_ROUND: u32 = 8_192;

/// A folder and the one validator whose files it holds.
pub(super) struct Files {
    folder: Folder,
    /// Whose files they are, once he has announced it.
    owner: Option<H160>,
    /// Before this index there is a file for everything that the owner signed.
    done: u32,
    /// Validators of this node who were told that the folder is not theirs.
    told: BTreeSet<H160>,
    failing: bool,
}

/// Why files were not written. The next round tries again.
#[derive(Debug, thiserror::Error)]
enum FilesError {
    #[error("{0}. Free some space, or correct the folder's permissions")]
    Folder(#[from] io::Error),
    #[error("{0}")]
    Key(#[from] KeyError),
    #[error("the chain cannot be read ({0})")]
    Chain(#[from] ChainError),
}

/// What files are made from.
pub(super) struct Sources<'a> {
    pub chain: &'a dyn Chain,
    pub messages: &'a Messages,
    pub records: &'a Records,
    pub keystore: &'a KeystorePtr,
    pub domain: Domain,
    pub at: BlockRef,
}

impl Files {
    /// In this folder, whose owner is not known yet.
    pub(super) fn new(folder: Folder) -> Self {
        Self {
            folder,
            owner: None,
            done: 0,
            told: BTreeSet::new(),
            failing: false,
        }
    }

    /// The root of another checkpoint of this chain that the folder holds for the index.
    pub(super) fn contradicts(&self, checkpoint: &Checkpoint) -> Option<Digest> {
        let found = self.folder.checkpoint(checkpoint.index)?.checkpoint;
        let same_tree =
            found.origin == checkpoint.origin && found.merkle_tree_hook == checkpoint.merkle_tree_hook;
        (same_tree && found != *checkpoint).then_some(found.root)
    }

    /// Tells agents to distrust the validator.
    pub(super) fn flag(&self, roots: &Disagreement) {
        if let Err(error) = self.folder.flag(roots) {
            log::error!(
                "Checkpoints: the flag in {} cannot be written: {error}",
                self.folder.path().display()
            );
        }
    }

    /// Whether agents are told to distrust the validator, by this start of the node or an earlier one.
    pub(super) fn is_flagged(&self) -> bool {
        self.folder.is_flagged()
    }

    /// Where it is.
    pub(super) fn path(&self) -> std::path::Display<'_> {
        self.folder.path().display()
    }

    /// Writes what `key` has just signed, and some of what it signed before.
    pub(super) fn update(&mut self, sources: &Sources<'_>, key: &Key, signed: &[(u32, Signed)]) {
        match self.try_update(sources, key, signed) {
            Ok(()) => self.failing = false,
            Err(error) if self.failing => log::debug!("Checkpoints: {}: {error}", self.path()),
            Err(error) => {
                self.failing = true;
                log::error!(
                    "Checkpoints: the files in {} are not up to date: {error}. Trying again at every final block; on chain \
                     signatures are published all the same",
                    self.path()
                );
            }
        }
    }

    fn try_update(
        &mut self,
        sources: &Sources<'_>,
        key: &Key,
        signed: &[(u32, Signed)],
    ) -> Result<(), FilesError> {
        // Where one of these fails, the walk below comes past it again.
        if let Some((first, _)) = signed.first() {
            self.done = self.done.min(*first);
        }
        if !self.belongs_to(sources, key)? {
            return Ok(());
        }
        for (index, signed) in signed {
            if !self.folder.has(*index) {
                self.write(sources.domain, *index, signed)?;
            }
            self.folder.raise_latest(*index)?;
        }
        self.walk(sources, key)
    }

    /// Whether the folder is for this validator's files. The first of this node's makes it so.
    fn belongs_to(&mut self, sources: &Sources<'_>, key: &Key) -> Result<bool, FilesError> {
        if self.owner == Some(key.address) {
            return Ok(true);
        }
        let there = self.folder.announcement();
        let someone_else = there.as_ref().is_some_and(|there| {
            (there.validator, there.domain, there.mailbox) != (key.address, sources.domain, MAILBOX)
        });
        if self.owner.is_some() || someone_else {
            if self.told.insert(key.address) {
                log::error!(
                    "Checkpoints: the files in {} are those of another validator or chain, so {:?} writes none. Give it a folder \
                     of its own by `--checkpoint-dir`",
                    self.path(),
                    key.address
                );
            }
            return Ok(false);
        }
        let location = StorageLocation::new(self.folder.location().as_bytes())
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
        let announcement = Announcement {
            domain: sources.domain,
            mailbox: MAILBOX,
            location,
        };
        let signature = key.sign(sources.keystore, announcement.digest::<Native>())?;
        let announcement = SignedAnnouncement::new(&announcement, key.address, signature);
        if there.as_ref() != Some(&announcement) {
            self.folder.write_announcement(&announcement)?;
        }
        self.folder.write_metadata(Embedded::get().version)?;
        log::info!(
            "Checkpoints: validator {:?} writes its files to {}",
            key.address,
            self.path()
        );
        self.owner = Some(key.address);
        Ok(true)
    }

    /// Goes on through all indexes and writes what is missing: a folder may be newer than the validator, and a write may have
    /// failed.
    fn walk(&mut self, sources: &Sources<'_>, key: &Key) -> Result<(), FilesError> {
        let next = sources.messages.next();
        let end = next.min(self.done.saturating_add(LOOKED_AT_PER_ROUND));
        let mut work = 0;
        let mut latest = None;
        let mut in_state = None;
        while self.done < end && work < WRITTEN_PER_ROUND {
            let index = self.done;
            if self.folder.has(index) {
                latest = Some(index);
            } else if let Some(signed) = sources.records.get(key.address, index) {
                work = work.saturating_add(1);
                self.write(sources.domain, index, &signed)?;
                latest = Some(index);
            } else {
                let first = match in_state {
                    Some(first) => first,
                    None => *in_state.insert(first_in_state(sources, next)?),
                };
                if index >= first {
                    work = work.saturating_add(1);
                    if let Some(signed) = published(sources, key, index)? {
                        sources.records.keep(key.address, index, &signed);
                        self.write(sources.domain, index, &signed)?;
                        latest = Some(index);
                    }
                }
            }
            self.done = index.saturating_add(1);
        }
        match latest {
            Some(index) => Ok(self.folder.raise_latest(index)?),
            None => Ok(()),
        }
    }

    fn write(&self, domain: Domain, index: u32, signed: &Signed) -> Result<(), FilesError> {
        let checkpoint = Checkpoint {
            origin: domain,
            merkle_tree_hook: MERKLE_TREE_HOOK,
            root: signed.root,
            index,
            message_id: signed.message_id,
        };
        let signature = signed.signature;
        Ok(self.folder.write_checkpoint(&SignedCheckpoint {
            checkpoint,
            signature,
        })?)
    }
}

/// The first index whose checkpoint still lies in the state.
fn first_in_state(sources: &Sources<'_>, next: u32) -> Result<u32, ChainError> {
    let first = sources.chain.dispatched(sources.at.hash, 0, 1)?;
    Ok(first.first().map_or(next, |message| message.index))
}

/// The validator's signature that the chain has and this node does not know of: it was made before the node's storage was.
fn published(sources: &Sources<'_>, key: &Key, index: u32) -> Result<Option<Signed>, ChainError> {
    let Some(view) = sources.chain.checkpoint(sources.at.hash, index)? else {
        return Ok(None);
    };
    let Ok(Some(message)) = sources.messages.get(index) else {
        return Ok(None);
    };
    let found = view
        .signatures
        .iter()
        .find(|found| found.validator == key.address);
    let Some(found) = found.filter(|_| (message.root, message.id) == (view.root, view.message_id)) else {
        return Ok(None);
    };
    let checkpoint = Checkpoint {
        origin: sources.domain,
        merkle_tree_hook: MERKLE_TREE_HOOK,
        root: view.root,
        index,
        message_id: hyperlane_primitives::MessageId(view.message_id),
    };
    let signature = Signature(found.signature);
    let own = signature.signer::<Native>(&checkpoint.digest::<Native>()) == Ok(key.address);
    Ok(own.then_some(Signed {
        root: checkpoint.root,
        message_id: checkpoint.message_id,
        signature,
    }))
}
