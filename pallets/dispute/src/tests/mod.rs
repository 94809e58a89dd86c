//! One file per call, and per promise.

mod audits;
mod challenge;
mod disputes;
mod draw;
mod graphs;
mod invariants;
mod open;
mod samples;
mod weights;
