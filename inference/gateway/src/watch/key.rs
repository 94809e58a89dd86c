//! The key that challenges are signed with.

use pensum_primitives::AccountId;
use sp_core::{sr25519, Pair};
use std::{fmt, fs, io, os::unix::fs::PermissionsExt, path::Path};

/// Most bytes of a key file, so that a wrong file is noticed.
const MAX_BYTES: u64 = 1024;
/// The permissions of a file that its owner alone can read.
const OTHERS: u32 = 0o077;

/// A challenger's sr25519 key. It holds bonds: keep on its account what challenges need, and use it for nothing else.
#[derive(Clone)]
pub struct ChallengerKey(sr25519::Pair);

/// A file that holds no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file cannot be read.
    #[error("The key file {path} cannot be read ({source}). Write the secret phrase of the challenger's account into it, and let this user read it.")]
    Unreadable {
        /// The file.
        path: String,
        /// What the system said.
        source: io::Error,
    },
    /// Others than its owner can read the file.
    #[error("Other users can read the key file {path}. Forbid it: chmod 600 {path}")]
    Exposed {
        /// The file.
        path: String,
    },
    /// No phrase, seed or URI.
    #[error("The key file holds no secret of an sr25519 key. Write 12 or 24 words, 0x and 64 hex digits, or a URI such as PHRASE//challenger into it.")]
    Unfit,
}

impl ChallengerKey {
    /// The key in a file that its owner alone can read: a secret phrase, a seed or a URI.
    pub fn read(path: &Path) -> Result<Self, KeyError> {
        let unreadable = |source| KeyError::Unreadable {
            path: path.display().to_string(),
            source,
        };
        let found = fs::metadata(path).map_err(unreadable)?;
        if found.permissions().mode() & OTHERS != 0 {
            return Err(KeyError::Exposed {
                path: path.display().to_string(),
            });
        }
        if found.len() > MAX_BYTES {
            return Err(KeyError::Unfit);
        }
        Self::new(&fs::read_to_string(path).map_err(unreadable)?)
    }

    /// The key of a secret phrase, a seed or a URI; white space around it does not count.
    pub fn new(secret: &str) -> Result<Self, KeyError> {
        sr25519::Pair::from_string(secret.trim(), None)
            .map(Self)
            .map_err(|_| KeyError::Unfit)
    }

    /// The account that holds the bonds.
    pub fn account(&self) -> AccountId {
        AccountId::new(self.public())
    }

    pub(super) fn public(&self) -> [u8; 32] {
        self.0.public().0
    }

    pub(super) fn sign(&self, bytes: &[u8]) -> [u8; 64] {
        self.0.sign(bytes).0
    }
}

impl fmt::Debug for ChallengerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ChallengerKey({})", self.account())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(secret: &str, mode: u32) -> (tempfile::TempDir, std::path::PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        fs::write(&path, secret).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        (folder, path)
    }

    #[test]
    fn a_file_of_its_owner_gives_the_account_that_other_tools_give() {
        let (_folder, path) = written("//Alice\n", 0o600);
        let key = ChallengerKey::read(&path).unwrap();
        let alice = "0xd43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d";
        assert_eq!(format!("0x{}", hex::encode(key.public())), alice);
        assert!(!format!("{key:?}").contains("//Alice"));
    }

    #[test]
    fn a_file_that_others_can_read_is_refused() {
        let (_folder, path) = written("//Alice", 0o640);
        assert!(matches!(
            ChallengerKey::read(&path),
            Err(KeyError::Exposed { .. })
        ));
    }

    #[test]
    fn what_is_no_secret_is_refused() {
        let (_folder, path) = written("not a phrase at all", 0o600);
        assert!(matches!(ChallengerKey::read(&path), Err(KeyError::Unfit)));
        let (_folder, path) = written(&"x".repeat(2_000), 0o600);
        assert!(matches!(ChallengerKey::read(&path), Err(KeyError::Unfit)));
        let gone = Path::new("no such file");
        assert!(matches!(
            ChallengerKey::read(gone),
            Err(KeyError::Unreadable { .. })
        ));
    }
}
