//! The command line.

use crate::{
    bridge::signer::{Folder, FolderError},
    chain_spec,
    embedded::Embedded,
    room::RoomArgs,
};
use sc_cli::{clap, RunCmd, SubstrateCli};
use std::{net::SocketAddr, path::PathBuf, time::Duration};

/// The whole command line.
#[derive(Debug, clap::Parser)]
pub struct Cli {
    /// What to do instead of running a node.
    #[command(subcommand)]
    pub subcommand: Option<Subcommand>,

    /// What every Substrate node takes.
    #[command(flatten)]
    pub run: RunCmd,

    /// How blocks become final.
    #[command(flatten)]
    pub finality: FinalityArgs,

    /// How the node works as a solver.
    #[command(flatten)]
    pub solver: SolverArgs,

    /// How a validator takes part in the bridge.
    #[command(flatten)]
    pub bridge: BridgeArgs,

    /// How much room the node wants on its disk.
    #[command(flatten)]
    pub room: RoomArgs,

    /// How the log is written.
    #[command(flatten)]
    pub logging: LoggingArgs,
}

/// How the log is written.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct LoggingArgs {
    /// Write the log as JSON, one object to a line, for programs that collect it.
    #[arg(long)]
    pub log_json: bool,
}

/// How blocks become final.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct FinalityArgs {
    /// Time in milliseconds that a GRANDPA message is expected to need to reach every validator.
    ///
    /// A block is final about four times this long after its import. Too short for the network's round trip, and rounds
    /// are wasted. Default: 50 on development and local chains, 100 elsewhere.
    #[arg(long, value_name = "MS", value_parser = clap::value_parser!(u64).range(10..=10_000))]
    pub grandpa_gossip_ms: Option<u64>,

    /// How many blocks behind the head this validator votes for.
    ///
    /// Each one makes a block final one slot later. With 0 it votes for the head, which is right where one author owns a
    /// slot and forks are rare.
    #[arg(long, value_name = "BLOCKS", default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=64))]
    pub grandpa_hold_back: u32,
}

impl FinalityArgs {
    /// The gossip interval on a chain of this type.
    pub fn gossip_duration(&self, chain_type: &sc_service::ChainType) -> Duration {
        let on_one_machine = matches!(
            chain_type,
            sc_service::ChainType::Development | sc_service::ChainType::Local
        );
        // Measured with four validators on two cores: 50 ms give 193 ms from import to finality at the median, 100 ms give 408.
        Duration::from_millis(
            self.grandpa_gossip_ms
                .unwrap_or(if on_one_machine { 50 } else { 100 }),
        )
    }
}

/// How the node works as a solver.
#[derive(Debug, Clone, clap::Args)]
pub struct SolverArgs {
    /// Work as a solver: run models and answer the tasks that the operator key is assigned.
    #[arg(long)]
    pub solver: bool,

    /// File with the operator key's secret phrase or hex seed. It is read at every start and not written to the keystore.
    #[arg(
        long,
        value_name = "FILE",
        requires = "solver",
        conflicts_with = "dev_operator"
    )]
    pub operator_key_file: Option<PathBuf>,

    /// Operator key derived from the development phrase, for example `//Solver1`. On development and local chains only.
    #[arg(long, value_name = "//NAME", requires = "solver")]
    pub dev_operator: Option<String>,

    /// Folder with the models that the in-process gateway runs.
    #[arg(long, value_name = "DIR", requires = "solver", conflicts_with = "gateway_url")]
    pub models_dir: Option<PathBuf>,

    /// Address on which the in-process gateway listens. Port 0 takes a free one, which the log names.
    #[arg(
        long,
        value_name = "ADDR",
        requires = "solver",
        conflicts_with = "gateway_url",
        default_value = "127.0.0.1:0"
    )]
    pub gateway_listen: SocketAddr,

    /// Use this gateway instead of one in process, for example `http://127.0.0.1:9955`.
    #[arg(long, value_name = "URL", requires = "solver")]
    pub gateway_url: Option<String>,

    /// File with the bearer token that the gateway asks for. The in-process one needs none as long as it listens on loopback.
    #[arg(long, value_name = "FILE", requires = "solver")]
    pub gateway_token_file: Option<PathBuf>,
}

/// How a validator takes part in the bridge.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct BridgeArgs {
    /// Folder into which a validator also writes its signed checkpoints, as files that Hyperlane's agents read.
    ///
    /// Its session key for the bridge (key type `hypl`, scheme `ecdsa`) signs the checkpoint at every final message, and the
    /// signatures are published on chain in any case. With this flag each is a file as well, `N_with_id.json`, beside
    /// `index.json`, `metadata_latest.json` and `announcement.json`, whose location is `file://DIR`. What the validator signed
    /// before is written too. The folder is created if it is missing; it belongs to one validator of one chain. Only for
    /// validators: other nodes sign nothing.
    #[arg(long, value_name = "DIR")]
    pub checkpoint_dir: Option<PathBuf>,
}

impl BridgeArgs {
    /// Opens the folder; nothing where there is none or the node is no validator.
    pub fn folder(&self, is_validator: bool) -> Result<Option<Folder>, FolderError> {
        let Some(path) = &self.checkpoint_dir else {
            return Ok(None);
        };
        if !is_validator {
            log::warn!("`--checkpoint-dir` is ignored, because this node is no validator. Add `--validator`, or leave it out");
            return Ok(None);
        }
        Folder::open(path).map(Some)
    }
}

/// What to do instead of running a node.
#[derive(Debug, clap::Subcommand)]
pub enum Subcommand {
    /// Make, inspect and insert keys.
    #[command(subcommand)]
    Key(sc_cli::KeySubcommand),

    /// Write a chain spec. Superseded by `export-chain-spec`, but test harnesses still call it.
    #[allow(deprecated)]
    BuildSpec(sc_cli::BuildSpecCmd),

    /// Write a chain spec.
    ExportChainSpec(sc_cli::ExportChainSpecCmd),

    /// Verify a block again.
    CheckBlock(sc_cli::CheckBlockCmd),

    /// Write blocks to a file.
    ExportBlocks(sc_cli::ExportBlocksCmd),

    /// Read blocks from a file.
    ImportBlocks(sc_cli::ImportBlocksCmd),

    /// Remove the whole chain from disk.
    PurgeChain(sc_cli::PurgeChainCmd),

    /// Take back blocks that are not final.
    Revert(sc_cli::RevertCmd),

    /// Show what the database holds.
    ChainInfo(sc_cli::ChainInfoCmd),
}

/// Defaults that differ from the SDK's, and why.
const DEFAULTS: [(&str, &str); 5] = [
    // The SDK's own default closes connections under transaction gossip (polkadot-sdk issue 12111).
    ("network_backend", "libp2p"),
    // With the SDK's 8 192 transactions and 20 MiB, a burst of 30 000 lost three quarters of them; with these, none.
    ("pool_limit", "65536"),
    ("pool_kbytes", "65536"),
    // The SDK's is none: one request of 15 MiB would be a hundred thousand calls, answered in a row.
    ("rpc_max_batch_request_len", "256"),
    // The SDK's own list, also with `--dev`, where it would let every web page ask, and take requests for any host name.
    (
        "rpc_cors",
        "http://localhost:*,http://127.0.0.1:*,https://localhost:*,https://127.0.0.1:*,https://polkadot.js.org",
    ),
];

impl SubstrateCli for Cli {
    fn impl_name() -> String {
        "Pensum Node".into()
    }

    fn impl_version() -> String {
        Embedded::get().version.into()
    }

    fn description() -> String {
        "A node of Pensum: a market for small pieces of AI work whose answers are verified".into()
    }

    fn author() -> String {
        "The Pensum developers".into()
    }

    fn support_url() -> String {
        "the issue tracker of the project".into()
    }

    fn copyright_start_year() -> i32 {
        2026
    }

    fn load_spec(&self, id: &str) -> Result<Box<dyn sc_service::ChainSpec>, String> {
        Ok(Box::new(chain_spec::load(id, Embedded::get().wasm)?))
    }

    fn setup_command(command: clap::Command) -> clap::Command {
        let mut command = command
            .name(Self::executable_name())
            .version(Self::impl_version())
            .author(Self::author())
            .about(Self::description())
            .after_help(format!("Support: {}", Self::support_url()))
            .propagate_version(true)
            .args_conflicts_with_subcommands(true)
            .subcommand_negates_reqs(true);
        for (argument, default) in DEFAULTS {
            command = command.mut_arg(argument, |argument| argument.default_value(default));
        }
        command
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sc_service::ChainType;

    fn parse(arguments: &[&str]) -> Result<Cli, clap::Error> {
        <Cli as SubstrateCli>::try_from_iter(std::iter::once("pensum-node").chain(arguments.iter().copied()))
    }

    fn refusal(arguments: &[&str]) -> String {
        parse(arguments).err().unwrap().to_string()
    }

    #[test]
    fn libp2p_and_a_large_pool_are_the_defaults() {
        let cli = parse(&[]).unwrap();
        assert_eq!(
            cli.run.network_params.network_backend,
            sc_cli::NetworkBackendType::Libp2p
        );
        assert_eq!(
            (cli.run.pool_config.pool_limit, cli.run.pool_config.pool_kbytes),
            (65536, 65536)
        );
    }

    #[test]
    fn no_web_page_may_ask_unless_it_is_named_and_batches_are_short() {
        for arguments in [&[][..], &["--dev"]] {
            let cli = parse(arguments).unwrap();
            let origins = cli.run.rpc_params.rpc_cors(true).unwrap().unwrap();
            assert!(!origins.is_empty() && origins.iter().all(|origin| origin != "*" && origin != "all"));
            assert_eq!(cli.run.rpc_params.rpc_max_batch_request_len, Some(256));
        }
        let all = parse(&["--dev", "--rpc-cors", "all", "--rpc-disable-batch-requests"]).unwrap();
        assert_eq!(all.run.rpc_params.rpc_cors(true).unwrap(), None);
        assert!(all.run.rpc_params.rpc_disable_batch_requests);
    }

    #[test]
    fn rpc_listens_on_loopback_unless_told() {
        let listens = |arguments: &[&str]| {
            let endpoints = parse(arguments)
                .unwrap()
                .run
                .rpc_params
                .rpc_addr(false, false, 9944);
            endpoints
                .unwrap()
                .unwrap()
                .iter()
                .all(|endpoint| endpoint.listen_addr.ip().is_loopback())
        };
        assert!(listens(&[]));
        assert!(!listens(&["--rpc-external"]));
    }

    #[test]
    fn a_flag_overrides_a_changed_default() {
        let cli = parse(&["--network-backend", "litep2p", "--pool-limit", "7"]).unwrap();
        assert_eq!(
            cli.run.network_params.network_backend,
            sc_cli::NetworkBackendType::Litep2p
        );
        assert_eq!(cli.run.pool_config.pool_limit, 7);
    }

    #[test]
    fn gossip_is_shorter_on_one_machine_unless_told() {
        let cli = parse(&[]).unwrap();
        for (chain_type, expected) in [
            (ChainType::Development, 50),
            (ChainType::Local, 50),
            (ChainType::Live, 100),
        ] {
            assert_eq!(cli.finality.gossip_duration(&chain_type).as_millis(), expected);
        }
        let cli = parse(&["--grandpa-gossip-ms", "333"]).unwrap();
        assert_eq!(
            cli.finality.gossip_duration(&ChainType::Development).as_millis(),
            333
        );
    }

    #[test]
    fn a_validator_votes_for_the_head_unless_told() {
        assert_eq!(parse(&[]).unwrap().finality.grandpa_hold_back, 0);
        assert_eq!(
            parse(&["--grandpa-hold-back", "2"])
                .unwrap()
                .finality
                .grandpa_hold_back,
            2
        );
    }

    #[test]
    fn finality_flags_out_of_range_are_refused() {
        assert!(refusal(&["--grandpa-gossip-ms", "1"]).contains("10..=10000"));
        assert!(refusal(&["--grandpa-hold-back", "65"]).contains("0..=64"));
    }

    #[test]
    fn solver_flags_need_solver() {
        for arguments in [
            &["--operator-key-file", "key"][..],
            &["--dev-operator", "//Solver1"],
            &["--models-dir", "models"],
            &["--gateway-listen", "127.0.0.1:9955"],
            &["--gateway-url", "http://127.0.0.1:9955"],
            &["--gateway-token-file", "token"],
        ] {
            assert!(refusal(arguments).contains("--solver"), "{arguments:?}");
        }
    }

    #[test]
    fn one_gateway_and_one_key_at_a_time() {
        for arguments in [
            &[
                "--solver",
                "--models-dir",
                "m",
                "--gateway-url",
                "http://127.0.0.1:1",
            ][..],
            &[
                "--solver",
                "--gateway-listen",
                "127.0.0.1:1",
                "--gateway-url",
                "http://127.0.0.1:1",
            ],
            &["--solver", "--operator-key-file", "k", "--dev-operator", "//A"],
        ] {
            assert!(
                refusal(arguments).contains("cannot be used with"),
                "{arguments:?}"
            );
        }
    }

    #[test]
    fn the_in_process_gateway_listens_on_loopback_by_default() {
        let cli = parse(&["--solver", "--models-dir", "m"]).unwrap();
        assert_eq!(cli.solver.gateway_listen.to_string(), "127.0.0.1:0");
        let cli = parse(&["--solver", "--gateway-url", "http://127.0.0.1:1"]).unwrap();
        assert_eq!(cli.solver.gateway_url.as_deref(), Some("http://127.0.0.1:1"));
    }

    #[test]
    fn a_validator_gets_its_checkpoint_folder_and_others_get_none() {
        let parent = tempfile::tempdir().unwrap();
        let path = parent.path().join("checkpoints");
        let cli = parse(&["--checkpoint-dir", path.to_str().unwrap()]).unwrap();
        assert_eq!(cli.bridge.folder(false).unwrap(), None);
        assert!(!path.exists());
        let folder = cli.bridge.folder(true).unwrap().unwrap();
        assert_eq!(folder.path(), path.canonicalize().unwrap());
        assert_eq!(parse(&[]).unwrap().bridge.folder(true).unwrap(), None);
    }

    #[test]
    fn a_checkpoint_folder_that_cannot_be_written_to_is_refused() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let cli = parse(&["--checkpoint-dir", file.path().to_str().unwrap()]).unwrap();
        let error = cli.bridge.folder(true).unwrap_err().to_string();
        assert!(error.contains("--checkpoint-dir"), "{error}");
    }

    #[test]
    fn a_validators_key_for_the_bridge_can_be_inserted() {
        let insert = ["key", "insert", "--key-type", "hypl", "--scheme", "ecdsa"];
        assert!(parse(&insert).unwrap().subcommand.is_some());
    }

    #[test]
    fn every_usual_subcommand_parses() {
        for arguments in [
            &["key", "generate"][..],
            &[
                "build-spec",
                "--chain",
                "local",
                "--disable-default-bootnode",
                "--raw",
            ],
            &["export-chain-spec", "--chain", "dev", "--raw"],
            &["check-block", "1"],
            &["export-blocks"],
            &["import-blocks"],
            &["purge-chain", "-y"],
            &["revert", "3"],
            &["chain-info"],
        ] {
            assert!(parse(arguments).unwrap().subcommand.is_some(), "{arguments:?}");
        }
    }
}
