//! Runs integer graphs, with the same bits as the chain.

use super::{Engine, RunFailure};
use crate::{
    digest::Digest,
    models::{Model, ModelsFolder},
    wire::ModelInfo,
};
use pensum_graph::{Graph, Limits, RunError};
use std::{io, path::PathBuf};

/// Runs the graphs of a folder.
#[derive(Debug)]
pub struct GraphEngine {
    folder: ModelsFolder,
}

impl GraphEngine {
    /// Loads every `**/*.graph` of the folder that is valid within the limits to which the chain holds models; the others
    /// are named in the log.
    pub fn open(folder: PathBuf) -> io::Result<Self> {
        Ok(Self {
            folder: ModelsFolder::open(folder, "graph", Limits::default().max_bytes.into(), read)?,
        })
    }
}

fn read(bytes: Vec<u8>, source: String) -> Result<Model, String> {
    let graph = Graph::validate(&bytes, &Limits::default()).map_err(|error| error.to_string())?;
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
        let model = self.folder.find(weights).ok_or(RunFailure::ModelMissing)?;
        // The bytes were validated when they were read from the disk and have stayed in memory since.
        let graph = Graph::load(&model.bytes).map_err(|error| RunFailure::Failed(error.to_string()))?;
        graph.run(input).map_err(|error| match error {
            RunError::Input(refusal) => RunFailure::InputRefused(refusal.to_string()),
            other => RunFailure::Failed(other.to_string()),
        })
    }
}
