//! Carries Hyperlane messages between a Pensum chain and EVM chains, and signs checkpoints of an EVM chain. The crate's README is
//! its specification and its operator's guide.
//!
//! A *route* leads from an [`Origin`](chain::Origin) to a [`Destination`](chain::Destination). A follower reads an origin's final
//! messages into the [`journal`]; a lane takes those that are due for its destination out of it, gathers signatures, sends, and
//! watches what it has sent until that is final. Neither knows what sort of chain it works on, and both can be killed between any
//! two of their steps: whatever would be wrong to do twice is written down before it is done.

pub mod chain;
pub mod commands;
pub mod config;
pub mod error;
pub mod evm;
pub mod http;
pub mod journal;
pub mod metadata;
pub mod metrics;
pub mod pensum;
pub mod route;
pub mod signatures;
pub mod status;
pub mod time;
pub mod tree;
pub mod validator;

pub use error::{Error, Fault, Kind};
