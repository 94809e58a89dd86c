//! Stops the node while there is still room on its disk.
//!
//! The database maps its files into memory and grows them as holes. Where the disk cannot fill such a hole there is no error that a
//! program could handle but a signal that ends it (`SIGBUS`), without a word in the log. So the node looks ahead and leaves in good order.

use sc_cli::clap;
use std::{
    path::{Path, PathBuf},
    time::Duration,
};

/// Pause between two looks. A full block has 5 MiB and comes once a second; a node that syncs imports many more, but not a hundred.
const PAUSE: Duration = Duration::from_secs(1);
const MIB: u64 = 1024 * 1024;

/// How much room the node wants on its disk.
#[derive(Debug, Clone, clap::Args)]
pub struct RoomArgs {
    /// Room in MiB that the disk of the database must have: with less the node stops, and does not start.
    ///
    /// A database that runs into a full disk ends the node at once and without a message. 0 wants nothing.
    #[arg(long, value_name = "MIB", default_value_t = 512)]
    pub min_disk_room: u64,
}

/// Why the node does not go on.
#[derive(Debug, thiserror::Error)]
pub enum RoomError {
    /// Too little is left.
    #[error(
        "The disk of {path} has {left} MiB left and the node wants {wanted}. Make room and start the node again, or want less \
         with `--min-disk-room`"
    )]
    Short {
        /// A folder on the disk.
        path: PathBuf,
        /// What is left, in MiB.
        left: u64,
        /// What the node wants, in MiB.
        wanted: u64,
    },
    /// The disk does not say.
    #[error("The disk of {path} does not say how much room it has: {reason}. Repair it, or start the node with `--min-disk-room 0`")]
    Unknown {
        /// A folder on the disk.
        path: PathBuf,
        /// Why.
        reason: std::io::Error,
    },
}

/// The room on the disk of a folder.
#[derive(Debug)]
pub(crate) struct Room {
    folder: PathBuf,
    wanted: u64,
}

impl Room {
    /// The room of the disk that `folder` lies on, or will lie on, of which `wanted` MiB must be left.
    pub fn new(folder: &Path, wanted: u64) -> Self {
        Self {
            folder: folder.into(),
            wanted,
        }
    }

    /// Whether enough is left.
    pub fn look(&self) -> Result<(), RoomError> {
        if self.wanted == 0 {
            return Ok(());
        }
        // Before the first start the folder is not there yet.
        let there = self.folder.ancestors().find(|folder| folder.exists());
        let path = there.unwrap_or(&self.folder).to_path_buf();
        match fs2::available_space(&path) {
            Ok(left) if left / MIB < self.wanted => Err(RoomError::Short {
                path,
                left: left / MIB,
                wanted: self.wanted,
            }),
            Ok(_) => Ok(()),
            Err(reason) => Err(RoomError::Unknown { path, reason }),
        }
    }

    /// Ends, with a message in the log, when not enough is left any more.
    pub async fn watch(self) {
        loop {
            tokio::time::sleep(PAUSE).await;
            if let Err(error) = self.look() {
                return log::error!("{error}");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// More than any disk has.
    const TOO_MUCH: u64 = u64::MAX;

    #[test]
    fn a_disk_with_less_than_wanted_is_refused_with_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let error = Room::new(folder.path(), TOO_MUCH).look().unwrap_err();
        assert!(matches!(&error, RoomError::Short { path, .. } if path == folder.path()));
        assert!(error.to_string().contains("--min-disk-room"));
    }

    #[test]
    fn a_folder_that_is_not_there_yet_is_judged_by_the_one_above() {
        let folder = tempfile::tempdir().unwrap();
        let deep = folder.path().join("chains/local/db");
        assert!(Room::new(&deep, 1).look().is_ok());
        let error = Room::new(&deep, TOO_MUCH).look().unwrap_err();
        assert!(matches!(error, RoomError::Short { path, .. } if path == folder.path()));
    }

    #[test]
    fn who_wants_nothing_is_never_refused() {
        assert!(Room::new(Path::new("/nowhere/at/all"), 0).look().is_ok());
    }

    #[tokio::test]
    async fn the_watch_ends_when_room_is_short() {
        let folder = tempfile::tempdir().unwrap();
        tokio::time::timeout(PAUSE * 10, Room::new(folder.path(), TOO_MUCH).watch())
            .await
            .unwrap();
    }
}
