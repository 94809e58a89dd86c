//! Runs what the command line asks for.

use crate::{
    chain_spec,
    cli::{Cli, Subcommand},
    client::PartialComponents,
    embedded::Embedded,
    logging,
    partial::new_partial,
    service,
};
use pensum_primitives::Block;
use sc_cli::SubstrateCli;
use sc_network::config::NetworkBackendType;

/// Parses the command line and runs it until it ends or is told to.
pub fn run(embedded: Embedded) -> sc_cli::Result<()> {
    embedded.keep();
    execute(Cli::from_args())
}

fn execute(cli: Cli) -> sc_cli::Result<()> {
    match &cli.subcommand {
        None => run_node(&cli),
        Some(Subcommand::Key(command)) => command.run(&cli),
        #[allow(deprecated)]
        Some(Subcommand::BuildSpec(command)) => cli
            .create_runner(command)?
            .sync_run(|config| command.run(config.chain_spec, config.network)),
        Some(Subcommand::ExportChainSpec(command)) => {
            let id = command.chain.as_str();
            command.run(Box::new(chain_spec::load(id, Embedded::get().wasm)?))
        }
        Some(Subcommand::CheckBlock(command)) => cli.create_runner(command)?.async_run(|config| {
            let PartialComponents {
                client,
                task_manager,
                import_queue,
                ..
            } = new_partial(&config)?;
            Ok((command.run(client, import_queue), task_manager))
        }),
        Some(Subcommand::ExportBlocks(command)) => cli.create_runner(command)?.async_run(|config| {
            let PartialComponents {
                client, task_manager, ..
            } = new_partial(&config)?;
            Ok((command.run(client, config.database), task_manager))
        }),
        Some(Subcommand::ImportBlocks(command)) => cli.create_runner(command)?.async_run(|mut config| {
            // Records are written to the off-chain index while blocks are executed, here as well as in a running node.
            config.offchain_worker.indexing_enabled = true;
            let PartialComponents {
                client,
                task_manager,
                import_queue,
                ..
            } = new_partial(&config)?;
            Ok((command.run(client, import_queue), task_manager))
        }),
        Some(Subcommand::PurgeChain(command)) => cli
            .create_runner(command)?
            .sync_run(|config| command.run(config.database)),
        Some(Subcommand::Revert(command)) => cli.create_runner(command)?.async_run(|config| {
            let PartialComponents {
                client,
                task_manager,
                backend,
                ..
            } = new_partial(&config)?;
            let consensus = Box::new(|client, backend, blocks| {
                sc_consensus_babe::revert(std::sync::Arc::clone(&client), backend, blocks)?;
                sc_consensus_grandpa::revert(client, blocks)?;
                Ok(())
            });
            Ok((command.run(client, backend, Some(consensus)), task_manager))
        }),
        Some(Subcommand::ChainInfo(command)) => cli
            .create_runner(command)?
            .sync_run(|config| command.run::<Block>(&config)),
    }
}

fn run_node(cli: &Cli) -> sc_cli::Result<()> {
    let runner = logging::runner(cli)?;
    let options = service::Options {
        finality: cli.finality.clone(),
        solver: cli
            .solver
            .settings(&runner.config().chain_spec.chain_type())
            .map_err(|error| sc_cli::Error::Input(error.to_string()))?,
        checkpoint_dir: cli
            .bridge
            .folder(runner.config().role.is_authority())
            .map_err(|error| sc_cli::Error::Input(error.to_string()))?,
        min_disk_room: cli.room.min_disk_room,
    };
    runner.run_node_until_exit(|config| async move {
        match config.network.network_backend {
            NetworkBackendType::Libp2p => {
                service::start::<sc_network::NetworkWorker<_, _>>(config, options).await
            }
            NetworkBackendType::Litep2p => {
                service::start::<sc_network::Litep2pNetworkBackend>(config, options).await
            }
        }
        .map_err(sc_cli::Error::Service)
    })
}
