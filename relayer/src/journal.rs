//! What has been seen, sent and delivered, on disk: one `redb` database, of which every change is a transaction that is on the disk
//! when the call returns. What a crash leaves is the state before or after a change, never between.
//!
//! | table | key | value |
//! |---|---|---|
//! | `about` | name | which format, which chains |
//! | `cursors` | domain | how far an origin has been read |
//! | `anchors` | domain, block | the block's hash, to find where a reorganisation began |
//! | `leaves` | domain, index | id and block of a leaf of an origin's tree |
//! | `leaf_of` | id | the leaf's number |
//! | `messages` | origin, nonce | the message and its state |
//! | `due` | destination, when, origin, nonce | what is to be tried next: the schedule is never in memory |
//! | `transactions` | destination, nonce | what was sent and is not final, as signed |
//! | `totals` | origin, destination | counts of a route |
//! | `signed` | index | digest that a validator has signed |

mod inbox;
mod record;
mod schedule;
mod signed;
mod tables;
mod totals;
mod transactions;

pub use inbox::Recorded;
pub use record::{Key, Reason, Record, State, Transaction};
pub use totals::Totals;

use crate::{chain::Cursor, Error, Kind};
use codec::{Decode, Encode};
use redb::{Database, DatabaseError, ReadableDatabase as _, ReadableTable as _};
use std::{
    fs, io,
    panic::catch_unwind,
    path::{Path, PathBuf},
};

/// The format of the values. A journal of another one is refused.
const FORMAT: u32 = 1;
/// Memory for pages of the database.
const CACHE_BYTES: usize = 32 * 1024 * 1024;

/// The journal, which this process alone has.
#[derive(Debug)]
pub struct Journal {
    database: Database,
    path: PathBuf,
}

impl Journal {
    /// Opens a journal, or begins one. Another process that has it open is an error of its own.
    pub fn open(path: &Path) -> Result<Self, Error> {
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            fs::create_dir_all(folder).map_err(|why| Error::unwritable(folder, why))?;
        }
        // The database reports most damage, and panics on the rest, which must not be told as something else.
        catch_unwind(|| Self::open_whole(path)).unwrap_or_else(|_| {
            Err(Error::new(
                Kind::Journal,
                format!("{} is damaged.", path.display()),
                "Move it away: a new journal is built from the chains, and nothing is delivered twice.",
            ))
        })
    }

    fn open_whole(path: &Path) -> Result<Self, Error> {
        let database = Database::builder()
            .set_cache_size(CACHE_BYTES)
            .create(path)
            .map_err(|why| unopened(path, why))?;
        // The lock is the database's. This only tells others who has it.
        let owner = owner_file(path);
        fs::write(&owner, std::process::id().to_string()).map_err(|why| Error::unwritable(&owner, why))?;
        let journal = Self {
            database,
            path: path.into(),
        };
        journal.create_tables()?;
        journal.claim("format", &FORMAT.to_be_bytes(), |_| {
            Error::new(
                Kind::Journal,
                format!("{} has another format than this relayer's.", path.display()),
                "Use the version that wrote it, or name another file: a new journal is built from the chains.",
            )
        })?;
        Ok(journal)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Ties the journal to a chain: the first time it is written down, from then on nothing else is accepted.
    pub fn claim_chain(&self, domain: u32, identity: &str) -> Result<(), Error> {
        self.claim(&format!("chain {domain}"), identity.as_bytes(), |found| {
            Error::new(
                Kind::Journal,
                format!(
                    "{} was written for another chain with domain {domain} ({}, now {identity}).",
                    self.path.display(),
                    String::from_utf8_lossy(found)
                ),
                "Correct the addresses, or name another journal: a new one is built from the chains.",
            )
        })
    }

    /// How far an origin has been read.
    pub fn cursor(&self, domain: u32) -> Result<Cursor, Error> {
        let read = self.read()?;
        let table = read
            .open_table(tables::CURSORS)
            .map_err(|why| self.damaged(why))?;
        let value = table.get(domain).map_err(|why| self.damaged(why))?;
        value.map_or(Ok(Cursor::default()), |value| self.decode(value.value()))
    }

    fn claim(&self, name: &str, value: &[u8], other: impl Fn(&[u8]) -> Error) -> Result<(), Error> {
        self.change(|write| {
            let mut table = write.open_table(tables::ABOUT)?;
            let found = table.get(name)?.map(|found| found.value().to_vec());
            match found {
                Some(found) if found == value => Ok(Ok(())),
                Some(found) => Ok(Err(other(&found))),
                None => {
                    table.insert(name, value)?;
                    Ok(Ok(()))
                }
            }
        })?
    }

    fn create_tables(&self) -> Result<(), Error> {
        self.change(|write| {
            write.open_table(tables::ABOUT)?;
            write.open_table(tables::CURSORS)?;
            write.open_table(tables::ANCHORS)?;
            write.open_table(tables::LEAVES)?;
            write.open_table(tables::LEAF_OF)?;
            write.open_table(tables::MESSAGES)?;
            write.open_table(tables::DUE)?;
            write.open_table(tables::TRANSACTIONS)?;
            write.open_table(tables::TOTALS)?;
            write.open_table(tables::SIGNED)?;
            Ok(())
        })
    }

    /// One change, wholly or not at all, on the disk when this returns.
    fn change<T>(
        &self,
        change: impl FnOnce(&redb::WriteTransaction) -> Result<T, redb::Error>,
    ) -> Result<T, Error> {
        let write = self.database.begin_write().map_err(|why| self.damaged(why))?;
        let done = change(&write).map_err(|why| self.damaged(why))?;
        write.commit().map_err(|why| self.damaged(why))?;
        Ok(done)
    }

    fn read(&self) -> Result<redb::ReadTransaction, Error> {
        self.database.begin_read().map_err(|why| self.damaged(why))
    }

    fn decode<T: Decode>(&self, bytes: &[u8]) -> Result<T, Error> {
        T::decode(&mut &*bytes).map_err(|why| self.damaged(redb::Error::Corrupted(why.to_string())))
    }

    fn damaged(&self, why: impl Into<redb::Error>) -> Error {
        let path = self.path.display();
        match why.into() {
            redb::Error::Io(why) if why.kind() != io::ErrorKind::InvalidData => {
                Error::unwritable(&self.path, why)
            }
            why => Error::new(
                Kind::Journal,
                format!("{path} is damaged: {why}."),
                "Move it away: a new journal is built from the chains, and nothing is delivered twice.",
            ),
        }
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        // Not there any more is as good.
        let _ = fs::remove_file(owner_file(&self.path));
    }
}

/// Decodes inside a change, where errors are the database's.
fn decoded<T: Decode>(bytes: &[u8]) -> Result<T, redb::Error> {
    T::decode(&mut &*bytes).map_err(|why| redb::Error::Corrupted(why.to_string()))
}

fn encoded(value: &impl Encode) -> Vec<u8> {
    value.encode()
}

fn owner_file(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".pid");
    name.into()
}

fn unopened(path: &Path, why: DatabaseError) -> Error {
    match why {
        DatabaseError::DatabaseAlreadyOpen => {
            let owner = fs::read_to_string(owner_file(path)).unwrap_or_else(|_| "unknown".into());
            Error::new(
                Kind::JournalInUse,
                format!("{} is used by another process ({owner}).", path.display()),
                "Stop that one first: two relayers with one journal would send everything twice.",
            )
        }
        DatabaseError::Storage(redb::StorageError::Io(why)) if why.kind() != io::ErrorKind::InvalidData => {
            Error::unwritable(path, why)
        }
        why => Error::new(
            Kind::Journal,
            format!("{} cannot be opened: {why}.", path.display()),
            "Move it away: a new journal is built from the chains, and nothing is delivered twice.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_process_is_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sub").join("journal.redb");
        let first = Journal::open(&path).unwrap();
        let refused = Journal::open(&path).unwrap_err();
        assert_eq!(refused.kind, Kind::JournalInUse);
        assert!(
            refused.fact.contains(&std::process::id().to_string()),
            "{refused}"
        );
        drop(first);
        Journal::open(&path).unwrap();
    }

    #[test]
    fn a_journal_stays_with_its_chains() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.redb");
        Journal::open(&path).unwrap().claim_chain(7, "a").unwrap();
        let journal = Journal::open(&path).unwrap();
        journal.claim_chain(7, "a").unwrap();
        journal.claim_chain(8, "b").unwrap();
        assert_eq!(journal.claim_chain(7, "b").unwrap_err().kind, Kind::Journal);
    }

    #[test]
    fn what_is_no_journal_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.redb");
        fs::write(&path, [7; 8192]).unwrap();
        assert_eq!(Journal::open(&path).unwrap_err().kind, Kind::Journal);
    }
}
