//! `/metrics`, `/healthz` and `/status`, on a loopback address.

use crate::{metrics::Metrics, time::Millis, Error};
use axum::{
    extract::State,
    http::{header, StatusCode},
    response::{IntoResponse, Response},
    routing::get,
    Json, Router,
};
use std::{
    future::Future,
    net::SocketAddr,
    sync::{
        atomic::{AtomicU64, Ordering},
        Arc,
    },
    time::Duration,
};
use tokio::net::TcpListener;

/// A loop that has not turned for so long hangs: every question it asks ends after half a minute.
const SILENCE: Duration = Duration::from_secs(300);

/// The pulse of every loop of the process.
#[derive(Debug, Default)]
pub struct Pulse {
    loops: Vec<(String, AtomicU64)>,
}

impl Pulse {
    /// Of loops with these names, which begin now.
    pub fn new(names: impl IntoIterator<Item = String>) -> Self {
        let now = Millis::now().0;
        Self {
            loops: names
                .into_iter()
                .map(|name| (name, AtomicU64::new(now)))
                .collect(),
        }
    }

    /// This loop has turned.
    pub fn beat(&self, name: &str, now: Millis) {
        for (_, last) in self.loops.iter().filter(|(known, _)| known == name) {
            last.store(now.0, Ordering::Relaxed);
        }
    }

    /// The loops that have not turned for too long.
    pub fn silent(&self, now: Millis) -> Vec<&str> {
        self.loops
            .iter()
            .filter(|(_, last)| now.since(Millis(last.load(Ordering::Relaxed))) > SILENCE)
            .map(|(name, _)| name.as_str())
            .collect()
    }
}

/// What `/status` answers, and what is brought up to date before `/metrics` does.
pub trait Reports: Send + Sync + 'static {
    /// The status as JSON.
    fn status(&self) -> Result<serde_json::Value, Error>;
    /// Brings metrics up to date that are counted when asked for.
    fn refresh(&self) -> Result<(), Error>;
}

/// What is served.
#[derive(Clone)]
pub struct Served {
    /// The metrics.
    pub metrics: Arc<Metrics>,
    /// The status.
    pub reports: Arc<dyn Reports>,
    /// Whether the loops turn.
    pub pulse: Arc<Pulse>,
}

/// Takes the port. Serving is another step, so that a port that is taken ends the process before anything is done.
pub async fn bind(address: SocketAddr) -> Result<TcpListener, Error> {
    TcpListener::bind(address).await.map_err(|why| {
        Error::machine(
            format!("{address} cannot be listened on: {why}."),
            "Stop what uses the port, or set another one by `listen`.",
        )
    })
}

/// Serves until `end`.
pub async fn serve(
    listener: TcpListener,
    served: Served,
    end: impl Future<Output = ()> + Send + 'static,
) -> Result<(), Error> {
    let router = Router::new()
        .route("/metrics", get(metrics))
        .route("/healthz", get(health))
        .route("/status", get(status))
        .with_state(served);
    axum::serve(listener, router)
        .with_graceful_shutdown(end)
        .await
        .map_err(|why| Error::machine(format!("The HTTP server ended: {why}."), "Start again."))
}

async fn metrics(State(served): State<Served>) -> Response {
    match served.reports.refresh() {
        Ok(()) => {
            let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4")];
            (kind, served.metrics.print()).into_response()
        }
        Err(error) => failed(&error),
    }
}

async fn status(State(served): State<Served>) -> Response {
    match served.reports.status() {
        Ok(status) => Json(status).into_response(),
        Err(error) => failed(&error),
    }
}

/// 200 while every loop turns, whatever the chains do: an outage elsewhere is no reason to restart this process.
async fn health(State(served): State<Served>) -> Response {
    let silent = served.pulse.silent(Millis::now());
    match silent.is_empty() {
        true => "ok\n".into_response(),
        false => (
            StatusCode::SERVICE_UNAVAILABLE,
            format!("hangs: {}\n", silent.join(", ")),
        )
            .into_response(),
    }
}

fn failed(error: &Error) -> Response {
    (StatusCode::INTERNAL_SERVER_ERROR, format!("{error}\n")).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loop_that_stops_turning_is_named() {
        let pulse = Pulse::new(["a".into(), "b".into()]);
        let later = Millis::now().after(SILENCE * 2);
        pulse.beat("b", later);
        assert_eq!(pulse.silent(later), ["a"]);
        pulse.beat("a", later);
        assert!(pulse.silent(later).is_empty());
    }
}
