//! Reading bodies: bounded in length by the route's limit and in time by this.

use super::refusal::Refusal;
use axum::{
    body::Bytes,
    extract::{
        rejection::{BytesRejection, FailedToBufferBody},
        FromRequest, Request,
    },
};
use std::time::Duration;
use tokio::time::timeout;

/// Longest time that a body may take to arrive.
const BODY_SECONDS: u64 = 10;

/// The body, however it is framed: with a length or, as a node's off-chain worker sends it, in chunks.
pub(crate) async fn read(request: Request, limit: u64, remedy: &'static str) -> Result<Bytes, Refusal> {
    match timeout(
        Duration::from_secs(BODY_SECONDS),
        Bytes::from_request(request, &()),
    )
    .await
    {
        Err(_) => Err(Refusal::BodyTooSlow(BODY_SECONDS)),
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(BytesRejection::FailedToBufferBody(FailedToBufferBody::LengthLimitError(_)))) => {
            Err(Refusal::BodyTooLarge { limit, remedy })
        }
        Ok(Err(other)) => Err(Refusal::BodyCutOff(other.body_text())),
    }
}
