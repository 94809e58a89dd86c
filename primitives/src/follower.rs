//! Who posted a task on somebody's behalf and waits for its end.

use crate::{workflow::WorkflowId, Digest};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// What a task was posted for.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum Follower {
    /// A step of this workflow.
    Workflow(WorkflowId),
    /// An intent from another chain, by the id of the message that brought it.
    Message(Digest),
}
