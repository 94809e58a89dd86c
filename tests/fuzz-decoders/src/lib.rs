#![doc = include_str!("../README.md")]

pub mod memory;
pub mod mutation;
pub mod run;
pub mod target;
pub mod targets;
