//! The HTTP contract: who may ask, what may be asked, and how refusals look.

mod about;
mod blobs;
mod body;
mod guard;
mod refusal;
mod runs;
mod steps;

pub(crate) use guard::Guard;

use crate::{engine::Engine, metrics::Metrics, runs::Runs, store::Store, watch::Board};
use axum::{
    extract::DefaultBodyLimit,
    middleware,
    routing::{get, post, put},
    Router,
};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Most bytes of a `POST /v1/runs`: 256 inputs of 4 KiB, which is what a full batch on the chain can hold, in hex, and as
/// much again for everything around them.
const RUNS_BODY_LIMIT: usize = 4 * 1024 * 1024;

/// What requests are answered with.
#[derive(Clone)]
pub(crate) struct Service {
    pub(crate) runs: Arc<Runs>,
    pub(crate) store: Arc<Store>,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) engines: Vec<Arc<dyn Engine>>,
    pub(crate) watch: Option<Arc<Board>>,
    steps: Arc<Semaphore>,
}

impl Service {
    pub(crate) fn new(
        runs: Arc<Runs>,
        store: Arc<Store>,
        metrics: Arc<Metrics>,
        engines: Vec<Arc<dyn Engine>>,
        watch: Option<Arc<Board>>,
    ) -> Self {
        Self {
            runs,
            store,
            metrics,
            engines,
            watch,
            steps: Arc::new(Semaphore::new(steps::AT_ONCE)),
        }
    }
}

/// Every path, behind the guard.
pub(crate) fn router(service: Service, blob_limit: u64, guard: Guard) -> Router {
    let blob_limit = usize::try_from(blob_limit).unwrap_or(usize::MAX);
    let guard = Arc::new(guard.counting(service.metrics.clone()));
    Router::new()
        .route(
            "/v1/runs",
            get(runs::get)
                .post(runs::post)
                .layer(DefaultBodyLimit::max(RUNS_BODY_LIMIT)),
        )
        .route(
            "/v1/steps",
            post(steps::post).layer(DefaultBodyLimit::max(RUNS_BODY_LIMIT)),
        )
        .route(
            "/v1/blobs",
            put(blobs::put).layer(DefaultBodyLimit::max(blob_limit)),
        )
        .route("/v1/blobs/{cid}", get(blobs::get))
        .route("/v1/models", get(about::models))
        .route("/v1/health", get(about::health))
        .route("/v1/watch", get(about::watch))
        .route("/metrics", get(about::metrics))
        .fallback(about::unknown_path)
        .method_not_allowed_fallback(about::unknown_method)
        .layer(middleware::from_fn_with_state(guard, guard::check))
        .with_state(service)
}
