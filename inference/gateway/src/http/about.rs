//! What the gateway tells about itself, and what it says to everything else.

use super::{refusal::Refusal, Service};
use crate::{
    metrics::Gauges,
    wire::{Health, Models, WatchState},
};
use axum::{
    extract::State,
    http::{header, Method, StatusCode, Uri},
    response::IntoResponse,
    Json,
};

impl Service {
    fn models(&self) -> Models {
        Models {
            models: self.engines.iter().flat_map(|engine| engine.models()).collect(),
        }
    }
}

pub(crate) async fn models(State(service): State<Service>) -> Json<Models> {
    Json(service.models())
}

pub(crate) async fn health(State(service): State<Service>) -> Json<Health> {
    let (queued, running) = service.runs.counts();
    Json(Health {
        status: "ok".into(),
        version: env!("CARGO_PKG_VERSION").into(),
        models: service.models().models.len() as u64,
        queued: queued as u64,
        running: running as u64,
    })
}

/// The status tells too whether it watches, for whoever looks at nothing else.
pub(crate) async fn watch(State(service): State<Service>) -> Result<impl IntoResponse, Refusal> {
    let report = service.watch.as_ref().ok_or(Refusal::NotWatching)?.report();
    let status = match report.state {
        WatchState::Watching => StatusCode::OK,
        _ => StatusCode::SERVICE_UNAVAILABLE,
    };
    Ok((status, Json(report)))
}

pub(crate) async fn metrics(State(service): State<Service>) -> impl IntoResponse {
    let (queued, running) = service.runs.counts();
    let models = service.models().models.len();
    let gauges = Gauges {
        queued,
        running,
        queue_limit: service.runs.queue_limit(),
        models,
        store_bytes: service.store.used(),
        store_limit: service.store.limit(),
    };
    let watch = service.watch.as_ref().map(|board| board.render());
    (
        [(header::CONTENT_TYPE, "text/plain; version=0.0.4")],
        service.metrics.render(&gauges) + &watch.unwrap_or_default(),
    )
}

pub(crate) async fn unknown_path(uri: Uri) -> Refusal {
    Refusal::UnknownPath(uri.path().chars().take(200).collect())
}

pub(crate) async fn unknown_method(method: Method, uri: Uri) -> Refusal {
    Refusal::UnknownMethod {
        path: uri.path().into(),
        method: method.to_string(),
    }
}
