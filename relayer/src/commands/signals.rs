use crate::Error;
use tokio::signal::unix::{signal, SignalKind};

/// Waits for SIGINT or SIGTERM.
pub(super) async fn asked_to_end() -> Result<(), Error> {
    let cannot =
        |why: std::io::Error| Error::machine(format!("Signals cannot be waited for: {why}."), "Report this.");
    let mut interrupt = signal(SignalKind::interrupt()).map_err(cannot)?;
    let mut terminate = signal(SignalKind::terminate()).map_err(cannot)?;
    tokio::select! {
        _ = interrupt.recv() => (),
        _ = terminate.recv() => (),
    }
    tracing::info!("asked to end");
    Ok(())
}
