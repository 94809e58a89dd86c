//! `pensum keys generate`

use crate::terminal::{answer::Answer, table::fields};
use clap::Args;
use pensum_client::{key::to_hex, Error, Key};
use serde_json::json;
use sp_core::crypto::Ss58Codec;
use std::{
    fs::OpenOptions,
    io::Write,
    path::{Path, PathBuf},
};

/// Arguments.
#[derive(Debug, Args)]
pub struct Generate {
    /// Write the words into this new file, for its owner only, instead of printing them.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl Generate {
    pub fn run(self) -> Result<Answer, Error> {
        let (key, phrase) = Key::generate();
        if let Some(path) = &self.out {
            write_secret(path, &phrase)?;
        }
        let phrase = self.out.is_none().then_some(phrase);
        let (address, public_key) = (key.account().to_ss58check(), to_hex(key.public()));
        let text = fields([
            ("address", address.clone()),
            ("public key", public_key.clone()),
            ("phrase", phrase.clone().unwrap_or_default()),
            (
                "file",
                self.out
                    .as_ref()
                    .map(|path| path.display().to_string())
                    .unwrap_or_default(),
            ),
        ]);
        let json =
            json!({ "address": address, "public_key": public_key, "phrase": phrase, "file": self.out });
        Ok(Answer::new(json, text))
    }
}

/// Writes a secret into a file that did not exist, readable by its owner only from the beginning.
pub(super) fn write_secret(path: &Path, secret: &str) -> Result<(), Error> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
        .open(path)
        .and_then(|mut file| writeln!(file, "{secret}"))
        .map_err(|error| {
            Error::usage(
                "File",
                format!("{} cannot be written: {error}.", path.display()),
                "Name a file that does not exist yet, in a folder that can be written to.",
            )
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_for_its_owner_and_overwrites_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        write_secret(&path, "words").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "words\n");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        assert_eq!(write_secret(&path, "others").unwrap_err().code, "usage.File");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "words\n");
    }
}
