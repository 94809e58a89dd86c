//! Engines: what runs models.

mod graph;

pub use graph::GraphEngine;

use crate::{
    digest::Digest,
    wire::{ModelInfo, StepOpened},
};

/// Something that runs models. Calls may block; they come from the gateway's own threads.
pub trait Engine: Send + Sync + 'static {
    /// Its name in reports and logs.
    fn name(&self) -> &'static str;

    /// The models it can run now.
    fn models(&self) -> Vec<ModelInfo>;

    /// Runs the model whose weights have this digest. Must end by itself: nothing interrupts it.
    fn run(&self, weights: &Digest, input: &[u8]) -> Result<Vec<u8>, RunFailure>;

    /// The same, with the digest of every node's output. An engine whose models are no graphs holds none that could.
    fn run_traced(&self, _weights: &Digest, _input: &[u8]) -> Result<(Vec<u8>, Vec<Digest>), RunFailure> {
        Err(RunFailure::ModelMissing)
    }

    /// One node of the graph as it is executed on this input.
    fn step(&self, _weights: &Digest, _input: &[u8], _node: u16) -> Result<StepOpened, RunFailure> {
        Err(RunFailure::ModelMissing)
    }
}

/// Why an engine gave no output. Texts are facts with a remedy.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum RunFailure {
    /// This engine does not hold the weights; another may.
    ModelMissing,
    /// The model cannot read the input and never will.
    InputRefused(String),
    /// The engine broke down.
    Failed(String),
}
