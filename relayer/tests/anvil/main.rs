//! The EVM side against the real contracts on a real EVM node. `contracts/` must be set up: `npm ci && npm run build` there.

mod arriving;
mod leaving;
#[path = "../suite/origin.rs"]
#[allow(dead_code)] // The suite uses more of it.
mod origin;
mod process;
mod stage;
