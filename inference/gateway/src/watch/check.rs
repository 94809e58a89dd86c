//! Recomputing one claimed answer.

use super::{chain::Chain, extrinsic::Proof, node::NodeError};
use crate::{
    digest::{Digest, HexBytes},
    execute::{Executor, Recomputed},
    wire::{FailReason, Input, PostStep, StepOpened},
};
use codec::Encode;
use pensum_primitives::{
    step::{trace_digest, Step},
    task::{ClaimView, Input as ChainInput, Trace},
};

/// Names a claim: whatever is judged of it goes into the name, and nothing that can change while its window is open.
pub(crate) fn claim_id(claim: &ClaimView) -> Digest {
    let judged = (
        claim.task,
        claim.claimed_at,
        &claim.solver,
        claim.weights,
        &claim.input,
        claim.trace,
    );
    Digest::blake2(&judged.encode())
}

/// What recomputing an answer shows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Finding {
    /// Every node's output is what the solver says.
    Right,
    /// A node's output is not.
    Wrong(Box<Proof>),
    /// A node's output is not, and no transaction can carry what would prove it.
    Unprovable,
    /// It cannot be told now.
    Unknown(Why),
}

/// Why a claim has no verdict.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Why {
    /// The models folder holds no file with the weights.
    ModelMissing,
    /// The content store does not hold the input, or another one than the claim says.
    BlobMissing,
    /// The engine broke down.
    EngineFailed,
    /// The node does not give the trace that the solver committed to.
    TraceMissing,
    /// It is wrong, and the runtime is not one in which challenges can be filed.
    RuntimeUnfit,
    /// It is wrong, and the challenger's account does not cover the bond.
    BondShort,
    /// It is wrong, and as many proofs as may be are on their way.
    Crowded,
}

impl Why {
    /// In metrics.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::ModelMissing => "model_missing",
            Self::BlobMissing => "blob_missing",
            Self::EngineFailed => "engine_failed",
            Self::TraceMissing => "trace_missing",
            Self::RuntimeUnfit => "runtime_unfit",
            Self::BondShort => "bond_short",
            Self::Crowded => "crowded",
        }
    }

    /// Whether the answer itself could not be computed: it does not count as lag, for it is not this gateway's to check.
    pub(crate) fn is_foreign(self) -> bool {
        matches!(self, Self::ModelMissing | Self::BlobMissing)
    }
}

/// Recomputes an answer and compares it with its trace. Asks the node for the trace only where the digest of its own differs.
pub(crate) fn check(executor: &Executor, chain: &Chain, claim: &ClaimView) -> Result<Finding, NodeError> {
    let Some(committed) = claim.trace else {
        return Ok(Finding::Right);
    };
    let weights = Digest(claim.weights.0);
    let input = input(&claim.input);
    let computed = match executor.recompute(&weights, &input) {
        Ok(Recomputed::Trace(trace)) => trace,
        // No answer to an input that cannot be read is right; the first node is where that shows.
        Ok(Recomputed::Unreadable) => Vec::new(),
        Err((reason, message)) => {
            tracing::debug!(task = claim.task.0, message, "an answer cannot be recomputed");
            return Ok(Finding::Unknown(match reason {
                FailReason::ModelMissing => Why::ModelMissing,
                FailReason::BlobMissing | FailReason::InputRefused => Why::BlobMissing,
                FailReason::EngineFailed => Why::EngineFailed,
            }));
        }
    };
    if bounded(&computed).is_some_and(|trace| trace_digest(&trace) == committed) {
        return Ok(Finding::Right);
    }
    let served = chain.trace(claim.task)?.unwrap_or_default();
    // What a node serves is believed only as far as the solver committed to it.
    let Some(trace) = bounded(&served).filter(|trace| trace_digest(trace) == committed) else {
        return Ok(Finding::Unknown(Why::TraceMissing));
    };
    let Some(node) = first_difference(&served, &computed) else {
        return Ok(Finding::Unknown(Why::EngineFailed));
    };
    let query = PostStep { weights, input, node };
    Ok(match executor.step(&query).map(|made| step(node, made)) {
        Ok(Some(step)) => Finding::Wrong(Box::new(Proof { trace, step })),
        Ok(None) => Finding::Unprovable,
        Err(_) => Finding::Unknown(Why::EngineFailed),
    })
}

fn input(input: &ChainInput) -> Input {
    match input {
        ChainInput::Inline(bytes) => Input::Inline(HexBytes(bytes.to_vec())),
        ChainInput::Blob { digest, len } => Input::Blob {
            sha256: Digest(digest.0),
            len: *len,
        },
    }
}

fn bounded(nodes: &[Digest]) -> Option<Trace> {
    let nodes: Vec<_> = nodes.iter().map(|digest| digest.0.into()).collect();
    nodes.try_into().ok()
}

/// The first node in which a claimed trace differs from the one that was computed here; none if they agree.
fn first_difference(claimed: &[Digest], computed: &[Digest]) -> Option<u16> {
    (0..claimed.len().max(computed.len()))
        .find(|place| claimed.get(*place) != computed.get(*place))
        .and_then(|place| u16::try_from(place).ok())
}

/// A step as the chain takes it; none if no transaction can carry it.
fn step(node: u16, made: StepOpened) -> Option<Step> {
    let inputs = made
        .inputs
        .into_iter()
        .map(|HexBytes(bytes)| bytes.try_into().ok());
    let inputs: Vec<_> = inputs.collect::<Option<_>>()?;
    Some(Step {
        node,
        weights: made.weights.0.try_into().ok()?,
        inputs: inputs.try_into().ok()?,
    })
}
