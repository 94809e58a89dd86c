//! A folder of model files, known by the digest of their content.

use crate::{digest::Digest, wire::ModelInfo};
use parking_lot::{Mutex, RwLock};
use std::{
    collections::HashMap,
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant, SystemTime},
};

/// The folder is read again for an unknown digest at most this often, so that unknown digests cost nothing.
const RESCAN_EVERY: Duration = Duration::from_secs(1);
/// Most files that are looked at, and how deep: a wrong folder (a home, a disk) must not stall the gateway.
const MAX_FILES: usize = 1_024;
const MAX_ENTRIES: usize = 65_536;
const MAX_DEPTH: usize = 8;

/// A model in memory.
#[derive(Debug)]
pub(crate) struct Model {
    pub(crate) info: ModelInfo,
    pub(crate) bytes: Vec<u8>,
}

/// Turns a file's bytes and name into a model, or says why it is none.
type Reader = fn(Vec<u8>, String) -> Result<Model, String>;

/// What a file looked like when it was read, so that it is read again only if it changed.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Stamp {
    len: u64,
    modified: Option<SystemTime>,
}

#[derive(Default, Debug)]
struct Known {
    /// What became of each file: a model, or nothing.
    files: HashMap<PathBuf, (Stamp, Option<Arc<Model>>)>,
    models: HashMap<Digest, Arc<Model>>,
}

/// A folder of model files.
#[derive(Debug)]
pub(crate) struct ModelsFolder {
    folder: PathBuf,
    extension: &'static str,
    max_bytes: u64,
    reader: Reader,
    known: RwLock<Known>,
    scanned: Mutex<Instant>,
}

impl ModelsFolder {
    /// Reads every file with this extension in the folder and below.
    pub(crate) fn open(
        folder: PathBuf,
        extension: &'static str,
        max_bytes: u64,
        reader: Reader,
    ) -> io::Result<Self> {
        // Unlike at a later scan, a folder that cannot be read is an error now: the operator is watching.
        fs::read_dir(&folder)?;
        let models = Self {
            folder,
            extension,
            max_bytes,
            reader,
            known: RwLock::default(),
            scanned: Mutex::new(Instant::now()),
        };
        models.scan();
        Ok(models)
    }

    /// The model whose file has this digest. Looks into the folder again if it is unknown.
    pub(crate) fn find(&self, weights: &Digest) -> Option<Arc<Model>> {
        if let Some(model) = self.known.read().models.get(weights) {
            return Some(model.clone());
        }
        let mut scanned = self.scanned.lock();
        if scanned.elapsed() >= RESCAN_EVERY {
            self.scan();
            *scanned = Instant::now();
        }
        drop(scanned);
        self.known.read().models.get(weights).cloned()
    }

    /// Every model, by source.
    pub(crate) fn infos(&self) -> Vec<ModelInfo> {
        let mut infos: Vec<_> = self
            .known
            .read()
            .models
            .values()
            .map(|model| model.info.clone())
            .collect();
        infos.sort_by(|a, b| a.source.cmp(&b.source));
        infos
    }

    fn scan(&self) {
        let mut next = Known::default();
        for path in self.paths() {
            let Ok(metadata) = fs::metadata(&path) else {
                continue;
            };
            let stamp = Stamp {
                len: metadata.len(),
                modified: metadata.modified().ok(),
            };
            let before = self
                .known
                .read()
                .files
                .get(&path)
                .filter(|(seen, _)| *seen == stamp)
                .cloned();
            let model = match before {
                Some((_, model)) => model,
                None => self.read(&path, stamp.len),
            };
            if let Some(model) = &model {
                next.models.insert(model.info.weights, model.clone());
            }
            next.files.insert(path, (stamp, model));
        }
        *self.known.write() = next;
    }

    fn read(&self, path: &Path, len: u64) -> Option<Arc<Model>> {
        let source = path
            .strip_prefix(&self.folder)
            .unwrap_or(path)
            .display()
            .to_string();
        let read = || {
            if len > self.max_bytes {
                return Err(format!(
                    "It has {len} bytes, {} are allowed. Use a smaller model.",
                    self.max_bytes
                ));
            }
            let bytes = fs::read(path).map_err(|error| format!("It cannot be read: {error}."))?;
            (self.reader)(bytes, source.clone())
        };
        match read() {
            Ok(model) => {
                tracing::info!(source, weights = %model.info.weights, "model loaded");
                Some(Arc::new(model))
            }
            Err(reason) => {
                tracing::warn!(source, reason, "not a usable model, left out");
                None
            }
        }
    }

    /// Files with the extension. Links to folders are not followed, so there are no circles.
    fn paths(&self) -> Vec<PathBuf> {
        let mut paths = Vec::new();
        let mut folders = vec![(self.folder.clone(), 0)];
        let mut entries = 0;
        while let Some((folder, depth)) = folders.pop() {
            let Ok(listing) = fs::read_dir(&folder) else {
                tracing::warn!(folder = %folder.display(), "a folder below the models folder cannot be read");
                continue;
            };
            for entry in listing.flatten() {
                entries += 1;
                if entries > MAX_ENTRIES || paths.len() >= MAX_FILES {
                    tracing::warn!(folder = %self.folder.display(), "the models folder holds too much, the rest is left out; name a smaller one");
                    return paths;
                }
                let path = entry.path();
                let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
                if is_folder && depth < MAX_DEPTH {
                    folders.push((path, depth + 1));
                } else if path
                    .extension()
                    .is_some_and(|extension| extension == self.extension)
                    && path.is_file()
                {
                    paths.push(path);
                }
            }
        }
        paths
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Any file that does not begin with `bad` is a model.
    fn reader(bytes: Vec<u8>, source: String) -> Result<Model, String> {
        if bytes.starts_with(b"bad") {
            return Err("It begins with bad. Write another.".into());
        }
        let info = ModelInfo {
            weights: Digest::blake2(&bytes),
            engine: "test".into(),
            source,
            bytes: bytes.len() as u64,
            max_input: 1,
            output: 1,
        };
        Ok(Model { info, bytes })
    }

    fn open(folder: &tempfile::TempDir) -> ModelsFolder {
        ModelsFolder::open(folder.path().into(), "graph", 16, reader).unwrap()
    }

    fn age(models: &ModelsFolder) {
        *models.scanned.lock() = Instant::now().checked_sub(RESCAN_EVERY).unwrap();
    }

    #[test]
    fn models_are_found_in_folders_below() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("a/b")).unwrap();
        fs::write(folder.path().join("a/b/one.graph"), b"one").unwrap();
        fs::write(folder.path().join("two.graph"), b"two").unwrap();
        fs::write(folder.path().join("two.txt"), b"text").unwrap();
        let models = open(&folder);
        assert_eq!(
            models
                .infos()
                .iter()
                .map(|info| info.source.as_str())
                .collect::<Vec<_>>(),
            ["a/b/one.graph", "two.graph"]
        );
        assert_eq!(models.find(&Digest::blake2(b"one")).unwrap().bytes, b"one");
        assert!(models.find(&Digest::blake2(b"text")).is_none());
    }

    #[test]
    fn a_bad_or_long_file_is_left_out() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("bad.graph"), b"bad").unwrap();
        fs::write(folder.path().join("long.graph"), [0; 17]).unwrap();
        assert_eq!(open(&folder).infos(), []);
    }

    #[test]
    fn a_model_added_later_is_found_and_one_taken_away_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let models = open(&folder);
        fs::write(folder.path().join("late.graph"), b"late").unwrap();
        assert!(
            models.find(&Digest::blake2(b"late")).is_none(),
            "looked again within a second"
        );
        age(&models);
        assert!(models.find(&Digest::blake2(b"late")).is_some());
        fs::remove_file(folder.path().join("late.graph")).unwrap();
        age(&models);
        assert!(models.find(&Digest::blake2(b"unknown")).is_none());
        assert!(models.find(&Digest::blake2(b"late")).is_none());
    }

    #[test]
    fn open_fails_when_the_folder_is_missing() {
        let folder = tempfile::tempdir().unwrap();
        assert!(ModelsFolder::open(folder.path().join("none"), "graph", 16, reader).is_err());
    }
}
