#![doc = include_str!("../README.md")]

pub mod block;
pub mod bytes;
pub mod genesis;
pub mod honesty;
pub mod invariants;
pub mod ledger;
pub mod log_watch;
pub mod models;
pub mod operation;
pub mod people;
pub mod random;
pub mod run;
pub mod violation;
pub mod working;
pub mod world;
