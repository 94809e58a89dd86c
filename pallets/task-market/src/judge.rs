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
pub(crate) struct Statement<'a> {
    /// The task.
    pub task: OpenTask,
    /// Its input as posted.
    pub input: &'a Input,
    /// What the solver says.
    pub answer: &'a Answer,
}

impl<'a> Statement<'a> {
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

/// The statements about one part, by verdict.
#[derive(Default)]
pub(crate) struct Judgement<'a> {
    /// Proven right.
    pub agreed: Vec<Statement<'a>>,
    /// Proven wrong.
    pub wrong: Vec<Statement<'a>>,
    /// Nobody can answer them: the model cannot read the input.
    pub unreadable: Vec<Statement<'a>>,
    /// Digest of what proves the wrong ones wrong: tasks, what the solver said, and what the model says.
    pub evidence: Digest,
}

impl<'a> Judgement<'a> {
    fn of(statements: &[Statement<'a>], replayed: Vec<Replayed>) -> Self {
        let mut judgement = Self::default();
        let mut evidence = Vec::new();
        for (statement, replayed) in statements.iter().copied().zip(replayed) {
            match replayed {
                Replayed::Output(output) if output.as_slice() == statement.answer.output.as_slice() => {
                    judgement.agreed.push(statement)
                }
                Replayed::Output(output) => {
                    evidence.push((statement.answer.task, &statement.answer.output, output));
                    judgement.wrong.push(statement);
                }
                Replayed::Unreadable => judgement.unreadable.push(statement),
            }
        }
        judgement.evidence = blake2_256(&evidence.encode()).into();
        judgement
    }
}

impl<T: Config> Pallet<T> {
    /// Replays the statements and compares; none if the model can no longer be run.
    pub(crate) fn judge<'a>(
        model: &ModelId,
        statements: &[Statement<'a>],
    ) -> Option<(ModelEntry, Judgement<'a>)> {
        let entry = T::Models::entry(model)?;
        let inputs: Vec<&[u8]> = statements.iter().map(Statement::bytes).collect();
        let replayed = T::Models::replay(model, &inputs).ok()?;
        (replayed.len() == statements.len()).then(|| (entry, Judgement::of(statements, replayed)))
    }
}

/// The open tasks of some statements.
pub(crate) fn tasks(statements: &[Statement<'_>]) -> Vec<OpenTask> {
    statements.iter().map(|statement| statement.task).collect()
}
