//! The worker against a chain and a gateway in memory.

mod answering;
mod crash;
mod declining;
mod http;
