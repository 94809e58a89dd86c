//! The URL of a gateway, checked once.

use super::SolverError;
use std::{fmt, time::Duration};

/// Most bytes of a gateway's URL.
const MAX_URL: usize = 256;
/// How long a gateway on the network may take to accept a connection.
const REACH_TIMEOUT: Duration = Duration::from_secs(2);

/// `http[s]://host[:port][/path]`, without user, query or fragment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GatewayUrl {
    url: String,
    host: String,
    port: u16,
}

impl GatewayUrl {
    /// Checks it.
    pub fn parse(url: &str) -> Result<Self, SolverError> {
        let refuse = |reason| SolverError::BadGatewayUrl {
            url: url.chars().take(MAX_URL).collect(),
            reason,
        };
        if url.len() > MAX_URL {
            return Err(refuse("it is longer than 256 bytes"));
        }
        if !url.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(refuse("it holds a character that a URL cannot hold"));
        }
        let (rest, default_port) = match (url.strip_prefix("http://"), url.strip_prefix("https://")) {
            (Some(rest), _) => (rest, 80),
            (_, Some(rest)) => (rest, 443),
            _ => return Err(refuse("it does not begin with `http://` or `https://`")),
        };
        if rest.contains(['?', '#', '@']) {
            return Err(refuse("it holds a query, a fragment or a user"));
        }
        let authority = rest.split('/').next().unwrap_or_default();
        let (host, port) =
            split_port(authority).ok_or_else(|| refuse("its port is not a number from 1 to 65535"))?;
        if host.is_empty() {
            return Err(refuse("it names no host"));
        }
        Ok(Self {
            url: url.trim_end_matches('/').into(),
            host: host.trim_matches(['[', ']']).into(),
            port: port.unwrap_or(default_port),
        })
    }

    /// As given, without a slash at the end.
    pub fn as_str(&self) -> &str {
        &self.url
    }

    /// Its host, without brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Host and port as given, as a request names them.
    pub fn authority(&self) -> &str {
        self.parts().0
    }

    /// What stands before `/v1`, without a slash at the end.
    pub fn path(&self) -> &str {
        self.parts().1
    }

    /// Whether it is spoken to under TLS.
    pub fn is_tls(&self) -> bool {
        self.url.starts_with("https://")
    }

    fn parts(&self) -> (&str, &str) {
        let rest = self.url.split_once("://").map_or("", |(_, rest)| rest);
        rest.split_at(rest.find('/').unwrap_or(rest.len()))
    }

    /// Whether something accepts connections there.
    pub async fn reach(&self) -> Result<(), String> {
        let connect = tokio::net::TcpStream::connect((self.host.as_str(), self.port));
        match tokio::time::timeout(REACH_TIMEOUT, connect).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(error.to_string()),
            Err(_) => Err(format!("no connection within {} s", REACH_TIMEOUT.as_secs())),
        }
    }
}

impl fmt::Display for GatewayUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.url)
    }
}

/// Host and port, where there is one; nothing where the port is no port. An IPv6 address keeps its brackets.
fn split_port(authority: &str) -> Option<(&str, Option<u16>)> {
    let after_address = authority
        .rfind(']')
        .map_or(0, |bracket| bracket.saturating_add(1));
    match authority.get(after_address..).and_then(|rest| rest.rfind(':')) {
        None => Some((authority, None)),
        Some(colon) => {
            let (host, port) = authority.split_at_checked(after_address.saturating_add(colon))?;
            let port = port.strip_prefix(':')?.parse().ok().filter(|port| *port != 0)?;
            Some((host, Some(port)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn host_and_port_are_found() {
        for (url, host, port) in [
            ("http://127.0.0.1:9955", "127.0.0.1", 9955),
            ("http://[::1]:9955/", "::1", 9955),
            ("http://[::1]", "::1", 80),
            ("https://gateway.example", "gateway.example", 443),
            ("https://gateway.example:8443/pensum", "gateway.example", 8443),
        ] {
            let parsed = GatewayUrl::parse(url).unwrap();
            assert_eq!((parsed.host.as_str(), parsed.port), (host, port), "{url}");
        }
        assert_eq!(GatewayUrl::parse("http://a:1/").unwrap().as_str(), "http://a:1");
    }

    #[test]
    fn a_request_names_what_was_given() {
        for (url, authority, path, tls) in [
            ("http://127.0.0.1:9955", "127.0.0.1:9955", "", false),
            ("http://[::1]:9955/", "[::1]:9955", "", false),
            (
                "https://gateway.example/pensum/",
                "gateway.example",
                "/pensum",
                true,
            ),
        ] {
            let parsed = GatewayUrl::parse(url).unwrap();
            assert_eq!(
                (parsed.authority(), parsed.path(), parsed.is_tls()),
                (authority, path, tls),
                "{url}"
            );
        }
    }

    #[test]
    fn a_malformed_url_is_refused_with_its_reason() {
        for (url, reason) in [
            ("127.0.0.1:9955", "does not begin"),
            ("ftp://a", "does not begin"),
            ("http://", "names no host"),
            ("http://:80", "names no host"),
            ("http://a:0", "port"),
            ("http://a:70000", "port"),
            ("http://a:x", "port"),
            ("http://a b", "character"),
            ("http://user@a", "user"),
            ("http://a?b", "query"),
        ] {
            let error = GatewayUrl::parse(url).err().unwrap().to_string();
            assert!(
                error.contains(reason) && error.contains("http://HOST:PORT"),
                "{url}: {error}"
            );
        }
        assert!(GatewayUrl::parse(&format!("http://{}", "a".repeat(300))).is_err());
    }

    #[tokio::test]
    async fn reaching_a_closed_port_says_so_at_once() {
        // A port that was free a moment ago and that nobody listens on.
        let port = std::net::TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        assert!(GatewayUrl::parse(&format!("http://127.0.0.1:{port}"))
            .unwrap()
            .reach()
            .await
            .is_err());
    }
}
