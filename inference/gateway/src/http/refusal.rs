//! How the gateway says no.

use crate::{
    cid::CidError,
    journal::JournalError,
    runs::StartRunsError,
    store::PutError,
    wire::{ErrorBody, ErrorInfo, RunId, MAX_INLINE, MAX_RUNS, MAX_WAIT_MS},
};
use axum::{
    http::{header, HeaderValue, StatusCode},
    response::{IntoResponse, Response},
    Json,
};

/// Everything that is answered with an error. `Display` is a fact and a remedy.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    #[error("There is nothing at {0}. The paths are /v1/runs, /v1/steps, /v1/blobs, /v1/blobs/{{cid}}, /v1/models, /v1/health, /v1/watch and /metrics.")]
    UnknownPath(String),
    #[error("{path} does not take {method}. See the header `allow` for what it takes.")]
    UnknownMethod { path: String, method: String },
    #[error("The body is not the JSON of the contract ({0}). Correct it as the gateway's README shows.")]
    MalformedJson(serde_json::Error),
    #[error("The query is not one of the contract ({0}). Correct it as the gateway's README shows.")]
    MalformedQuery(String),
    #[error("The request names no run. Name 1 to {MAX_RUNS}.")]
    NoRuns,
    #[error("The request names {0} runs. Name at most {MAX_RUNS} and send the others in another request.")]
    TooManyRuns(usize),
    #[error("wait_ms is {0}. Wait at most {MAX_WAIT_MS} and ask again.")]
    WaitTooLong(u64),
    #[error(
        "The input of run {0} is longer than {MAX_INLINE} bytes. Put it as a blob and name it by digest."
    )]
    InputTooLong(RunId),
    #[error("The body is longer than {limit} bytes. {remedy}")]
    BodyTooLarge { limit: u64, remedy: &'static str },
    #[error("The body did not arrive within {0} seconds. Send it faster or in smaller requests.")]
    BodyTooSlow(u64),
    #[error("The body broke off ({0}). Send it again.")]
    BodyCutOff(String),
    #[error("The run {0} was posted before with other content. Use a new id for new content.")]
    RunConflict(RunId),
    #[error("Nothing is known of the run {0}. Post it.")]
    UnknownRun(RunId),
    #[error("The step cannot be made: {0}")]
    NoStep(String),
    #[error("The queue holds {queued} of {limit} runs and has no room for these. None was started: post them again later, or give the gateway more --threads or a longer --queue-limit.")]
    QueueFull { queued: usize, limit: usize },
    #[error("The text is {0}. Use what PUT /v1/blobs gave back.")]
    MalformedCid(#[from] CidError),
    #[error("The content store does not hold {0}. Put the blob again.")]
    BlobMissing(String),
    #[error("The content store is full ({limit} bytes). Raise --store-limit or delete files below blobs/ in the data folder.")]
    StoreFull { limit: u64 },
    #[error("The content store cannot be read or written ({0}). Check the disk.")]
    StoreBroken(std::io::Error),
    #[error("{0}")]
    JournalBroken(JournalError),
    #[error("The finished run {0} could not be written to the journal. Free disk space and post it again.")]
    NotWritten(RunId),
    #[error("The token is missing or wrong. Send `Authorization: Bearer <token>` with the text of the gateway's --token-file.")]
    Unauthorised,
    #[error("The request is for the host {0:?}, which is not this gateway. Use 127.0.0.1 or localhost, or start the gateway with --listen on another address and a token.")]
    WrongHost(String),
    #[error("The request comes from a web page. Browsers are not served: use a program.")]
    FromBrowser,
    #[error("{0} requests are being answered already. Send this one again later.")]
    Busy(usize),
    #[error("The gateway watches no chain. Start it with --watch and --key-file.")]
    NotWatching,
    #[error("The gateway is stopping. Send the request again when it is back.")]
    Stopping,
    #[error("The gateway broke down on this request. See its log.")]
    BrokeDown,
}

/// The name of a refusal, kept beside the response so that it can be counted.
#[derive(Clone, Copy)]
pub(crate) struct Code(pub(crate) &'static str);

impl Refusal {
    fn code(&self) -> (StatusCode, &'static str) {
        match self {
            Self::UnknownPath(_) => (StatusCode::NOT_FOUND, "unknown_path"),
            Self::UnknownMethod { .. } => (StatusCode::METHOD_NOT_ALLOWED, "unknown_method"),
            Self::MalformedJson(_) => (StatusCode::BAD_REQUEST, "malformed_json"),
            Self::MalformedQuery(_) => (StatusCode::BAD_REQUEST, "malformed_query"),
            Self::NoRuns => (StatusCode::BAD_REQUEST, "no_runs"),
            Self::TooManyRuns(_) => (StatusCode::BAD_REQUEST, "too_many_runs"),
            Self::WaitTooLong(_) => (StatusCode::BAD_REQUEST, "wait_too_long"),
            Self::InputTooLong(_) => (StatusCode::BAD_REQUEST, "input_too_long"),
            Self::BodyTooLarge { .. } => (StatusCode::PAYLOAD_TOO_LARGE, "body_too_large"),
            Self::BodyTooSlow(_) => (StatusCode::REQUEST_TIMEOUT, "body_too_slow"),
            Self::BodyCutOff(_) => (StatusCode::BAD_REQUEST, "body_cut_off"),
            Self::RunConflict(_) => (StatusCode::CONFLICT, "run_conflict"),
            Self::UnknownRun(_) => (StatusCode::NOT_FOUND, "unknown_run"),
            Self::NoStep(_) => (StatusCode::UNPROCESSABLE_ENTITY, "no_step"),
            Self::QueueFull { .. } => (StatusCode::TOO_MANY_REQUESTS, "queue_full"),
            Self::MalformedCid(_) => (StatusCode::BAD_REQUEST, "malformed_cid"),
            Self::BlobMissing(_) => (StatusCode::NOT_FOUND, "blob_missing"),
            Self::StoreFull { .. } => (StatusCode::INSUFFICIENT_STORAGE, "store_full"),
            Self::StoreBroken(_) => (StatusCode::INTERNAL_SERVER_ERROR, "store_broken"),
            Self::JournalBroken(_) | Self::NotWritten(_) => {
                (StatusCode::INTERNAL_SERVER_ERROR, "journal_broken")
            }
            Self::Unauthorised => (StatusCode::UNAUTHORIZED, "unauthorised"),
            Self::WrongHost(_) => (StatusCode::MISDIRECTED_REQUEST, "wrong_host"),
            Self::FromBrowser => (StatusCode::FORBIDDEN, "from_browser"),
            Self::Busy(_) => (StatusCode::SERVICE_UNAVAILABLE, "busy"),
            Self::NotWatching => (StatusCode::NOT_FOUND, "not_watching"),
            Self::Stopping => (StatusCode::SERVICE_UNAVAILABLE, "stopping"),
            Self::BrokeDown => (StatusCode::INTERNAL_SERVER_ERROR, "broke_down"),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, code) = self.code();
        let message = self.to_string();
        if status.is_server_error() {
            tracing::error!(code, message, "request refused");
        } else {
            tracing::debug!(code, message, "request refused");
        }
        let body = ErrorBody {
            error: ErrorInfo {
                code: code.into(),
                message,
            },
        };
        let mut response = (status, Json(body)).into_response();
        let headers = response.headers_mut();
        if matches!(
            status,
            StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE
        ) {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response.extensions_mut().insert(Code(code));
        response
    }
}

impl From<StartRunsError> for Refusal {
    fn from(error: StartRunsError) -> Self {
        match error {
            StartRunsError::Conflict(id) => Self::RunConflict(id),
            StartRunsError::QueueFull { queued, limit } => Self::QueueFull { queued, limit },
            StartRunsError::Stopping => Self::Stopping,
            StartRunsError::Journal(error) => Self::JournalBroken(error),
        }
    }
}

impl From<PutError> for Refusal {
    fn from(error: PutError) -> Self {
        match error {
            PutError::TooLarge { limit } => Self::BodyTooLarge {
                limit,
                remedy: super::blobs::TOO_LARGE,
            },
            PutError::Full { limit } => Self::StoreFull { limit },
            PutError::Io(error) => Self::StoreBroken(error),
        }
    }
}

impl From<JournalError> for Refusal {
    fn from(error: JournalError) -> Self {
        Self::JournalBroken(error)
    }
}
