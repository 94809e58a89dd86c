//! One file per call, and per promise.

mod answer;
mod authorize;
mod cancel;
mod decline;
mod expiry;
mod footprint;
mod handover;
mod invariants;
mod post;
mod prepay;
mod settlement;
mod timing;
mod views;
mod weights;
