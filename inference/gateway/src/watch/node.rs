//! A node's RPC, over HTTP: a request stands for itself, and nothing must be taken up again when the node restarts.

use serde_json::{json, Value};
use std::{fmt, str::FromStr, time::Duration};
use ureq::Agent;

/// How long a node may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// Most bytes of an answer: a block of 5 MiB in hex, thrice.
const MAX_ANSWER: u64 = 32 * 1024 * 1024;

/// Where a node's RPC is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NodeUrl(String);

/// Text that is no address of a node.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("The address of a node is http://HOST:PORT or ws://HOST:PORT. Name a node of your own, without TLS.")]
pub struct NodeUrlError;

impl FromStr for NodeUrl {
    type Err = NodeUrlError;

    /// A node serves WebSockets and HTTP on one port.
    fn from_str(text: &str) -> Result<Self, NodeUrlError> {
        let place = text
            .strip_prefix("http://")
            .or_else(|| text.strip_prefix("ws://"))
            .map(|place| place.trim_end_matches('/'))
            .filter(|place| !place.is_empty() && !place.contains([' ', '@']));
        place
            .map(|place| Self(format!("http://{place}")))
            .ok_or(NodeUrlError)
    }
}

impl fmt::Display for NodeUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why a node gave no answer.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub(crate) enum NodeError {
    #[error("The node does not answer ({0}). Start it, or correct --watch.")]
    Unreachable(String),
    #[error("The node refuses {method}: {message}")]
    Refused { method: String, message: String },
    #[error("The node answers to {method} with what this gateway cannot read ({reason}). Use versions that fit each other.")]
    Strange { method: String, reason: String },
}

impl NodeError {
    pub(super) fn strange(method: &str, reason: impl fmt::Display) -> Self {
        Self::Strange {
            method: method.into(),
            reason: reason.to_string(),
        }
    }
}

/// Whatever answers JSON-RPC requests.
pub(crate) trait Rpc: Send + 'static {
    /// One request, with positional parameters.
    fn request(&self, method: &str, params: Value) -> Result<Value, NodeError>;
}

/// A node at an address.
pub(crate) struct HttpNode {
    url: NodeUrl,
    agent: Agent,
}

impl HttpNode {
    pub(crate) fn new(url: NodeUrl) -> Self {
        let agent = Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .http_status_as_error(false)
            .max_redirects(0)
            .build()
            .into();
        Self { url, agent }
    }
}

impl Rpc for HttpNode {
    fn request(&self, method: &str, params: Value) -> Result<Value, NodeError> {
        let asked = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
        let unreachable = |error: ureq::Error| NodeError::Unreachable(error.to_string());
        let sent = self.agent.post(&self.url.0).send_json(&asked);
        let mut response = sent.map_err(unreachable)?;
        let status = response.status();
        if !status.is_success() {
            return Err(NodeError::strange(method, status));
        }
        let body = response.body_mut().with_config().limit(MAX_ANSWER).read_to_vec();
        let answer = serde_json::from_slice(&body.map_err(unreachable)?);
        read(method, answer.map_err(|error| NodeError::strange(method, error))?)
    }
}

fn read(method: &str, mut answer: Value) -> Result<Value, NodeError> {
    if let Some(error) = answer.get("error") {
        // What is in `data` is often all that says why.
        let texts = ["message", "data"].map(|field| error.get(field).and_then(Value::as_str));
        let texts: Vec<&str> = texts.into_iter().flatten().collect();
        return Err(NodeError::Refused {
            method: method.into(),
            message: texts.join(": ").chars().take(500).collect(),
        });
    }
    answer
        .get_mut("result")
        .map(Value::take)
        .ok_or_else(|| NodeError::strange(method, "it has no result"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        io::{Read, Write},
        net::TcpListener,
        thread,
    };

    #[test]
    fn an_address_is_http_whichever_way_it_is_written() {
        for text in ["http://127.0.0.1:9944", "ws://127.0.0.1:9944/"] {
            assert_eq!(
                text.parse::<NodeUrl>().unwrap().to_string(),
                "http://127.0.0.1:9944"
            );
        }
        for text in ["https://x", "wss://x", "127.0.0.1:9944", "http://", "http://me@x"] {
            assert_eq!(text.parse::<NodeUrl>(), Err(NodeUrlError), "{text}");
        }
    }

    #[test]
    fn a_refusal_keeps_the_nodes_words() {
        let refused = json!({ "error": { "code": 1010, "message": "Invalid Transaction", "data": "stale" } });
        let error = read("author_submitExtrinsic", refused).unwrap_err();
        assert!(
            error.to_string().contains("Invalid Transaction: stale"),
            "{error}"
        );
        assert_eq!(read("x", json!({ "result": 7 })), Ok(json!(7)));
        assert!(matches!(read("x", json!({})), Err(NodeError::Strange { .. })));
    }

    #[test]
    fn a_request_goes_over_http_and_its_result_comes_back() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url: NodeUrl = format!("ws://{}", listener.local_addr().unwrap())
            .parse()
            .unwrap();
        let served = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = [0; 2048];
            let len = stream.read(&mut request).unwrap();
            let body = r#"{"jsonrpc":"2.0","id":1,"result":"0x01"}"#;
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len());
            stream.write_all((head + body).as_bytes()).unwrap();
            String::from_utf8_lossy(&request[..len]).into_owned()
        });
        let node = HttpNode::new(url.clone());
        assert_eq!(node.request("chain_getBlockHash", json!([7])), Ok(json!("0x01")));
        assert!(served.join().unwrap().starts_with("POST / "));
        let gone = HttpNode::new(url).request("chain_getBlockHash", json!([7]));
        assert!(matches!(gone, Err(NodeError::Unreachable(_))));
    }
}
