//! The way to the gateway: HTTP, bounded in time and length.

use crate::{wire, LOG_TARGET};
use alloc::{format, string::String, vec, vec::Vec};
use codec::Decode;
use pensum_primitives::gateway::{GatewaySettings, GATEWAY_SETTINGS_KEY};
use sp_core::offchain::{HttpRequestId, StorageKind, Timestamp};
use sp_runtime::offchain::http;

/// How long the gateway may hold a request back for runs to end, in milliseconds. A shipped model answers in a fraction of
/// it; what takes longer is collected at the next block.
const WAIT_MS: u32 = 150;
/// Most bytes of a response about runs: above what 256 runs of the sizes in [`wire::weigh`] need when cut at
/// [`MAX_REQUEST_WEIGHT`].
const MAX_REPORTS: usize = 2 * 1024 * 1024;
/// Most bytes of a response with a step: its bytes in hex, and a trace.
const MAX_STEP: usize = 2 * pensum_primitives::step::MAX_STEP_BYTES as usize + 64 * 1024;
/// Most of [`wire::weigh`] in one request, so that neither request nor response comes near its limit.
pub(crate) const MAX_REQUEST_WEIGHT: usize = 1024 * 1024;
/// Bytes taken from the host at a time.
const READ_BUFFER: usize = 16 * 1024;

/// The gateway of this node.
pub(crate) struct Gateway {
    base: String,
    authorization: Option<String>,
}

/// What can be asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Ask {
    /// Runs, and how far they are.
    Runs,
    /// One step of a graph, with the trace.
    Step,
}

impl Ask {
    fn url(self, base: &str) -> String {
        match self {
            Self::Runs => format!("{base}/v1/runs?wait_ms={WAIT_MS}"),
            Self::Step => format!("{base}/v1/steps"),
        }
    }

    const fn max_response(self) -> usize {
        match self {
            Self::Runs => MAX_REPORTS,
            Self::Step => MAX_STEP,
        }
    }
}

/// A request on its way.
pub(crate) struct Posted {
    request: http::PendingRequest,
    max_response: usize,
}

/// Why there is no response.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum GatewayError {
    /// Nobody listens, or the connection broke.
    Unreachable,
    /// Nothing came in time.
    TooSlow,
    /// It said no: status, and the error's name if it told one.
    Refused(u16, Option<String>),
    /// More than a response may have.
    TooLong,
    /// It is not of contract 1.
    Malformed,
}

impl Gateway {
    /// The gateway that the node's service named, if it did.
    pub(crate) fn configured() -> Option<Self> {
        let stored = sp_io::offchain::local_storage_get(StorageKind::PERSISTENT, GATEWAY_SETTINGS_KEY)?;
        let read = || {
            let settings = GatewaySettings::decode(&mut stored.as_slice()).ok()?;
            let base = String::from_utf8(settings.url).ok()?;
            let authorization = match settings.token {
                Some(token) => Some(format!("Bearer {}", String::from_utf8(token).ok()?)),
                None => None,
            };
            Some(Self { base, authorization })
        };
        let gateway = read();
        if gateway.is_none() {
            log::error!(target: LOG_TARGET, "the gateway settings are unreadable; restart the node to write them anew");
        }
        gateway
    }

    /// Sends a request, without waiting for the response.
    pub(crate) fn post(&self, ask: Ask, body: Vec<u8>, deadline: Timestamp) -> Result<Posted, GatewayError> {
        let url = ask.url(&self.base);
        let mut request = http::Request::post(&url, vec![body])
            .deadline(deadline)
            .add_header("content-type", "application/json");
        if let Some(authorization) = &self.authorization {
            request = request.add_header("authorization", authorization);
        }
        let request = request.send().map_err(|_| GatewayError::Unreachable)?;
        Ok(Posted {
            request,
            max_response: ask.max_response(),
        })
    }
}

impl Posted {
    /// The response's body.
    pub(crate) fn receive(self, deadline: Timestamp) -> Result<Vec<u8>, GatewayError> {
        let response = match self.request.try_wait(deadline) {
            Ok(Ok(response)) => response,
            Ok(Err(_)) => return Err(GatewayError::Unreachable),
            Err(_) => return Err(GatewayError::TooSlow),
        };
        let body = read(response.id, self.max_response, deadline);
        match response.code {
            200..=299 => body,
            code => Err(GatewayError::Refused(
                code,
                body.ok().as_deref().and_then(wire::error_code),
            )),
        }
    }
}

fn read(id: HttpRequestId, most: usize, deadline: Timestamp) -> Result<Vec<u8>, GatewayError> {
    let mut body = Vec::new();
    let mut buffer = vec![0; READ_BUFFER];
    loop {
        let read = sp_io::offchain::http_response_read_body(id, &mut buffer, Some(deadline))
            .map_err(|_| GatewayError::TooSlow)?;
        match buffer.get(..read as usize) {
            None | Some([]) => return Ok(body),
            Some(chunk) if body.len().saturating_add(chunk.len()) > most => {
                return Err(GatewayError::TooLong)
            }
            Some(chunk) => body.extend_from_slice(chunk),
        }
    }
}
