//! The verdict: what a solver said beside what the model says.

use crate::{
    types::{Inputs as BatchInputs, OpenTask, Part},
    Config, Pallet,
};
use alloc::vec::Vec;
use codec::Encode;
use pensum_primitives::{
    model::ModelEntry,
    task::{Answer, Input},
    traits::{Models, Replayed},
    Digest, ModelId,
};
use sp_io::hashing::blake2_256;

/// An answer beside the task and the input it answers.
#[derive(Clone, Copy)]
pub(crate) struct Claim<'a> {
    /// The task.
    pub task: OpenTask,
    /// Its input as posted.
    pub input: &'a Input,
    /// What the solver says.
    pub answer: &'a Answer,
}

impl<'a> Claim<'a> {
    /// Pairs an answer with its task in the part; none if the part does not hold it.
    pub fn new(part: &Part, inputs: &'a BatchInputs, answer: &'a Answer) -> Option<Self> {
        let task = *part.task(answer.task.place())?;
        let input = inputs.get(usize::from(task.place))?;
        Some(Self { task, input, answer })
    }

    /// The input's bytes, from the chain or from the answer.
    fn bytes(&self) -> &'a [u8] {
        match (self.input, &self.answer.blob) {
            (Input::Inline(bytes), _) => bytes,
            (Input::Blob { .. }, Some(bytes)) => bytes,
            (Input::Blob { .. }, None) => &[],
        }
    }
}

/// The claims of one part, by verdict.
#[derive(Default)]
pub(crate) struct Judgement<'a> {
    /// Proven right.
    pub agreed: Vec<Claim<'a>>,
    /// Proven wrong.
    pub wrong: Vec<Claim<'a>>,
    /// Nobody can answer them: the model cannot read the input.
    pub unreadable: Vec<Claim<'a>>,
    /// Digest of what proves the wrong ones wrong: tasks, what the solver said, and what the model says.
    pub evidence: Digest,
}

impl<'a> Judgement<'a> {
    fn of(claims: &[Claim<'a>], replayed: Vec<Replayed>) -> Self {
        let mut judgement = Self::default();
        let mut evidence = Vec::new();
        for (claim, replayed) in claims.iter().copied().zip(replayed) {
            match replayed {
                Replayed::Output(output) if output.as_slice() == claim.answer.output.as_slice() => {
                    judgement.agreed.push(claim)
                }
                Replayed::Output(output) => {
                    evidence.push((claim.answer.task, &claim.answer.output, output));
                    judgement.wrong.push(claim);
                }
                Replayed::Unreadable => judgement.unreadable.push(claim),
            }
        }
        judgement.evidence = blake2_256(&evidence.encode()).into();
        judgement
    }
}

impl<T: Config> Pallet<T> {
    /// Replays the claims and compares; none if the model can no longer be run.
    pub(crate) fn judge<'a>(model: &ModelId, claims: &[Claim<'a>]) -> Option<(ModelEntry, Judgement<'a>)> {
        let entry = T::Models::entry(model)?;
        let inputs: Vec<&[u8]> = claims.iter().map(Claim::bytes).collect();
        let replayed = T::Models::replay(model, &inputs).ok()?;
        (replayed.len() == claims.len()).then(|| (entry, Judgement::of(claims, replayed)))
    }
}

/// The open tasks of some claims.
pub(crate) fn tasks(claims: &[Claim<'_>]) -> Vec<OpenTask> {
    claims.iter().map(|claim| claim.task).collect()
}
