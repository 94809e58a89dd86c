//! Asks a gateway how it is.

use super::url::GatewayUrl;
use pensum_gateway::wire::Health;
use std::{
    io::{self, Read, Write},
    net::{TcpStream, ToSocketAddrs},
    time::Duration,
};

/// How long a gateway may take to accept a connection, and to answer.
const TIMEOUT: Duration = Duration::from_secs(2);
/// Most bytes of an answer.
const MAX_ANSWER: u64 = 16 * 1024;

/// Asks it; blocks for a few seconds at most. Behind TLS, which this does not speak, it tells only that somebody listens.
pub fn ask(url: &GatewayUrl, token: Option<&str>) -> io::Result<Option<Health>> {
    let mut stream = connect(url)?;
    if url.is_tls() {
        return Ok(None);
    }
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    let token = token.map(|token| format!("Authorization: Bearer {token}\r\n"));
    // HTTP/1.0, so that the answer ends with the connection and is not chunked.
    write!(
        stream,
        "GET {}/v1/health HTTP/1.0\r\nHost: {}\r\n{}\r\n",
        url.path(),
        url.authority(),
        token.unwrap_or_default()
    )?;
    let mut answer = String::new();
    stream.take(MAX_ANSWER).read_to_string(&mut answer)?;
    read(&answer).map(Some)
}

fn connect(url: &GatewayUrl) -> io::Result<TcpStream> {
    let mut last = io::Error::new(io::ErrorKind::NotFound, "the host has no address");
    for address in (url.host(), url.port()).to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, TIMEOUT) {
            Ok(stream) => return Ok(stream),
            Err(error) => last = error,
        }
    }
    Err(last)
}

fn read(answer: &str) -> io::Result<Health> {
    let (head, body) = answer
        .split_once("\r\n\r\n")
        .ok_or_else(|| io::Error::other("the answer breaks off"))?;
    let status = head.split_whitespace().nth(1).unwrap_or_default();
    if status != "200" {
        return Err(io::Error::other(format!("it answers with status {status}")));
    }
    serde_json::from_str(body).map_err(io::Error::other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use pensum_gateway::{Config, Gateway};

    #[tokio::test]
    async fn a_gateway_says_how_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let gateway = Gateway::start(Config::new(folder.path(), folder.path().join("data")))
            .await
            .unwrap();
        let url = GatewayUrl::parse(&gateway.url()).unwrap();
        let health = tokio::task::spawn_blocking(move || ask(&url, None))
            .await
            .unwrap();
        let health = health.unwrap().unwrap();
        assert_eq!(
            (health.status.as_str(), health.queued, health.running),
            ("ok", 0, 0)
        );
        gateway.shutdown().await;
    }

    #[test]
    fn whoever_answers_otherwise_is_no_gateway() {
        for answer in [
            "",
            "HTTP/1.0 200 OK\r\n",
            "HTTP/1.0 401 Unauthorized\r\n\r\n{}",
            "HTTP/1.0 200 OK\r\n\r\nhello",
        ] {
            assert!(read(answer).is_err(), "{answer}");
        }
    }
}
