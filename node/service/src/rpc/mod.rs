//! JSON-RPC: the SDK's modules that need this node's parts, and the project's own methods.
//!
//! The project's methods read the state of the best block unless they say otherwise. Every argument is bounded, every list
//! has a limit and a place to go on from, and every error is a fact with its remedy and a code that does not change
//! ([`RpcError`]). Amounts are decimal strings, bytes are `0x` hex, accounts are SS58 addresses.
//!
//! | method | answer |
//! |---|---|
//! | `task_status(task)` | where a task stands; an ended one with outcome, answer and block |
//! | `task_open(model?, after?, limit?)` | open tasks |
//! | `task_subscribe(filter?)`, `task_unsubscribe` | notifications `task_event`; filter `{requester?, tasks?}` |
//! | `model_info(id)`, `model_list(after?, limit?)` | models |
//! | `model_run(id, input)` | what the model says to the input, run by the runtime: free, recorded nowhere |
//! | `solver_status(stash)`, `solver_offers(model)` | solvers and their prices |
//! | `assets_listed()`, `assets_worth(asset, amount)` | assets that pay beside PEN, and what they are worth in it |
//! | `record_get(task)` | an ended task's record, its answer and the Merkle proof against the root in the state |
//! | `lineage_task(task)`, `lineage_model(id)` | what went into an answer or a model; `tainted` if any of it is flagged |
//! | `lineage_impact(id, after?, limit?)` | what was made from a model, and the tasks it answered |
//!
//! A `task_event` has `kind`, `block` and `block_hash`. Kinds on chain: `posted`, `handed_over`, `answered`, `refunded`; at
//! this node: `answer_pooled` (`tasks`, `ms_since_import`), `finalized`, `retracted`, and `missed` (`events`) for a subscriber
//! that was too slow.

mod args;
mod asset;
mod error;
mod lineage;
mod market;
mod modules;
mod record;
mod subscribe;
mod task;
mod views;

pub use error::RpcError;
pub use market::Market;
pub use modules::{create, Modules};
