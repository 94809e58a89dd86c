//! The `pensum-relayer` command.

use clap::{Parser, Subcommand};
use pensum_relayer::{commands, Error, Kind};
use std::{path::PathBuf, process::ExitCode};

const EXIT_CODES: &str = "\
Exit codes:
  0  done, or ended by a signal
  1  a reason of the machine: a port, a full disk, a thread that died
  2  wrong usage: an argument, the configuration or a file that it names
  3  `status`: nobody answers and there is no journal to read
  4  another process uses the journal
  5  the journal is damaged or of another chain
  6  a chain's root is not the one that its events make, or what was signed has changed
  7  a node is of another chain than the configuration says";

/// Carry messages between a Pensum chain and EVM chains.
#[derive(Debug, Parser)]
#[command(version, after_help = EXIT_CODES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Carry messages, until SIGINT or SIGTERM.
    Run {
        /// The configuration.
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
    },
    /// Tell where each route stands.
    Status {
        /// The configuration of the process that runs, or ran.
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Sign the checkpoints of an EVM chain, until SIGINT or SIGTERM.
    Validator {
        /// The configuration.
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
    },
    /// Read a configuration and the keys that it names, and say what is wrong.
    Check {
        /// The configuration.
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
    },
}

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are errors to the parser, but not to whoever asked for them.
            let code = if error.use_stderr() {
                Kind::Usage.exit_code()
            } else {
                0
            };
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    let done = match cli.command {
        Command::Run { config } => commands::run(&config).map(|()| String::new()),
        Command::Status { config, json } => commands::status(&config, json),
        Command::Validator { config } => commands::validator(&config).map(|()| String::new()),
        Command::Check { config } => commands::check(&config),
    };
    match done {
        Ok(said) => {
            if !said.is_empty() {
                println!("{}", said.trim_end());
            }
            ExitCode::SUCCESS
        }
        Err(error) => tell(&error),
    }
}

fn tell(error: &Error) -> ExitCode {
    eprintln!("{error}");
    ExitCode::from(error.kind.exit_code())
}
