//! What a gateway is told when it starts.

use crate::{token::Token, watch::WatchConfig, wire::MAX_RUNS};
use std::{net::SocketAddr, path::PathBuf, time::Duration};

/// What a gateway is told when it starts. [`Config::new`] gives defaults that fit a node's own gateway.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// What clients must show; not needed on loopback.
    pub token: Option<Token>,
    /// Folder that is searched for `**/*.graph`.
    pub models_dir: PathBuf,
    /// Folder of the content store and the journal; made if it is missing.
    pub data_dir: PathBuf,
    /// How many runs go on at a time.
    pub threads: usize,
    /// Most runs that are queued or running; at least [`MAX_RUNS`], so that one full `POST` fits.
    pub queue_limit: usize,
    /// Most bytes of one blob.
    pub blob_limit: u64,
    /// Most bytes of all blobs.
    pub store_limit: u64,
    /// Most finished runs in the journal.
    pub keep_runs: u64,
    /// How long a finished run stays in the journal.
    pub keep_for: Duration,
    /// The chain to watch for wrong answers, if any.
    pub watch: Option<WatchConfig>,
}

impl Config {
    /// Default of [`Config::threads`]: the graph engine answers in milliseconds, and the machine has a node to run.
    pub const THREADS: usize = 1;
    /// Default of [`Config::queue_limit`]: some blocks' worth of full sheets.
    pub const QUEUE_LIMIT: usize = 8_192;
    /// Default of [`Config::blob_limit`]: sixteen times the longest text a graph can take.
    pub const BLOB_LIMIT: u64 = 1024 * 1024;
    /// Default of [`Config::store_limit`].
    pub const STORE_LIMIT: u64 = 1024 * 1024 * 1024;
    /// Default of [`Config::keep_runs`]: at about 2 KiB each, some 500 MB at most.
    pub const KEEP_RUNS: u64 = 250_000;
    /// Default of [`Config::keep_for`]: far beyond the deadline of any task.
    pub const KEEP_FOR: Duration = Duration::from_secs(7 * 24 * 3600);

    /// A gateway on a free loopback port.
    pub fn new(models_dir: impl Into<PathBuf>, data_dir: impl Into<PathBuf>) -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            token: None,
            models_dir: models_dir.into(),
            data_dir: data_dir.into(),
            threads: Self::THREADS,
            queue_limit: Self::QUEUE_LIMIT,
            blob_limit: Self::BLOB_LIMIT,
            store_limit: Self::STORE_LIMIT,
            keep_runs: Self::KEEP_RUNS,
            keep_for: Self::KEEP_FOR,
            watch: None,
        }
    }

    /// Checks what can be checked without touching anything.
    pub(crate) fn check(&self) -> Result<(), ConfigError> {
        if !self.listen.ip().is_loopback() && self.token.is_none() {
            return Err(ConfigError::TokenNeeded { listen: self.listen });
        }
        if self.threads == 0 {
            return Err(ConfigError::NoThreads);
        }
        if self.queue_limit < MAX_RUNS {
            return Err(ConfigError::QueueTooShort {
                queue_limit: self.queue_limit,
            });
        }
        if self.blob_limit == 0 || self.blob_limit > self.store_limit {
            return Err(ConfigError::BlobLimit {
                blob: self.blob_limit,
                store: self.store_limit,
            });
        }
        Ok(())
    }
}

/// Settings that do not fit together.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ConfigError {
    /// Others can reach the gateway and nothing stops them.
    #[error("{listen} can be reached from other machines and there is no token. Give --token-file, or listen on 127.0.0.1.")]
    TokenNeeded {
        /// The address.
        listen: SocketAddr,
    },
    /// Nothing would ever run.
    #[error("The gateway has no thread to run models on. Give --threads 1 or more.")]
    NoThreads,
    /// A full request would never fit.
    #[error("A queue of {queue_limit} runs cannot take a request of {MAX_RUNS}. Give --queue-limit {MAX_RUNS} or more.")]
    QueueTooShort {
        /// The limit given.
        queue_limit: usize,
    },
    /// The largest blob would never fit, or none would.
    #[error("A blob may have {blob} bytes and the whole store {store}. Give --blob-limit between 1 and --store-limit.")]
    BlobLimit {
        /// Limit of one blob.
        blob: u64,
        /// Limit of all.
        store: u64,
    },
}
