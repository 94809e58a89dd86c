//! Who may ask.

use super::refusal::{Code, Refusal};
use crate::{metrics::Metrics, token::Token};
use axum::{
    extract::{Request, State},
    http::{header, HeaderMap},
    middleware::Next,
    response::{IntoResponse, Response},
};
use std::{net::SocketAddr, sync::Arc};
use tokio::sync::Semaphore;

/// Most requests that are answered at a time; with a body of 4 MiB each this bounds the memory they take.
const MAX_AT_A_TIME: usize = 256;

/// Checks every request before anything of its body is read.
pub(crate) struct Guard {
    token: Option<Token>,
    /// Names by which this gateway may be called. Empty: any, since the token protects it.
    hosts: Vec<String>,
    slots: Semaphore,
    metrics: Arc<Metrics>,
}

impl Guard {
    /// On loopback a web page that the operator has open could reach the gateway by giving its own name a loopback
    /// address; it could not change the name in the header.
    pub(crate) fn new(address: SocketAddr, token: Option<Token>) -> Self {
        let hosts = if address.ip().is_loopback() {
            let ip = match address {
                SocketAddr::V4(v4) => v4.ip().to_string(),
                SocketAddr::V6(v6) => format!("[{}]", v6.ip()),
            };
            vec!["localhost".into(), "127.0.0.1".into(), "[::1]".into(), ip]
        } else {
            Vec::new()
        };
        Self {
            token,
            hosts,
            slots: Semaphore::new(MAX_AT_A_TIME),
            metrics: Arc::default(),
        }
    }

    /// Counts refusals there.
    pub(crate) fn counting(self, metrics: Arc<Metrics>) -> Self {
        Self { metrics, ..self }
    }

    fn admit(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        if !self.hosts.is_empty() {
            let host = text(header::HOST).unwrap_or_default();
            if !self.hosts.iter().any(|known| known == without_port(host)) {
                return Err(Refusal::WrongHost(host.chars().take(100).collect()));
            }
        }
        if headers.contains_key(header::ORIGIN) {
            return Err(Refusal::FromBrowser);
        }
        if let Some(token) = &self.token {
            let shown = text(header::AUTHORIZATION).and_then(|value| value.strip_prefix("Bearer "));
            if !shown.is_some_and(|shown| token.is(shown)) {
                return Err(Refusal::Unauthorised);
            }
        }
        Ok(())
    }
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    }
}

pub(crate) async fn check(State(guard): State<Arc<Guard>>, request: Request, next: Next) -> Response {
    let response = match guard.slots.try_acquire() {
        Err(_) => Refusal::Busy(MAX_AT_A_TIME).into_response(),
        Ok(_slot) => match guard.admit(request.headers()) {
            Ok(()) => next.run(request).await,
            Err(refusal) => refusal.into_response(),
        },
    };
    if let Some(Code(code)) = response.extensions().get() {
        guard.metrics.refused(code);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admit(
        listen: &str,
        token: Option<&str>,
        headers: &[(header::HeaderName, &str)],
    ) -> Result<(), String> {
        let guard = Guard::new(
            listen.parse().unwrap(),
            token.map(|token| Token::new(token).unwrap()),
        );
        let headers = headers
            .iter()
            .map(|(name, value)| (name.clone(), value.parse().unwrap()))
            .collect();
        guard.admit(&headers).map_err(|refusal| refusal.to_string())
    }

    #[test]
    fn on_loopback_only_its_own_names_are_hosts() {
        for host in ["localhost", "localhost:80", "127.0.0.1:9", "[::1]:9", "[::1]"] {
            assert_eq!(
                admit("127.0.0.1:80", None, &[(header::HOST, host)]),
                Ok(()),
                "{host}"
            );
        }
        for host in [
            "evil.example",
            "evil.example:80",
            "",
            "127.0.0.1.evil.example",
            "localhost:x",
        ] {
            assert!(
                admit("127.0.0.1:80", None, &[(header::HOST, host)]).is_err(),
                "{host}"
            );
        }
        assert!(admit("127.0.0.1:80", None, &[]).is_err());
    }

    #[test]
    fn elsewhere_the_token_decides() {
        const TOKEN: &str = "0123456789abcdef0123456789abcdef";
        let host = (header::HOST, "gateway.example");
        let show = |text| {
            admit(
                "192.0.2.1:80",
                Some(TOKEN),
                &[host.clone(), (header::AUTHORIZATION, text)],
            )
        };
        assert_eq!(show("Bearer 0123456789abcdef0123456789abcdef"), Ok(()));
        assert!(show("Bearer 0123456789abcdef0123456789abcdeg").is_err());
        assert!(show("Basic 0123456789abcdef0123456789abcdef").is_err());
        assert!(show("0123456789abcdef0123456789abcdef").is_err());
        assert!(admit("192.0.2.1:80", Some(TOKEN), &[host]).is_err());
    }

    #[test]
    fn a_web_page_is_refused() {
        let headers = [(header::HOST, "localhost"), (header::ORIGIN, "http://localhost")];
        assert!(admit("127.0.0.1:80", None, &headers).is_err());
    }
}
