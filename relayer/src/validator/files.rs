use crate::Error;
use hyperlane_primitives::files::{
    checkpoint_file, parse_latest, print_latest, FileError, SignedAnnouncement, SignedCheckpoint,
    ANNOUNCEMENT_FILE, LATEST_FILE, METADATA_FILE, REORG_FILE,
};
use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

/// The folder in which a validator shows what it has signed.
#[derive(Clone, Debug)]
pub struct Files {
    folder: PathBuf,
}

impl Files {
    /// A folder, made if it is not there.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        fs::create_dir_all(folder).map_err(|why| Error::unwritable(folder, why))?;
        let files = Self {
            folder: folder.into(),
        };
        let program = serde_json::json!({ "git_sha": concat!("pensum-relayer ", env!("CARGO_PKG_VERSION")) });
        files.write(METADATA_FILE, program.to_string().as_bytes())?;
        Ok(files)
    }

    /// The checkpoint that was shown at an index.
    pub fn checkpoint(&self, index: u32) -> Result<Option<SignedCheckpoint>, Error> {
        let path = self.folder.join(checkpoint_file(index));
        match fs::read(&path) {
            Ok(bytes) => SignedCheckpoint::from_json(&bytes)
                .map(Some)
                .map_err(|why| unfit(&path, why)),
            Err(why) if why.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(why) => Err(Error::unreadable(&path, why)),
        }
    }

    /// Shows a checkpoint.
    pub fn show(&self, signed: &SignedCheckpoint) -> Result<(), Error> {
        let name = checkpoint_file(signed.checkpoint.index);
        let text = signed
            .to_json()
            .map_err(|why| unfit(&self.folder.join(&name), why))?;
        self.write(&name, text.as_bytes())
    }

    /// The latest index that was shown.
    pub fn latest(&self) -> Result<Option<u32>, Error> {
        let path = self.folder.join(LATEST_FILE);
        match fs::read(&path) {
            Ok(bytes) => parse_latest(&bytes).map(Some).map_err(|why| unfit(&path, why)),
            Err(why) if why.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(why) => Err(Error::unreadable(&path, why)),
        }
    }

    /// Raises the latest index. It never falls: agents rely on that.
    pub fn raise_latest(&self, index: u32) -> Result<(), Error> {
        if self.latest()?.is_some_and(|latest| latest >= index) {
            return Ok(());
        }
        self.write(LATEST_FILE, print_latest(index).as_bytes())
    }

    /// Shows the announcement.
    pub fn announce(&self, announcement: &SignedAnnouncement) -> Result<(), Error> {
        let text = announcement
            .to_json()
            .map_err(|why| unfit(&self.folder.join(ANNOUNCEMENT_FILE), why))?;
        self.write(ANNOUNCEMENT_FILE, text.as_bytes())
    }

    /// Whether the flag is raised.
    pub fn is_flagged(&self) -> bool {
        self.folder.join(REORG_FILE).exists()
    }

    /// Raises the flag: from now on agents distrust this validator.
    pub fn raise_flag(&self, what: &serde_json::Value) -> Result<(), Error> {
        self.write(REORG_FILE, format!("{what:#}").as_bytes())
    }

    /// Where the flag is, for an error.
    pub fn flag(&self) -> PathBuf {
        self.folder.join(REORG_FILE)
    }

    /// Writes a file so that nobody ever reads half of it, and so that it is there after a crash.
    fn write(&self, name: &str, content: &[u8]) -> Result<(), Error> {
        let path = self.folder.join(name);
        let unfinished = self.folder.join(format!(".{name}.part"));
        let write = || -> io::Result<()> {
            let mut file = File::create(&unfinished)?;
            file.write_all(content)?;
            file.sync_all()?;
            fs::rename(&unfinished, &path)?;
            File::open(&self.folder)?.sync_all()
        };
        write().map_err(|why| Error::unwritable(&path, why))
    }
}

fn unfit(path: &Path, why: FileError) -> Error {
    Error::usage(
        format!("{}: {why}", path.display()),
        "Move the file away if the validator's journal is there; else find out what wrote it.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_index_never_falls() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::open(folder.path()).unwrap();
        assert_eq!(files.latest().unwrap(), None);
        for (raise, latest) in [(3, 3), (2, 3), (4, 4)] {
            files.raise_latest(raise).unwrap();
            assert_eq!(files.latest().unwrap(), Some(latest));
        }
        assert_eq!(fs::read(folder.path().join("index.json")).unwrap(), b"4");
    }

    #[test]
    fn the_flag_stays_raised() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::open(folder.path()).unwrap();
        assert!(!files.is_flagged());
        files.raise_flag(&serde_json::json!({"index": 1})).unwrap();
        assert!(Files::open(folder.path()).unwrap().is_flagged());
    }
}
