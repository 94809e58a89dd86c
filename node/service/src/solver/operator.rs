//! The operator key: from a file or a development name into the keystore.

use super::SolverError;
use pensum_primitives::operator::OPERATOR_KEY_TYPE;
use sp_core::{
    crypto::{SecretString, Ss58Codec, Zeroize},
    sr25519, Pair,
};
use sp_keystore::KeystorePtr;
use std::{fmt, io::Read, path::Path, str::FromStr};

/// Most bytes of a key file that are read: a phrase of 24 words has less than 256.
const MAX_SECRET: u64 = 1024;

/// The secret of an operator key, known to be a good one.
#[derive(Clone)]
pub struct OperatorSecret(SecretString);

impl fmt::Debug for OperatorSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OperatorSecret(..)")
    }
}

impl OperatorSecret {
    /// The secret phrase or hex seed in a file.
    pub fn from_file(path: &Path) -> Result<Self, SolverError> {
        let bad = || SolverError::BadKeyFile { path: path.into() };
        let mut text = read_secret(path)?;
        let secret = SecretString::from_str(text.trim()).map_err(|_| bad());
        text.zeroize();
        let secret = Self(secret?);
        // Nothing and a bare `//Name` would silently be development keys, which everybody has.
        if secret.uri().is_empty() || secret.uri().starts_with('/') || secret.public().is_none() {
            return Err(bad());
        }
        Ok(secret)
    }

    /// The development key `//Name`.
    pub fn dev(name: &str) -> Result<Self, SolverError> {
        let bad = || SolverError::BadDevOperator(name.chars().take(64).collect());
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '/' || c == '_' || c == '-';
        if !name.starts_with("//") || name.len() < 3 || name.len() > 64 || !name.chars().all(plain) {
            return Err(bad());
        }
        let secret = Self(SecretString::from_str(name).map_err(|_| bad())?);
        secret.public().map(|_| secret.clone()).ok_or_else(bad)
    }

    fn uri(&self) -> &str {
        use sp_core::crypto::ExposeSecret;
        self.0.expose_secret()
    }

    /// The public key, unless the secret is none.
    fn public(&self) -> Option<sr25519::Public> {
        sr25519::Pair::from_string(self.uri(), None)
            .ok()
            .map(|pair| pair.public())
    }
}

/// Puts the key into the keystore's memory, never on disk, and lists all operator keys in it.
pub(super) fn insert(
    secret: Option<&OperatorSecret>,
    keystore: &KeystorePtr,
) -> Result<Vec<String>, SolverError> {
    if let Some(secret) = secret {
        keystore
            .sr25519_generate_new(OPERATOR_KEY_TYPE, Some(secret.uri()))
            .map_err(|error| SolverError::Keystore(error.to_string()))?;
    }
    let operators = keystore.sr25519_public_keys(OPERATOR_KEY_TYPE);
    if operators.is_empty() {
        return Err(SolverError::NoOperatorKey);
    }
    Ok(operators.iter().map(Ss58Codec::to_ss58check).collect())
}

/// The text of a small file.
fn read_secret(path: &Path) -> Result<String, SolverError> {
    let unreadable = |error: std::io::Error| SolverError::UnreadableFile {
        path: path.into(),
        reason: error.to_string(),
    };
    let file = std::fs::File::open(path).map_err(unreadable)?;
    warn_if_others_can_read(path, &file);
    let mut text = String::new();
    file.take(MAX_SECRET)
        .read_to_string(&mut text)
        .map_err(unreadable)?;
    Ok(text)
}

#[cfg(unix)]
fn warn_if_others_can_read(path: &Path, file: &std::fs::File) {
    use std::os::unix::fs::PermissionsExt;
    let open_to_others = file
        .metadata()
        .is_ok_and(|metadata| metadata.permissions().mode() & 0o077 != 0);
    if open_to_others {
        log::warn!(
            "Other users can read the secret in {}. Take their permission with `chmod 600`",
            path.display()
        );
    }
}

#[cfg(not(unix))]
fn warn_if_others_can_read(_: &Path, _: &std::fs::File) {}

#[cfg(test)]
mod tests {
    use super::*;
    use sc_keystore::LocalKeystore;

    const PHRASE: &str = "bottom drive obey lake curtain smoke basket hold race lonely fit walk";

    fn file(content: &str) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), content).unwrap();
        file
    }

    #[test]
    fn a_phrase_and_a_seed_are_read_from_a_file() {
        for content in [format!("{PHRASE}\n"), format!("0x{}", "11".repeat(32))] {
            let secret = OperatorSecret::from_file(file(&content).path()).unwrap();
            assert!(secret.public().is_some());
        }
    }

    #[test]
    fn a_file_without_a_key_is_refused() {
        for content in ["", "hello", "0x1234", "//Alice", "bottom drive obey"] {
            let error = OperatorSecret::from_file(file(content).path()).err().unwrap();
            assert!(
                matches!(error, SolverError::BadKeyFile { .. }),
                "{content}: {error}"
            );
        }
        let error = OperatorSecret::from_file(Path::new("no-such-file"))
            .err()
            .unwrap();
        assert!(matches!(error, SolverError::UnreadableFile { .. }));
    }

    #[test]
    fn a_development_key_is_written_with_two_slashes() {
        assert!(OperatorSecret::dev("//Solver1").is_ok());
        for name in ["Solver1", "//", "/Solver1", "//Solver 1", PHRASE] {
            assert!(OperatorSecret::dev(name).is_err(), "{name}");
        }
    }

    #[test]
    fn the_key_is_in_the_keystore_and_not_on_disk() {
        let folder = tempfile::tempdir().unwrap();
        let keystore: KeystorePtr = std::sync::Arc::new(LocalKeystore::open(folder.path(), None).unwrap());
        let secret = OperatorSecret::dev("//Solver1").unwrap();
        let listed = insert(Some(&secret), &keystore).unwrap();
        assert_eq!(listed, vec![secret.public().unwrap().to_ss58check()]);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_solver_without_any_key_is_refused() {
        let keystore: KeystorePtr = std::sync::Arc::new(LocalKeystore::in_memory());
        assert!(matches!(insert(None, &keystore), Err(SolverError::NoOperatorKey)));
    }

    #[test]
    fn a_key_inserted_before_is_enough() {
        let keystore: KeystorePtr = std::sync::Arc::new(LocalKeystore::in_memory());
        keystore
            .sr25519_generate_new(OPERATOR_KEY_TYPE, Some("//Before"))
            .unwrap();
        assert_eq!(insert(None, &keystore).unwrap().len(), 1);
    }

    #[test]
    fn a_secret_is_not_shown_by_debug() {
        assert_eq!(
            format!("{:?}", OperatorSecret::dev("//Solver1").unwrap()),
            "OperatorSecret(..)"
        );
    }
}
