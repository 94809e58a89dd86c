//! One binary for all integration tests: it is linked once.

mod errors;
mod malformed;
mod round_trip;
mod samples;
mod strategies;
mod vectors;
