//! The log as JSON, for whoever collects it. Without the flag it is the SDK's.

use crate::cli::Cli;
use sc_cli::{CliConfiguration, Runner, Signals, SubstrateCli};
use tracing_subscriber::EnvFilter;

/// Targets that the SDK's own logger keeps quiet unless they are asked for.
const QUIET: &str = "info,ws=off,yamux=off,regalloc=off,cranelift_codegen=off,cranelift_wasm=warn,hyper=warn,hickory_proto=off,\
                     libp2p_mdns::behaviour::iface=off,rustls::common_state=off,rustls::conn=off";

/// The runner of a node, with the logger that the command line asks for.
pub fn runner(cli: &Cli) -> sc_cli::Result<Runner<Cli>> {
    if !cli.logging.log_json {
        return cli.create_runner(&cli.run);
    }
    // As the SDK does it, which sets its own logger up on the way.
    let runtime = sc_cli::build_runtime()?;
    let signals = runtime.block_on(async { Signals::capture() })?;
    let config = cli.create_configuration(&cli.run, runtime.handle().clone())?;
    sp_panic_handler::set(&Cli::support_url(), &Cli::impl_version());
    pensum_gateway::log::init(filter(&cli.run.log_filters()?)?)
        .map_err(|error| sc_cli::Error::Input(format!("The log cannot be set up: {error}")))?;
    if let Err(error) = fdlimit::raise_fd_limit() {
        log::warn!("The limit of open files cannot be raised: {error}. Raise it to 10 000 before the start");
    }
    Runner::new(config, runtime, signals)
}

/// What is logged: the defaults, what `RUST_LOG` adds, and what `--log` adds to that.
fn filter(flags: &str) -> sc_cli::Result<EnvFilter> {
    let variable = std::env::var(EnvFilter::DEFAULT_ENV).unwrap_or_default();
    let parts = [QUIET, &variable, flags];
    let all: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    EnvFilter::try_new(all.join(",")).map_err(|error| {
        sc_cli::Error::Input(format!(
            "`--log` or RUST_LOG is no filter: {error}. Write TARGET=LEVEL,…"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_add_to_what_is_logged_by_default() {
        let text = filter("pensum::worker=debug").unwrap().to_string();
        for part in ["pensum::worker=debug", "info", "yamux=off"] {
            assert!(text.contains(part), "{text}");
        }
        assert!(filter("").is_ok());
        assert!(filter("pensum=loudly").is_err());
    }
}
