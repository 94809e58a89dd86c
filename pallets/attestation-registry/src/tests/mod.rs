//! One file per call, and per promise.

mod cost;
mod flag;
mod invariants;
mod reclaim;
mod records;
mod register_model;
mod register_skeleton;
mod replay;
mod retire;
mod samples;
mod steps;
mod usable;
mod views;
