//! One file per call, and per promise.

mod genesis;
mod invariants;
mod list;
mod manipulation;
mod sampling;
mod stable;
mod worth;
