//! The gateway as a program of its own.

mod args;

use args::{Args, Fatal};
use clap::Parser;
use pensum_gateway::Gateway;
use std::process::ExitCode;
use tokio::signal::unix::{signal, SignalKind};
use tracing_subscriber::EnvFilter;

#[tokio::main]
async fn main() -> ExitCode {
    let args = Args::parse();
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    // Nothing else has set a logger up, so neither can fail.
    if args.log_json {
        let _ = pensum_gateway::log::init(filter);
    } else {
        tracing_subscriber::fmt()
            .with_env_filter(filter)
            .with_writer(std::io::stderr)
            .init();
    }
    match run(args).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(fatal) => {
            eprintln!("pensum-gateway: {fatal}");
            ExitCode::FAILURE
        }
    }
}

async fn run(args: Args) -> Result<(), Fatal> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let running = Gateway::start(args.config()?).await?;
    // On standard output for scripts: with port 0 nobody else knows it.
    println!("{}", running.url());
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    running.shutdown().await;
    Ok(())
}
