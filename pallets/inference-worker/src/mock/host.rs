//! The host: storage, HTTP with a gateway in memory, and a process that can be killed.

use super::URL;
use codec::Encode;
use parking_lot::Mutex;
use pensum_primitives::{
    gateway::{GatewaySettings, GATEWAY_SETTINGS_KEY},
    Digest,
};
use serde_json::{json, Value};
use sp_core::offchain::{
    storage::InMemOffchainStorage, DbExternalities, Externalities, HttpError, HttpRequestId,
    HttpRequestStatus, OffchainStorage, OpaqueNetworkState, StorageKind, Timestamp,
};
use std::{collections::BTreeMap, sync::Arc};

/// How the gateway behaves.
#[derive(Clone, Default)]
pub enum Mode {
    /// Answers as told for each input; upper case where nothing was told.
    #[default]
    Up,
    /// Refuses connections.
    Down,
    /// Never answers.
    Silent,
    /// Answers with these bytes.
    Says(u16, Vec<u8>),
}

/// What becomes of the run on an input.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fate {
    Pending,
    Fails(&'static str),
    DoneWithoutBlob,
}

/// What one request looked like.
#[derive(Clone, Debug, Default)]
pub struct Request {
    pub method: String,
    pub uri: String,
    pub headers: BTreeMap<String, String>,
    pub body: Vec<u8>,
    response: Option<(u16, Vec<u8>)>,
    read: usize,
}

#[derive(Default)]
pub(super) struct HostState {
    pub(super) storage: InMemOffchainStorage,
    pub(super) now_ms: u64,
    pub(super) requests: Vec<Request>,
    pub(super) mode: Mode,
    pub(super) fates: BTreeMap<Vec<u8>, Fate>,
    pub(super) blobs: BTreeMap<Digest, Vec<u8>>,
    /// The response to whoever asks for a step.
    pub(super) step: Vec<u8>,
    /// Side effects until the process is killed.
    pub(super) kill_in: Option<usize>,
    pub(super) killed: bool,
    pub(super) effects: usize,
}

/// The node around the worker, which outlives kills.
#[derive(Clone, Default)]
pub struct Host(pub(super) Arc<Mutex<HostState>>);

impl Host {
    /// Called before anything that leaves a trace. A killed process leaves none.
    pub(super) fn side_effect(&self) {
        let mut state = self.0.lock();
        state.effects += 1;
        match &mut state.kill_in {
            Some(0) => {
                state.killed = true;
                drop(state);
                std::panic::resume_unwind(Box::new("killed"));
            }
            Some(left) => *left -= 1,
            None => {}
        }
    }

    pub fn set_mode(&self, mode: Mode) {
        self.0.lock().mode = mode;
    }

    pub fn set_fate(&self, input: &[u8], fate: Option<Fate>) {
        let fates = &mut self.0.lock().fates;
        match fate {
            Some(fate) => fates.insert(input.to_vec(), fate),
            None => fates.remove(input),
        };
    }

    pub fn put_blob(&self, bytes: &[u8]) {
        self.0
            .lock()
            .blobs
            .insert(sp_io::hashing::sha2_256(bytes).into(), bytes.to_vec());
    }

    pub fn set_step(&self, response: &[u8]) {
        self.0.lock().step = response.to_vec();
    }

    pub fn requests(&self) -> Vec<Request> {
        std::mem::take(&mut self.0.lock().requests)
    }

    pub fn stored(&self, key: &[u8]) -> Option<Vec<u8>> {
        self.0.lock().storage.get(b"", key)
    }

    pub fn store(&self, key: &[u8], value: &[u8]) {
        self.0.lock().storage.set(b"", key, value);
    }

    pub fn forget(&self, key: &[u8]) {
        self.0.lock().storage.remove(b"", key);
    }

    pub fn configure(&self, token: Option<&str>) {
        let token = token.map(|token| token.as_bytes().to_vec());
        self.store(
            GATEWAY_SETTINGS_KEY,
            &GatewaySettings {
                url: URL.into(),
                token,
            }
            .encode(),
        );
    }

    fn respond(state: &HostState, body: &[u8]) -> Vec<u8> {
        let body: Value = serde_json::from_slice(body).unwrap();
        if body.get("node").is_some() {
            return state.step.clone();
        }
        let runs = body["runs"].as_array().unwrap();
        let reports: Vec<_> = runs
            .iter()
            .map(|run| {
                let bytes = |value: &Value| hex::decode(&value.as_str().unwrap()[2..]).unwrap();
                let named = run["input"].get("blob").map(|blob| Digest::from_slice(&bytes(&blob["sha256"])));
                let input = match named {
                    Some(digest) => state.blobs.get(&digest).cloned(),
                    None => Some(bytes(&run["input"]["inline"])),
                };
                let id = &run["id"];
                let Some(input) = input else {
                    return json!({"id": id, "state": "failed", "reason": "blob_missing", "message": "m", "ms": 1});
                };
                let hex = |bytes: &[u8]| format!("0x{}", hex::encode(bytes));
                let mut done = json!({"id": id, "state": "done", "output": hex(&input.to_ascii_uppercase()), "ms": 1});
                if run.get("traced") == Some(&json!(true)) {
                    done["trace"] = json!([hex(&[1; 32]), hex(&[2; 32])]);
                }
                match state.fates.get(&input) {
                    Some(Fate::Pending) => json!({"id": id, "state": "running"}),
                    Some(Fate::Fails(reason)) => {
                        json!({"id": id, "state": "failed", "reason": reason, "message": "m", "ms": 1})
                    }
                    Some(Fate::DoneWithoutBlob) => done,
                    None if named.is_some() => {
                        done["blob"] = json!(hex(&input));
                        done
                    }
                    None => done,
                }
            })
            .collect();
        serde_json::to_vec(&json!({ "runs": reports })).unwrap()
    }
}

impl Externalities for Host {
    fn is_validator(&self) -> bool {
        true
    }

    fn network_state(&self) -> Result<OpaqueNetworkState, ()> {
        Err(())
    }

    fn timestamp(&mut self) -> Timestamp {
        Timestamp::from_unix_millis(self.0.lock().now_ms)
    }

    fn sleep_until(&mut self, deadline: Timestamp) {
        self.0.lock().now_ms = deadline.unix_millis();
    }

    fn random_seed(&mut self) -> [u8; 32] {
        [0; 32]
    }

    fn http_request_start(&mut self, method: &str, uri: &str, _: &[u8]) -> Result<HttpRequestId, ()> {
        let mut state = self.0.lock();
        let id = HttpRequestId(state.requests.len() as u16);
        state.requests.push(Request {
            method: method.into(),
            uri: uri.into(),
            ..Request::default()
        });
        Ok(id)
    }

    fn http_request_add_header(&mut self, id: HttpRequestId, name: &str, value: &str) -> Result<(), ()> {
        self.0.lock().requests[id.0 as usize]
            .headers
            .insert(name.into(), value.into());
        Ok(())
    }

    fn http_request_write_body(
        &mut self,
        id: HttpRequestId,
        chunk: &[u8],
        deadline: Option<Timestamp>,
    ) -> Result<(), HttpError> {
        assert!(deadline.is_some(), "the worker never waits without a deadline");
        if !chunk.is_empty() {
            self.0.lock().requests[id.0 as usize].body.extend(chunk);
            return Ok(());
        }
        self.side_effect();
        let mut state = self.0.lock();
        let response = match &state.mode {
            Mode::Down => return Err(HttpError::IoError),
            Mode::Silent => None,
            Mode::Says(code, body) => Some((*code, body.clone())),
            Mode::Up => Some((200, Self::respond(&state, &state.requests[id.0 as usize].body))),
        };
        state.requests[id.0 as usize].response = response;
        Ok(())
    }

    fn http_response_wait(
        &mut self,
        ids: &[HttpRequestId],
        deadline: Option<Timestamp>,
    ) -> Vec<HttpRequestStatus> {
        let deadline = deadline.expect("the worker never waits without a deadline");
        let mut state = self.0.lock();
        assert!(deadline.unix_millis() <= state.now_ms + 1_000, "a second at most");
        let status = |id: &HttpRequestId| match &state.requests[id.0 as usize].response {
            Some((code, _)) => HttpRequestStatus::Finished(*code),
            None => HttpRequestStatus::DeadlineReached,
        };
        let statuses: Vec<_> = ids.iter().map(status).collect();
        if statuses.contains(&HttpRequestStatus::DeadlineReached) {
            state.now_ms = deadline.unix_millis();
        }
        statuses
    }

    fn http_response_headers(&mut self, _: HttpRequestId) -> Vec<(Vec<u8>, Vec<u8>)> {
        Vec::new()
    }

    fn http_response_read_body(
        &mut self,
        id: HttpRequestId,
        buffer: &mut [u8],
        deadline: Option<Timestamp>,
    ) -> Result<usize, HttpError> {
        assert!(deadline.is_some(), "the worker never waits without a deadline");
        let mut state = self.0.lock();
        let request = &mut state.requests[id.0 as usize];
        let (_, body) = request.response.as_ref().ok_or(HttpError::Invalid)?;
        let rest = &body[request.read..];
        let len = rest.len().min(buffer.len());
        buffer[..len].copy_from_slice(&rest[..len]);
        request.read += len;
        Ok(len)
    }

    fn set_authorized_nodes(&mut self, _: Vec<sp_core::OpaquePeerId>, _: bool) {}
}

impl DbExternalities for Host {
    fn local_storage_set(&mut self, kind: StorageKind, key: &[u8], value: &[u8]) {
        assert_eq!(kind, StorageKind::PERSISTENT);
        if !self.0.lock().killed {
            self.side_effect();
            self.0.lock().storage.set(b"", key, value);
        }
    }

    fn local_storage_clear(&mut self, kind: StorageKind, key: &[u8]) {
        assert_eq!(kind, StorageKind::PERSISTENT);
        if !self.0.lock().killed {
            self.side_effect();
            self.0.lock().storage.remove(b"", key);
        }
    }

    fn local_storage_compare_and_set(
        &mut self,
        kind: StorageKind,
        key: &[u8],
        old: Option<&[u8]>,
        new: &[u8],
    ) -> bool {
        assert_eq!(kind, StorageKind::PERSISTENT);
        if self.0.lock().killed {
            return false;
        }
        self.side_effect();
        self.0.lock().storage.compare_and_set(b"", key, old, new)
    }

    fn local_storage_get(&mut self, kind: StorageKind, key: &[u8]) -> Option<Vec<u8>> {
        assert_eq!(kind, StorageKind::PERSISTENT);
        self.0.lock().storage.get(b"", key)
    }
}
