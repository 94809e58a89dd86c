//! Lets validators find each other's addresses through the DHT.

use crate::client::Client;
use futures::StreamExt;
use sc_authority_discovery::{Role, WorkerConfig};
use sc_network::{service::traits::NetworkService, Event, Multiaddr};
use sc_service::{Configuration, TaskManager};
use sp_keystore::KeystorePtr;
use std::{path::PathBuf, sync::Arc};
use substrate_prometheus_endpoint::Registry;

/// What the node's configuration says about it.
pub(crate) struct Settings {
    publish_non_global_ips: bool,
    public_addresses: Vec<Multiaddr>,
    cache: Option<PathBuf>,
}

impl Settings {
    /// Reads the configuration.
    pub fn new(config: &Configuration) -> Self {
        Self {
            publish_non_global_ips: config.network.allow_non_globals_in_dht,
            public_addresses: config.network.public_addresses.clone(),
            cache: config.network.net_config_path.clone(),
        }
    }

    /// Publishes this validator's addresses and looks for the others'.
    pub fn start(
        self,
        tasks: &TaskManager,
        client: Arc<Client>,
        network: Arc<dyn NetworkService>,
        keystore: KeystorePtr,
        registry: Option<Registry>,
    ) {
        let events = network
            .event_stream("authority-discovery")
            .filter_map(|event| async move {
                match event {
                    Event::Dht(event) => Some(event),
                    _ => None,
                }
            });
        let config = WorkerConfig {
            publish_non_global_ips: self.publish_non_global_ips,
            public_addresses: self.public_addresses,
            // No old nodes exist whose records would lack the network identity's signature.
            strict_record_validation: true,
            persisted_cache_directory: self.cache,
            ..WorkerConfig::default()
        };
        let (worker, _service) = sc_authority_discovery::new_worker_and_service_with_config(
            config,
            client,
            Arc::new(network),
            Box::pin(events),
            Role::PublishAndDiscover(keystore),
            registry,
            tasks.spawn_handle(),
        );
        tasks
            .spawn_handle()
            .spawn("authority-discovery-worker", Some("networking"), worker.run());
    }
}
