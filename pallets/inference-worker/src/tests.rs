//! The worker against a chain and a gateway in memory.

mod answering;
mod auctions;
mod audits;
mod crash;
mod declining;
mod http;
mod panels;
