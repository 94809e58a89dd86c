//! What was judged and filed, on disk before the chain hears of it: a watch that is killed files nothing twice.

use crate::{
    digest::{Digest, HexBytes},
    journal::{guarded, JournalError},
};
use pensum_primitives::{BlockNumber, TaskId};
use redb::{Database, ReadableTable, TableDefinition};
use serde::{Deserialize, Serialize};
use std::{
    collections::{HashMap, HashSet},
    path::Path,
};

type Key = &'static [u8; 32];

/// Claims of which something final is known.
const JUDGED: TableDefinition<Key, &'static [u8]> = TableDefinition::new("judged-1");
/// Claims whose challenge may be on its way.
const FILED: TableDefinition<Key, &'static [u8]> = TableDefinition::new("filed-1");
/// The first block of the chain that all this is about.
const GENESIS: TableDefinition<(), Key> = TableDefinition::new("genesis-1");

/// What the database may keep in memory: its content is small.
const CACHE_BYTES: usize = 4 * 1024 * 1024;

/// Something final about a claim.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Verdict {
    /// The answer is right.
    Right,
    /// The challenger's own account gave it.
    Own,
    /// It is wrong, and no transaction can carry the proof.
    Unprovable,
    /// A challenge is in a final block, whatever the chain said to it.
    Challenged,
}

/// A challenge that was signed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct Filed {
    /// The task.
    pub(crate) task: TaskId,
    /// The node of the graph that is proven.
    pub(crate) node: u16,
    /// As which transaction of the account it was signed.
    pub(crate) nonce: u32,
    /// The best block when it was signed: a later one holds it.
    pub(crate) signed_at: BlockNumber,
    /// The last block that can hold it.
    pub(crate) dies_at: BlockNumber,
    /// All of it. Sending the same bytes again is no second challenge.
    pub(crate) extrinsic: HexBytes,
}

/// The journal of a watch. All calls block, and those that write return when the disk has it.
#[derive(Debug)]
pub(crate) struct WatchJournal(Database);

impl WatchJournal {
    pub(crate) fn open(path: &Path) -> Result<Self, JournalError> {
        guarded(path, || {
            let journal = Self(Database::builder().set_cache_size(CACHE_BYTES).create(path)?);
            let write = journal.0.begin_write()?;
            write.open_table(JUDGED)?;
            write.open_table(FILED)?;
            write.commit()?;
            Ok(journal)
        })
    }

    /// Says which chain is watched. Whatever is known of another one is forgotten; whether there was such a one.
    pub(crate) fn follow(&self, genesis: Digest) -> Result<bool, JournalError> {
        let write = self.0.begin_write()?;
        let before = write
            .open_table(GENESIS)?
            .insert((), &genesis.0)?
            .map(|before| Digest(*before.value()));
        let other = before.is_some_and(|before| before != genesis);
        if other {
            write.delete_table(JUDGED)?;
            write.delete_table(FILED)?;
            write.open_table(JUDGED)?;
            write.open_table(FILED)?;
        }
        write.commit()?;
        Ok(other)
    }

    /// Everything that was judged.
    pub(crate) fn judged(&self) -> Result<HashMap<Digest, Verdict>, JournalError> {
        self.read(JUDGED)
    }

    /// Every challenge that may be on its way.
    pub(crate) fn filed(&self) -> Result<HashMap<Digest, Filed>, JournalError> {
        self.read(FILED)
    }

    fn read<T: for<'de> Deserialize<'de>>(
        &self,
        table: TableDefinition<Key, &'static [u8]>,
    ) -> Result<HashMap<Digest, T>, JournalError> {
        // A write transaction, so that no second kind of transaction's errors are told apart.
        let write = self.0.begin_write()?;
        let table = write.open_table(table)?;
        let mut found = HashMap::new();
        for entry in table.iter()? {
            let (id, record) = entry?;
            found.insert(Digest(*id.value()), serde_json::from_slice(record.value())?);
        }
        Ok(found)
    }

    /// Notes verdicts, and forgets those of claims that are no longer open.
    pub(crate) fn judge(
        &self,
        new: &[(Digest, Verdict)],
        gone: &HashSet<Digest>,
    ) -> Result<(), JournalError> {
        if new.is_empty() && gone.is_empty() {
            return Ok(());
        }
        let write = self.0.begin_write()?;
        {
            let mut judged = write.open_table(JUDGED)?;
            for (id, verdict) in new {
                judged.insert(&id.0, serde_json::to_vec(verdict)?.as_slice())?;
            }
            for id in gone {
                judged.remove(&id.0)?;
            }
        }
        Ok(write.commit()?)
    }

    /// Notes a challenge before it is sent.
    pub(crate) fn file(&self, id: Digest, filed: &Filed) -> Result<(), JournalError> {
        let write = self.0.begin_write()?;
        write
            .open_table(FILED)?
            .insert(&id.0, serde_json::to_vec(filed)?.as_slice())?;
        Ok(write.commit()?)
    }

    /// Notes that a challenge is on its way no more: it is in a final block, or never will be in any.
    pub(crate) fn end(&self, id: Digest, verdict: Option<Verdict>) -> Result<(), JournalError> {
        let write = self.0.begin_write()?;
        write.open_table(FILED)?.remove(&id.0)?;
        if let Some(verdict) = verdict {
            write
                .open_table(JUDGED)?
                .insert(&id.0, serde_json::to_vec(&verdict)?.as_slice())?;
        }
        Ok(write.commit()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RIGHT: Digest = Digest([1; 32]);
    const WRONG: Digest = Digest([2; 32]);

    fn open(folder: &tempfile::TempDir) -> WatchJournal {
        WatchJournal::open(&folder.path().join("watch.redb")).unwrap()
    }

    fn filed() -> Filed {
        Filed {
            task: TaskId(256),
            node: 3,
            nonce: 7,
            signed_at: 100,
            dies_at: 115,
            extrinsic: HexBytes(vec![1, 2, 3]),
        }
    }

    #[test]
    fn what_was_judged_and_filed_is_known_after_a_crash() {
        let folder = tempfile::tempdir().unwrap();
        let journal = open(&folder);
        assert!(!journal.follow(Digest([9; 32])).unwrap());
        journal
            .judge(&[(RIGHT, Verdict::Right)], &HashSet::new())
            .unwrap();
        journal.file(WRONG, &filed()).unwrap();
        drop(journal);

        let journal = open(&folder);
        assert!(!journal.follow(Digest([9; 32])).unwrap());
        assert_eq!(journal.judged().unwrap(), [(RIGHT, Verdict::Right)].into());
        assert_eq!(journal.filed().unwrap(), [(WRONG, filed())].into());
        journal.end(WRONG, Some(Verdict::Challenged)).unwrap();
        journal.judge(&[], &[RIGHT].into()).unwrap();
        drop(journal);

        let journal = open(&folder);
        assert_eq!(journal.judged().unwrap(), [(WRONG, Verdict::Challenged)].into());
        assert_eq!(journal.filed().unwrap(), [].into());
    }

    #[test]
    fn what_is_known_of_another_chain_is_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let journal = open(&folder);
        journal.follow(Digest([9; 32])).unwrap();
        journal
            .judge(&[(RIGHT, Verdict::Right)], &HashSet::new())
            .unwrap();
        journal.file(WRONG, &filed()).unwrap();
        assert!(journal.follow(Digest([8; 32])).unwrap());
        assert!(journal.judged().unwrap().is_empty() && journal.filed().unwrap().is_empty());
    }

    #[test]
    fn a_challenge_that_died_can_be_filed_anew() {
        let folder = tempfile::tempdir().unwrap();
        let journal = open(&folder);
        journal.file(WRONG, &filed()).unwrap();
        journal.end(WRONG, None).unwrap();
        assert!(journal.judged().unwrap().is_empty() && journal.filed().unwrap().is_empty());
    }
}
