//! The content store: one file for each blob, named by its CID.
//!
//! Nothing read from the disk is believed: every read checks the digest, and a file that fails is moved to
//! `quarantine/` and counts as missing, so that a broken disk yields `blob_missing` and never a wrong answer.

use crate::{cid::Cid, digest::Digest};
use parking_lot::Mutex;
use std::{
    fs::{self, File},
    io::{self, Read, Write},
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

/// The content store. All calls block.
#[derive(Debug)]
pub(crate) struct Store {
    blobs: PathBuf,
    quarantine: PathBuf,
    temporary: PathBuf,
    blob_limit: u64,
    store_limit: u64,
    /// Bytes in `blobs`. Held while a blob is written, so that two cannot share the last room.
    used: Mutex<u64>,
    /// Makes names of temporary files differ.
    serial: AtomicU64,
}

/// Why a blob was not stored.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PutError {
    #[error("the blob is longer than {limit} bytes")]
    TooLarge { limit: u64 },
    #[error("the store would hold more than {limit} bytes")]
    Full { limit: u64 },
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl Store {
    /// Opens the store in this folder, which is made if it is missing.
    pub(crate) fn open(data_dir: &Path, blob_limit: u64, store_limit: u64) -> io::Result<Self> {
        let blobs = data_dir.join("blobs");
        let quarantine = data_dir.join("quarantine");
        let temporary = data_dir.join("temporary");
        // What lies there is left over from writes that a crash cut off.
        if temporary.exists() {
            fs::remove_dir_all(&temporary)?;
        }
        for folder in [&blobs, &quarantine, &temporary] {
            fs::create_dir_all(folder)?;
        }
        let used = Mutex::new(size_of(&blobs)?);
        Ok(Self {
            blobs,
            quarantine,
            temporary,
            blob_limit,
            store_limit,
            used,
            serial: AtomicU64::new(0),
        })
    }

    /// Most bytes of one blob.
    pub(crate) fn blob_limit(&self) -> u64 {
        self.blob_limit
    }

    /// Bytes that the blobs take up.
    pub(crate) fn used(&self) -> u64 {
        *self.used.lock()
    }

    /// Most bytes that they may take up.
    pub(crate) fn limit(&self) -> u64 {
        self.store_limit
    }

    /// Keeps the bytes. Once this returns they survive a power cut.
    pub(crate) fn put(&self, bytes: &[u8]) -> Result<Cid, PutError> {
        let len = bytes.len() as u64;
        if len > self.blob_limit {
            return Err(PutError::TooLarge {
                limit: self.blob_limit,
            });
        }
        let cid = Cid::of(bytes);
        let mut used = self.used.lock();
        if self.get(cid.0)?.is_some() {
            return Ok(cid);
        }
        if used.saturating_add(len) > self.store_limit {
            // Somebody may have made room by hand.
            *used = size_of(&self.blobs)?;
            if used.saturating_add(len) > self.store_limit {
                return Err(PutError::Full {
                    limit: self.store_limit,
                });
            }
        }
        self.write(&self.path(cid), bytes)?;
        *used = used.saturating_add(len);
        Ok(cid)
    }

    /// The bytes with this `sha2_256`, if they are here and whole.
    pub(crate) fn get(&self, sha256: Digest) -> io::Result<Option<Vec<u8>>> {
        let path = self.path(Cid(sha256));
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let mut bytes = Vec::new();
        file.take(self.blob_limit.saturating_add(1))
            .read_to_end(&mut bytes)?;
        if Digest::sha256(&bytes) == sha256 {
            return Ok(Some(bytes));
        }
        let aside = self.quarantine.join(Cid(sha256).to_string());
        tracing::error!(blob = %Cid(sha256), moved_to = %aside.display(), "a blob is corrupted and counts as missing; check the disk and put it again");
        fs::rename(&path, &aside)?;
        Ok(None)
    }

    /// Two characters before the last spread best: CIDs begin alike, and the last one carries only three bits.
    fn path(&self, cid: Cid) -> PathBuf {
        let name = cid.to_string();
        let shard = &name[name.len() - 3..name.len() - 1];
        self.blobs.join(shard).join(&name)
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let temporary = self
            .temporary
            .join(self.serial.fetch_add(1, Ordering::Relaxed).to_string());
        let mut file = File::create(&temporary)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        let folder = path.parent().unwrap_or(&self.blobs);
        if !folder.exists() {
            fs::create_dir(folder)?;
            File::open(&self.blobs)?.sync_all()?;
        }
        fs::rename(&temporary, path)?;
        File::open(folder)?.sync_all()
    }
}

/// Bytes of all files in the shards of this folder.
fn size_of(blobs: &Path) -> io::Result<u64> {
    let mut bytes = 0u64;
    for shard in fs::read_dir(blobs)? {
        let shard = shard?;
        if shard.file_type()?.is_dir() {
            for blob in fs::read_dir(shard.path())? {
                bytes = bytes.saturating_add(blob?.metadata()?.len());
            }
        }
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store(store_limit: u64) -> (tempfile::TempDir, Store) {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path(), 100, store_limit).unwrap();
        (folder, store)
    }

    #[test]
    fn a_blob_comes_back_after_reopening() {
        let (folder, store) = store(1_000);
        let cid = store.put(b"wool").unwrap();
        assert_eq!(store.used(), 4);
        drop(store);
        let store = Store::open(folder.path(), 100, 1_000).unwrap();
        assert_eq!(store.used(), 4);
        assert_eq!(store.get(cid.0).unwrap(), Some(b"wool".to_vec()));
        assert_eq!(store.get(Digest::sha256(b"other")).unwrap(), None);
    }

    #[test]
    fn a_blob_stored_twice_takes_room_once() {
        let (_folder, store) = store(1_000);
        assert_eq!(store.put(b"wool").unwrap(), store.put(b"wool").unwrap());
        assert_eq!(store.used(), 4);
    }

    #[test]
    fn a_corrupted_blob_is_quarantined_and_can_be_put_again() {
        let (folder, store) = store(1_000);
        let cid = store.put(b"wool").unwrap();
        fs::write(store.path(cid), b"woof").unwrap();
        assert_eq!(store.get(cid.0).unwrap(), None);
        assert!(!store.path(cid).exists());
        assert_eq!(
            fs::read(folder.path().join("quarantine").join(cid.to_string())).unwrap(),
            b"woof"
        );
        store.put(b"wool").unwrap();
        assert_eq!(store.get(cid.0).unwrap(), Some(b"wool".to_vec()));
    }

    #[test]
    fn a_file_that_grew_beyond_the_limit_is_quarantined_unread() {
        let (_folder, store) = store(1_000);
        let cid = store.put(b"wool").unwrap();
        fs::write(store.path(cid), vec![0; 10_000]).unwrap();
        assert_eq!(store.get(cid.0).unwrap(), None);
    }

    #[test]
    fn put_fails_when_the_blob_or_the_store_is_too_large() {
        let (_folder, store) = store(150);
        assert!(matches!(
            store.put(&[0; 101]),
            Err(PutError::TooLarge { limit: 100 })
        ));
        let first = store.put(&[0; 100]).unwrap();
        assert!(matches!(store.put(&[1; 51]), Err(PutError::Full { limit: 150 })));
        store.put(&[1; 50]).unwrap();
        fs::remove_file(store.path(first)).unwrap();
        store.put(&[2; 100]).unwrap();
        assert_eq!(store.used(), 150);
    }

    #[test]
    fn what_a_crash_left_half_written_is_swept_away() {
        let (folder, store) = store(1_000);
        drop(store);
        fs::write(folder.path().join("temporary/7"), b"half").unwrap();
        let store = Store::open(folder.path(), 100, 1_000).unwrap();
        assert_eq!(fs::read_dir(&store.temporary).unwrap().count(), 0);
    }
}
