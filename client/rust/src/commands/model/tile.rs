//! `pensum model tile IN OUT`

use crate::terminal::{answer::Answer, table::fields};
use clap::Args;
use pensum_client::{tiling::tile_files, Error};
use std::path::PathBuf;

/// Arguments.
#[derive(Debug, Args)]
pub struct Tile {
    /// A graph file, or a folder with `manifest.json` and the graph beside it.
    #[arg(value_name = "IN")]
    from: PathBuf,

    /// The new graph file, or the new folder. Nothing is overwritten.
    #[arg(value_name = "OUT")]
    to: PathBuf,
}

impl Tile {
    pub fn run(self) -> Result<Answer, Error> {
        let tiled = tile_files(&self.from, &self.to)?;
        let manifest = tiled.manifest.as_ref().map(|path| path.display().to_string());
        let text = fields([
            ("graph", tiled.graph.display().to_string()),
            ("manifest", manifest.unwrap_or_default()),
            ("weights", tiled.weights.clone()),
            ("nodes", format!("{}, before {}", tiled.nodes, tiled.nodes_before)),
        ]);
        Ok(Answer::new(tiled, text))
    }
}
