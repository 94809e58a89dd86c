//! What a command works with.

use super::{args::Global, progress::Wait};
use pensum_client::{key, AccountId, Chain, Error, Key};
use std::{fs, path::Path, time::Duration};

/// What a command works with.
pub struct Context {
    /// Whether answers are JSON.
    pub json: bool,
    /// The longest wait.
    pub patience: Duration,
    global: Global,
}

impl Context {
    /// From the arguments that all commands share.
    pub fn new(global: Global) -> Self {
        Self {
            json: global.json,
            patience: Duration::from_secs(global.timeout),
            global,
        }
    }

    /// Connects to the node.
    pub async fn chain(&self) -> Result<Chain, Error> {
        let chain = Chain::connect(&self.global.url).await?;
        let pays_in = chain.find_currency(&self.global.fee_asset).await?;
        Ok(chain.paying_in(pays_in))
    }

    /// The key that signs.
    pub fn key(&self) -> Result<Key, Error> {
        self.key_if_any()?.ok_or_else(|| {
            Error::usage(
                "NoKey",
                "This needs a key to sign with, and none was given.",
                "Give one by --key-file, --suri or PENSUM_SURI; `pensum keys generate` makes one.",
            )
        })
    }

    /// The key that signs, where one was given.
    pub fn key_if_any(&self) -> Result<Option<Key>, Error> {
        self.secret()?.as_deref().map(Key::from_uri).transpose()
    }

    /// The account of this address, or that of the key that signs.
    pub fn account(&self, address: Option<&str>) -> Result<AccountId, Error> {
        match address {
            Some(address) => key::account(address),
            None => Ok(self.key()?.account()),
        }
    }

    /// The secret of the key that signs, where one was given.
    pub fn secret(&self) -> Result<Option<String>, Error> {
        match &self.global.key_file {
            Some(path) => secret_of(path).map(Some),
            // An empty URI would mean the development account.
            None => Ok(self.global.suri.clone().filter(|uri| !uri.trim().is_empty())),
        }
    }

    /// Shows that something is waited for, until the returned value is dropped.
    pub fn wait(&self, steps: Option<u64>, what: impl Into<String>) -> Wait {
        Wait::new(steps, what.into(), self.global.quiet)
    }
}

/// The secret in a file: its first line that is not empty.
pub fn secret_of(path: &Path) -> Result<String, Error> {
    let text = fs::read_to_string(path).map_err(|error| Error::unreadable(path, error))?;
    let line = text.lines().map(str::trim).find(|line| !line.is_empty());
    line.map(String::from).ok_or_else(|| {
        Error::usage(
            "KeyFile",
            format!("{} is empty.", path.display()),
            "Write the secret phrase or URI into it.",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn a_key_file_holds_one_secret() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        assert_eq!(secret_of(file.path()).unwrap_err().code, "usage.KeyFile");
        writeln!(file, "\n  //Alice  \n").unwrap();
        assert_eq!(secret_of(file.path()).unwrap(), "//Alice");
        assert_eq!(secret_of(Path::new("none")).unwrap_err().code, "usage.File");
    }
}
