//! A gateway with an engine that does as it is told.

use parking_lot::{Condvar, Mutex};
use pensum_gateway::{
    digest::{Digest, HexBytes},
    engine::{Engine, RunFailure},
    wire::{ErrorBody, Input, ModelInfo, PostRuns, RunReports, RunRequest},
    Config, Gateway, Running,
};
use serde::{de::DeserializeOwned, Serialize};
use std::{collections::HashMap, sync::Arc};
use tempfile::TempDir;
use ureq::{
    http::{request::Builder, HeaderMap, Request},
    Agent,
};

/// Weights that the test engine knows, by what happens to the input.
pub const UPPER: Digest = Digest([1; 32]);
pub const REFUSE: Digest = Digest([2; 32]);
pub const FAIL: Digest = Digest([3; 32]);
pub const PANIC: Digest = Digest([4; 32]);
pub const LONG: Digest = Digest([5; 32]);
/// Waits until [`TestEngine::open`].
pub const GATED: Digest = Digest([6; 32]);
/// Gives the input's length.
pub const LENGTH: Digest = Digest([7; 32]);
/// What nobody holds, until [`TestEngine::add`].
pub const UNKNOWN: Digest = Digest([9; 32]);

#[derive(Default)]
struct State {
    executions: HashMap<Vec<u8>, usize>,
    open: bool,
    added: bool,
}

/// Counts what it executes.
#[derive(Default)]
pub struct TestEngine {
    state: Mutex<State>,
    changed: Condvar,
}

impl TestEngine {
    pub fn open(&self) {
        self.state.lock().open = true;
        self.changed.notify_all();
    }

    pub fn add(&self) {
        self.state.lock().added = true;
    }

    pub fn executions(&self, input: &[u8]) -> usize {
        self.state
            .lock()
            .executions
            .get(input)
            .copied()
            .unwrap_or_default()
    }
}

impl Engine for TestEngine {
    fn name(&self) -> &'static str {
        "test"
    }

    fn models(&self) -> Vec<ModelInfo> {
        vec![ModelInfo {
            weights: UPPER,
            engine: "test".into(),
            source: "upper".into(),
            bytes: 0,
            max_input: 100,
            output: 100,
        }]
    }

    fn run(&self, weights: &Digest, input: &[u8]) -> Result<Vec<u8>, RunFailure> {
        let mut state = self.state.lock();
        *state.executions.entry(input.to_vec()).or_default() += 1;
        match *weights {
            UPPER => Ok(input.to_ascii_uppercase()),
            REFUSE => Err(RunFailure::InputRefused(
                "The input is refused. Send another.".into(),
            )),
            FAIL => Err(RunFailure::Failed("The engine is down. Start it.".into())),
            PANIC => panic!("as the test wants"),
            LONG => Ok(vec![0; 1_025]),
            LENGTH => Ok(input.len().to_le_bytes().to_vec()),
            UNKNOWN if state.added => Ok(b"added".to_vec()),
            GATED => {
                self.changed.wait_while(&mut state, |state| !state.open);
                Ok(input.to_vec())
            }
            _ => Err(RunFailure::ModelMissing),
        }
    }
}

/// A request on its way.
pub struct Ask {
    agent: Agent,
    request: Builder,
    body: Option<Vec<u8>>,
}

/// What came back.
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Ask {
    pub fn new(agent: &Agent, method: &str, url: String) -> Self {
        Self {
            agent: agent.clone(),
            request: Request::builder().method(method).uri(url),
            body: None,
        }
    }

    pub fn header(self, name: &str, value: &str) -> Self {
        Self {
            request: self.request.header(name, value),
            ..self
        }
    }

    pub fn body(self, body: impl Into<Vec<u8>>) -> Self {
        Self {
            body: Some(body.into()),
            ..self
        }
    }

    pub fn json(self, body: &impl Serialize) -> Self {
        self.body(serde_json::to_vec(body).unwrap())
    }

    pub async fn send(self) -> Answer {
        let send = move || {
            let Self { agent, request, body } = self;
            let response = match body {
                Some(body) => agent.run(request.body(body).unwrap()),
                None => agent.run(request.body(()).unwrap()),
            };
            let (parts, mut body) = response.unwrap().into_parts();
            let body = body.with_config().limit(u64::MAX).read_to_vec().unwrap();
            Answer {
                status: parts.status.as_u16(),
                headers: parts.headers,
                body,
            }
        };
        tokio::task::spawn_blocking(send).await.unwrap()
    }
}

impl Answer {
    pub fn json<T: DeserializeOwned>(&self) -> T {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }
}

/// A client that takes refusals as answers.
pub fn client() -> Agent {
    Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .build()
        .into()
}

/// A gateway and its client.
pub struct Bench {
    pub folder: TempDir,
    pub engine: Arc<TestEngine>,
    pub running: Running,
    pub client: Agent,
}

pub fn config(folder: &TempDir) -> Config {
    Config::new(folder.path(), folder.path().join("data"))
}

impl Bench {
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    pub async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = config(&folder);
        change(&mut config);
        let engine = Arc::new(TestEngine::default());
        let running = Gateway::start_with(config, vec![engine.clone()]).await.unwrap();
        Self {
            folder,
            engine,
            running,
            client: client(),
        }
    }

    /// Ends the gateway in good order and starts another on the same data.
    pub async fn restarted(self) -> Self {
        let Self {
            folder,
            running,
            client,
            engine,
        } = self;
        running.shutdown().await;
        engine.open();
        let engine = Arc::new(TestEngine::default());
        let running = Gateway::start_with(config(&folder), vec![engine.clone()])
            .await
            .unwrap();
        Self {
            folder,
            engine,
            running,
            client,
        }
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.running.url())
    }

    pub fn ask(&self, method: &str, path: &str) -> Ask {
        Ask::new(&self.client, method, self.url(path))
    }

    pub fn post(&self, path: &str) -> Ask {
        self.ask("POST", path)
    }

    pub fn get(&self, path: &str) -> Ask {
        self.ask("GET", path)
    }

    /// Posts runs and waits for their end as long as the contract allows.
    pub async fn run(&self, runs: &[RunRequest]) -> RunReports {
        let answer = self.post_runs(runs, 2_000).await;
        assert_eq!(answer.status, 200);
        answer.json()
    }

    pub async fn post_runs(&self, runs: &[RunRequest], wait_ms: u64) -> Answer {
        let body = PostRuns { runs: runs.to_vec() };
        self.post(&format!("/v1/runs?wait_ms={wait_ms}"))
            .json(&body)
            .send()
            .await
    }

    pub async fn put_blob(&self, bytes: &[u8]) -> Answer {
        self.ask("PUT", "/v1/blobs").body(bytes).send().await
    }
}

/// A run named by a number.
pub fn inline(n: u16, weights: Digest, input: &[u8]) -> RunRequest {
    RunRequest {
        id: id(n),
        weights,
        input: Input::Inline(HexBytes(input.to_vec())),
        traced: false,
    }
}

pub fn blob(n: u16, weights: Digest, input: &[u8]) -> RunRequest {
    let input = Input::Blob {
        sha256: Digest::sha256(input),
        len: input.len() as u32,
    };
    RunRequest {
        id: id(n),
        weights,
        input,
        traced: false,
    }
}

pub fn id(n: u16) -> Digest {
    let mut bytes = [0; 32];
    bytes[..2].copy_from_slice(&n.to_be_bytes());
    Digest(bytes)
}

/// Status and code of a refusal, whose message must be a fact and a remedy.
pub fn refusal(answer: Answer) -> (u16, String) {
    let ErrorBody { error } = answer.json();
    assert!(
        error.message.contains(". ") && error.message.ends_with('.'),
        "{}",
        error.message
    );
    (answer.status, error.code)
}
