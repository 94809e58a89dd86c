//! The command line that all commands share.

use crate::commands::Command;
use clap::{builder::styling, Args, Parser};
use std::path::PathBuf;

const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  refused by the chain, its pool, the node or a gateway
  2  wrong usage: an argument, a file or a key
  3  nobody answers at the address, or the connection broke
  4  the time ran out (--timeout); what was sent may still happen
  5  tasks ended, at least one of them without an answer
  6  `solver doctor` found a problem
  7  the node served something untrue, or something that this command cannot read";

/// Buy and sell small pieces of AI work whose answers are verified.
#[derive(Debug, Parser)]
#[command(
    name = "pensum",
    version,
    after_help = EXIT_CODES,
    subcommand_required = true,
    arg_required_else_help = true,
    styles = styling::Styles::plain()
)]
pub struct Cli {
    /// What all commands share.
    #[command(flatten)]
    pub global: Global,

    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What all commands share.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "For all commands")]
pub struct Global {
    /// WebSocket address of a node.
    #[arg(
        long,
        global = true,
        env = "PENSUM_URL",
        value_name = "URL",
        default_value = "ws://127.0.0.1:9944"
    )]
    pub url: String,

    /// Secret phrase or URI of the key that signs. Other users of this machine can see arguments: prefer the variable or --key-file.
    #[arg(
        long,
        global = true,
        env = "PENSUM_SURI",
        hide_env_values = true,
        value_name = "URI"
    )]
    pub suri: Option<String>,

    /// File with the secret phrase or URI of the key that signs; goes before --suri.
    #[arg(long, global = true, env = "PENSUM_KEY_FILE", value_name = "FILE")]
    pub key_file: Option<PathBuf>,

    /// What pays inclusion fees: PEN, or the symbol or id of an asset that has a pool with it.
    #[arg(
        long,
        global = true,
        env = "PENSUM_FEE_ASSET",
        value_name = "ASSET",
        default_value = "PEN"
    )]
    pub fee_asset: String,

    /// Print JSON, errors too: one value on standard output, or one a line from commands that go on telling.
    #[arg(long, global = true)]
    pub json: bool,

    /// Longest wait for a block, an answer or finality, in seconds.
    #[arg(long, global = true, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub timeout: u64,

    /// Show no progress. It is never shown where standard error is no terminal.
    #[arg(long, global = true)]
    pub quiet: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_has_no_contradictions() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_argument_and_command_is_explained() {
        fn check(command: &clap::Command) {
            let name = command.get_name();
            assert!(command.get_about().is_some(), "{name} is not explained");
            for argument in command.get_arguments() {
                let id = argument.get_id();
                assert!(argument.get_help().is_some(), "{name} {id} is not explained");
            }
            command.get_subcommands().for_each(check);
        }
        check(&Cli::command());
    }

    #[test]
    fn global_arguments_may_stand_anywhere() {
        let cli = Cli::try_parse_from([
            "pensum",
            "model",
            "list",
            "--json",
            "--url",
            "ws://x",
            "--timeout",
            "5",
        ]);
        let global = cli.unwrap().global;
        assert_eq!(
            (global.json, global.url.as_str(), global.timeout),
            (true, "ws://x", 5)
        );
    }

    #[test]
    fn a_wait_has_bounds() {
        for seconds in ["0", "86401", "soon"] {
            assert!(
                Cli::try_parse_from(["pensum", "model", "list", "--timeout", seconds]).is_err(),
                "{seconds}"
            );
        }
    }
}
