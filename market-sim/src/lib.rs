#![doc = include_str!("../README.md")]

pub mod agents;
pub mod collusion;
pub mod lives;
pub mod matching;
pub mod parameters;
pub mod plot;
pub mod report;
pub mod rng;
pub mod scenario;
pub mod verification;
pub mod world;
