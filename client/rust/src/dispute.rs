//! Checking claimed answers by recomputing them, and proving wrong ones wrong.

use crate::{
    asset::Fee,
    call,
    event::{AnswerDisproven, ChallengeLost, ModelProvenBroken},
    gateway::{Gateway, StepMade},
    key::hex_bytes,
    Amount, BlockNumber, Chain, Digest, Error, Key, TaskId,
};
use pensum_primitives::{
    step::{trace_digest, Step},
    task::{ClaimView, Trace},
};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// An answer whose window is open, with its trace.
#[derive(Clone, PartialEq, Debug, Deserialize)]
pub struct TracedClaim {
    /// The answer.
    #[serde(flatten)]
    pub claim: ClaimView,
    /// What the solver says that every node of the graph made: `blake2_256` of each output.
    pub nodes: Option<Vec<Digest>>,
}

/// What recomputing an answer shows.
#[derive(Clone, PartialEq, Debug)]
pub enum Finding {
    /// Every node's output is what the solver says.
    Right,
    /// A node's output is not.
    Wrong(Proof),
}

/// What shows that an answer is wrong: the first node that differs, with all it reads.
#[derive(Clone, PartialEq, Debug)]
pub struct Proof {
    /// The trace that the solver committed to.
    pub trace: Vec<Digest>,
    /// The node with what it reads.
    pub step: Step,
}

/// What the chain said to a proof.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The answer is wrong; the bond came back.
    Disproven,
    /// The answer is right, or the step does not fit it: the bond is lost.
    Lost,
    /// The model itself is broken; the bond came back, and nobody is at fault.
    ModelBroken,
}

/// A challenge in a block.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Challenged {
    /// The task.
    pub task: TaskId,
    /// The node that was proven.
    pub node: u16,
    /// What the chain said.
    pub verdict: Verdict,
    /// Whether the challenger shall have a share of the solver's slash.
    pub rewarded: bool,
    /// The inclusion fee.
    #[serde(flatten)]
    pub fee: Fee,
    /// The block.
    pub block: BlockNumber,
}

impl TracedClaim {
    /// The trace, checked against the digest that the chain holds of it.
    pub fn trace(&self) -> Result<&[Digest], Error> {
        let task = self.claim.task;
        let (Some(nodes), Some(committed)) = (&self.nodes, self.claim.trace) else {
            return Err(Error::refused(
                "task.NoTrace",
                format!("The answer to task {task} has no trace: its requester judges it."),
                "Appeal by `pensum task appeal` if the task is yours.",
            ));
        };
        let fits = Trace::try_from(nodes.clone()).is_ok_and(|trace| trace_digest(&trace) == committed);
        match fits {
            true => Ok(nodes),
            false => Err(Error::untrusted(
                "task.OtherTrace",
                format!("The node served a trace of task {task} that the solver did not commit to."),
                "Ask another node.",
            )),
        }
    }

    /// Has a gateway compute the answer anew, and compares it node by node.
    pub async fn recompute(&self, gateway: &Gateway) -> Result<Finding, Error> {
        let claimed = self.trace()?;
        let own = gateway.step(&self.claim, 0).await?;
        let Some(node) = first_difference(claimed, &own.trace) else {
            return Ok(Finding::Right);
        };
        let made = match node {
            0 => own,
            _ => gateway.step(&self.claim, node).await?,
        };
        Ok(Finding::Wrong(Proof {
            trace: claimed.to_vec(),
            step: step(node, &made)?,
        }))
    }
}

/// The first node in which a claimed trace differs from the one that was computed here; none if they agree.
pub fn first_difference(claimed: &[Digest], computed: &[Digest]) -> Option<u16> {
    let differs = |place: &usize| claimed.get(*place) != computed.get(*place);
    (0..claimed.len().max(computed.len()))
        .find(differs)
        .and_then(|place| u16::try_from(place).ok())
}

/// A step as the chain takes it.
pub fn step(node: u16, made: &StepMade) -> Result<Step, Error> {
    let too_large = || {
        Error::refused(
            "task.StepTooLarge",
            format!("Node {node} and what it reads are too large for one transaction."),
            "Ask the model's publisher: its nodes must be tiles, or nobody can prove a wrong answer.",
        )
    };
    let inputs = made
        .inputs
        .iter()
        .map(|input| hex_bytes(input).and_then(|bytes| bytes.try_into().map_err(|_| too_large())));
    let inputs: Vec<_> = inputs.collect::<Result<_, Error>>()?;
    Ok(Step {
        node,
        weights: hex_bytes(&made.weights)?.try_into().map_err(|_| too_large())?,
        inputs: inputs.try_into().map_err(|_| too_large())?,
    })
}

impl Chain {
    /// What a challenge puts at stake.
    pub async fn challenge_bond(&self) -> Result<Amount, Error> {
        let at = self.best().await?;
        self.constant(&at, "Dispute", "ChallengeBond").map(Amount)
    }

    /// Files a proof, which the chain decides at once.
    pub async fn challenge(
        &self,
        challenger: &Key,
        task: TaskId,
        proof: &Proof,
        patience: Duration,
    ) -> Result<Challenged, Error> {
        let call = call::challenge(task, &proof.trace, &proof.step);
        let included = self.send(challenger, &call, patience).await?;
        let disproven = included.events::<AnswerDisproven>()?;
        let lost = !included.events::<ChallengeLost>()?.is_empty();
        let broken = !included.events::<ModelProvenBroken>()?.is_empty();
        let verdict = match (disproven.is_empty(), lost, broken) {
            (false, _, _) => Verdict::Disproven,
            (true, true, _) => Verdict::Lost,
            (true, false, true) => Verdict::ModelBroken,
            (true, false, false) => {
                return Err(Error::metadata(
                    "challenges",
                    "a challenge left none of the events that are known here",
                ))
            }
        };
        Ok(Challenged {
            task,
            node: proof.step.node,
            verdict,
            rewarded: disproven.iter().any(|proven| proven.rewarded),
            fee: included.fee,
            block: included.block,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn digests(bytes: &[u8]) -> Vec<Digest> {
        bytes.iter().map(|byte| Digest::repeat_byte(*byte)).collect()
    }

    fn claim(nodes: &[u8], committed: Option<Digest>) -> TracedClaim {
        serde_json::from_value(json!({
            "task": 256, "model": Digest::zero(), "weights": Digest::zero(),
            "solver": "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY", "input": { "inline": "0x776f6f6c" },
            "output": "0x00000000", "trace": committed, "claimed_at": 8, "until": 20, "nodes": digests(nodes),
        }))
        .unwrap()
    }

    #[test]
    fn the_first_node_that_differs_is_found() {
        assert_eq!(first_difference(&digests(&[1, 2, 3]), &digests(&[1, 2, 3])), None);
        assert_eq!(
            first_difference(&digests(&[1, 9, 9]), &digests(&[1, 2, 3])),
            Some(1)
        );
        assert_eq!(first_difference(&digests(&[1, 2]), &digests(&[1, 2, 3])), Some(2));
    }

    #[test]
    fn a_trace_that_the_solver_did_not_commit_to_is_not_believed() {
        let committed = trace_digest(&digests(&[1, 2]).try_into().unwrap());
        assert_eq!(claim(&[1, 2], Some(committed)).trace().unwrap(), digests(&[1, 2]));
        let other = claim(&[1, 3], Some(committed)).trace().unwrap_err();
        assert_eq!(
            (other.code.as_str(), other.kind.exit_code()),
            ("task.OtherTrace", 7)
        );
        assert_eq!(claim(&[1], None).trace().unwrap_err().code, "task.NoTrace");
    }

    #[test]
    fn a_step_that_no_transaction_carries_is_refused() {
        let made = |input: String| StepMade {
            trace: vec![],
            weights: "0x0102".into(),
            inputs: vec![input],
        };
        let small = step(3, &made("0x07".into())).unwrap();
        assert_eq!((small.node, small.bytes()), (3, 3));
        let large = format!("0x{}", "00".repeat(1024 * 1024 + 1));
        assert_eq!(step(3, &made(large)).unwrap_err().code, "task.StepTooLarge");
    }
}
