//! The part of the gateway's HTTP contract that requesters and the doctor need.

use crate::{Digest, Error};
use pensum_primitives::task::{ClaimView, Input};
use serde::{de::DeserializeOwned, Deserialize};
use serde_json::json;
use std::time::Duration;
use tokio::task::spawn_blocking;
use ureq::{Agent, Body};

/// How long a gateway may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long it may take for a step, for which it runs a whole model, after the steps of others.
const STEP_PATIENCE: Duration = Duration::from_secs(60);
/// Most bytes of a step in JSON: those that a transaction carries, as hex, and a trace.
const MAX_STEP: u64 = 8 * 1024 * 1024;

/// Where a gateway is, and the token it asks for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Gateway {
    url: String,
    token: Option<String>,
}

/// How it does.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct Health {
    /// Its version.
    pub version: String,
    /// Runs that wait.
    pub queued: u64,
    /// Runs that an engine is at.
    pub running: u64,
}

/// A blob that it keeps.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct BlobStored {
    /// Its name in IPFS.
    pub cid: String,
    /// Its digest.
    pub sha256: Digest,
}

/// All that executing one node of a graph needs.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct StepMade {
    /// `blake2_256` of the output of every node, in order.
    pub trace: Vec<Digest>,
    /// The node's weights, as `0x` hex.
    pub weights: String,
    /// The tensors that it reads, as `0x` hex.
    pub inputs: Vec<String>,
}

#[derive(Deserialize)]
struct Models {
    models: Vec<ModelInfo>,
}

#[derive(Deserialize)]
struct ModelInfo {
    weights: Digest,
}

#[derive(Deserialize)]
struct Refused {
    error: Refusal,
}

#[derive(Deserialize)]
struct Refusal {
    code: String,
    message: String,
}

impl Gateway {
    /// At this address.
    pub fn new(url: &str, token: Option<String>) -> Result<Self, Error> {
        if !url.starts_with("http://") {
            return Err(Error::usage(
                "Gateway",
                format!("`{url}` is no address of a gateway."),
                "Give http://HOST:PORT; where it lies behind TLS, its address on its own machine.",
            ));
        }
        Ok(Self {
            url: url.trim_end_matches('/').into(),
            token: token.map(|token| token.trim().into()),
        })
    }

    /// Where it is.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// How it does.
    pub async fn health(&self) -> Result<Health, Error> {
        self.get("/v1/health").await
    }

    /// Digests of the weights of the models that it can run now.
    pub async fn models(&self) -> Result<Vec<Digest>, Error> {
        let Models { models } = self.get("/v1/models").await?;
        Ok(models.into_iter().map(|model| model.weights).collect())
    }

    /// Puts bytes into its content store and checks that it took the same bytes.
    pub async fn put_blob(&self, bytes: Vec<u8>) -> Result<BlobStored, Error> {
        let digest = Digest::from(sp_crypto_hashing::sha2_256(&bytes));
        let this = self.clone();
        let stored: BlobStored = blocking(move || {
            let mut request = agent(PATIENCE).put(format!("{}/v1/blobs", this.url));
            if let Some(token) = &this.token {
                request = request.header("authorization", format!("Bearer {token}"));
            }
            let sent = request
                .header("content-type", "application/octet-stream")
                .send(&bytes);
            this.answer(sent)
        })
        .await?;
        if stored.sha256 != digest {
            return Err(Error::untrusted(
                "gateway.OtherBytes",
                format!("{} stored other bytes than it was sent.", self.url),
                "Do not use it.",
            ));
        }
        Ok(stored)
    }

    /// Runs a claim's model on its input, and gives one node with all it reads.
    pub async fn step(&self, claim: &ClaimView, node: u16) -> Result<StepMade, Error> {
        let input = match &claim.input {
            Input::Inline(bytes) => json!({ "inline": crate::key::to_hex(bytes) }),
            Input::Blob { digest, len } => json!({ "blob": { "sha256": digest, "len": len } }),
        };
        let asked = json!({ "weights": claim.weights, "input": input, "node": node });
        let this = self.clone();
        blocking(move || {
            let mut request = agent(STEP_PATIENCE).post(format!("{}/v1/steps", this.url));
            if let Some(token) = &this.token {
                request = request.header("authorization", format!("Bearer {token}"));
            }
            this.answer(request.send_json(&asked))
        })
        .await
    }

    async fn get<T: DeserializeOwned + Send + 'static>(&self, path: &'static str) -> Result<T, Error> {
        let this = self.clone();
        blocking(move || {
            let mut request = agent(PATIENCE).get(format!("{}{path}", this.url));
            if let Some(token) = &this.token {
                request = request.header("authorization", format!("Bearer {token}"));
            }
            this.answer(request.call())
        })
        .await
    }

    fn answer<T: DeserializeOwned>(
        &self,
        answer: Result<ureq::http::Response<Body>, ureq::Error>,
    ) -> Result<T, Error> {
        let mut response = answer.map_err(|error| {
            Error::unreachable(
                "gateway.Unreachable",
                format!("No gateway answers at {} ({error}).", self.url),
                "Start it, or correct the address.",
            )
        })?;
        let status = response.status();
        let body = response.body_mut();
        let strange = |error: String| {
            Error::untrusted(
                "gateway.Answer",
                format!("{} answers with what is no gateway's answer: {error}.", self.url),
                "Correct the address.",
            )
        };
        if status.is_success() {
            let read = body.with_config().limit(MAX_STEP).read_json();
            return read.map_err(|error| strange(error.to_string()));
        }
        match body.read_json::<Refused>() {
            Ok(Refused { error }) => {
                let (fact, remedy) = Error::fact_and_remedy(&error.message);
                Err(Error::refused(format!("gateway.{}", error.code), fact, remedy))
            }
            Err(_) => Err(strange(status.to_string())),
        }
    }
}

fn agent(patience: Duration) -> Agent {
    Agent::config_builder()
        .timeout_global(Some(patience))
        .http_status_as_error(false)
        .build()
        .into()
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    spawn_blocking(work).await.map_err(|error| {
        Error::unreachable(
            "gateway.Unreachable",
            format!("The request was given up: {error}."),
            "Try again.",
        )
    })?
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        io::{Read, Write},
        net::TcpListener,
        thread,
    };

    /// A server that answers one request with these bytes, and what it was asked.
    fn serve(answer: &'static str) -> (String, thread::JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let asked = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = [0; 2048];
            let len = stream.read(&mut request).unwrap();
            stream.write_all(answer.as_bytes()).unwrap();
            String::from_utf8_lossy(&request[..len]).to_lowercase()
        });
        (url, asked)
    }

    #[tokio::test]
    async fn a_token_goes_with_every_request() {
        let (url, asked) = serve(
            "HTTP/1.1 200 OK\r\ncontent-length: 73\r\n\r\n{\"status\":\"ok\",\"version\":\"0.1.0\",\"models\":1,\"queued\":2,\"running\":3}      ",
        );
        let health = Gateway::new(&url, Some("secret\n".into()))
            .unwrap()
            .health()
            .await
            .unwrap();
        assert_eq!((health.queued, health.running), (2, 3));
        assert!(asked.join().unwrap().contains("authorization: bearer secret"));
    }

    #[tokio::test]
    async fn a_refusal_keeps_its_code_and_words() {
        let (url, asked) = serve(
            "HTTP/1.1 401 Unauthorized\r\ncontent-length: 84\r\n\r\n{\"error\":{\"code\":\"unauthorised\",\"message\":\"The token is wrong. Send another one.\"}} ",
        );
        let error = Gateway::new(&url, None).unwrap().health().await.unwrap_err();
        asked.join().unwrap();
        assert_eq!(error.code, "gateway.unauthorised");
        assert_eq!(
            (error.fact.as_str(), error.remedy.as_str()),
            ("The token is wrong.", "Send another one.")
        );
    }

    #[tokio::test]
    async fn a_step_is_asked_for_by_weights_input_and_node() {
        let answer = include_str!("../../../inference/gateway/contract/step.json");
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", answer.len());
        let (url, asked) = serve(Box::leak((head + answer).into_boxed_str()));
        let claim: ClaimView = serde_json::from_value(json!({
            "task": 256, "model": Digest::zero(), "weights": Digest::repeat_byte(7),
            "solver": "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY", "input": { "inline": "0x776f6f6c" },
            "output": "0x", "trace": null, "claimed_at": 8, "until": 20,
        }))
        .unwrap();
        let made = Gateway::new(&url, None).unwrap().step(&claim, 1).await.unwrap();
        assert_eq!((made.trace.len(), made.weights.as_str()), (2, "0x0102"));
        let asked = asked.join().unwrap();
        assert!(asked.starts_with("post /v1/steps"), "{asked}");
    }

    #[tokio::test]
    async fn a_gateway_that_is_not_there_is_unreachable() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        drop(listener);
        let error = Gateway::new(&url, None).unwrap().models().await.unwrap_err();
        assert_eq!(error.kind.exit_code(), 3);
    }

    #[test]
    fn only_plain_http_is_spoken() {
        assert_eq!(Gateway::new("https://x", None).unwrap_err().code, "usage.Gateway");
        assert_eq!(Gateway::new("http://x/", None).unwrap().url(), "http://x");
    }
}
