//! One file per promise.

mod admin;
mod batch;
mod command;
mod delivery;
mod intent;
mod invariants;
mod queue;
mod refund;
mod refusal;
mod transfer;
mod vectors;
mod views;
mod warp;
mod weights;
