//! Making blocks and making them final.

use crate::{
    client::{BabeImport, Client, GrandpaLink, Pool, SelectChain},
    inherents::SlotInherents,
    partial::JUSTIFICATION_PERIOD,
};
use pensum_primitives::{Block, BlockNumber};
use sc_consensus_babe::{BabeLink, BabeParams, SlotProportion};
use sc_consensus_grandpa::{BeforeBestBlockBy, GrandpaParams, SharedVoterState, VotingRulesBuilder};
use sc_network::{
    config::Role,
    service::traits::{NetworkService, NotificationService},
    ProtocolName,
};
use sc_network_sync::SyncingService;
use sc_service::{error::Error as ServiceError, TaskManager};
use sc_telemetry::TelemetryHandle;
use sc_transaction_pool_api::OffchainTransactionPoolFactory;
use sp_keystore::KeystorePtr;
use std::{sync::Arc, time::Duration};
use substrate_prometheus_endpoint::Registry;

/// How much of a slot the author may spend on filling its block. The rest is for sending it and for the others to import it,
/// which was measured to take a quarter of a full block's building time.
const PROPOSAL_PORTION: f32 = 2.0 / 3.0;

/// What an author needs.
pub(crate) struct Author {
    pub client: Arc<Client>,
    pub pool: Arc<Pool>,
    pub select_chain: SelectChain,
    pub block_import: BabeImport,
    pub babe_link: BabeLink<Block>,
    pub inherents: SlotInherents,
    pub keystore: KeystorePtr,
    pub sync: Arc<SyncingService<Block>>,
    pub force_authoring: bool,
    pub registry: Option<Registry>,
    pub telemetry: Option<TelemetryHandle>,
}

/// Makes blocks in the slots that BABE gives to the keys in the keystore.
pub(crate) fn author(tasks: &TaskManager, author: Author) -> Result<(), ServiceError> {
    let proposer = sc_basic_authorship::ProposerFactory::new(
        tasks.spawn_handle(),
        author.client.clone(),
        author.pool,
        author.registry.as_ref(),
        author.telemetry.clone(),
    );
    let babe = sc_consensus_babe::start_babe(BabeParams {
        keystore: author.keystore,
        client: author.client,
        select_chain: author.select_chain,
        env: proposer,
        block_import: author.block_import,
        sync_oracle: author.sync.clone(),
        justification_sync_link: author.sync,
        create_inherent_data_providers: author.inherents,
        force_authoring: author.force_authoring,
        backoff_authoring_blocks: None::<()>,
        babe_link: author.babe_link,
        block_proposal_slot_portion: SlotProportion::new(PROPOSAL_PORTION),
        max_block_proposal_slot_portion: None,
        telemetry: author.telemetry,
    })?;
    tasks
        .spawn_essential_handle()
        .spawn_blocking("babe-proposer", Some("block-authoring"), babe);
    Ok(())
}

/// What a voter needs; without a keystore it follows the votes of others.
pub(crate) struct Voter {
    pub link: GrandpaLink,
    pub network: Arc<dyn NetworkService>,
    pub sync: Arc<SyncingService<Block>>,
    pub notifications: Box<dyn NotificationService>,
    pub protocol: ProtocolName,
    pub keystore: Option<KeystorePtr>,
    pub role: Role,
    pub name: String,
    pub gossip_duration: Duration,
    pub hold_back: BlockNumber,
    pub pool: Arc<Pool>,
    pub state: SharedVoterState,
    pub registry: Option<Registry>,
    pub telemetry: Option<TelemetryHandle>,
}

/// Takes part in GRANDPA: a node with an authority's key in its keystore votes, every other one follows the votes. Without
/// following them it would learn of finality only with the next justification that a block carries.
pub(crate) fn vote(tasks: &TaskManager, voter: Voter) -> Result<(), ServiceError> {
    // Without any rule a voter votes for the head. The SDK's default rules hold two blocks back, which costs two slots.
    let mut rules = VotingRulesBuilder::<Block, Client>::new();
    if voter.hold_back > 0 {
        rules = rules.add(BeforeBestBlockBy(voter.hold_back));
    }
    let config = sc_consensus_grandpa::Config {
        gossip_duration: voter.gossip_duration,
        justification_generation_period: JUSTIFICATION_PERIOD,
        observer_enabled: false,
        local_role: voter.role,
        name: Some(voter.name),
        keystore: voter.keystore,
        telemetry: voter.telemetry.clone(),
        protocol_name: voter.protocol,
    };
    let grandpa = sc_consensus_grandpa::run_grandpa_voter(GrandpaParams {
        config,
        link: voter.link,
        network: voter.network,
        sync: voter.sync,
        notification_service: voter.notifications,
        voting_rule: rules.build(),
        prometheus_registry: voter.registry,
        shared_voter_state: voter.state,
        telemetry: voter.telemetry,
        offchain_tx_pool_factory: OffchainTransactionPoolFactory::new(voter.pool),
    })?;
    tasks
        .spawn_essential_handle()
        .spawn_blocking("grandpa-voter", None, grandpa);
    Ok(())
}
