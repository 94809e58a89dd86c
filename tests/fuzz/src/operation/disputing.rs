//! Challenges, justified or not.

use super::choose;
use crate::{
    bytes::Bytes,
    models::{by_id, bytes_of},
    people::{challenger, CHALLENGERS},
    violation::{hold, Checked},
    working,
    world::World,
};
use pensum_primitives::{
    step::Step,
    task::Trace,
    traits::{Claim, Claims},
    TaskId,
};
use pensum_runtime::{Runtime, TaskMarket};
use sp_core::bounded::BoundedVec;

/// How a challenge is made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Proof {
    /// Of the first wrong node; of any where the answer is right.
    Honest,
    /// Of any node.
    AnyNode,
    /// With another input.
    OtherInput,
    /// With other weights.
    OtherWeights,
    /// Of a node that does not exist.
    NoNode,
    /// With another trace.
    OtherTrace,
    /// By the solver itself.
    Own,
}

/// A challenge.
#[derive(Clone, Debug)]
pub struct Disputing {
    who: u8,
    choice: u8,
    node: u8,
    proof: Proof,
}

impl Disputing {
    pub(super) fn read(bytes: &mut Bytes<'_>) -> Self {
        use Proof::*;
        Self {
            who: bytes.below(8 * CHALLENGERS + 1) / 8,
            choice: bytes.byte(),
            node: bytes.byte(),
            proof: bytes.pick(&[
                Honest,
                Honest,
                Honest,
                Honest,
                AnyNode,
                AnyNode,
                OtherInput,
                OtherWeights,
                NoNode,
                OtherTrace,
                Own,
            ]),
        }
    }

    pub(super) fn run(self, world: &mut World) -> Checked {
        let mut claims: Vec<_> = pallet_task_market::ClaimedAnswers::<Runtime>::iter()
            .filter_map(|(task, claimed)| Some((task, claimed.trace?)))
            .filter(|(task, trace)| working::remembers(world, *task, trace))
            .map(|(task, _)| task)
            .collect();
        claims.sort();
        // Honest challengers look for what is wrong.
        let wrong = |task: &TaskId| {
            let claim = <TaskMarket as Claims>::claim(*task).zip(world.memory.traces.get(task));
            claim.is_some_and(|(claim, trace)| {
                working::first_wrong(&claim.model, &claim.input, trace).is_some()
            })
        };
        if self.proof == Proof::Honest && claims.iter().any(wrong) {
            claims.retain(wrong);
        }
        let Some(task) = choose(claims, self.choice) else {
            return Ok(());
        };
        let claim = <TaskMarket as Claims>::claim(task);
        let Some((claim, trace)) = claim.zip(world.memory.traces.get(&task).cloned()) else {
            return Ok(());
        };
        self.challenge(world, task, claim, trace)
    }

    fn challenge(self, world: &mut World, task: TaskId, claim: Claim, mut trace: Trace) -> Checked {
        let wrong = working::first_wrong(&claim.model, &claim.input, &trace);
        let any = u16::from(self.node) % (trace.len().max(1) as u16);
        let node = match self.proof {
            Proof::Honest => wrong.unwrap_or(any),
            _ => any,
        };
        let Some(mut step) = step_of(&claim, node) else {
            return Ok(());
        };
        match self.proof {
            Proof::OtherInput => {
                let other = |input: &BoundedVec<u8, _>| {
                    BoundedVec::truncate_from(input.iter().map(|byte| byte ^ 1).collect())
                };
                step.inputs = BoundedVec::truncate_from(step.inputs.iter().map(other).collect());
            }
            Proof::OtherWeights => {
                step.weights = BoundedVec::truncate_from(step.weights.iter().map(|byte| byte ^ 1).collect());
            }
            Proof::NoNode => step.node = trace.len() as u16,
            Proof::OtherTrace => trace = BoundedVec::truncate_from(trace.iter().rev().copied().collect()),
            _ => {}
        }
        let who = match self.proof {
            Proof::Own => claim.solver.clone(),
            _ if self.who == CHALLENGERS => crate::people::nobody(),
            _ => challenger(self.who),
        };
        let justified = self.proof == Proof::Honest && wrong.is_some();
        let challenge = pallet_dispute::Call::challenge { task, trace, step };
        let taken = world.signed(&who, challenge.into())?;
        let stands = <TaskMarket as Claims>::claim(task).is_some();
        hold(!(taken && justified && stands), || {
            format!("task {task} was proven wrong, and its answer stands")
        })?;
        // What cannot be read has no right answer.
        let right = wrong.is_none() && working::truth(&claim.model, &claim.input).is_some();
        hold(!(taken && right && !stands), || {
            format!("task {task} was answered right, and its answer fell")
        })
    }
}

/// The node's execution on what the model really says before it; of an input that cannot be read, on the input alone.
fn step_of(claim: &Claim, node: u16) -> Option<Step> {
    working::step(&claim.model, &claim.input, node).or_else(|| {
        let model = by_id(&claim.model)?;
        // Its weights are those of the first node, on whatever it reads.
        let step = model.step(&model.input(1), 0)?;
        let bytes = bytes_of(&claim.input)?;
        Some(Step {
            inputs: BoundedVec::truncate_from(vec![BoundedVec::truncate_from(bytes)]),
            ..step
        })
    })
}
