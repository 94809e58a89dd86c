//! The node: service, JSON-RPC, record index. No business rules.
//!
//! | module | what it does |
//! |---|---|
//! | [`cli`], `command`, `logging` | the command line, what each command does, and how the log is written |
//! | [`chain_spec`] | chains: two presets of the embedded runtime, or a file |
//! | `runtime_api` | the runtime's APIs, against which the client is compiled |
//! | `partial`, [`service`] | client, pool and import queue; a running node |
//! | [`room`] | stops the node before its disk is full |
//! | `consensus`, `discovery` | BABE, GRANDPA, authority discovery |
//! | [`solver`] | operator key and gateway |
//! | [`index`] | from a task to its record, from a model to its tasks |
//! | [`bridge`] | messages to other chains, and a validator's signatures of them |
//! | [`events`], `follow`, [`metrics`] | what happens to tasks, and how long it takes |
//! | `measure` | metrics of final blocks and of this node's solver |
//! | [`rpc`] | JSON-RPC |
//!
//! The runtime's wasm comes from the binary ([`Embedded`]): this crate depends on no pallet, so that a change in one does not
//! recompile the client.

pub mod bridge;
pub mod chain;
pub mod chain_spec;
pub mod cli;
mod client;
mod command;
mod consensus;
mod discovery;
mod embedded;
pub mod events;
mod follow;
pub mod index;
mod inherents;
mod logging;
mod measure;
pub mod metrics;
mod partial;
pub mod room;
pub mod rpc;
mod runtime_api;
pub mod service;
pub mod solver;

pub use command::run;
pub use embedded::Embedded;
