//! Measures task lives; writes the page and the report, or checks that the page is current.

use clap::Parser;
use pensum_bench_weights::{
    markdown::{page, summary},
    report::{measure, Report},
};
use std::{fs, io, path::PathBuf, process::ExitCode};

/// Storage reads and writes, weight and fees of whole task lives.
#[derive(Parser)]
struct Args {
    /// Writes nothing, and fails if the page is not what would be written.
    #[arg(long)]
    check: bool,
    /// The page.
    #[arg(long, default_value = "docs/benchmarks/weights.md")]
    page: PathBuf,
    /// Everything, for programs.
    #[arg(long, default_value = "target/bench-weights/report.json")]
    report: PathBuf,
}

fn main() -> ExitCode {
    let args = Args::parse();
    let report = match measure() {
        Ok(report) => report,
        Err(wrong) => return failed(&format!("a life went wrong: {wrong}")),
    };
    let done = match args.check {
        true => check(&args, &report),
        false => write(&args, &report),
    };
    if let Err(error) = done {
        return failed(&error.to_string());
    }
    match report.over_budget().as_slice() {
        [] => ExitCode::SUCCESS,
        sizes => failed(&format!("over the budget: batches of {sizes:?} tasks")),
    }
}

fn failed(why: &str) -> ExitCode {
    eprintln!("{why}");
    ExitCode::FAILURE
}

fn check(args: &Args, report: &Report) -> io::Result<()> {
    let found = fs::read_to_string(&args.page).map_err(|error| named(&args.page, &error))?;
    if found != page(report) {
        return Err(named(
            &args.page,
            &"is not current: run `make bench-weights` and commit it",
        ));
    }
    println!("{} is current", args.page.display());
    Ok(())
}

fn write(args: &Args, report: &Report) -> io::Result<()> {
    let json = serde_json::to_string_pretty(report).map_err(io::Error::other)?;
    for (path, content) in [(&args.page, page(report)), (&args.report, json)] {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|error| named(path, &error))?;
        }
        fs::write(path, content).map_err(|error| named(path, &error))?;
    }
    println!("{}", summary(report));
    println!("written: {} and {}", args.page.display(), args.report.display());
    Ok(())
}

fn named(path: &std::path::Path, what: &dyn core::fmt::Display) -> io::Error {
    io::Error::other(format!("{}: {what}", path.display()))
}
