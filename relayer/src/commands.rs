//! The commands: what is done with a checked configuration.

mod check;
mod run;
mod signals;
mod status;
mod tasks;
mod validator;

pub use check::check;
pub use run::run;
pub use status::status;
pub use validator::validator;

use crate::{config::Log, Error};
use std::time::Duration;
use tracing_subscriber::{fmt, util::SubscriberInitExt as _, EnvFilter};

/// How often accounts' balances are looked at.
const BALANCES_EVERY: Duration = Duration::from_secs(60);

/// Begins the log, on standard error. Twice in one process is once.
fn begin_log(log: Log) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let _ = match log {
        Log::Text => builder.with_ansi(false).finish().try_init(),
        Log::Json => builder.json().finish().try_init(),
    };
}

/// Runs a future on threads of its own.
fn block_on<T>(future: impl std::future::Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|why| {
            Error::machine(
                format!("This process cannot start its threads: {why}."),
                "Free resources and try again.",
            )
        })?;
    let done = runtime.block_on(future);
    // A question that is still open must not hold the process up.
    runtime.shutdown_timeout(Duration::from_secs(1));
    done
}
