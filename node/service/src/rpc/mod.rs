//! JSON-RPC: the SDK's modules that need this node's parts, and the project's own methods.
//!
//! The project's methods read the state of the best block, those of the bridge that of the last final one unless they are given
//! another by its hash, `at`. Every argument is bounded, every list has a limit and a place to go on from, and every error is a
//! fact with its remedy and a code that does not change ([`RpcError`]). Amounts are decimal strings, bytes are `0x` hex, accounts
//! are SS58 addresses. Calls that cost much take turns, and subscribers have a limit (`bounds`).
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
//! | `bridge_info(at?)` | domain, modules' addresses, messages dispatched, the tree's root, what is paused |
//! | `bridge_messages(first, limit?)` | every final message ever, from this node's copies |
//! | `bridge_checkpoint(index, at?)` | root and id at a message, and validators' signatures while the state has them |
//! | `bridge_proof(leaf, index)` | a message's proof in the tree right after another |
//! | `bridge_validators(at?)`, `bridge_keyProof(public, at?)` | validators' checkpoint keys, and proof that one is a validator's |
//! | `bridge_delivered(id, at?)` | the block that processed a message from elsewhere |
//! | `bridge_ism(domain, at?)`, `bridge_announced(addresses, at?)` | whom a domain's messages are believed, and where they publish |
//! | `bridge_gasQuote(domain, gas_limit, at?)` | what delivering a message costs, in PEN |
//! | `bridge_remoteAccount(domain, address)` | the account here of an address elsewhere |
//! | `bridge_request(id, at?)`, `bridge_resultProof(id, at?)` | where an intent from elsewhere stands; its result's proof in a batch |
//!
//! A `task_event` has `kind`, `block` and `block_hash`. Kinds on chain: `posted`, `handed_over`, `answered`, `refunded`; at
//! this node: `answer_pooled` (`tasks`, `ms_since_import`), `finalized`, `retracted`, and `missed` (`events`) for a subscriber
//! that was too slow.

mod args;
mod asset;
mod bounds;
mod bridge;
mod error;
mod lineage;
mod market;
mod modules;
mod record;
mod subscribe;
mod task;
mod views;

pub use bridge::Bridge;
pub use error::RpcError;
pub use market::Market;
pub use modules::{create, Modules};
