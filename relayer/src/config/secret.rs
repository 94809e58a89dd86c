//! Keys, from files. They are in no other place: not in the configuration, not in arguments, not in the log.

use crate::Error;
use alloy::signers::local::PrivateKeySigner;
use std::{fs, path::Path, str::FromStr};
use subxt_signer::{sr25519::Keypair, SecretUri};

/// The key of an EVM account or of a validator: 32 bytes of hex.
pub fn evm_key(path: &Path) -> Result<PrivateKeySigner, Error> {
    let line = first_line(path)?;
    PrivateKeySigner::from_str(&line).map_err(|_| {
        Error::usage(
            format!("{} holds no secp256k1 key.", path.display()),
            "Write 0x and 64 hex digits into its first line.",
        )
    })
}

/// The key of a Pensum account: a phrase, a hex seed or a URI.
pub fn pensum_key(path: &Path) -> Result<Keypair, Error> {
    let line = first_line(path)?;
    SecretUri::from_str(&line)
        .ok()
        .and_then(|uri| Keypair::from_uri(&uri).ok())
        .ok_or_else(|| {
            Error::usage(
                format!("{} holds no sr25519 key.", path.display()),
                "Write 12 or 24 words, 0x and 64 hex digits, or a URI such as `PHRASE//relayer` into its first line.",
            )
        })
}

/// A file's first line that is not empty.
fn first_line(path: &Path) -> Result<String, Error> {
    let text = fs::read_to_string(path).map_err(|why| Error::unreadable(path, why))?;
    warn_if_open(path);
    let line = text.lines().map(str::trim).find(|line| !line.is_empty());
    line.map(String::from).ok_or_else(|| {
        Error::usage(
            format!("{} is empty.", path.display()),
            "Write the secret into its first line.",
        )
    })
}

#[cfg(unix)]
fn warn_if_open(path: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = fs::metadata(path).map_or(0, |metadata| metadata.permissions().mode());
    if mode & 0o077 != 0 {
        tracing::warn!(file = %path.display(), "others on this machine can read this key: chmod 600 it");
    }
}

#[cfg(not(unix))]
fn warn_if_open(_: &Path) {}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(content: &str) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), content).unwrap();
        file
    }

    #[test]
    fn keys_give_the_accounts_that_other_tools_give() {
        let anvils_first = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
        let key = evm_key(file(&format!("\n {anvils_first} \n")).path()).unwrap();
        assert_eq!(
            key.address().to_string(),
            "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"
        );
        let alice = pensum_key(file("//Alice").path()).unwrap();
        assert_eq!(
            hex::encode(alice.public_key().0),
            "d43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d"
        );
    }

    #[test]
    fn what_is_no_key_is_refused_without_being_told() {
        for content in ["", "secret words that are none", "0x12"] {
            let (evm, pensum) = (evm_key(file(content).path()), pensum_key(file(content).path()));
            for said in [evm.unwrap_err().to_string(), pensum.err().unwrap().to_string()] {
                assert!(content.is_empty() || !said.contains(content), "{said}");
            }
        }
        assert!(evm_key(Path::new("/none")).unwrap_err().fact.contains("/none"));
    }
}
