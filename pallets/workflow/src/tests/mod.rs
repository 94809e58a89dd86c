//! One file per call, and per promise.

mod assets;
mod cancel;
mod condition;
mod failure;
mod invariants;
mod money;
mod queue;
mod run;
mod views;
mod weights;
