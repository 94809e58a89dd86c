//! Validators' folders: which there are, and what is read from them.

use crate::metrics::Metrics;
use hyperlane_primitives::{
    files::{checkpoint_file, parse_latest, SignedCheckpoint, LATEST_FILE, REORG_FILE},
    limits::MAX_FILE_BYTES,
    Checkpoint, Signature, H160,
};
use std::{
    collections::BTreeMap,
    fs::File,
    io::Read as _,
    path::{Component, Path, PathBuf},
    sync::Arc,
};

/// Folders of one validator that are read; an address can announce any number.
const MAX_FOLDERS: usize = 4;

/// Where validators' files are.
#[derive(Clone, Debug, Default)]
pub struct Folders {
    /// What the operator said.
    pub configured: BTreeMap<H160, PathBuf>,
    /// Whether announced folders are read as well.
    pub announced: bool,
}

/// A folder, and whose it is said to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    /// The validator.
    pub validator: H160,
    /// The folder.
    pub path: PathBuf,
}

impl Folders {
    /// The folders of these validators: the operator's word first, then the latest announcements.
    pub fn of(&self, validators: &[H160], announced: &[Vec<String>]) -> Vec<Folder> {
        let mut folders = Vec::new();
        for (at, validator) in validators.iter().enumerate() {
            let own = self.configured.get(validator).cloned();
            let locations = announced.get(at).filter(|_| self.announced);
            let theirs = locations.into_iter().flatten().rev().filter_map(|location| {
                let path = local_path(location);
                if path.is_none() {
                    tracing::debug!(
                        ?validator,
                        location,
                        "location is not supported: only file:// is read"
                    );
                }
                path
            });
            folders.extend(
                own.into_iter()
                    .chain(theirs)
                    .take(MAX_FOLDERS)
                    .map(|path| Folder {
                        validator: *validator,
                        path,
                    }),
            );
        }
        folders
    }
}

/// The absolute folder that a `file://` location names.
pub fn local_path(location: &str) -> Option<PathBuf> {
    let path = Path::new(location.strip_prefix("file://")?);
    let is_plain = path.is_absolute() && !path.components().any(|part| part == Component::ParentDir);
    is_plain.then(|| path.into())
}

impl Folder {
    /// The latest index that the validator says to have signed.
    pub fn latest(&self) -> Option<u32> {
        parse_latest(&read(&self.path.join(LATEST_FILE))?).ok()
    }

    /// The signature in the file for a checkpoint: one of this checkpoint, not only of this index. Whose it is remains to be asked.
    pub fn signature(&self, checkpoint: &Checkpoint, metrics: &Arc<Metrics>) -> Option<Signature> {
        if self.path.join(REORG_FILE).exists() {
            tracing::warn!(folder = %self.path.display(), "the validator has raised its reorg flag; its files are not used");
            metrics.ignored_signature("reorg_flag");
            return None;
        }
        let bytes = read(&self.path.join(checkpoint_file(checkpoint.index)))?;
        let signed = match SignedCheckpoint::from_json(&bytes) {
            Ok(signed) => signed,
            Err(why) => {
                tracing::warn!(folder = %self.path.display(), index = checkpoint.index, %why, "file ignored");
                metrics.ignored_signature("malformed");
                return None;
            }
        };
        if signed.checkpoint != *checkpoint {
            tracing::warn!(
                folder = %self.path.display(), index = checkpoint.index,
                found = ?signed.checkpoint.root, expected = ?checkpoint.root,
                "a validator signed another checkpoint than the chain's"
            );
            metrics.ignored_signature("other_checkpoint");
            return None;
        }
        Some(signed.signature)
    }
}

/// A file's content, if it is one and not longer than any that a validator writes.
fn read(path: &Path) -> Option<Vec<u8>> {
    // Not a pipe or a device, which could be read for ever.
    if !path.metadata().ok()?.is_file() {
        return None;
    }
    let mut bytes = Vec::new();
    let limit = MAX_FILE_BYTES as u64 + 1;
    File::open(path).ok()?.take(limit).read_to_end(&mut bytes).ok()?;
    (bytes.len() <= MAX_FILE_BYTES).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_absolute_local_folders_are_read() {
        assert_eq!(local_path("file:///a/b"), Some("/a/b".into()));
        for other in [
            "s3://bucket/region",
            "gs://b",
            "/a",
            "file://a",
            "file:///a/../b",
            "",
        ] {
            assert_eq!(local_path(other), None, "{other}");
        }
    }

    #[test]
    fn the_operators_folder_goes_first_and_then_the_latest_announcement() {
        let (one, two) = (H160::repeat_byte(1), H160::repeat_byte(2));
        let folders = Folders {
            configured: [(one, "/own".into())].into(),
            announced: true,
        };
        let announced = vec![
            vec!["file:///old".into(), "s3://x/y".into(), "file:///new".into()],
            vec![],
        ];
        let paths = |folders: Vec<Folder>| folders.into_iter().map(|f| f.path).collect::<Vec<_>>();
        assert_eq!(
            paths(folders.of(&[one, two], &announced)),
            [PathBuf::from("/own"), "/new".into(), "/old".into()]
        );
        let folders = Folders {
            announced: false,
            ..folders
        };
        assert_eq!(
            paths(folders.of(&[one, two], &announced)),
            [PathBuf::from("/own")]
        );
    }

    #[test]
    fn what_is_no_file_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(read(folder.path()), None);
        let long = folder.path().join("long");
        std::fs::write(&long, vec![b'1'; MAX_FILE_BYTES + 1]).unwrap();
        assert_eq!(read(&long), None);
    }
}
