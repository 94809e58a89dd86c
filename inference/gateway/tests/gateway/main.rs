//! The contract, against the real server on a free port.

mod access;
mod blobs;
mod concurrency;
mod contract;
mod graph;
mod harness;
mod refusals;
mod restart;
mod runs;
mod watch;
