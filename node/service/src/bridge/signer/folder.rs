//! The folder of `--checkpoint-dir`: files as Hyperlane's agents write and read them.

use crate::bridge::messages::Disagreement;
use hyperlane_primitives::{
    files::{
        checkpoint_file, parse_latest, print_latest, SignedAnnouncement, SignedCheckpoint, ANNOUNCEMENT_FILE,
        LATEST_FILE, METADATA_FILE, REORG_FILE,
    },
    limits::MAX_FILE_BYTES,
    StorageLocation,
};
use std::{
    fs::{self, File},
    io::{self, Read, Write},
    path::{Path, PathBuf},
    time::{SystemTime, UNIX_EPOCH},
};

/// A folder that exists and can be written to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Folder {
    path: PathBuf,
    location: String,
}

/// Why `--checkpoint-dir` is refused.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// It is not there and cannot be made.
    #[error(
        "The folder {path} of `--checkpoint-dir` cannot be created: {reason}. Create it, or correct the path"
    )]
    NotCreatable {
        /// What was given.
        path: PathBuf,
        /// Why.
        reason: io::Error,
    },
    /// Nothing can be written there.
    #[error("Nothing can be written to the folder {path} of `--checkpoint-dir`: {reason}. Give the node's user the permission")]
    NotWritable {
        /// What was given.
        path: PathBuf,
        /// Why.
        reason: io::Error,
    },
    /// Its path cannot be announced.
    #[error(
        "The path {path} of `--checkpoint-dir` cannot be announced as a storage location: it is longer than 505 bytes, or not \
         text in one line. Choose another"
    )]
    NotAnnounceable {
        /// What was given.
        path: PathBuf,
    },
}

impl Folder {
    /// Creates it if it is not there, and tries to write to it.
    pub fn open(given: &Path) -> Result<Self, FolderError> {
        let path = fs::create_dir_all(given)
            .and_then(|()| given.canonicalize())
            .map_err(|reason| FolderError::NotCreatable {
                path: given.into(),
                reason,
            })?;
        let location = path.to_str().map(|text| format!("file://{text}"));
        let location = location
            .filter(|text| StorageLocation::new(text.as_bytes()).is_ok())
            .ok_or_else(|| FolderError::NotAnnounceable { path: given.into() })?;
        let folder = Self { path, location };
        folder.try_to_write().map_err(|reason| FolderError::NotWritable {
            path: given.into(),
            reason,
        })?;
        Ok(folder)
    }

    fn try_to_write(&self) -> io::Result<()> {
        let path = self.path.join("writable.tmp");
        File::create(&path)?;
        fs::remove_file(path)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where it is, as validators announce it.
    pub fn location(&self) -> &str {
        &self.location
    }

    /// Whether the checkpoint at an index lies here.
    pub fn has(&self, index: u32) -> bool {
        self.path.join(checkpoint_file(index)).is_file()
    }

    /// The signed checkpoint at an index. A file that is none is no reason to sign another, so it counts as none.
    pub fn checkpoint(&self, index: u32) -> Option<SignedCheckpoint> {
        SignedCheckpoint::from_json(&self.read(&checkpoint_file(index))?).ok()
    }

    /// Writes a signed checkpoint.
    pub fn write_checkpoint(&self, signed: &SignedCheckpoint) -> io::Result<()> {
        let text = signed.to_json().map_err(invalid)?;
        self.write(&checkpoint_file(signed.checkpoint.index), text.as_bytes())
    }

    /// The latest index.
    pub fn latest(&self) -> Option<u32> {
        parse_latest(&self.read(LATEST_FILE)?).ok()
    }

    /// Raises the latest index; never lowers it.
    pub fn raise_latest(&self, index: u32) -> io::Result<()> {
        if self.latest().is_some_and(|latest| latest >= index) {
            return Ok(());
        }
        self.write(LATEST_FILE, print_latest(index).as_bytes())
    }

    /// Who announced that his checkpoints lie here.
    pub fn announcement(&self) -> Option<SignedAnnouncement> {
        SignedAnnouncement::from_json(&self.read(ANNOUNCEMENT_FILE)?).ok()
    }

    /// Writes the announcement.
    pub fn write_announcement(&self, signed: &SignedAnnouncement) -> io::Result<()> {
        let text = signed.to_json().map_err(invalid)?;
        self.write(ANNOUNCEMENT_FILE, text.as_bytes())
    }

    /// Writes which program wrote the files. The agents' field is named for a commit; the node's version has it.
    pub fn write_metadata(&self, version: &str) -> io::Result<()> {
        let text =
            serde_json::to_string_pretty(&serde_json::json!({ "git_sha": version })).map_err(invalid)?;
        self.write(METADATA_FILE, text.as_bytes())
    }

    /// Whether agents are told to distrust the validator.
    pub fn is_flagged(&self) -> bool {
        self.path.join(REORG_FILE).exists()
    }

    /// Tells agents to distrust the validator, and why, in the agents' fields.
    pub(super) fn flag(&self, roots: &Disagreement) -> io::Result<()> {
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map(|since| since.as_secs())
            .unwrap_or_default();
        let event = serde_json::json!({
            "local_merkle_root": roots.own,
            "canonical_merkle_root": roots.told,
            "checkpoint_index": roots.index,
            "unix_timestamp": now,
            "reorg_period": "finalized",
        });
        self.write(
            REORG_FILE,
            serde_json::to_string_pretty(&event).map_err(invalid)?.as_bytes(),
        )
    }

    /// The content of a file, as far as it is not longer than any that is written here.
    fn read(&self, name: &str) -> Option<Vec<u8>> {
        let mut content = Vec::new();
        let most = MAX_FILE_BYTES as u64 + 1;
        let file = File::open(self.path.join(name)).ok()?;
        file.take(most).read_to_end(&mut content).ok()?;
        Some(content)
    }

    /// Writes a file so that readers see all of it or what was there before, also if the machine stops in between.
    fn write(&self, name: &str, content: &[u8]) -> io::Result<()> {
        let temporary = self.path.join(format!("{name}.tmp"));
        let mut file = File::create(&temporary)?;
        file.write_all(content)?;
        file.sync_all()?;
        fs::rename(temporary, self.path.join(name))?;
        sync_names(&self.path)
    }
}

fn invalid(error: impl std::error::Error + Send + Sync + 'static) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}

/// The new name is on disk, too.
#[cfg(unix)]
fn sync_names(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Elsewhere a folder cannot be opened to do it.
#[cfg(not(unix))]
fn sync_names(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use hyperlane_primitives::{Checkpoint, Domain, MessageId, Native};
    use pensum_primitives::{bridge::MERKLE_TREE_HOOK, Digest};
    use sp_core::{ecdsa, Pair};

    fn signed(index: u32) -> SignedCheckpoint {
        let checkpoint = Checkpoint {
            origin: Domain(7),
            merkle_tree_hook: MERKLE_TREE_HOOK,
            root: Digest::repeat_byte(2),
            index,
            message_id: MessageId(Digest::repeat_byte(3)),
        };
        let pair = ecdsa::Pair::from_string("//Alice", None).unwrap();
        let bytes: [u8; 65] = pair.sign_prehashed(&checkpoint.digest::<Native>().0).into();
        SignedCheckpoint {
            checkpoint,
            signature: hyperlane_primitives::Signature::from_recoverable(bytes).unwrap(),
        }
    }

    fn names(folder: &Folder) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_missing_folder_is_created_and_announced_by_its_whole_path() {
        let parent = tempfile::tempdir().unwrap();
        let folder = Folder::open(&parent.path().join("a/../b/c")).unwrap();
        assert!(folder.path().ends_with("b/c") && folder.path().is_dir());
        assert_eq!(folder.location(), format!("file://{}", folder.path().display()));
        assert!(names(&folder).is_empty());
    }

    #[test]
    fn a_file_in_its_place_is_refused() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let error = Folder::open(file.path()).unwrap_err();
        assert!(matches!(error, FolderError::NotCreatable { .. }), "{error}");
        assert!(error.to_string().contains("--checkpoint-dir"));
    }

    #[test]
    fn a_path_that_cannot_be_announced_is_refused() {
        let parent = tempfile::tempdir().unwrap();
        let error = Folder::open(&parent.path().join("two\nlines")).unwrap_err();
        assert!(matches!(error, FolderError::NotAnnounceable { .. }), "{error}");
    }

    #[test]
    fn a_checkpoint_is_read_as_it_was_written() {
        let parent = tempfile::tempdir().unwrap();
        let folder = Folder::open(parent.path()).unwrap();
        assert_eq!((folder.has(4), folder.checkpoint(4)), (false, None));
        folder.write_checkpoint(&signed(4)).unwrap();
        assert_eq!((folder.has(4), folder.checkpoint(4)), (true, Some(signed(4))));
        assert_eq!(names(&folder), ["4_with_id.json"]);
    }

    #[test]
    fn the_latest_index_only_rises_and_has_no_line_end() {
        let parent = tempfile::tempdir().unwrap();
        let folder = Folder::open(parent.path()).unwrap();
        for (raised, expected) in [(3, "3"), (2, "3"), (10, "10")] {
            folder.raise_latest(raised).unwrap();
            let content = fs::read_to_string(folder.path().join(LATEST_FILE)).unwrap();
            assert_eq!(content, expected);
        }
    }

    #[test]
    fn a_file_is_there_whole_or_not_at_all() {
        let parent = tempfile::tempdir().unwrap();
        let folder = Folder::open(parent.path()).unwrap();
        folder.raise_latest(3).unwrap();
        // What a crash left behind is not read, and is overwritten.
        fs::write(folder.path().join("4_with_id.json.tmp"), "{\"value\":").unwrap();
        assert_eq!((folder.has(4), folder.checkpoint(4)), (false, None));
        folder.write_checkpoint(&signed(4)).unwrap();
        assert_eq!(names(&folder), ["4_with_id.json", "index.json"]);
        // A write that fails leaves what was there before.
        fs::create_dir(folder.path().join("index.json.tmp")).unwrap();
        assert!(folder.raise_latest(4).is_err());
        assert_eq!(folder.latest(), Some(3));
    }

    #[test]
    fn a_flag_has_the_agents_fields() {
        let parent = tempfile::tempdir().unwrap();
        let folder = Folder::open(parent.path()).unwrap();
        assert!(!folder.is_flagged());
        let roots = Disagreement {
            index: 9,
            own: Digest::repeat_byte(1),
            told: Digest::repeat_byte(2),
        };
        folder.flag(&roots).unwrap();
        assert!(folder.is_flagged());
        let content = fs::read(folder.path().join(REORG_FILE)).unwrap();
        let json: serde_json::Value = serde_json::from_slice(&content).unwrap();
        assert_eq!(json["local_merkle_root"], serde_json::json!(roots.own));
        assert_eq!(json["canonical_merkle_root"], serde_json::json!(roots.told));
        assert_eq!(
            (&json["checkpoint_index"], &json["reorg_period"]),
            (&9.into(), &"finalized".into())
        );
    }

    #[test]
    fn the_metadata_names_the_program() {
        let parent = tempfile::tempdir().unwrap();
        let folder = Folder::open(parent.path()).unwrap();
        folder.write_metadata("0.1.0-abc").unwrap();
        let content = fs::read(folder.path().join(METADATA_FILE)).unwrap();
        let json: serde_json::Value = serde_json::from_slice(&content).unwrap();
        assert_eq!(json, serde_json::json!({ "git_sha": "0.1.0-abc" }));
    }
}
