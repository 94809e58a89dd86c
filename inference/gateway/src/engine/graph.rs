//! Runs integer graphs, with the same bits as the chain.

use super::{Engine, RunFailure};
use crate::{
    digest::{Digest, HexBytes},
    models::{Model, ModelsFolder},
    wire::{ModelInfo, StepOpened},
};
use pensum_graph::{step, Graph, Limits, RunError, StepError};
use std::{io, path::PathBuf};

/// What a gateway runs: larger graphs than a chain keeps, whose answers are verified by steps. The greatest work is some
/// seconds natively, and the greatest file what a common machine holds many of.
const LIMITS: Limits = Limits {
    max_bytes: 256 * 1024 * 1024,
    max_nodes: pensum_graph::limits::FORMAT_MAX_NODES,
    max_cost: 20_000_000_000,
    max_tensor: 64 * 1024 * 1024,
    max_live: 256 * 1024 * 1024,
};

/// Runs the graphs of a folder.
#[derive(Debug)]
pub struct GraphEngine {
    folder: ModelsFolder,
}

impl GraphEngine {
    /// Loads every `**/*.graph` of the folder that is valid within the gateway's limits; the others are named in the log.
    pub fn open(folder: PathBuf) -> io::Result<Self> {
        Ok(Self {
            folder: ModelsFolder::open(folder, "graph", LIMITS.max_bytes.into(), read)?,
        })
    }

    fn with<T>(
        &self,
        weights: &Digest,
        run: impl FnOnce(&Graph<'_>) -> Result<T, RunError>,
    ) -> Result<T, RunFailure> {
        let model = self.folder.find(weights).ok_or(RunFailure::ModelMissing)?;
        // The bytes were validated when they were read from the disk and have stayed in memory since.
        let graph = Graph::load(&model.bytes).map_err(|error| RunFailure::Failed(error.to_string()))?;
        run(&graph).map_err(|error| match error {
            RunError::Input(refusal) => RunFailure::InputRefused(refusal.to_string()),
            other => RunFailure::Failed(other.to_string()),
        })
    }
}

fn read(bytes: Vec<u8>, source: String) -> Result<Model, String> {
    let graph = Graph::validate(&bytes, &LIMITS).map_err(|error| error.to_string())?;
    let info = ModelInfo {
        weights: Digest(graph.digest()),
        engine: "graph".into(),
        source,
        bytes: bytes.len() as u64,
        max_input: graph.input().max_bytes(),
        output: graph.output().bytes,
    };
    Ok(Model { info, bytes })
}

impl Engine for GraphEngine {
    fn name(&self) -> &'static str {
        "graph"
    }

    fn models(&self) -> Vec<ModelInfo> {
        self.folder.infos()
    }

    fn run(&self, weights: &Digest, input: &[u8]) -> Result<Vec<u8>, RunFailure> {
        self.with(weights, |graph| graph.run(input))
    }

    fn run_traced(&self, weights: &Digest, input: &[u8]) -> Result<(Vec<u8>, Vec<Digest>), RunFailure> {
        let (output, trace) = self.with(weights, |graph| graph.run_traced(input))?;
        Ok((output, trace.into_iter().map(Digest).collect()))
    }

    fn step(&self, weights: &Digest, input: &[u8], node: u16) -> Result<StepOpened, RunFailure> {
        let trace = match self.run_traced(weights, input) {
            Ok((_, trace)) => trace,
            // What the first node needs can be told all the same: it is what shows that nobody can read the input.
            Err(RunFailure::InputRefused(_)) if node == 0 => Vec::new(),
            Err(failure) => return Err(failure),
        };
        // The format counts nodes from 1, a trace from 0.
        let proof = self.with(weights, |graph| {
            Ok(step::prove(graph, input, u32::from(node) + 1))
        })?;
        let proof = proof.map_err(|error| match error {
            StepError::NoSuchNode { .. } => RunFailure::InputRefused(error.to_string()),
            other => RunFailure::Failed(other.to_string()),
        })?;
        Ok(StepOpened {
            trace,
            weights: HexBytes(proof.weights),
            inputs: proof.inputs.into_iter().map(HexBytes).collect(),
        })
    }
}
