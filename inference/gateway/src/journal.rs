//! The journal: what was asked and what came of it, on disk before anybody is told.
//!
//! A run is in `pending` from the moment it is accepted until it is over, and then in `finished`; the move is one
//! transaction. Whatever crashes, a run is therefore either done and served from here, or pending and run when the
//! gateway starts again.

use crate::{
    digest::{Digest, HexBytes},
    wire::{FailReason, RunId, RunRequest},
};
use redb::{Database, ReadableDatabase, ReadableTable, ReadableTableMetadata, Table, TableDefinition};
use serde::{Deserialize, Serialize};
use std::{
    panic::{catch_unwind, UnwindSafe},
    path::{Path, PathBuf},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

type Key = &'static [u8; 32];

const PENDING: TableDefinition<Key, &'static [u8]> = TableDefinition::new("pending-1");
const FINISHED: TableDefinition<Key, &'static [u8]> = TableDefinition::new("finished-1");
/// Finished runs by when they were, in milliseconds since 1970.
const BY_AGE: TableDefinition<(u64, Key), ()> = TableDefinition::new("by-age-1");
const MARKS: TableDefinition<&str, ()> = TableDefinition::new("marks-1");
/// In `MARKS` while nothing is running; its absence at start means that the last gateway was killed.
const CLEAN: &str = "clean";

/// What the database may keep in memory; its own default is a gigabyte, which the node needs more.
const CACHE_BYTES: usize = 32 * 1024 * 1024;
/// How often a run may be cut off by a crash and tried again. A run that crashes the process every time must not do so
/// for ever; one that was just unlucky twice is started anew when it is posted again.
const TRIES_AFTER_CRASH: u8 = 1;
/// Most finished runs that one transaction drops: keeps it short, and still gains on what one adds.
const PRUNED_AT_A_TIME: usize = 1_024;

/// The journal cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// Another process has it open.
    #[error("Another gateway uses this data folder. End it, or give this one another --data-dir.")]
    InUse,
    /// The disk or the file is at fault.
    #[error("The journal cannot be read or written ({0}). Free disk space or repair the disk and restart; a journal beyond repair can be deleted, its runs are then run again.")]
    Storage(Box<redb::Error>),
    /// A record is not what this version writes.
    #[error("The journal holds a record that this version cannot read ({0}). Delete the file with the name .redb in the data folder; its runs are then run again, and answers checked again.")]
    Record(serde_json::Error),
    /// The file is damaged in a way that the database does not report.
    #[error("The journal {0} is damaged. Move it away and restart; its runs are then run again, and answers checked again.")]
    Damaged(PathBuf),
}

/// Opens a journal. The database reports most damage, and panics on the rest, which must not be told as something else.
pub(crate) fn guarded<T>(
    path: &Path,
    open: impl FnOnce() -> Result<T, JournalError> + UnwindSafe,
) -> Result<T, JournalError> {
    catch_unwind(open).unwrap_or_else(|_| Err(JournalError::Damaged(path.into())))
}

macro_rules! storage_errors {
    ($($kind:ident),*) => {
        $(impl From<redb::$kind> for JournalError {
            fn from(error: redb::$kind) -> Self {
                Self::Storage(Box::new(error.into()))
            }
        })*
    };
}
storage_errors!(StorageError, TransactionError, TableError, CommitError);

impl From<redb::DatabaseError> for JournalError {
    fn from(error: redb::DatabaseError) -> Self {
        match error {
            redb::DatabaseError::DatabaseAlreadyOpen => Self::InUse,
            other => Self::Storage(Box::new(other.into())),
        }
    }
}

impl From<serde_json::Error> for JournalError {
    fn from(error: serde_json::Error) -> Self {
        Self::Record(error)
    }
}

/// A run that is not over.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Pending {
    request: RunRequest,
    /// How often a crash cut it off.
    cut_off: u8,
}

/// A run that is over.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct Finished {
    /// [`RunRequest::content`] of the request.
    pub(crate) content: Digest,
    /// How it ended.
    pub(crate) end: End,
    /// How long the engine took.
    pub(crate) ms: u64,
}

/// A finished run as it lies in the journal.
#[derive(Serialize, Deserialize)]
struct Kept {
    /// Its key in `by-age`.
    at: u64,
    run: Finished,
}

/// How a run ended.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum End {
    /// With an output, and with the input where it was named by digest and is short enough to be given back.
    Done {
        output: HexBytes,
        blob: Option<HexBytes>,
        #[serde(default)]
        trace: Option<Vec<Digest>>,
    },
    /// Without.
    Failed { reason: FailReason, message: String },
}

impl Finished {
    /// Whether posting the run again starts it again.
    pub(crate) fn can_be_retried(&self) -> bool {
        matches!(&self.end, End::Failed { reason, .. } if reason.can_pass())
    }
}

/// The journal. All calls block, and those that write return when the disk has it.
#[derive(Debug)]
pub(crate) struct Journal {
    db: Database,
    keep_runs: u64,
    keep_for: Duration,
}

impl Journal {
    /// Opens the journal, with the runs that are to be run again.
    pub(crate) fn open(
        path: &Path,
        keep_runs: u64,
        keep_for: Duration,
    ) -> Result<(Self, Vec<RunRequest>), JournalError> {
        guarded(path, || {
            let journal = Self {
                db: Database::builder().set_cache_size(CACHE_BYTES).create(path)?,
                keep_runs,
                keep_for,
            };
            let again = journal.recover()?;
            Ok((journal, again))
        })
    }

    fn recover(&self) -> Result<Vec<RunRequest>, JournalError> {
        let now = now_ms();
        let write = self.db.begin_write()?;
        let mut again = Vec::new();
        {
            let crashed = write.open_table(MARKS)?.remove(CLEAN)?.is_none();
            let mut pending = write.open_table(PENDING)?;
            let mut finished = write.open_table(FINISHED)?;
            let mut by_age = write.open_table(BY_AGE)?;
            let mut found = Vec::new();
            for entry in pending.iter()? {
                let (_, record) = entry?;
                found.push(serde_json::from_slice::<Pending>(record.value())?);
            }
            for Pending { request, cut_off } in found {
                let cut_off = cut_off.saturating_add(u8::from(crashed));
                if cut_off > TRIES_AFTER_CRASH {
                    pending.remove(&request.id.0)?;
                    keep(&mut finished, &mut by_age, now, request.id, given_up(&request))?;
                } else {
                    let record = Pending {
                        request: request.clone(),
                        cut_off,
                    };
                    pending.insert(&request.id.0, serde_json::to_vec(&record)?.as_slice())?;
                    again.push(request);
                }
            }
        }
        write.commit()?;
        Ok(again)
    }

    /// Notes runs as accepted.
    pub(crate) fn begin(&self, requests: &[&RunRequest]) -> Result<(), JournalError> {
        let write = self.db.begin_write()?;
        {
            let mut pending = write.open_table(PENDING)?;
            for request in requests {
                let record = Pending {
                    request: (*request).clone(),
                    cut_off: 0,
                };
                pending.insert(&request.id.0, serde_json::to_vec(&record)?.as_slice())?;
            }
        }
        Ok(write.commit()?)
    }

    /// Notes runs as over, and forgets finished ones beyond the bounds.
    pub(crate) fn finish(&self, runs: &[(RunId, Finished)]) -> Result<(), JournalError> {
        let now = now_ms();
        let write = self.db.begin_write()?;
        {
            let mut pending = write.open_table(PENDING)?;
            let mut finished = write.open_table(FINISHED)?;
            let mut by_age = write.open_table(BY_AGE)?;
            for (id, over) in runs {
                pending.remove(&id.0)?;
                keep(&mut finished, &mut by_age, now, *id, over.clone())?;
            }
            let oldest_kept = now.saturating_sub(self.keep_for.as_millis().try_into().unwrap_or(u64::MAX));
            for _ in 0..PRUNED_AT_A_TIME {
                let beyond_count = by_age.len()? > self.keep_runs;
                let Some((at, id)) = by_age.first()?.map(|(key, _)| (key.value().0, *key.value().1)) else {
                    break;
                };
                if !beyond_count && at >= oldest_kept {
                    break;
                }
                by_age.remove((at, &id))?;
                finished.remove(&id)?;
            }
        }
        Ok(write.commit()?)
    }

    /// What came of these runs, in the same order; `None` for those that are pending or unknown.
    pub(crate) fn finished(&self, ids: &[RunId]) -> Result<Vec<Option<Finished>>, JournalError> {
        let read = self.db.begin_read()?;
        let finished = read.open_table(FINISHED)?;
        ids.iter()
            .map(|id| match finished.get(&id.0)? {
                Some(record) => Ok(Some(serde_json::from_slice::<Kept>(record.value())?.run)),
                None => Ok(None),
            })
            .collect()
    }

    /// Says that nothing is running any more: what is pending was not cut off.
    pub(crate) fn mark_clean(&self) -> Result<(), JournalError> {
        let write = self.db.begin_write()?;
        write.open_table(MARKS)?.insert(CLEAN, ())?;
        Ok(write.commit()?)
    }
}

/// Puts a finished run in place of an earlier, failed try, if there was one.
fn keep(
    finished: &mut Table<Key, &'static [u8]>,
    by_age: &mut Table<(u64, Key), ()>,
    at: u64,
    id: RunId,
    run: Finished,
) -> Result<(), JournalError> {
    let record = serde_json::to_vec(&Kept { at, run })?;
    let earlier = match finished.insert(&id.0, record.as_slice())? {
        Some(earlier) => Some(serde_json::from_slice::<Kept>(earlier.value())?.at),
        None => None,
    };
    if let Some(earlier) = earlier {
        by_age.remove((earlier, &id.0))?;
    }
    by_age.insert((at, &id.0), ())?;
    Ok(())
}

fn given_up(request: &RunRequest) -> Finished {
    let message = "The gateway was killed twice before this run ended. Post the run again to try once more.";
    Finished {
        content: request.content(),
        end: End::Failed {
            reason: FailReason::EngineFailed,
            message: message.into(),
        },
        ms: 0,
    }
}

fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    since.as_millis().try_into().unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Input;

    fn request(n: u8) -> RunRequest {
        RunRequest {
            id: Digest([n; 32]),
            weights: Digest([0; 32]),
            input: Input::Inline(HexBytes(vec![n])),
            traced: false,
        }
    }

    fn done(n: u8) -> (RunId, Finished) {
        let end = End::Done {
            output: HexBytes(vec![n]),
            blob: None,
            trace: None,
        };
        (
            Digest([n; 32]),
            Finished {
                content: request(n).content(),
                end,
                ms: 1,
            },
        )
    }

    fn open(folder: &tempfile::TempDir, keep_runs: u64, keep_for: Duration) -> (Journal, Vec<RunRequest>) {
        Journal::open(&folder.path().join("journal.redb"), keep_runs, keep_for).unwrap()
    }

    const WEEK: Duration = Duration::from_secs(7 * 24 * 3600);

    #[test]
    fn a_run_is_run_again_once_after_a_crash_and_given_up_after_two() {
        let folder = tempfile::tempdir().unwrap();
        let (journal, again) = open(&folder, 100, WEEK);
        assert_eq!(again, []);
        journal.begin(&[&request(1), &request(2)]).unwrap();
        journal.finish(&[done(1)]).unwrap();
        drop(journal);

        let (journal, again) = open(&folder, 100, WEEK);
        assert_eq!(again, [request(2)]);
        drop(journal);

        let (journal, again) = open(&folder, 100, WEEK);
        assert_eq!(again, []);
        let runs = journal
            .finished(&[Digest([1; 32]), Digest([2; 32]), Digest([3; 32])])
            .unwrap();
        assert_eq!(runs[0], Some(done(1).1));
        assert!(runs[1].as_ref().is_some_and(Finished::can_be_retried));
        assert_eq!(runs[2], None);
    }

    #[test]
    fn a_clean_end_does_not_count_as_a_crash() {
        let folder = tempfile::tempdir().unwrap();
        for _ in 0..4 {
            let (journal, _) = open(&folder, 100, WEEK);
            journal.begin(&[&request(1)]).unwrap();
            journal.mark_clean().unwrap();
        }
        assert_eq!(open(&folder, 100, WEEK).1, [request(1)]);
    }

    #[test]
    fn finished_runs_beyond_the_count_are_forgotten_oldest_first() {
        let folder = tempfile::tempdir().unwrap();
        let (journal, _) = open(&folder, 2, WEEK);
        for n in 1..=3 {
            journal.finish(&[done(n)]).unwrap();
            std::thread::sleep(Duration::from_millis(3));
        }
        let runs = journal
            .finished(&[Digest([1; 32]), Digest([2; 32]), Digest([3; 32])])
            .unwrap();
        assert_eq!(
            runs.iter().map(Option::is_some).collect::<Vec<_>>(),
            [false, true, true]
        );
    }

    #[test]
    fn finished_runs_beyond_the_age_are_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let (journal, _) = open(&folder, 100, Duration::from_millis(20));
        journal.finish(&[done(1)]).unwrap();
        std::thread::sleep(Duration::from_millis(40));
        journal.finish(&[done(2)]).unwrap();
        let runs = journal.finished(&[Digest([1; 32]), Digest([2; 32])]).unwrap();
        assert_eq!(
            runs.iter().map(Option::is_some).collect::<Vec<_>>(),
            [false, true]
        );
    }

    #[test]
    fn a_journal_is_opened_by_one_gateway_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let (_journal, _) = open(&folder, 100, WEEK);
        let second = Journal::open(&folder.path().join("journal.redb"), 100, WEEK);
        assert!(matches!(second, Err(JournalError::InUse)));
    }
}
