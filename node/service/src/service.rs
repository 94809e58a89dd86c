//! Starts a node.

use crate::{
    bridge::{
        signer::{Folder, PoolOutbox},
        Messages, Signer,
    },
    chain::Chain,
    cli::FinalityArgs,
    client::Extra,
    consensus::{self, Author, Voter},
    discovery,
    events::Events,
    follow,
    index::{self, Index},
    measure,
    metrics::Metrics,
    partial::{new_partial, offchain_storage},
    room::Room,
    rpc::{self, Bridge, Market, Modules},
    solver::{self, SolverSettings},
};
use futures::FutureExt;
use pensum_primitives::{Block, Digest};
use sc_consensus_grandpa::SharedVoterState;
use sc_network::{service::traits::NetworkService, NetworkBackend};
use sc_service::{
    error::Error as ServiceError, ChainType, Configuration, PartialComponents, TaskManager, WarpSyncConfig,
};
use sc_telemetry::Telemetry;
use sc_transaction_pool_api::OffchainTransactionPoolFactory;
use std::sync::Arc;

/// What the command line says beyond the SDK's configuration.
#[derive(Clone, Debug)]
pub struct Options {
    /// How blocks become final.
    pub finality: FinalityArgs,
    /// How the node works as a solver, if it does.
    pub solver: Option<SolverSettings>,
    /// Where a validator writes its signed checkpoints as files, if it does.
    pub checkpoint_dir: Option<Folder>,
    /// How many MiB the disk of the database must have left.
    pub min_disk_room: u64,
}

/// Starts a node on the network backend `N` and returns its tasks.
pub async fn start<N: NetworkBackend<Block, Digest>>(
    mut config: Configuration,
    options: Options,
) -> Result<TaskManager, ServiceError> {
    // The record index lives off what the runtime writes while it executes a block; without it the node could tell
    // nobody how a task ended. A solver works in the off-chain worker whether it is a validator or not.
    config.offchain_worker.indexing_enabled = true;
    config.offchain_worker.enabled |= options.solver.is_some();
    if matches!(
        config.chain_spec.chain_type(),
        ChainType::Development | ChainType::Local
    ) {
        // The SDK waits for three peers, which protects against a liar; a network on one machine may have only one.
        config.network.min_peers_to_start_warp_sync = Some(1);
    }

    // Before the database is opened: on a full disk that alone can end the node.
    let room = Room::new(&config.data_path, options.min_disk_room);
    room.look()
        .map_err(|error| ServiceError::Application(Box::new(error)))?;

    let PartialComponents {
        client,
        backend,
        mut task_manager,
        import_queue,
        keystore_container,
        select_chain,
        transaction_pool,
        other:
            Extra {
                block_import,
                grandpa_link,
                babe_link,
                babe_worker,
                inherents,
                mut telemetry,
            },
    } = new_partial(&config)?;
    task_manager
        .spawn_essential_handle()
        .spawn("disk-room", Some("pensum"), room.watch());
    let keystore = keystore_container.keystore();
    let registry = config.prometheus_registry().cloned();
    let offchain = offchain_storage(&backend)?;

    let gateway_dir = config.data_path.join("gateway");
    let is_solver = options.solver.is_some();
    let gateway = solver::set_up(options.solver, gateway_dir, &keystore, offchain.clone())
        .await
        .map_err(|error| ServiceError::Application(Box::new(error)))?;
    task_manager.keep_alive(gateway);

    let genesis = sp_blockchain::HeaderBackend::info(&*client).genesis_hash;
    let grandpa_protocol = sc_consensus_grandpa::protocol_standard_name(&genesis, &config.chain_spec);
    let mut net_config =
        sc_network::config::FullNetworkConfiguration::<_, _, N>::new(&config.network, registry.clone());
    let network_metrics = N::register_notification_metrics(registry.as_ref());
    let (grandpa_protocol_config, grandpa_notifications) =
        sc_consensus_grandpa::grandpa_peers_set_config::<_, N>(
            grandpa_protocol.clone(),
            network_metrics.clone(),
            net_config.peer_store_handle(),
        );
    net_config.add_notification_protocol(grandpa_protocol_config);

    let warp_sync = Arc::new(sc_consensus_grandpa::warp_proof::NetworkProvider::new(
        backend.clone(),
        grandpa_link.shared_authority_set().clone(),
        Vec::new(),
    ));
    let (network, system_rpc_tx, tx_handler_controller, sync_service, _bitswap) =
        sc_service::build_network(sc_service::BuildNetworkParams {
            config: &config,
            net_config,
            client: client.clone(),
            transaction_pool: transaction_pool.clone(),
            spawn_handle: task_manager.spawn_handle(),
            spawn_essential_handle: task_manager.spawn_essential_handle(),
            import_queue,
            block_announce_validator_builder: None,
            warp_sync_config: Some(WarpSyncConfig::WithProvider(warp_sync)),
            block_relay: None,
            metrics: network_metrics,
            gap_sync_body_policy: None,
        })?;

    if config.offchain_worker.enabled {
        let workers = sc_offchain::OffchainWorkers::new(sc_offchain::OffchainWorkerOptions {
            runtime_api_provider: client.clone(),
            keystore: Some(keystore.clone()),
            offchain_db: Some(offchain.clone()),
            transaction_pool: Some(OffchainTransactionPoolFactory::new(transaction_pool.clone())),
            network_provider: Arc::new(network.clone()),
            is_validator: config.role.is_authority(),
            // The worker talks to its gateway over HTTP.
            enable_http_requests: true,
            custom_extensions: |_| Vec::new(),
        })?;
        task_manager.spawn_handle().spawn(
            "offchain-workers",
            Some("offchain-worker"),
            workers.run(client.clone(), task_manager.spawn_handle()).boxed(),
        );
    }

    let chain: Arc<dyn Chain> = client.clone();
    let metrics = Metrics::register(registry.as_ref())?;
    if let Some(registry) = &registry {
        let figures = measure::Figures::register(registry)?;
        if let Some((url, token)) = solver::gateway(&offchain) {
            let watching = measure::watch_gateway(figures.clone(), url, token);
            task_manager
                .spawn_handle()
                .spawn("gateway-health", Some("pensum"), watching);
        }
        let own = is_solver.then(|| keystore.clone());
        let follower = measure::Follower::new(chain.clone(), figures, own);
        follow::measures(&task_manager, client.clone(), follower);
    }
    let storage = index::share(offchain);
    let index = Index::new(storage.clone()).measured(metrics.clone());
    let messages = Messages::new(storage);
    let events = Events::default();
    follow::records(&task_manager, client.clone(), index.clone());
    follow::tasks(
        &task_manager,
        client.clone(),
        transaction_pool.clone(),
        events.clone(),
        metrics.clone(),
    );
    let signer = config.role.is_authority().then(|| {
        let outbox = PoolOutbox {
            pool: transaction_pool.clone(),
            sync: sync_service.clone(),
        };
        Signer::new(
            chain.clone(),
            messages.clone(),
            keystore.clone(),
            Box::new(outbox),
            options.checkpoint_dir,
            metrics.clone(),
        )
    });
    follow::messages(&task_manager, client.clone(), messages.clone(), signer, metrics);

    let role = config.role;
    let name = config.network.node_name.clone();
    let force_authoring = config.force_authoring;
    let follows_finality = !config.disable_grandpa;
    let gossip_duration = options.finality.gossip_duration(&config.chain_spec.chain_type());
    let discovery = discovery::Settings::new(&config);
    let voter_state = SharedVoterState::empty();

    let market = Market::new(chain.clone(), index, events);
    let modules = Modules {
        client: client.clone(),
        pool: transaction_pool.clone(),
        select_chain: select_chain.clone(),
        keystore: keystore.clone(),
        babe: babe_worker,
        authority_set: grandpa_link.shared_authority_set().clone(),
        voter_state: voter_state.clone(),
        justifications: grandpa_link.justification_stream(),
        finality_proofs: sc_consensus_grandpa::FinalityProofProvider::new_for_service(
            backend.clone(),
            Some(grandpa_link.shared_authority_set().clone()),
        ),
        bridge: Bridge::new(chain, messages, market.gate()),
        market,
    };
    sc_service::spawn_tasks(sc_service::SpawnTasksParams {
        config,
        client: client.clone(),
        backend,
        task_manager: &mut task_manager,
        keystore: keystore.clone(),
        transaction_pool: transaction_pool.clone(),
        rpc_builder: Box::new(move |executor| {
            rpc::create(&modules, executor).map_err(ServiceError::Application)
        }),
        network: Arc::clone(&network),
        system_rpc_tx,
        tx_handler_controller,
        sync_service: sync_service.clone(),
        telemetry: telemetry.as_mut(),
        tracing_execute_block: None,
    })?;

    let telemetry_handle = telemetry.as_ref().map(Telemetry::handle);
    if role.is_authority() {
        consensus::author(
            &task_manager,
            Author {
                client: client.clone(),
                pool: transaction_pool.clone(),
                select_chain,
                block_import,
                babe_link,
                inherents,
                keystore: keystore.clone(),
                sync: sync_service.clone(),
                force_authoring,
                registry: registry.clone(),
                telemetry: telemetry_handle.clone(),
            },
        )?;
        discovery.start(
            &task_manager,
            client,
            network.clone(),
            keystore.clone(),
            registry.clone(),
        );
    }
    if follows_finality {
        consensus::vote(
            &task_manager,
            Voter {
                link: grandpa_link,
                network: network as Arc<dyn NetworkService>,
                sync: sync_service,
                notifications: grandpa_notifications,
                protocol: grandpa_protocol,
                keystore: role.is_authority().then_some(keystore),
                role,
                name,
                gossip_duration,
                hold_back: options.finality.grandpa_hold_back,
                pool: transaction_pool,
                state: voter_state,
                registry,
                telemetry: telemetry_handle,
            },
        )?;
    }
    Ok(task_manager)
}
