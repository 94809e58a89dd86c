//! The operator key: the hot key with which a solver's node signs the work that the protocol obliges it to do.

use crate::{task::Answer, verdict::Unable, AccountId, BatchId, Digest};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode};
use scale_info::TypeInfo;
use sp_core::crypto::KeyTypeId;

/// Key type under which operator keys lie in a node's keystore (`pensum-node key insert --key-type oper`).
pub const OPERATOR_KEY_TYPE: KeyTypeId = KeyTypeId(*b"oper");

mod app {
    use sp_application_crypto::{app_crypto, sr25519};
    app_crypto!(sr25519, super::OPERATOR_KEY_TYPE);
}

/// Public operator key.
pub type OperatorId = app::Public;
/// Signature of an operator key.
pub type OperatorSignature = app::Signature;
#[cfg(feature = "std")]
/// Operator key with its secret.
pub type OperatorPair = app::Pair;

/// What an operator signs to answer tasks. The genesis hash keeps an answer given on one chain from being used on another,
/// and the leading tag keeps one kind of message from being taken for another.
pub fn answer_payload(genesis: Digest, operator: &OperatorId, answers: &[Answer]) -> Vec<u8> {
    (*b"pensum/answer", genesis, operator, answers).encode()
}

/// What an operator signs to decline a batch.
pub fn decline_payload(genesis: Digest, operator: &OperatorId, batch: BatchId, reason: Unable) -> Vec<u8> {
    (*b"pensum/decline", genesis, operator, batch, reason).encode()
}

/// What an operator key signs to show that its holder agrees to work for `stash`; without it anybody could claim the
/// operator key of somebody else.
pub fn ownership_payload(genesis: Digest, stash: &AccountId) -> Vec<u8> {
    (*b"pensum/operator", genesis, stash).encode()
}

/// Why an authorised operator transaction is refused in the pool: `InvalidTransaction::Custom` carries the number.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
#[repr(u8)]
pub enum Refusal {
    /// The signature does not fit the operator key and the content. Sign with the key that `operator` names.
    BadSignature = 1,
    /// No solver uses this operator key. Set it with `solver_staking.set_operator`.
    UnknownOperator = 2,
    /// The task is not open: settled, refunded, or never posted. Look at `task_status`.
    TaskNotOpen = 3,
    /// The task is assigned to another solver. Answer only what `solver_status` lists as yours.
    NotYours = 4,
    /// The assignment has run out. The task went to the next solver or was refunded.
    TooLate = 5,
    /// The output is not as long as the model's output. See the length in `model_info`.
    WrongLength = 6,
    /// The sheet is empty, not in ascending order of task, or names a task twice.
    Malformed = 7,
    /// The input blob is missing from the answer, or is not the one posted (length or digest differs).
    BlobMismatch = 8,
    /// The solver handed in as many unfinished sheets for this batch as it may. Answer all that is left of it in one sheet.
    TooManySheets = 9,
}

impl Refusal {
    /// The number that `InvalidTransaction::Custom` carries.
    pub const fn code(self) -> u8 {
        self as u8
    }
}
