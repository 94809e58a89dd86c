//! What the project's methods answer when they cannot answer.

use crate::{chain::ChainError, index::LookupError};
use jsonrpsee::types::ErrorObjectOwned;
use pensum_primitives::{workflow::WorkflowId, AssetId, Digest, ModelId, TaskId};

/// What the project's methods answer when they cannot answer. The number of each is its JSON-RPC error code and stays.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum RpcError {
    /// 7001
    #[error("There is no task {0}: no such id was given out yet. Take the id from the `TasksPosted` event or from `task_open`")]
    UnknownTask(TaskId),
    /// 7002
    #[error("There is no model {0}. See `model_list`")]
    UnknownModel(ModelId),
    /// 7003
    #[error("There is no solver with stash {0}. See `solver_offers`, or join with `solver_staking.join`")]
    UnknownSolver(String),
    /// 7004
    #[error(
        "Task {0} is not open and this node has no record of it: either its batch had fewer tasks, or it ended in a block that \
         this node did not execute. In the second case ask a node that synced with `--sync full`"
    )]
    NoRecord(TaskId),
    /// 7005
    #[error("Task {0} is still open and has no record yet. Wait until it has ended (see `task_status` or `task_subscribe`)")]
    StillOpen(TaskId),
    /// 7006
    #[error("{argument} is {given}, and the most is {most}. Ask in several calls")]
    TooMany {
        /// Which argument.
        argument: &'static str,
        /// What was given.
        given: usize,
        /// The most.
        most: u32,
    },
    /// 7007
    #[error("{argument} is not {expected}. Correct it and ask again")]
    Malformed {
        /// Which argument.
        argument: &'static str,
        /// What it must be.
        expected: &'static str,
    },
    /// 7008
    #[error("This node cannot read the chain's state: {0}. Ask again; if it stays, restart the node or ask another")]
    Chain(#[from] ChainError),
    /// 7009
    #[error("This node's index is damaged: {0}. Ask another node; its operator must sync from scratch")]
    DamagedIndex(LookupError),
    /// 7010
    #[error("The chain cannot run model {0} on this input: its graph does not lie on chain, or the input is too long or of the wrong shape. See `on_chain` and `input` in `model_info`")]
    CannotRun(ModelId),
    /// 7011
    #[error("Task {0} has no answer whose window is open: it is not answered yet, or has settled. See `task_status`")]
    NoClaim(TaskId),
    /// 7012
    #[error("There is no open workflow {0}: it has ended, or was never run. Its end is in the event `workflow.WorkflowEnded`")]
    UnknownWorkflow(WorkflowId),
    /// 7013
    #[error("This account has delegated nothing to this solver. Delegate with `solver_staking.delegate`")]
    NoDelegation,
    /// 7014
    #[error(
        "Asset {0} cannot pay now: it is not listed, has no rate that can be trusted, or so much of it is worth more than an amount \
         can say. See `assets_listed`, or pay in PEN"
    )]
    NoWorth(AssetId),
    /// 7015
    #[error("This node has no block {0:?}. Ask without a block for the last final one, or wait until the node has it")]
    UnknownBlock(Digest),
    /// 7016
    #[error(
        "Message {0} left the chain's state before this node copied it. Ask a node that was running then, or that synced with \
         `--sync full --state-pruning archive`"
    )]
    LostMessage(u32),
    /// 7017
    #[error(
        "This node has the first {0} leaves of the tree, then some are missing, so it proves nothing after them. Ask a node that \
         was running then, or that synced with `--sync full --state-pruning archive`"
    )]
    MissingLeaves(u32),
    /// 7018
    #[error(
        "What this node keeps of message {0} contradicts what the chain said. Ask another node; its operator must sync from scratch"
    )]
    DamagedMessages(u32),
    /// 7019
    #[error("This node does as many costly calls as it may at a time, and enough wait. Ask again in some seconds, or ask another node")]
    Busy,
    /// 7020
    #[error("This node has as many subscribers to tasks as it may. End a subscription, or ask another node")]
    TooManySubscribers,
}

impl RpcError {
    /// The JSON-RPC error code.
    pub fn code(&self) -> i32 {
        match self {
            Self::UnknownTask(_) => 7001,
            Self::UnknownModel(_) => 7002,
            Self::UnknownSolver(_) => 7003,
            Self::NoRecord(_) => 7004,
            Self::StillOpen(_) => 7005,
            Self::TooMany { .. } => 7006,
            Self::Malformed { .. } => 7007,
            Self::Chain(_) => 7008,
            Self::DamagedIndex(_) => 7009,
            Self::CannotRun(_) => 7010,
            Self::NoClaim(_) => 7011,
            Self::UnknownWorkflow(_) => 7012,
            Self::NoDelegation => 7013,
            Self::NoWorth(_) => 7014,
            Self::UnknownBlock(_) => 7015,
            Self::LostMessage(_) => 7016,
            Self::MissingLeaves(_) => 7017,
            Self::DamagedMessages(_) => 7018,
            Self::Busy => 7019,
            Self::TooManySubscribers => 7020,
        }
    }
}

impl From<LookupError> for RpcError {
    fn from(error: LookupError) -> Self {
        match error {
            LookupError::Chain(error) => Self::Chain(error),
            damaged @ LookupError::Corrupt(_) => Self::DamagedIndex(damaged),
        }
    }
}

impl From<RpcError> for ErrorObjectOwned {
    fn from(error: RpcError) -> Self {
        ErrorObjectOwned::owned(error.code(), error.to_string(), None::<()>)
    }
}
