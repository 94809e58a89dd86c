#![doc = include_str!("../README.md")]

pub mod access;
pub mod chain;
pub mod counting;
pub mod declared;
pub mod happened;
pub mod items;
pub mod life;
pub mod markdown;
pub mod plan;
pub mod prepared;
pub mod purposes;
pub mod quiet;
pub mod report;
pub mod table;
