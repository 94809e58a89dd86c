//! The command line.

use clap::Parser;
use pensum_gateway::{ChallengerKey, Config, KeyError, NodeUrl, StartError, Token, TokenError, WatchConfig};
use std::{net::SocketAddr, path::PathBuf, time::Duration};

/// Runs models for Pensum's off-chain worker over HTTP.
#[derive(Parser, Debug)]
#[command(version, about)]
pub(crate) struct Args {
    /// Where to listen. Anything but loopback needs --token-file.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:9950")]
    listen: SocketAddr,
    /// File with the token that every request must carry.
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// Folder that is searched for model files (**/*.graph).
    #[arg(long, value_name = "FOLDER")]
    models_dir: PathBuf,
    /// Folder for the content store and the journal.
    #[arg(long, value_name = "FOLDER")]
    data_dir: PathBuf,
    /// How many runs go on at a time.
    #[arg(long, value_name = "N", default_value_t = Config::THREADS)]
    threads: usize,
    /// Most runs that are queued or running.
    #[arg(long, value_name = "N", default_value_t = Config::QUEUE_LIMIT)]
    queue_limit: usize,
    /// Most bytes of one blob.
    #[arg(long, value_name = "BYTES", default_value_t = Config::BLOB_LIMIT)]
    blob_limit: u64,
    /// Most bytes of all blobs.
    #[arg(long, value_name = "BYTES", default_value_t = Config::STORE_LIMIT)]
    store_limit: u64,
    /// Most finished runs in the journal.
    #[arg(long, value_name = "N", default_value_t = Config::KEEP_RUNS)]
    keep_runs: u64,
    /// How long a finished run stays in the journal.
    #[arg(long, value_name = "SECONDS", default_value_t = Config::KEEP_FOR.as_secs())]
    keep_seconds: u64,
    /// Watches the chain of the node at this address: recomputes every answer whose window is open, and proves wrong ones wrong.
    #[arg(long, value_name = "URL", requires = "key_file")]
    watch: Option<NodeUrl>,
    /// File with the secret of the account that holds the bonds of challenges. Nobody else may be able to read it.
    #[arg(long, value_name = "FILE", requires = "watch")]
    key_file: Option<PathBuf>,
    /// Writes the log as JSON, one object to a line.
    #[arg(long)]
    pub(crate) log_json: bool,
}

/// What ends the program with an error.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Fatal {
    #[error(transparent)]
    Token(#[from] TokenError),
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error(transparent)]
    Start(#[from] StartError),
    #[error("The gateway cannot notice signals ({0}). Run it where processes may handle them.")]
    Signals(#[from] std::io::Error),
}

impl Args {
    pub(crate) fn config(self) -> Result<Config, Fatal> {
        let key = self.key_file.map(|file| ChallengerKey::read(&file)).transpose()?;
        Ok(Config {
            listen: self.listen,
            token: self.token_file.map(|file| Token::read(&file)).transpose()?,
            models_dir: self.models_dir,
            data_dir: self.data_dir,
            threads: self.threads,
            queue_limit: self.queue_limit,
            blob_limit: self.blob_limit,
            store_limit: self.store_limit,
            keep_runs: self.keep_runs,
            keep_for: Duration::from_secs(self.keep_seconds),
            watch: self.watch.zip(key).map(|(node, key)| WatchConfig { node, key }),
        })
    }
}
