//! What the client has to know of the runtime to import a block. As in the node's service nothing here is executed: every call goes
//! to the wasm on chain. Fewer declarations than the node's, since each costs compile time.
// The macro's own items are not documented, and nobody makes a `Runtime`.
#![allow(missing_docs, dead_code)]

use pensum_primitives::Block;
use sp_runtime::{traits::Block as BlockT, ExtrinsicInclusionMode};

/// Stands for the runtime's type in the declarations below.
pub struct Runtime;

/// The body of every API: the wasm on chain has the real one.
fn never() -> ! {
    panic!("only the wasm runtime is executed")
}

sp_api::impl_runtime_apis! {
    impl sp_api::Core<Block> for Runtime {
        fn version() -> sp_version::RuntimeVersion {
            never()
        }

        fn execute_block(_: <Block as BlockT>::LazyBlock) {
            never()
        }

        fn initialize_block(_: &<Block as BlockT>::Header) -> ExtrinsicInclusionMode {
            never()
        }
    }
}
