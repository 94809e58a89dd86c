//! The files by which validators and relayers meet, as Hyperlane's agents write and read them in a folder or bucket.

mod announcement;
mod checkpoint;
mod error;
mod latest;
mod signature;

pub use announcement::SignedAnnouncement;
pub use checkpoint::SignedCheckpoint;
pub use error::FileError;
pub use latest::{parse_latest, print_latest};

use alloc::{format, string::String};

/// The index of the latest signed checkpoint.
pub const LATEST_FILE: &str = "index.json";
/// The validator's announcement.
pub const ANNOUNCEMENT_FILE: &str = "announcement.json";
/// Its presence tells agents to distrust the validator: it signed what its chain then took back.
pub const REORG_FILE: &str = "reorg_flag.json";
/// Which program wrote the files.
pub const METADATA_FILE: &str = "metadata_latest.json";

/// The file of the signed checkpoint at an index.
pub fn checkpoint_file(index: u32) -> String {
    format!("{index}_with_id.json")
}
