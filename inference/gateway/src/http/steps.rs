//! `/v1/steps`.

use super::{body, refusal::Refusal, Service, RUNS_BODY_LIMIT};
use crate::wire::{Input, PostStep, StepOpened, MAX_INLINE};
use axum::{
    extract::{Request, State},
    Json,
};
use tokio::task;

/// Most steps made at once. Each runs a whole graph on a thread of its own, beside those of the runs.
pub(super) const AT_ONCE: usize = 2;

const TOO_LARGE: &str = "Name a long input by digest.";

/// Runs a graph and gives back all that executing one of its nodes needs.
pub(crate) async fn post(
    State(service): State<Service>,
    request: Request,
) -> Result<Json<StepOpened>, Refusal> {
    let body = body::read(request, RUNS_BODY_LIMIT as u64, TOO_LARGE).await?;
    let query: PostStep = serde_json::from_slice(&body).map_err(Refusal::MalformedJson)?;
    if matches!(&query.input, Input::Inline(bytes) if bytes.0.len() > MAX_INLINE) {
        return Err(Refusal::BodyTooLarge {
            limit: MAX_INLINE as u64,
            remedy: TOO_LARGE,
        });
    }
    let _turn = service.steps.acquire().await.map_err(|_| Refusal::Stopping)?;
    let runs = service.runs.clone();
    let step = task::spawn_blocking(move || runs.executor().step(&query))
        .await
        .map_err(|_| Refusal::BrokeDown)?;
    step.map(Json).map_err(|(_, message)| Refusal::NoStep(message))
}
