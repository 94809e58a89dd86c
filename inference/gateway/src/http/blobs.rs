//! `/v1/blobs`.

use super::{body, refusal::Refusal, Service};
use crate::{cid::Cid, wire::BlobStored};
use axum::{
    extract::{Path, Request, State},
    http::header,
    response::{IntoResponse, Response},
    Json,
};
use tokio::task;

pub(super) const TOO_LARGE: &str = "Put a shorter blob, or raise --blob-limit.";

/// Keeps a blob.
pub(crate) async fn put(
    State(service): State<Service>,
    request: Request,
) -> Result<Json<BlobStored>, Refusal> {
    let bytes = body::read(request, service.store.blob_limit(), TOO_LARGE).await?;
    let len = bytes.len() as u64;
    let cid = task::spawn_blocking(move || service.store.put(&bytes))
        .await
        .map_err(|_| Refusal::BrokeDown)??;
    Ok(Json(BlobStored {
        cid: cid.to_string(),
        sha256: cid.0,
        len,
    }))
}

/// Gives a blob back.
pub(crate) async fn get(
    State(service): State<Service>,
    Path(cid): Path<String>,
) -> Result<Response, Refusal> {
    let Cid(sha256) = cid.parse()?;
    let found = task::spawn_blocking(move || service.store.get(sha256))
        .await
        .map_err(|_| Refusal::BrokeDown)?;
    let bytes = found
        .map_err(Refusal::StoreBroken)?
        .ok_or(Refusal::BlobMissing(cid))?;
    Ok(([(header::CONTENT_TYPE, "application/octet-stream")], bytes).into_response())
}
