//! The project's methods, and what all of them share.

use super::{
    args::{self, EventFilter},
    views::{Impact, ModelLineage, OfferView, RecordView, StatusView, TaskLineage},
    RpcError,
};
use crate::{chain::Chain, events::Events, index::Index};
use jsonrpsee::{
    core::{async_trait, RpcResult, SubscriptionResult},
    proc_macros::rpc,
    PendingSubscriptionSink,
};
use pensum_primitives::{
    model::ModelView,
    solver::SolverStatus,
    task::{TaskStatus, MAX_INLINE},
    TaskId,
};
use sp_core::Bytes;
use std::sync::Arc;

/// Tasks.
#[rpc(server, namespace = "task")]
pub trait TaskRpc {
    /// Where a task stands: open, or ended with outcome and answer.
    #[method(name = "status", blocking)]
    fn status(&self, task: TaskId) -> RpcResult<StatusView>;

    /// Open tasks, at most `limit` ≤ 256 of them, after the task `after`.
    #[method(name = "open", blocking)]
    fn open(
        &self,
        model: Option<String>,
        after: Option<TaskId>,
        limit: Option<u32>,
    ) -> RpcResult<Vec<TaskStatus>>;

    /// What happens to tasks from now on.
    #[subscription(name = "subscribe" => "event", unsubscribe = "unsubscribe", item = serde_json::Value)]
    async fn subscribe(&self, filter: Option<EventFilter>) -> SubscriptionResult;
}

/// Models.
#[rpc(server, namespace = "model")]
pub trait ModelRpc {
    /// A model.
    #[method(name = "info", blocking)]
    fn info(&self, id: String) -> RpcResult<ModelView>;

    /// Models, at most `limit` ≤ 256 of them, after the model `after`.
    #[method(name = "list", blocking)]
    fn list(&self, after: Option<String>, limit: Option<u32>) -> RpcResult<Vec<ModelView>>;

    /// What a model whose graph lies on chain says to an input of at most 4096 bytes, both as `0x` hex: a free dry run in the
    /// state of the best block, recorded nowhere.
    #[method(name = "run", blocking)]
    fn run(&self, id: String, input: Bytes) -> RpcResult<Bytes>;
}

/// Solvers.
#[rpc(server, namespace = "solver")]
pub trait SolverRpc {
    /// A solver, by its stash.
    #[method(name = "status", blocking)]
    fn solver_status(&self, stash: String) -> RpcResult<SolverStatus>;

    /// The standing offers for a model, cheapest first.
    #[method(name = "offers", blocking)]
    fn offers(&self, model: String) -> RpcResult<Vec<OfferView>>;
}

/// Records.
#[rpc(server, namespace = "record")]
pub trait RecordRpc {
    /// The record of an ended task, with its proof.
    #[method(name = "get", blocking)]
    fn get(&self, task: TaskId) -> RpcResult<RecordView>;
}

/// Where answers come from and what they lead to.
#[rpc(server, namespace = "lineage")]
pub trait LineageRpc {
    /// What went into a task's answer.
    #[method(name = "task", blocking)]
    fn task(&self, task: TaskId) -> RpcResult<TaskLineage>;

    /// What a model was made from.
    #[method(name = "model", blocking)]
    fn model(&self, id: String) -> RpcResult<ModelLineage>;

    /// What was made from a model, and the tasks it answered: at most `limit` ≤ 256, from place `after` on.
    #[method(name = "impact", blocking)]
    fn impact(&self, id: String, after: Option<u64>, limit: Option<u32>) -> RpcResult<Impact>;
}

/// What the project's methods work with.
#[derive(Clone)]
pub struct Market {
    pub(super) chain: Arc<dyn Chain>,
    pub(super) index: Index,
    pub(super) events: Events,
}

impl Market {
    /// Over this chain.
    pub fn new(chain: Arc<dyn Chain>, index: Index, events: Events) -> Self {
        Self { chain, index, events }
    }
}

#[async_trait]
impl TaskRpcServer for Market {
    fn status(&self, task: TaskId) -> RpcResult<StatusView> {
        Ok(self.task_status(task)?)
    }

    fn open(
        &self,
        model: Option<String>,
        after: Option<TaskId>,
        limit: Option<u32>,
    ) -> RpcResult<Vec<TaskStatus>> {
        let model = model.as_deref().map(args::model).transpose()?;
        Ok(self.open_tasks(model, after, args::limit(limit)?)?)
    }

    async fn subscribe(
        &self,
        pending: PendingSubscriptionSink,
        filter: Option<EventFilter>,
    ) -> SubscriptionResult {
        self.stream_events(pending, filter.unwrap_or_default()).await
    }
}

impl ModelRpcServer for Market {
    fn info(&self, id: String) -> RpcResult<ModelView> {
        Ok(self.model_view(args::model(&id)?)?)
    }

    fn list(&self, after: Option<String>, limit: Option<u32>) -> RpcResult<Vec<ModelView>> {
        let after = after.as_deref().map(args::model).transpose()?;
        let limit = args::limit(limit)?;
        Ok(self
            .chain
            .models(self.chain.best().hash, after, limit)
            .map_err(RpcError::from)?)
    }

    fn run(&self, id: String, input: Bytes) -> RpcResult<Bytes> {
        let model = args::model(&id)?;
        if input.len() > MAX_INLINE as usize {
            return Err(RpcError::TooMany {
                argument: "The input's length",
                given: input.len(),
                most: MAX_INLINE,
            }
            .into());
        }
        self.model_view(model)?;
        let output = self
            .chain
            .run_model(self.chain.best().hash, model, input.0)
            .map_err(RpcError::from)?;
        Ok(output.map(Bytes).ok_or(RpcError::CannotRun(model))?)
    }
}

impl SolverRpcServer for Market {
    fn solver_status(&self, stash: String) -> RpcResult<SolverStatus> {
        let account = args::account(&stash)?;
        let status = self
            .chain
            .solver(self.chain.best().hash, account)
            .map_err(RpcError::from)?;
        Ok(status.ok_or(RpcError::UnknownSolver(stash))?)
    }

    fn offers(&self, model: String) -> RpcResult<Vec<OfferView>> {
        let model = self.model_view(args::model(&model)?)?.id;
        let offers = self
            .chain
            .offers(self.chain.best().hash, model)
            .map_err(RpcError::from)?;
        let shown = offers.into_iter().take(args::MAX_LIMIT as usize);
        Ok(shown.map(|(solver, offer)| OfferView { solver, offer }).collect())
    }
}

impl RecordRpcServer for Market {
    fn get(&self, task: TaskId) -> RpcResult<RecordView> {
        Ok(self.record(task)?.into())
    }
}

impl LineageRpcServer for Market {
    fn task(&self, task: TaskId) -> RpcResult<TaskLineage> {
        Ok(self.task_lineage(task)?)
    }

    fn model(&self, id: String) -> RpcResult<ModelLineage> {
        Ok(self.model_lineage(args::model(&id)?)?)
    }

    fn impact(&self, id: String, after: Option<u64>, limit: Option<u32>) -> RpcResult<Impact> {
        Ok(self.model_impact(args::model(&id)?, after.unwrap_or_default(), args::limit(limit)?)?)
    }
}
