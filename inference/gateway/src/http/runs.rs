//! `/v1/runs`.

use super::{body, refusal::Refusal, Service, RUNS_BODY_LIMIT};
use crate::{
    digest::Digest,
    wire::{Input, PostRuns, RunId, RunReports, MAX_INLINE, MAX_RUNS, MAX_WAIT_MS},
};
use axum::{
    extract::{rejection::QueryRejection, Query, Request, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    Json,
};
use serde::Deserialize;
use std::time::Duration;
use tokio::{task, time};

const TOO_LARGE: &str = "Send fewer runs in one request, or long inputs as blobs.";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PostQuery {
    #[serde(default)]
    wait_ms: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct GetQuery {
    ids: String,
    #[serde(default)]
    wait_ms: u64,
}

/// Starts runs and tells how far they come in the time given.
pub(crate) async fn post(
    State(service): State<Service>,
    query: Result<Query<PostQuery>, QueryRejection>,
    request: Request,
) -> Result<Response, Refusal> {
    let Query(PostQuery { wait_ms }) = query.map_err(malformed_query)?;
    let wait = check_wait(wait_ms)?;
    let body = body::read(request, RUNS_BODY_LIMIT as u64, TOO_LARGE).await?;
    let PostRuns { runs } = serde_json::from_slice(&body).map_err(Refusal::MalformedJson)?;
    check_count(runs.len())?;
    let too_long = |input: &Input| matches!(input, Input::Inline(bytes) if bytes.0.len() > MAX_INLINE);
    if let Some(run) = runs.iter().find(|run| too_long(&run.input)) {
        return Err(Refusal::InputTooLong(run.id));
    }
    let ids = runs.iter().map(|run| run.id).collect();
    let started = service.runs.clone();
    task::spawn_blocking(move || started.start(runs))
        .await
        .map_err(|_| Refusal::BrokeDown)??;
    // Known a moment ago, so what is unknown now fell out between the engine and the disk.
    report(service, ids, wait, Refusal::NotWritten).await
}

/// Tells how far runs come in the time given.
pub(crate) async fn get(
    State(service): State<Service>,
    query: Result<Query<GetQuery>, QueryRejection>,
) -> Result<Response, Refusal> {
    let Query(GetQuery { ids, wait_ms }) = query.map_err(malformed_query)?;
    let wait = check_wait(wait_ms)?;
    let ids: Vec<Digest> = ids
        .split(',')
        .filter(|id| !id.is_empty())
        .take(MAX_RUNS + 1)
        .map(|id| {
            id.parse()
                .map_err(|error| Refusal::MalformedQuery(format!("ids: {error}")))
        })
        .collect::<Result<_, _>>()?;
    check_count(ids.len())?;
    report(service, ids, wait, Refusal::UnknownRun).await
}

async fn report(
    service: Service,
    ids: Vec<RunId>,
    wait: Duration,
    unknown: fn(RunId) -> Refusal,
) -> Result<Response, Refusal> {
    let deadline = time::Instant::now() + wait;
    let mut changes = service.runs.changes();
    while service.runs.any_active(&ids) {
        match time::timeout_at(deadline, changes.changed()).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) | Err(_) => break,
        }
    }
    let (named, runs) = (ids.clone(), service.runs.clone());
    let reports = task::spawn_blocking(move || runs.reports(&named))
        .await
        .map_err(|_| Refusal::BrokeDown)??;
    let runs = ids
        .into_iter()
        .zip(reports)
        .map(|(id, report)| report.ok_or_else(|| unknown(id)))
        .collect::<Result<Vec<_>, _>>()?;
    let over = runs.iter().all(|run| run.state.is_over());
    let status = if over {
        StatusCode::OK
    } else {
        StatusCode::ACCEPTED
    };
    Ok((status, Json(RunReports { runs })).into_response())
}

fn malformed_query(rejection: QueryRejection) -> Refusal {
    Refusal::MalformedQuery(rejection.body_text())
}

fn check_wait(wait_ms: u64) -> Result<Duration, Refusal> {
    if wait_ms > MAX_WAIT_MS {
        return Err(Refusal::WaitTooLong(wait_ms));
    }
    Ok(Duration::from_millis(wait_ms))
}

fn check_count(runs: usize) -> Result<(), Refusal> {
    match runs {
        0 => Err(Refusal::NoRuns),
        1..=MAX_RUNS => Ok(()),
        more => Err(Refusal::TooManyRuns(more)),
    }
}
