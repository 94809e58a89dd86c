//! One file per call, and per promise.

mod assets;
mod bid;
mod clearing;
mod close;
mod invariants;
mod open;
mod reveal_bid;
mod rounds;
mod take;
mod views;
mod weights;
