//! Runtime APIs: what the node's RPC and its index read at a block.

use crate::{
    asset::ListedAsset,
    model::ModelView,
    solver::{DelegationView, Offer, SolverStatus},
    task::{ClaimView, TaskNotice, TaskStatus, Trace},
    workflow::{WorkflowId, WorkflowView},
    AccountId, AssetId, Balance, BlockNumber, Digest, ModelId, TaskId,
};
use alloc::vec::Vec;
use sp_runtime::traits::Block as BlockT;

sp_api::decl_runtime_apis! {
    /// Tasks.
    pub trait TaskMarketApi {
        /// A live task; none for one that has ended or was never posted.
        fn task_status(task: TaskId) -> Option<TaskStatus>;
        /// Live tasks after `after`, in order of their batches' keys; at most `limit`, itself at most 256.
        fn open_tasks(after: Option<TaskId>, model: Option<ModelId>, limit: u32) -> Vec<TaskStatus>;
        /// The first batch id not yet used: a task of a lower batch that is not live has ended.
        fn next_batch() -> crate::BatchId;
        /// The answer to a task whose window is open.
        fn claim(task: TaskId) -> Option<ClaimView>;
        /// Answers whose window is open, after `after`, in order of their keys; at most `limit`, itself at most 256.
        fn claims(after: Option<TaskId>, limit: u32) -> Vec<ClaimView>;
        /// The traces of the answers that this transaction brings.
        fn traces_in(transaction: <Block as BlockT>::Extrinsic) -> Vec<(TaskId, Trace)>;
        /// The tasks that this transaction answers; empty for any other transaction.
        fn answered_by(transaction: <Block as BlockT>::Extrinsic) -> Vec<TaskId>;
        /// What happened to tasks in this block.
        fn notices() -> Vec<TaskNotice>;
    }

    /// Models and records.
    pub trait RegistryApi {
        /// A model.
        fn model_info(model: ModelId) -> Option<ModelView>;
        /// All models after `after`, in order of their ids' hashes; at most `limit`, itself at most 256.
        fn models(after: Option<ModelId>, limit: u32) -> Vec<ModelView>;
        /// Models that name this one as parent or as previous version; at most `limit`, itself at most 256.
        fn children(model: ModelId, limit: u32) -> Vec<ModelId>;
        /// What the model says to an input, run by the runtime itself: a dry run that costs nothing and is recorded nowhere.
        /// None where the model's graph does not lie on chain or cannot read the input.
        fn run_model(model: ModelId, input: Vec<u8>) -> Option<Vec<u8>>;
        /// Merkle root of the records of a block, if it has any.
        fn record_root(block: BlockNumber) -> Option<Digest>;
    }

    /// Solvers.
    pub trait SolverApi {
        /// A solver, by its stash.
        fn solver_status(stash: AccountId) -> Option<SolverStatus>;
        /// The standing offers for a model, cheapest first, each in the unit that it is quoted in.
        fn offers(model: ModelId) -> Vec<(AccountId, Offer)>;
        /// What somebody has delegated to a solver.
        fn delegation(solver: AccountId, delegator: AccountId) -> Option<DelegationView>;
    }

    /// Assets that pay.
    pub trait RatesApi {
        /// The listed assets, in order of their ids.
        fn listed_assets() -> Vec<ListedAsset>;
        /// What so much of an asset is worth in PEN, as posting would take it now; none while it has no rate.
        fn worth(asset: AssetId, amount: Balance) -> Option<Balance>;
    }

    /// Workflows.
    pub trait WorkflowApi {
        /// A workflow that has not ended.
        fn workflow(id: WorkflowId) -> Option<WorkflowView>;
        /// The workflows of an account that have not ended, the newest last; at most `limit`, itself at most 256.
        fn workflows_of(requester: AccountId, limit: u32) -> Vec<WorkflowView>;
    }
}
