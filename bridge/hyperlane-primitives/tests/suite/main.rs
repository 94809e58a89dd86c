//! The crate against the vectors of the real contracts, against naive models of itself, and against hostile bytes.

mod address;
mod announcement;
mod errors;
mod files;
mod flips;
mod gas;
mod hook;
mod host;
mod host_functions;
mod mailbox;
mod malformed;
mod message;
mod multisig;
mod proven;
mod signature;
mod support;
mod token;
mod tree;
mod validators;
mod vectors;
