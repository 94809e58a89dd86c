//! The configuration: a TOML file, checked once. What comes out of here is right as far as one can tell without asking a chain.

mod checked;
mod raw;
mod secret;

pub use checked::{Evm, Finality, Gas, Lane, Pensum, Retry, Validator};
pub use secret::{evm_key, pensum_key};

use crate::{signatures::Folders, Error};
use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
};

/// How the log is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Log {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
}

/// A checked configuration.
#[derive(Clone, Debug)]
pub struct Config {
    /// The journal of `run`.
    pub journal: Option<PathBuf>,
    /// How the log is written.
    pub log: Log,
    /// Where `run` serves metrics and status.
    pub listen: SocketAddr,
    /// How long messages wait between tries.
    pub retry: Retry,
    /// The Pensum chain.
    pub pensum: Option<Pensum>,
    /// The EVM chains.
    pub evm: Vec<Evm>,
    /// Where validators' files are.
    pub folders: Arc<Folders>,
    /// What `validator` does.
    pub validator: Option<Validator>,
}

impl Config {
    /// Reads and checks a file.
    pub fn load(path: &Path) -> Result<Self, Error> {
        let text = fs::read_to_string(path).map_err(|why| Error::unreadable(path, why))?;
        // An announced location is absolute, so the folder must be.
        let whole = std::path::absolute(path).map_err(|why| Error::unreadable(path, why))?;
        let folder = whole.parent().unwrap_or(Path::new("/"));
        Self::parse(&text, folder).map_err(|error| Error {
            fact: format!("{}: {}", path.display(), error.fact),
            ..error
        })
    }

    /// Checks a file's text; relative paths in it are relative to `folder`.
    pub fn parse(text: &str, folder: &Path) -> Result<Self, Error> {
        let raw: raw::File = toml::from_str(text).map_err(|why| {
            Error::usage(
                why.to_string().trim_end().to_string(),
                "Compare with relayer.example.toml, which has every key.",
            )
        })?;
        checked::check(raw, folder)
    }

    /// What `run` needs beside the EVM chains: the journal and the Pensum chain.
    pub fn for_run(&self) -> Result<(&Path, &Pensum), Error> {
        let journal = self.journal.as_deref().ok_or_else(|| {
            Error::usage(
                "`journal` is missing.",
                "Name a file, such as journal = \"relayer.redb\".",
            )
        })?;
        let pensum = self.pensum.as_ref().ok_or_else(|| {
            Error::usage(
                "There is no [pensum] section.",
                "Add one with rpc, domain and key_file.",
            )
        })?;
        if self.evm.is_empty() {
            return Err(Error::usage(
                "There is no [[evm]] section.",
                "Add one for each EVM chain.",
            ));
        }
        Ok((journal, pensum))
    }

    /// What `validator` needs: its section and the chain whose checkpoints it signs.
    pub fn for_validator(&self) -> Result<(&Validator, &Evm), Error> {
        let validator = self.validator.as_ref().ok_or_else(|| {
            Error::usage(
                "There is no [validator] section.",
                "Add one with origin, key_file, dir and journal.",
            )
        })?;
        let origin = self.evm.iter().find(|evm| evm.name == validator.origin);
        let origin = origin.ok_or_else(|| {
            Error::usage(
                format!(
                    "validator.origin is `{}`, and no [[evm]] has that name.",
                    validator.origin
                ),
                "Give it the name of one.",
            )
        })?;
        Ok((validator, origin))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    const EXAMPLE: &str = include_str!("../relayer.example.toml");

    fn parse(text: &str) -> Result<Config, Error> {
        Config::parse(text, Path::new("/etc/relayer"))
    }

    fn refusal(change: (&str, &str)) -> String {
        assert!(EXAMPLE.contains(change.0), "{}", change.0);
        parse(&EXAMPLE.replace(change.0, change.1))
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn the_example_is_accepted() {
        let config = parse(EXAMPLE).unwrap();
        let (journal, pensum) = config.for_run().unwrap();
        assert_eq!(journal, Path::new("/etc/relayer/relayer.redb"));
        assert_eq!(pensum.lane.poll, Duration::from_secs(2));
        let (validator, origin) = config.for_validator().unwrap();
        assert_eq!(validator.location, "file:///etc/relayer/checkpoints");
        assert_eq!(origin.chain_id, 31338);
    }

    #[test]
    fn the_examples_commented_values_are_the_defaults() {
        // A comment that is a key and a value, not a sentence.
        let is_setting = |text: &str| text.split_once(" = ").is_some_and(|(key, _)| !key.contains(' '));
        let uncommented: String = EXAMPLE
            .lines()
            .map(|line| match line.strip_prefix("# ") {
                Some(setting) if is_setting(setting) => format!("{setting}\n"),
                _ => format!("{line}\n"),
            })
            .collect();
        let (spelt_out, short) = (parse(&uncommented).unwrap(), parse(EXAMPLE).unwrap());
        assert_eq!(spelt_out.listen, short.listen);
        assert_eq!(spelt_out.retry, short.retry);
        assert_eq!(spelt_out.pensum, short.pensum);
        let [mut chain] = <[Evm; 1]>::try_from(spelt_out.evm).unwrap();
        // The one default that is no constant: the node is asked.
        chain.gas.priority_fee = None;
        assert_eq!(chain, short.evm[0]);
        assert_eq!(spelt_out.folders.announced, short.folders.announced);
    }

    #[test]
    fn what_is_wrong_is_said_with_a_remedy() {
        for (change, words) in [
            (("ws://127", "http://127"), "ws://"),
            (("rpc = \"http://", "rpc = \"https://"), "TLS"),
            (("name = \"ethereum\"", "name = \"a b\""), "letters"),
            (("domain = 31338", "domain = 1346719233"), "twice"),
            (("mailbox = \"0x5F", "mailbox = \"0x"), "20 bytes"),
            (("journal = \"relayer.redb\"", "jornal = \"x\""), "jornal"),
            (
                ("# listen = \"127.0.0.1:9477\"", "listen = \"0.0.0.0:9477\""),
                "loopback",
            ),
            (("# finality = \"finalized\"", "finality = \"safe\""), "finalized"),
            (("# bump_percent = 15", "bump_percent = 5"), "10"),
            (("# max_fee_gwei = 200", "max_fee_gwei = -1"), "max_fee_gwei"),
            (("# limit_percent = 125", "limit_percent = 50"), "100"),
            (("# range = 1000", "range = 0"), "range"),
            (("# first_seconds = 5", "first_seconds = 0"), "first_seconds"),
            (("key_file = \"ethereum.key\"", ""), "from_pensum"),
            (
                ("# location = \"file:///var", "location = \"ftp:///var"),
                "file://",
            ),
        ] {
            let said = refusal(change);
            assert!(said.contains(words), "{change:?}: {said}");
            assert!(said.starts_with("Usage: "), "{said}");
        }
    }

    #[test]
    fn a_file_without_a_folder_is_in_the_present_one() {
        // Tests run in the crate's folder.
        let config = Config::load(Path::new("relayer.example.toml")).unwrap();
        let here = std::env::current_dir().unwrap();
        assert_eq!(config.journal, Some(here.join("relayer.redb")));
    }

    #[test]
    fn each_command_says_what_it_misses() {
        let config = parse("").unwrap();
        assert!(config.for_run().unwrap_err().fact.contains("journal"));
        assert!(config.for_validator().unwrap_err().fact.contains("[validator]"));
        let config = parse("journal = \"j\"").unwrap();
        assert!(config.for_run().unwrap_err().fact.contains("[pensum]"));
    }
}
