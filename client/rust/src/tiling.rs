//! Cutting a model's nodes so that each can be proven in one transaction.

use crate::{key::to_hex, Error};
use pensum_graph::{
    tile::{tile, TileLimits},
    Graph,
};
use pensum_primitives::model::MAX_NODES;
use serde::Serialize;
use serde_json::{json, Value};
use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

/// A graph whose nodes fit.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Tiled {
    /// The file of the new graph.
    pub graph: PathBuf,
    /// `blake2_256` of it.
    pub weights: String,
    /// Nodes before.
    pub nodes_before: u32,
    /// Nodes now.
    pub nodes: u32,
    /// Its manifest, where the old one was given.
    pub manifest: Option<PathBuf>,
}

/// Cuts a graph file into another, or a model's folder into another one, manifest and all. Overwrites nothing.
pub fn tile_files(from: &Path, to: &Path) -> Result<Tiled, Error> {
    if !from.is_dir() {
        return tile_graph(from, to).map(|(tiled, _)| tiled);
    }
    let path = from.join("manifest.json");
    let text = fs::read_to_string(&path).map_err(|error| Error::unreadable(&path, error))?;
    let not_one = |reason: String| {
        Error::usage(
            "Manifest",
            format!("{} is no manifest of a model: {reason}.", path.display()),
            "Write it as the shipped models' training scripts do.",
        )
    };
    let mut manifest: Value = serde_json::from_str(&text).map_err(|error| not_one(error.to_string()))?;
    let file = manifest["file"]
        .as_str()
        .ok_or_else(|| not_one("it names no file".into()))?;
    let graph = crate::manifest::graph_path(&path, file)?;
    fs::create_dir_all(to).map_err(|error| Error::unreadable(to, error))?;
    let (tiled, bytes) = tile_graph(&graph, &to.join(file))?;
    let digests = Graph::load(&bytes).map_err(not_a_graph(&graph))?.node_digests();
    manifest["weights_digest"] = json!(tiled.weights);
    manifest["weights_bytes"] = json!(bytes.len());
    manifest["node_digests"] = json!(digests.iter().map(to_hex).collect::<Vec<_>>());
    let written = to.join("manifest.json");
    let text = serde_json::to_string_pretty(&manifest).map_err(|error| not_one(error.to_string()))?;
    write_new(&written, format!("{text}\n").as_bytes())?;
    Ok(Tiled {
        manifest: Some(written),
        ..tiled
    })
}

fn tile_graph(from: &Path, to: &Path) -> Result<(Tiled, Vec<u8>), Error> {
    let bytes = fs::read(from).map_err(|error| Error::unreadable(from, error))?;
    let before = Graph::load(&bytes).map_err(not_a_graph(from))?.nodes();
    let cut = tile(&bytes, TileLimits::default()).map_err(|error| {
        Error::usage(
            "Untileable",
            format!("{} cannot be cut into nodes that fit: {error:?}.", from.display()),
            "Make the layer that the reason names smaller, and export the model again.",
        )
    })?;
    let graph = Graph::load(&cut).map_err(not_a_graph(from))?;
    let (nodes, weights) = (graph.nodes(), to_hex(graph.digest()));
    if nodes > MAX_NODES {
        return Err(Error::usage(
            "TooManyNodes",
            format!("The graph would have {nodes} nodes, and a manifest lists {MAX_NODES}."),
            "Make the model smaller.",
        ));
    }
    write_new(to, &cut)?;
    let tiled = Tiled {
        graph: to.into(),
        weights,
        nodes_before: before,
        nodes,
        manifest: None,
    };
    Ok((tiled, cut))
}

fn not_a_graph<E: std::fmt::Debug>(path: &Path) -> impl Fn(E) -> Error + '_ {
    move |error| {
        Error::usage(
            "Graph",
            format!("{} is no graph: {error:?}.", path.display()),
            "Export the model again.",
        )
    }
}

fn write_new(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let written = fs::File::create_new(path).and_then(|mut file| file.write_all(bytes));
    written.map_err(|error| {
        Error::usage(
            "File",
            format!("{} cannot be written: {error}.", path.display()),
            "Name a new file in a folder that is there.",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::ModelFiles;

    fn digits() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../inference/models/digits")
    }

    #[test]
    fn a_model_that_fits_stays_as_it_is_and_can_be_registered() {
        let folder = tempfile::tempdir().unwrap();
        let to = folder.path().join("tiled");
        let tiled = tile_files(&digits(), &to).unwrap();
        assert_eq!((tiled.nodes_before, tiled.nodes), (4, 4));
        let (old, new) = (
            ModelFiles::read(&digits()).unwrap(),
            ModelFiles::read(&to).unwrap(),
        );
        assert_eq!((old.graph, old.file), (new.graph, new.file));
        let again = tile_files(&digits(), &to).unwrap_err();
        assert_eq!(again.code, "usage.File", "an existing file was overwritten");
    }

    #[test]
    fn a_graph_alone_is_cut_without_a_manifest() {
        let folder = tempfile::tempdir().unwrap();
        let to = folder.path().join("a.graph");
        let tiled = tile_files(&digits().join("digits.graph"), &to).unwrap();
        assert_eq!((tiled.manifest, tiled.graph), (None, to));
        let none = folder.path().join("none");
        std::fs::write(&none, b"x").unwrap();
        assert_eq!(
            tile_files(&none, &folder.path().join("b")).unwrap_err().code,
            "usage.Graph"
        );
    }
}
