//! The project's methods, and what all of them share.

use super::{
    args::{self, EventFilter},
    bounds::{Gate, Seats},
    views::{AssetView, Impact, ModelLineage, OfferView, RecordView, StatusView, TaskLineage, TracedClaim},
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
    solver::{DelegationView, SolverStatus, StringAmount},
    task::{ClaimView, TaskStatus, MAX_INLINE},
    workflow::{WorkflowId, WorkflowView},
    AssetId, TaskId,
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

    /// The answer to a task whose window is open, with its trace: what whoever checks it compares.
    #[method(name = "claim", blocking)]
    fn claim(&self, task: TaskId) -> RpcResult<TracedClaim>;

    /// Answers whose window is open, at most `limit` ≤ 256 of them, after the task `after`; without traces.
    #[method(name = "claims", blocking)]
    fn claims(&self, after: Option<TaskId>, limit: Option<u32>) -> RpcResult<Vec<ClaimView>>;

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

    /// What an account has delegated to a solver.
    #[method(name = "delegation", blocking)]
    fn delegation(&self, stash: String, delegator: String) -> RpcResult<DelegationView>;
}

/// Assets that pay beside PEN.
#[rpc(server, namespace = "assets")]
pub trait AssetsRpc {
    /// The listed assets, at most 16, in order of their ids.
    #[method(name = "listed", blocking)]
    fn listed(&self) -> RpcResult<Vec<AssetView>>;

    /// What so many smallest units of an asset are worth in PEN's smallest unit, as posting would take it: both decimal strings.
    #[method(name = "worth", blocking)]
    fn worth(&self, asset: AssetId, amount: String) -> RpcResult<StringAmount>;
}

/// Workflows.
#[rpc(server, namespace = "workflow")]
pub trait WorkflowRpc {
    /// A workflow that has not ended: where each of its steps stands.
    #[method(name = "status", blocking)]
    fn workflow_status(&self, id: WorkflowId) -> RpcResult<WorkflowView>;

    /// The workflows of an account that have not ended, at most `limit` ≤ 256 of them.
    #[method(name = "list", blocking)]
    fn workflow_list(&self, requester: String, limit: Option<u32>) -> RpcResult<Vec<WorkflowView>>;
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
    pub(super) gate: Gate,
    pub(super) seats: Seats,
}

impl Market {
    /// Over this chain.
    pub fn new(chain: Arc<dyn Chain>, index: Index, events: Events) -> Self {
        Self {
            chain,
            index,
            events,
            gate: Gate::default(),
            seats: Seats::default(),
        }
    }

    /// What its costly calls wait at: one for the whole node.
    pub(crate) fn gate(&self) -> Gate {
        self.gate.clone()
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
        let _turn = self.gate.enter()?;
        let model = model.as_deref().map(args::model).transpose()?;
        Ok(self.open_tasks(model, after, args::limit(limit)?)?)
    }

    fn claim(&self, task: TaskId) -> RpcResult<TracedClaim> {
        let _turn = self.gate.enter()?;
        Ok(self.traced_claim(task)?)
    }

    fn claims(&self, after: Option<TaskId>, limit: Option<u32>) -> RpcResult<Vec<ClaimView>> {
        let _turn = self.gate.enter()?;
        let limit = args::limit(limit)?;
        let claims = self.chain.claims(self.chain.best().hash, after, limit);
        Ok(claims.map_err(RpcError::from)?)
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
        let _turn = self.gate.enter()?;
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
        let _turn = self.gate.enter()?;
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

    fn delegation(&self, stash: String, delegator: String) -> RpcResult<DelegationView> {
        let (solver, delegator) = (args::account(&stash)?, args::account(&delegator)?);
        let delegation = self
            .chain
            .delegation(self.chain.best().hash, solver, delegator)
            .map_err(RpcError::from)?;
        Ok(delegation.ok_or(RpcError::NoDelegation)?)
    }
}

impl AssetsRpcServer for Market {
    fn listed(&self) -> RpcResult<Vec<AssetView>> {
        Ok(self.assets()?)
    }

    fn worth(&self, asset: AssetId, amount: String) -> RpcResult<StringAmount> {
        Ok(self.asset_worth(asset, args::amount(&amount)?)?)
    }
}

impl WorkflowRpcServer for Market {
    fn workflow_status(&self, id: WorkflowId) -> RpcResult<WorkflowView> {
        let workflow = self
            .chain
            .workflow(self.chain.best().hash, id)
            .map_err(RpcError::from)?;
        Ok(workflow.ok_or(RpcError::UnknownWorkflow(id))?)
    }

    fn workflow_list(&self, requester: String, limit: Option<u32>) -> RpcResult<Vec<WorkflowView>> {
        let _turn = self.gate.enter()?;
        let (requester, limit) = (args::account(&requester)?, args::limit(limit)?);
        let workflows = self.chain.workflows_of(self.chain.best().hash, requester, limit);
        Ok(workflows.map_err(RpcError::from)?)
    }
}

impl RecordRpcServer for Market {
    fn get(&self, task: TaskId) -> RpcResult<RecordView> {
        Ok(self.record(task)?.into())
    }
}

impl LineageRpcServer for Market {
    fn task(&self, task: TaskId) -> RpcResult<TaskLineage> {
        let _turn = self.gate.enter()?;
        Ok(self.task_lineage(task)?)
    }

    fn model(&self, id: String) -> RpcResult<ModelLineage> {
        let _turn = self.gate.enter()?;
        Ok(self.model_lineage(args::model(&id)?)?)
    }

    fn impact(&self, id: String, after: Option<u64>, limit: Option<u32>) -> RpcResult<Impact> {
        let _turn = self.gate.enter()?;
        Ok(self.model_impact(args::model(&id)?, after.unwrap_or_default(), args::limit(limit)?)?)
    }
}
