#![doc = include_str!("../README.md")]

pub mod cid;
mod config;
pub mod digest;
pub mod engine;
mod execute;
mod gateway;
mod http;
mod journal;
pub mod log;
mod metrics;
mod models;
mod runs;
mod store;
mod token;
mod watch;
pub mod wire;

pub use config::{Config, ConfigError};
pub use gateway::{Gateway, Running, StartError};
pub use journal::JournalError;
pub use token::{Token, TokenError};
/// Reading SCALE values by the types in a chain's metadata: the node reads events with it for its metrics.
pub use watch::walk as scale;
pub use watch::{ChallengerKey, KeyError, NodeUrl, NodeUrlError, WatchConfig};
