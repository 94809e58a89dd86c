//! Runtime APIs: what the node's RPC and its index read at a block.

use crate::{
    asset::ListedAsset,
    bridge::{
        BridgeView, CheckpointId, CheckpointView, Dispatched, IsmView, Locations, RequestView, ResultProof,
    },
    model::ModelView,
    solver::{DelegationView, Offer, SolverStatus},
    task::{ClaimView, TaskNotice, TaskStatus, Trace},
    workflow::{WorkflowId, WorkflowView},
    AccountId, AssetId, Balance, BlockNumber, Digest, ModelId, TaskId,
};
use alloc::vec::Vec;
use hyperlane_primitives::{Checkpoint, IncrementalTree, H160};
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

    /// The bridge.
    pub trait BridgeApi {
        /// The bridge as a whole.
        fn bridge() -> BridgeView;
        /// The tree of dispatched messages.
        fn tree() -> IncrementalTree;
        /// Messages from `first` on that still lie in the state, in order; at most `limit`, itself at most 256.
        fn dispatched(first: u32, limit: u32) -> Vec<Dispatched>;
        /// The checkpoint at a message that still lies in the state, with the signatures that validators have published.
        fn checkpoint(index: u32) -> Option<CheckpointView>;
        /// The validators' keys for checkpoints now, and the addresses by which contracts know them.
        fn checkpoint_validators() -> Vec<(CheckpointId, H160)>;
        /// Which of these checkpoints the validator has not published yet and may: those in the state and not before the first that a
        /// validator's signature counts for. At most `limit`, itself at most 256.
        fn unsigned_checkpoints(validator: CheckpointId, limit: u32) -> Vec<Checkpoint>;
        /// The transaction that publishes these signatures, `(index, r ‖ s ‖ v)`, for the pool. None where there are too many.
        fn checkpoints_transaction(signatures: Vec<(u32, Vec<u8>)>) -> Option<<Block as BlockT>::Extrinsic>;
        /// Proves that a checkpoint key belongs to a validator of the current session, for a report.
        fn checkpoint_key_proof(key: CheckpointId) -> Option<Vec<u8>>;
        /// The block in which a message from elsewhere was processed, if it was.
        fn delivered(message: Digest) -> Option<BlockNumber>;
        /// Whom messages from a domain are believed.
        fn ism(domain: u32) -> Option<IsmView>;
        /// Where these validators say that their checkpoints can be read, in their order; the newest last.
        fn announced(validators: Vec<H160>) -> Vec<Locations>;
        /// What delivering a message with that much gas costs, in PEN; none where nobody quotes for the domain.
        fn gas_quote(domain: u32, gas_limit: u64) -> Option<Balance>;
        /// Where an intent from another chain stands, by the id of the message that brought it; none for one that never came or was
        /// answered so long ago that it has left the state.
        fn request(message: Digest) -> Option<RequestView>;
        /// A result that was sent in a batch, by the id of the message that brought its intent, and its proof.
        fn result_proof(message: Digest) -> Option<ResultProof>;
    }

    /// Workflows.
    pub trait WorkflowApi {
        /// A workflow that has not ended.
        fn workflow(id: WorkflowId) -> Option<WorkflowView>;
        /// The workflows of an account that have not ended, the newest last; at most `limit`, itself at most 256.
        fn workflows_of(requester: AccountId, limit: u32) -> Vec<WorkflowView>;
    }
}
