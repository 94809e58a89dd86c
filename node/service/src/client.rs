//! The concrete types that the service is made of.

use crate::{inherents::SlotInherents, runtime_api::RuntimeApi};
use pensum_primitives::Block;
use sc_executor::WasmExecutor;

/// Host functions of the wasm executor.
pub type HostFunctions = sp_io::SubstrateHostFunctions;
/// The client.
pub type Client = sc_service::TFullClient<Block, RuntimeApi, WasmExecutor<HostFunctions>>;
/// The database.
pub type Backend = sc_service::TFullBackend<Block>;
/// Which fork is best: the longest.
pub type SelectChain = sc_consensus::LongestChain<Backend, Block>;
/// The transaction pool.
pub type Pool = sc_transaction_pool::TransactionPoolHandle<Block, Client>;
/// Imports blocks and follows changes of the GRANDPA authority set.
pub type GrandpaImport = sc_consensus_grandpa::GrandpaBlockImport<Backend, Block, Client, SelectChain>;
/// Imports blocks: BABE's checks before GRANDPA's.
pub type BabeImport =
    sc_consensus_babe::BabeBlockImport<Block, Client, GrandpaImport, SlotInherents, SelectChain>;
/// What the GRANDPA voter takes over from the import.
pub type GrandpaLink = sc_consensus_grandpa::LinkHalf<Block, Client, SelectChain>;
/// The database's storage of off-chain data.
pub type OffchainStorage = <Backend as sc_client_api::Backend<Block>>::OffchainStorage;

/// The pieces that `new_partial` makes.
pub type PartialComponents = sc_service::PartialComponents<
    Client,
    Backend,
    SelectChain,
    sc_consensus::DefaultImportQueue<Block>,
    Pool,
    Extra,
>;

/// What a full node needs beyond the standard pieces.
pub struct Extra {
    /// Imports the node's own blocks.
    pub block_import: BabeImport,
    /// For the GRANDPA voter.
    pub grandpa_link: GrandpaLink,
    /// For the BABE author.
    pub babe_link: sc_consensus_babe::BabeLink<Block>,
    /// For BABE's RPC.
    pub babe_worker: sc_consensus_babe::BabeWorkerHandle<Block>,
    /// Inherents of the node's own blocks.
    pub inherents: SlotInherents,
    /// Telemetry, where the chain spec or a flag asks for it.
    pub telemetry: Option<sc_telemetry::Telemetry>,
}
