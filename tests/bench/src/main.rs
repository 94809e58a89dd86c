//! Measures; writes a report for programs and prints it for people.

use clap::{Parser, Subcommand};
use pensum_bench::{failure::Measured, import, load, report::Report};
use std::{path::PathBuf, process::ExitCode};

/// How long a node takes to import transfers and whole task lives, and what open tasks cost it.
#[derive(Parser)]
struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Import of transfers and of whole task lives; what stays on disk of them.
    Import {
        /// Where the report goes.
        #[arg(long, default_value = "target/bench/import.json")]
        out: PathBuf,
        /// How often each is measured.
        #[arg(long, default_value_t = 7)]
        repetitions: usize,
    },
    /// Blocks and runtime APIs with many open tasks in state.
    Load {
        /// Where the report goes.
        #[arg(long, default_value = "target/bench/load.json")]
        out: PathBuf,
        /// Most open tasks.
        #[arg(long, default_value_t = 200_000)]
        max: usize,
    },
}

fn main() -> ExitCode {
    let done = match Args::parse().command {
        Command::Import { out, repetitions } => tell(import::measure(repetitions), out),
        Command::Load { out, max } => tell(load::measure(max), out),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("Error: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn tell(report: Measured<Report>, out: PathBuf) -> Measured {
    let report = report?;
    report.write(&out)?;
    println!("{}", report.table());
    println!("written: {}", out.display());
    Ok(())
}
