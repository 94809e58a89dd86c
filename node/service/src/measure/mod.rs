//! What the metrics tell of the market, the bridge and this node's own solver, measured at final blocks and at the gateway.
//!
//! Final blocks are read once, event by event, by the names in the runtime's metadata, so that an upgrade of the runtime needs none of the
//! node. State is not scanned: beside the events it is a handful of keys for each block, and the open tasks once at the start.

mod agenda;
mod figures;
mod follower;
mod gateway;
mod open;
mod quorum;
mod runtime;
mod solvers;
mod tell;

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod tests;

pub use figures::Figures;
pub use follower::Follower;
pub use gateway::watch_gateway;
