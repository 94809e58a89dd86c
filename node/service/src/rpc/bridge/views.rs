//! What the bridge's methods answer.

use crate::{bridge::MessagesError, chain::BlockRef, rpc::RpcError};
use hyperlane_primitives::H160;
use pensum_primitives::{
    bridge::{
        self, BridgeView, CheckpointId, CheckpointSignature, CheckpointView, Dispatched, IsmView,
        RequestView, ResultProof,
    },
    AccountId, BlockNumber, Digest, TaskId,
};
use serde::Serialize;
use sp_core::{crypto::ByteArray, Bytes};

/// A block.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct BlockView {
    /// Its number.
    pub number: BlockNumber,
    /// Its hash.
    pub hash: Digest,
}

/// The bridge as a whole.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct BridgeInfo {
    /// This chain's domain.
    pub domain: u32,
    /// The mailbox's address, as for all modules 12 zero bytes and 20 of ASCII.
    pub mailbox: Digest,
    /// The address by which checkpoints name the tree.
    pub merkle_tree_hook: Digest,
    /// Who takes payments for gas.
    pub gas_paymaster: Digest,
    /// Who takes intents.
    pub tasks: Digest,
    /// How many messages were dispatched.
    pub count: u32,
    /// The tree's root.
    pub root: Digest,
    /// Whether nothing is dispatched for now.
    pub outbound_paused: bool,
    /// Whether nothing is processed for now.
    pub inbound_paused: bool,
    /// The block in whose state this was read.
    pub block: BlockView,
}

impl BridgeInfo {
    /// As the state of a block says it.
    pub(super) fn new(view: BridgeView, block: BlockRef) -> Self {
        Self {
            domain: view.domain,
            mailbox: bridge::MAILBOX.0,
            merkle_tree_hook: bridge::MERKLE_TREE_HOOK.0,
            gas_paymaster: bridge::GAS_PAYMASTER.0,
            tasks: bridge::TASKS.0,
            count: view.count,
            root: view.root,
            outbound_paused: view.outbound_paused,
            inbound_paused: view.inbound_paused,
            block: BlockView {
                number: block.number,
                hash: block.hash,
            },
        }
    }
}

/// A message that this chain has dispatched.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct MessageView {
    /// Its leaf in the tree.
    pub index: u32,
    /// Its id, `keccak256(message)`.
    pub id: Digest,
    /// The tree's root right after it.
    pub root: Digest,
    /// The block that dispatched it.
    pub block: BlockNumber,
    /// Its bytes.
    pub message: Bytes,
}

impl From<Dispatched> for MessageView {
    fn from(message: Dispatched) -> Self {
        Self {
            index: message.index,
            id: message.id,
            root: message.root,
            block: message.block,
            message: message.message.into(),
        }
    }
}

/// A checkpoint, with the signatures that the state still has.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct SignedCheckpointView {
    /// The leaf.
    pub index: u32,
    /// The root right after it.
    pub root: Digest,
    /// The leaf itself.
    pub message_id: Digest,
    /// Signatures by validators.
    pub signatures: Vec<SignatureView>,
}

/// A validator's signature of a checkpoint.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct SignatureView {
    /// Who signed.
    pub validator: H160,
    /// `r ‖ s ‖ v`, 65 bytes.
    pub signature: Bytes,
}

impl From<CheckpointSignature> for SignatureView {
    fn from(found: CheckpointSignature) -> Self {
        Self {
            validator: found.validator,
            signature: found.signature.to_vec().into(),
        }
    }
}

impl From<CheckpointView> for SignedCheckpointView {
    fn from(view: CheckpointView) -> Self {
        Self {
            index: view.index,
            root: view.root,
            message_id: view.message_id,
            signatures: view.signatures.into_iter().map(SignatureView::from).collect(),
        }
    }
}

impl From<Dispatched> for SignedCheckpointView {
    fn from(message: Dispatched) -> Self {
        Self {
            index: message.index,
            root: message.root,
            message_id: message.id,
            signatures: Vec::new(),
        }
    }
}

/// A leaf's proof: `Proof::root(leaf, place)` is the root, as the contracts' `branchRoot` computes it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct LeafProof {
    /// The root of the tree.
    pub root: Digest,
    /// The 32 siblings, from the leaf up.
    pub proof: Vec<Digest>,
}

/// A validator's key for checkpoints.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ValidatorView {
    /// Its public half, 33 bytes.
    pub public: Bytes,
    /// Its address on EVM chains.
    pub address: H160,
}

impl From<(CheckpointId, H160)> for ValidatorView {
    fn from((public, address): (CheckpointId, H160)) -> Self {
        Self {
            public: public.to_raw_vec().into(),
            address,
        }
    }
}

/// Whom messages from a domain are believed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct SecurityModule {
    /// Hyperlane's number: 4 for Merkle root, 5 for message id.
    pub module_type: u8,
    /// The validators, in the order of their signatures.
    pub validators: Vec<H160>,
    /// How many must sign.
    pub threshold: u8,
    /// What takes its place.
    pub pending: Option<PendingModule>,
}

/// What takes a security module's place.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct PendingModule {
    /// From this block on.
    pub block: BlockNumber,
    /// The validators.
    pub validators: Vec<H160>,
    /// How many must sign.
    pub threshold: u8,
}

impl From<IsmView> for SecurityModule {
    fn from(view: IsmView) -> Self {
        let pending = view.pending.map(|(block, validators, threshold)| PendingModule {
            block,
            validators,
            threshold,
        });
        Self {
            module_type: view.module_type,
            validators: view.validators,
            threshold: view.threshold,
            pending,
        }
    }
}

/// The account here of somebody elsewhere.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct RemoteAccount {
    /// Its SS58 address.
    pub account: AccountId,
    /// Its 32 bytes.
    pub id: Digest,
}

impl RemoteAccount {
    /// This account, in both forms.
    pub(super) fn new(account: AccountId) -> Self {
        let bytes: [u8; 32] = account.clone().into();
        Self {
            account,
            id: bytes.into(),
        }
    }
}

/// Where an intent from another chain stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum RequestState {
    /// It is a task.
    Open {
        /// The task.
        task: TaskId,
    },
    /// The task has ended; its result waits to be sent.
    Ended,
    /// Its result was dispatched.
    Sent {
        /// In this message.
        message: Digest,
    },
}

impl From<RequestView> for RequestState {
    fn from(view: RequestView) -> Self {
        match view {
            RequestView::Open { task } => Self::Open { task },
            RequestView::Ended => Self::Ended,
            RequestView::Sent { message } => Self::Sent { message },
        }
    }
}

/// A result that was sent in a batch, with its proof.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct BatchedResult {
    /// The batch's number at its destination.
    pub batch: u64,
    /// The chain to which the root was sent.
    pub domain: u32,
    /// The root.
    pub root: Digest,
    /// The ABI-encoded result, of which `keccak256` is the leaf.
    pub result: Bytes,
    /// The leaf's place.
    pub index: u32,
    /// How many leaves there are.
    pub leaves: u32,
    /// Siblings, from the leaf up.
    pub proof: Vec<Digest>,
}

impl From<ResultProof> for BatchedResult {
    fn from(proven: ResultProof) -> Self {
        Self {
            batch: proven.batch,
            domain: proven.domain,
            root: proven.root,
            result: proven.result.into(),
            index: proven.index,
            leaves: proven.leaves,
            proof: proven.proof,
        }
    }
}

impl From<MessagesError> for RpcError {
    fn from(error: MessagesError) -> Self {
        match error {
            MessagesError::Lost(index) => Self::LostMessage(index),
            MessagesError::LeavesLost { have } => Self::MissingLeaves(have),
            MessagesError::Damaged(index) => Self::DamagedMessages(index),
        }
    }
}
