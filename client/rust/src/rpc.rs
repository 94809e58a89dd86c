//! The node's own methods, typed.

use crate::{
    dispute::TracedClaim,
    key::{hex_bytes, to_hex},
    refusal,
    view::{ListedAsset, Model, ProvenRecord, Solver, SolverOffer, TaskEvent, TaskStatus},
    Error,
};
use pensum_primitives::{
    solver::DelegationView,
    task::ClaimView,
    workflow::{WorkflowId, WorkflowView},
    ModelId, TaskId,
};
use serde::{de::DeserializeOwned, Serialize};
use serde_json::json;
use std::time::Duration;
use subxt::rpcs::{
    client::{RpcParams, RpcSubscription},
    RpcClient,
};
use tokio::time::timeout;

/// Most items of one answer.
const PAGE: usize = 256;
/// How long a connection may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// A connection to a node.
#[derive(Clone, Debug)]
pub struct Rpc {
    client: RpcClient,
    url: String,
}

impl Rpc {
    /// Connects to `ws://` or `wss://`.
    pub async fn connect(url: &str) -> Result<Self, Error> {
        if !url.starts_with("ws://") && !url.starts_with("wss://") {
            return Err(Error::usage(
                "Url",
                format!("`{url}` is no WebSocket address."),
                "Give ws://HOST:PORT or wss://HOST.",
            ));
        }
        let connecting = timeout(PATIENCE, RpcClient::from_insecure_url(url)).await;
        let client = connecting
            .map_err(|_| "no answer within 10 s".to_string())
            .and_then(|connected| connected.map_err(|error| error.to_string()))
            .map_err(|reason| {
                Error::unreachable(
                    "client.Unreachable",
                    format!("No node answers at {url} ({reason})."),
                    "Start one, or give another address by --url.",
                )
            })?;
        Ok(Self {
            client,
            url: url.into(),
        })
    }

    /// Where the node is.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The connection, for other clients on it.
    pub(crate) fn client(&self) -> RpcClient {
        self.client.clone()
    }

    /// One request; `params` is an array or a tuple.
    pub async fn request<T: DeserializeOwned>(
        &self,
        method: &str,
        params: impl Serialize,
    ) -> Result<T, Error> {
        self.client
            .request(method, positional(params)?)
            .await
            .map_err(|error| refusal::of_rpc(&self.url, method, error))
    }

    /// Where a task stands.
    pub async fn task_status(&self, task: TaskId) -> Result<TaskStatus, Error> {
        self.request("task_status", [task]).await
    }

    /// Open tasks, at most `limit`, after the task `after`.
    pub async fn open_tasks(
        &self,
        model: Option<ModelId>,
        after: Option<TaskId>,
        limit: u32,
    ) -> Result<Vec<TaskStatus>, Error> {
        self.request("task_open", (model, after, limit)).await
    }

    /// The answer to a task whose window is open, with its trace, which is not checked here.
    pub async fn claim(&self, task: TaskId) -> Result<TracedClaim, Error> {
        self.request("task_claim", [task]).await
    }

    /// All answers whose window is open.
    pub async fn claims(&self) -> Result<Vec<ClaimView>, Error> {
        let mut claims: Vec<ClaimView> = Vec::new();
        loop {
            let after = claims.last().map(|claim| claim.task);
            let page: Vec<ClaimView> = self.request("task_claims", (after, PAGE)).await?;
            let last = page.len() < PAGE;
            claims.extend(page);
            if last {
                return Ok(claims);
            }
        }
    }

    /// A workflow that has not ended.
    pub async fn workflow(&self, id: WorkflowId) -> Result<WorkflowView, Error> {
        self.request("workflow_status", [id]).await
    }

    /// The workflows of an account that have not ended, at most 256.
    pub async fn workflows(&self, requester: &str) -> Result<Vec<WorkflowView>, Error> {
        self.request("workflow_list", (requester, PAGE)).await
    }

    /// What an account has delegated to a solver.
    pub async fn delegation(&self, solver: &str, delegator: &str) -> Result<DelegationView, Error> {
        self.request("solver_delegation", (solver, delegator)).await
    }

    /// The assets that can pay, in order of their ids.
    pub async fn assets(&self) -> Result<Vec<ListedAsset>, Error> {
        let none: [(); 0] = [];
        self.request("assets_listed", none).await
    }

    /// A model.
    pub async fn model(&self, id: ModelId) -> Result<Model, Error> {
        self.request("model_info", [id]).await
    }

    /// All models.
    pub async fn models(&self) -> Result<Vec<Model>, Error> {
        let mut models: Vec<Model> = Vec::new();
        loop {
            let after = models.last().map(|model| model.id);
            let page: Vec<Model> = self.request("model_list", (after, PAGE)).await?;
            let last = page.len() < PAGE;
            models.extend(page);
            if last {
                return Ok(models);
            }
        }
    }

    /// What a model says to an input, run by the node's runtime: free and recorded nowhere.
    pub async fn run_model(&self, id: ModelId, input: &[u8]) -> Result<Vec<u8>, Error> {
        let output: String = self.request("model_run", (id, to_hex(input))).await?;
        hex_bytes(&output)
    }

    /// A solver, by its stash.
    pub async fn solver(&self, stash: &str) -> Result<Solver, Error> {
        let joins = "Join with `pensum solver join`, or name the stash that joined.";
        self.request("solver_status", [stash])
            .await
            .map_err(|error| refusal::with_remedy(error, "rpc.UnknownSolver", joins))
    }

    /// The standing offers for a model, cheapest first.
    pub async fn offers(&self, model: ModelId) -> Result<Vec<SolverOffer>, Error> {
        self.request("solver_offers", [model]).await
    }

    /// The record of a task that has ended, with its proof, which is not checked here.
    pub async fn record(&self, task: TaskId) -> Result<ProvenRecord, Error> {
        self.request("record_get", [task]).await
    }

    /// What happens from now on to these tasks.
    pub async fn follow(&self, tasks: &[TaskId]) -> Result<RpcSubscription<TaskEvent>, Error> {
        self.subscribe(json!({ "tasks": tasks })).await
    }

    /// What happens from now on to all tasks.
    pub async fn follow_all(&self) -> Result<RpcSubscription<TaskEvent>, Error> {
        self.subscribe(json!({})).await
    }

    async fn subscribe(&self, filter: serde_json::Value) -> Result<RpcSubscription<TaskEvent>, Error> {
        self.client
            .subscribe("task_subscribe", positional([filter])?, "task_unsubscribe")
            .await
            .map_err(|error| refusal::of_rpc(&self.url, "task_subscribe", error))
    }
}

fn positional(params: impl Serialize) -> Result<RpcParams, Error> {
    let unfit = |error: String| Error::usage("Params", format!("The arguments are no JSON: {error}."), "");
    let value = serde_json::to_value(params).map_err(|error| unfit(error.to_string()))?;
    let mut params = RpcParams::new();
    for param in value.as_array().into_iter().flatten() {
        params.push(param).map_err(|error| unfit(error.to_string()))?;
    }
    Ok(params)
}
