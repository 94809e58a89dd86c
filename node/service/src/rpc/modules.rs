//! Puts all modules together.

use super::{
    bridge::BridgeRpcServer,
    market::{
        AssetsRpcServer, LineageRpcServer, ModelRpcServer, RecordRpcServer, SolverRpcServer, TaskRpcServer,
        WorkflowRpcServer,
    },
    Bridge, Market,
};
use crate::client::{Backend, Client, Pool, SelectChain};
use jsonrpsee::RpcModule;
use pallet_transaction_payment_rpc::{TransactionPayment, TransactionPaymentApiServer};
use pensum_primitives::{Block, BlockNumber, Digest};
use sc_consensus_babe::BabeWorkerHandle;
use sc_consensus_babe_rpc::{Babe, BabeApiServer};
use sc_consensus_grandpa::{
    FinalityProofProvider, GrandpaJustificationStream, SharedAuthoritySet, SharedVoterState,
};
use sc_consensus_grandpa_rpc::{Grandpa, GrandpaApiServer};
use sc_rpc::SubscriptionTaskExecutor;
use sp_keystore::KeystorePtr;
use std::sync::Arc;
use substrate_frame_rpc_system::{System, SystemApiServer};

/// What the modules need.
pub struct Modules {
    /// The client.
    pub client: Arc<Client>,
    /// The pool.
    pub pool: Arc<Pool>,
    /// Which fork is best.
    pub select_chain: SelectChain,
    /// Keys.
    pub keystore: KeystorePtr,
    /// BABE's worker.
    pub babe: BabeWorkerHandle<Block>,
    /// GRANDPA's authorities.
    pub authority_set: SharedAuthoritySet<Digest, BlockNumber>,
    /// GRANDPA's voter.
    pub voter_state: SharedVoterState,
    /// GRANDPA's justifications.
    pub justifications: GrandpaJustificationStream<Block>,
    /// Proofs of finality.
    pub finality_proofs: Arc<FinalityProofProvider<Backend, Block>>,
    /// The project's own.
    pub market: Market,
    /// The project's own, for the bridge.
    pub bridge: Bridge,
}

/// All modules that the SDK does not add by itself.
pub fn create(
    modules: &Modules,
    executor: SubscriptionTaskExecutor,
) -> Result<RpcModule<()>, Box<dyn std::error::Error + Send + Sync>> {
    let mut module = RpcModule::new(());
    module.merge(System::new(modules.client.clone(), modules.pool.clone()).into_rpc())?;
    module.merge(TransactionPayment::new(modules.client.clone()).into_rpc())?;
    module.merge(
        Babe::new(
            modules.client.clone(),
            modules.babe.clone(),
            modules.keystore.clone(),
            modules.select_chain.clone(),
        )
        .into_rpc(),
    )?;
    module.merge(
        Grandpa::new(
            executor,
            modules.authority_set.clone(),
            modules.voter_state.clone(),
            modules.justifications.clone(),
            modules.finality_proofs.clone(),
        )
        .into_rpc(),
    )?;
    module.merge(TaskRpcServer::into_rpc(modules.market.clone()))?;
    module.merge(ModelRpcServer::into_rpc(modules.market.clone()))?;
    module.merge(AssetsRpcServer::into_rpc(modules.market.clone()))?;
    module.merge(WorkflowRpcServer::into_rpc(modules.market.clone()))?;
    module.merge(SolverRpcServer::into_rpc(modules.market.clone()))?;
    module.merge(RecordRpcServer::into_rpc(modules.market.clone()))?;
    module.merge(LineageRpcServer::into_rpc(modules.market.clone()))?;
    module.merge(BridgeRpcServer::into_rpc(modules.bridge.clone()))?;
    Ok(module)
}
