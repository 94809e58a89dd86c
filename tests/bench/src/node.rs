//! A full node's client over a database on disk, without network and pool.

use crate::{
    api::RuntimeApi,
    failure::{hold, Failure, Measured},
    spent::{timed, Took},
};
use futures::executor::block_on;
use pensum_primitives::{Block, Digest};
use sc_client_api::{Backend as _, CallExecutor, ExecutorProvider, Finalizer, TrieCacheContext};
use sc_client_db::{BlocksPruning, DatabaseSettings, DatabaseSource, PruningMode};
use sc_consensus::{BlockImport, BlockImportParams, ForkChoiceStrategy, ImportResult, StateAction};
use sc_executor::WasmExecutor;
use sc_service::{client::new_with_backend, ClientConfig, GenesisBlockBuilder};
use sp_blockchain::HeaderBackend;
use sp_consensus::BlockOrigin;
use sp_core::{storage::Storage, testing::TaskExecutor, traits::CallContext};
use sp_runtime::traits::{BlakeTwo256, Block as _};
use sp_state_machine::{Ext, OverlayedChanges};
use std::{
    fs,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// Executes the runtime's wasm; its clones share what they compiled.
pub type Executor = WasmExecutor<sp_io::SubstrateHostFunctions>;
type Client = sc_service::TFullClient<Block, RuntimeApi, Executor>;
type Backend = sc_service::TFullBackend<Block>;

/// Bytes of the state cache: the node's default.
const CACHE: usize = 1024 * 1024 * 1024;
/// Blocks whose state is kept: the node's default.
pub const KEPT: u32 = 256;

/// The node.
pub struct Node {
    client: Client,
    backend: Arc<Backend>,
    folder: TempDir,
}

/// An executor as the node has it.
pub fn executor() -> Executor {
    WasmExecutor::builder().build()
}

impl Node {
    /// A new node whose chain begins with this state and which keeps so many blocks' states.
    pub fn open(storage: Storage, executor: &Executor, kept: u32) -> Measured<Self> {
        let folder = tempfile::Builder::new().prefix("pensum-bench").tempdir()?;
        let backend = sc_service::new_db_backend::<Block>(DatabaseSettings {
            trie_cache_maximum_size: Some(CACHE),
            state_pruning: Some(PruningMode::blocks_pruning(kept)),
            source: DatabaseSource::ParityDb {
                path: folder.path().join("db"),
            },
            blocks_pruning: BlocksPruning::KeepFinalized,
            pruning_filters: Vec::new(),
            metrics_registry: None,
        })?;
        let genesis = GenesisBlockBuilder::<Block, _, _>::new_with_storage(
            storage,
            true,
            backend.clone(),
            executor.clone(),
        )?;
        let client = new_with_backend(
            backend.clone(),
            executor.clone(),
            genesis,
            Box::new(TaskExecutor::new()),
            None,
            None,
            // As the node's: what the runtime notes for the record index is written with the block.
            ClientConfig {
                offchain_indexing_api: true,
                ..Default::default()
            },
        )?;
        Ok(Self {
            client,
            backend,
            folder,
        })
    }

    /// The hash of its first block.
    pub fn genesis(&self) -> Digest {
        self.client.info().genesis_hash
    }

    /// Imports a block as one that came from the network: executes it, computes the state root, writes it. Says how long that took.
    pub fn import(&self, block: Block) -> Measured<Took> {
        let (header, body) = block.deconstruct();
        let mut block = BlockImportParams::<Block>::new(BlockOrigin::NetworkBroadcast, header);
        block.body = Some(body);
        block.state_action = StateAction::Execute;
        block.fork_choice = Some(ForkChoiceStrategy::LongestChain);
        let (result, took) = timed(|| block_on(self.client.import_block(block)))?;
        let result = result.map_err(|error| Failure(format!("a block is refused: {error}")))?;
        hold(matches!(result, ImportResult::Imported(_)), || {
            format!("a block is not imported: {result:?}")
        })?;
        Ok(took)
    }

    /// Makes the best block final. Says how long that took.
    pub fn finalise(&self) -> Measured<Took> {
        let best = self.client.info().best_hash;
        let (done, took) = timed(|| self.client.finalize_block(best, None, false))?;
        done?;
        Ok(took)
    }

    /// Calls a runtime API at the best block, as JSON-RPC would. Says what came back and how long it took.
    pub fn call(&self, function: &str, arguments: &[u8]) -> Measured<(Vec<u8>, Took)> {
        let best = self.client.info().best_hash;
        let executor = self.client.executor();
        let (answer, took) = timed(|| executor.call(best, function, arguments, CallContext::Offchain))?;
        Ok((answer?, took))
    }

    /// Runs native code over the database's state at the best block.
    pub fn look<R>(&self, look: impl FnOnce() -> R) -> Measured<R> {
        let best = self.client.info().best_hash;
        let state = self.backend.state_at(best, TrieCacheContext::Untrusted)?;
        let mut changes = OverlayedChanges::<BlakeTwo256>::default();
        let mut ext = Ext::new(&mut changes, &state, None);
        Ok(sp_externalities::set_and_run_with_externalities(&mut ext, look))
    }

    /// Closes the database and says how many bytes its tables have then: entries and the little that is free in them, without the index,
    /// whose files are as large as they may become. Only closing writes everything from the log into the tables.
    pub fn close(self) -> Measured<u64> {
        let Self {
            client,
            backend,
            folder,
        } = self;
        drop(client);
        // The client's own task holds the database a moment longer than the client.
        let patience = Instant::now();
        while Arc::strong_count(&backend) > 1 && patience.elapsed() < Duration::from_secs(5) {
            std::thread::sleep(Duration::from_millis(10));
        }
        hold(Arc::strong_count(&backend) == 1, || {
            "something keeps the database open".into()
        })?;
        drop(backend);
        bytes_of_tables(folder.path())
    }
}

fn bytes_of_tables(folder: &Path) -> Measured<u64> {
    let mut bytes = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let about = entry.metadata()?;
        if about.is_dir() {
            bytes += bytes_of_tables(&entry.path())?;
        } else if entry.file_name().to_string_lossy().starts_with("table_") {
            bytes += about.len();
        }
    }
    Ok(bytes)
}
