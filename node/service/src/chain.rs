//! What the indexes and the RPC read of the chain, behind one small trait, so that both are tested without a chain.

mod bridge;
mod raw;

pub use bridge::BridgeChain;
pub use raw::RawChain;

use pensum_primitives::{
    asset::ListedAsset,
    model::ModelView,
    solver::{DelegationView, Offer, SolverStatus},
    task::{ClaimView, TaskNotice, TaskStatus, Trace},
    workflow::{WorkflowId, WorkflowView},
    AccountId, AssetId, Balance, BatchId, BlockNumber, Digest, ModelId, TaskId,
};
use sp_runtime::OpaqueExtrinsic;

/// A block, by number and hash.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BlockRef {
    /// Its number.
    pub number: BlockNumber,
    /// Its hash.
    pub hash: Digest,
}

/// The chain cannot be read: the state is pruned, or the runtime lacks an API.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{0}")]
pub struct ChainError(pub String);

/// Result of reading the chain.
pub type Read<T> = Result<T, ChainError>;

/// What is read of the chain. `at` names the block in whose state it is read.
pub trait Chain: BridgeChain + RawChain + Send + Sync {
    /// The head of the best chain.
    fn best(&self) -> BlockRef;
    /// The last final block.
    fn finalized(&self) -> BlockRef;
    /// Hash of the block of this number on the best chain.
    fn hash(&self, number: BlockNumber) -> Read<Option<Digest>>;
    /// The block of this hash, on whatever fork, if this node has it.
    fn block(&self, hash: Digest) -> Read<Option<BlockRef>>;
    /// Hash of the block before this one.
    fn parent(&self, of: Digest) -> Read<Option<BlockRef>>;
    /// A live task.
    fn task_status(&self, at: Digest, task: TaskId) -> Read<Option<TaskStatus>>;
    /// Live tasks.
    fn open_tasks(
        &self,
        at: Digest,
        after: Option<TaskId>,
        model: Option<ModelId>,
        limit: u32,
    ) -> Read<Vec<TaskStatus>>;
    /// The first batch id not yet used.
    fn next_batch(&self, at: Digest) -> Read<BatchId>;
    /// The answer to a task whose window is open.
    fn claim(&self, at: Digest, task: TaskId) -> Read<Option<ClaimView>>;
    /// Answers whose window is open.
    fn claims(&self, at: Digest, after: Option<TaskId>, limit: u32) -> Read<Vec<ClaimView>>;
    /// The trace that the block `at` brought for a task.
    fn trace_in(&self, at: Digest, task: TaskId) -> Read<Option<Trace>>;
    /// The tasks that a transaction answers.
    fn answered_by(&self, at: Digest, transaction: OpaqueExtrinsic) -> Read<Vec<TaskId>>;
    /// What happened to tasks in the block `at`.
    fn notices(&self, at: Digest) -> Read<Vec<TaskNotice>>;
    /// A model.
    fn model(&self, at: Digest, model: ModelId) -> Read<Option<ModelView>>;
    /// Models.
    fn models(&self, at: Digest, after: Option<ModelId>, limit: u32) -> Read<Vec<ModelView>>;
    /// What a model says to an input.
    fn run_model(&self, at: Digest, model: ModelId, input: Vec<u8>) -> Read<Option<Vec<u8>>>;
    /// Models made from this one.
    fn children(&self, at: Digest, model: ModelId, limit: u32) -> Read<Vec<ModelId>>;
    /// Merkle root of a block's records.
    fn record_root(&self, at: Digest, block: BlockNumber) -> Read<Option<Digest>>;
    /// A solver.
    fn solver(&self, at: Digest, stash: AccountId) -> Read<Option<SolverStatus>>;
    /// Standing offers for a model.
    fn offers(&self, at: Digest, model: ModelId) -> Read<Vec<(AccountId, Offer)>>;
    /// What somebody has delegated to a solver.
    fn delegation(&self, at: Digest, solver: AccountId, delegator: AccountId)
        -> Read<Option<DelegationView>>;
    /// The listed assets.
    fn listed_assets(&self, at: Digest) -> Read<Vec<ListedAsset>>;
    /// What an amount of an asset is worth.
    fn worth(&self, at: Digest, asset: AssetId, amount: Balance) -> Read<Option<Balance>>;
    /// A workflow.
    fn workflow(&self, at: Digest, id: WorkflowId) -> Read<Option<WorkflowView>>;
    /// The workflows of an account.
    fn workflows_of(&self, at: Digest, requester: AccountId, limit: u32) -> Read<Vec<WorkflowView>>;
}

mod full {
    use super::*;
    use crate::client::Client;
    use pensum_primitives::apis::{RatesApi, RegistryApi, SolverApi, TaskMarketApi, WorkflowApi};
    use sc_client_api::BlockBackend;
    use sp_api::ProvideRuntimeApi;
    use sp_blockchain::HeaderBackend;
    use sp_runtime::traits::Header;

    impl From<sp_api::ApiError> for ChainError {
        fn from(error: sp_api::ApiError) -> Self {
            Self(error.to_string())
        }
    }

    impl From<sp_blockchain::Error> for ChainError {
        fn from(error: sp_blockchain::Error) -> Self {
            Self(error.to_string())
        }
    }

    impl Chain for Client {
        fn best(&self) -> BlockRef {
            let info = HeaderBackend::info(self);
            BlockRef {
                number: info.best_number,
                hash: info.best_hash,
            }
        }

        fn finalized(&self) -> BlockRef {
            let info = HeaderBackend::info(self);
            BlockRef {
                number: info.finalized_number,
                hash: info.finalized_hash,
            }
        }

        fn hash(&self, number: BlockNumber) -> Read<Option<Digest>> {
            Ok(HeaderBackend::hash(self, number)?)
        }

        fn block(&self, hash: Digest) -> Read<Option<BlockRef>> {
            Ok(HeaderBackend::number(self, hash)?.map(|number| BlockRef { number, hash }))
        }

        fn parent(&self, of: Digest) -> Read<Option<BlockRef>> {
            Ok(HeaderBackend::header(self, of)?.and_then(|header| {
                let number = header.number().checked_sub(1)?;
                Some(BlockRef {
                    number,
                    hash: *header.parent_hash(),
                })
            }))
        }

        fn task_status(&self, at: Digest, task: TaskId) -> Read<Option<TaskStatus>> {
            Ok(self.runtime_api().task_status(at, task)?)
        }

        fn open_tasks(
            &self,
            at: Digest,
            after: Option<TaskId>,
            model: Option<ModelId>,
            limit: u32,
        ) -> Read<Vec<TaskStatus>> {
            Ok(self.runtime_api().open_tasks(at, after, model, limit)?)
        }

        fn next_batch(&self, at: Digest) -> Read<BatchId> {
            Ok(self.runtime_api().next_batch(at)?)
        }

        fn claim(&self, at: Digest, task: TaskId) -> Read<Option<ClaimView>> {
            Ok(self.runtime_api().claim(at, task)?)
        }

        fn claims(&self, at: Digest, after: Option<TaskId>, limit: u32) -> Read<Vec<ClaimView>> {
            Ok(self.runtime_api().claims(at, after, limit)?)
        }

        fn trace_in(&self, at: Digest, task: TaskId) -> Read<Option<Trace>> {
            for transaction in BlockBackend::block_body(self, at)?.unwrap_or_default() {
                let traces = self.runtime_api().traces_in(at, transaction)?;
                if let Some((_, trace)) = traces.into_iter().find(|(traced, _)| *traced == task) {
                    return Ok(Some(trace));
                }
            }
            Ok(None)
        }

        fn answered_by(&self, at: Digest, transaction: OpaqueExtrinsic) -> Read<Vec<TaskId>> {
            Ok(self.runtime_api().answered_by(at, transaction)?)
        }

        fn notices(&self, at: Digest) -> Read<Vec<TaskNotice>> {
            Ok(self.runtime_api().notices(at)?)
        }

        fn model(&self, at: Digest, model: ModelId) -> Read<Option<ModelView>> {
            Ok(self.runtime_api().model_info(at, model)?)
        }

        fn models(&self, at: Digest, after: Option<ModelId>, limit: u32) -> Read<Vec<ModelView>> {
            Ok(self.runtime_api().models(at, after, limit)?)
        }

        fn run_model(&self, at: Digest, model: ModelId, input: Vec<u8>) -> Read<Option<Vec<u8>>> {
            Ok(self.runtime_api().run_model(at, model, input)?)
        }

        fn children(&self, at: Digest, model: ModelId, limit: u32) -> Read<Vec<ModelId>> {
            Ok(self.runtime_api().children(at, model, limit)?)
        }

        fn record_root(&self, at: Digest, block: BlockNumber) -> Read<Option<Digest>> {
            Ok(self.runtime_api().record_root(at, block)?)
        }

        fn solver(&self, at: Digest, stash: AccountId) -> Read<Option<SolverStatus>> {
            Ok(self.runtime_api().solver_status(at, stash)?)
        }

        fn offers(&self, at: Digest, model: ModelId) -> Read<Vec<(AccountId, Offer)>> {
            Ok(self.runtime_api().offers(at, model)?)
        }

        fn delegation(
            &self,
            at: Digest,
            solver: AccountId,
            delegator: AccountId,
        ) -> Read<Option<DelegationView>> {
            Ok(self.runtime_api().delegation(at, solver, delegator)?)
        }

        fn listed_assets(&self, at: Digest) -> Read<Vec<ListedAsset>> {
            Ok(self.runtime_api().listed_assets(at)?)
        }

        fn worth(&self, at: Digest, asset: AssetId, amount: Balance) -> Read<Option<Balance>> {
            Ok(self.runtime_api().worth(at, asset, amount)?)
        }

        fn workflow(&self, at: Digest, id: WorkflowId) -> Read<Option<WorkflowView>> {
            Ok(self.runtime_api().workflow(at, id)?)
        }

        fn workflows_of(&self, at: Digest, requester: AccountId, limit: u32) -> Read<Vec<WorkflowView>> {
            Ok(self.runtime_api().workflows_of(at, requester, limit)?)
        }
    }
}
