//! A model on disk (`manifest.json` beside its graph file) as the manifest that names it on chain.

use crate::{
    asset::Fee, call, event::ModelRegistered, transaction, AccountId, Amount, Chain, Digest, Error, Key,
    ModelId,
};
use pensum_graph::{Graph, Skeleton, TileLimits};
use pensum_primitives::model::{
    DataSet, InputSchema, Manifest, ModelKind, OutputSchema, Text, MAX_GRAPH, MAX_SKELETON, MAX_TEXT,
};
use serde::Deserialize;
use sp_runtime::Permill;
use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};
use subxt::{
    dynamic::Value,
    ext::{codec::Encode as _, scale_decode::DecodeAsType},
};

/// `manifest.json`, as the training scripts write it; what the chain does not keep is left out.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct ManifestFile {
    /// Name for people.
    pub name: String,
    /// Version for people.
    pub version: String,
    /// What runs it.
    pub kind: ModelKind,
    /// The graph's file, beside the manifest.
    pub file: String,
    /// `blake2_256` of the graph.
    pub weights_digest: Digest,
    /// Digest of each node with its weights, in order.
    pub node_digests: Vec<Digest>,
    /// What goes in.
    pub input: InputFile,
    /// What comes out.
    pub output: OutputFile,
    /// SPDX licence expression.
    pub licence: String,
    /// What it was trained or converted from.
    pub parents: Vec<ModelId>,
    /// What it was trained on.
    pub data_sets: Vec<DataSetFile>,
    /// The publisher's share of the price, in parts per million.
    pub royalty_ppm: u32,
}

/// What goes in.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum InputFile {
    /// UTF-8 text.
    Text {
        /// Most bytes.
        max_bytes: u32,
    },
    /// One-byte elements.
    Tensor {
        /// How many.
        len: u32,
    },
}

/// What comes out.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum OutputFile {
    /// The number of a label.
    Label {
        /// The labels, in order.
        labels: Vec<String>,
    },
    /// Raw bytes.
    Tensor {
        /// How many.
        len: u32,
    },
}

/// A data set.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct DataSetFile {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: Option<String>,
    /// Digest of its content.
    pub digest: Option<Digest>,
    /// SPDX licence expression.
    pub licence: String,
}

/// A model on disk.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ModelFiles {
    /// Its manifest.
    pub file: ManifestFile,
    /// Its graph.
    pub graph: Vec<u8>,
}

/// What the chain shall keep of a graph.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Weights<'a> {
    /// All of it: answers can be replayed at once.
    Graph(&'a [u8]),
    /// Header and node table: wrong answers can be disproven, one node at a time.
    Skeleton(&'a [u8]),
    /// Nothing.
    Elsewhere,
}

impl Weights<'_> {
    /// Bytes that lie on chain.
    pub fn len(&self) -> usize {
        match self {
            Self::Graph(bytes) | Self::Skeleton(bytes) => bytes.len(),
            Self::Elsewhere => 0,
        }
    }

    /// Whether nothing does.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether the chain can replay the model at once.
    pub fn on_chain(&self) -> bool {
        matches!(self, Self::Graph(_))
    }
}

/// A model that was registered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Registered {
    /// Its id, as the chain computed it.
    pub id: ModelId,
    /// Whether its graph lies on chain.
    pub on_chain: bool,
    /// The first block in which it can be used.
    pub usable_from: u32,
    /// What was put on hold.
    pub deposit: Amount,
    /// The block of the registration.
    pub block: u32,
    /// The inclusion fee.
    pub fee: Fee,
}

/// What is known of a registered model's nodes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Nodes {
    /// How many there are.
    pub nodes: u32,
    /// Whether the chain can execute each of them alone.
    pub disprovable: bool,
}

#[derive(DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct NodeList {
    nodes: Vec<[u8; 32]>,
}

#[derive(DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct StepTotal {
    nodes: u16,
}

impl ModelFiles {
    /// Reads a manifest, or a folder with a `manifest.json`, and the graph beside it, and checks that they belong together.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let path = if path.is_dir() {
            path.join("manifest.json")
        } else {
            path.to_path_buf()
        };
        let text = fs::read_to_string(&path).map_err(|error| Error::unreadable(&path, error))?;
        let file: ManifestFile = serde_json::from_str(&text).map_err(|error| {
            Error::usage(
                "Manifest",
                format!("{} is no manifest of a model: {error}.", path.display()),
                "Write it as the shipped models' training scripts do.",
            )
        })?;
        let graph_path = graph_path(&path, &file.file)?;
        let graph = fs::read(&graph_path).map_err(|error| Error::unreadable(&graph_path, error))?;
        let files = Self { file, graph };
        files.check()?;
        Ok(files)
    }

    fn check(&self) -> Result<(), Error> {
        let graph = Graph::load(&self.graph).map_err(|error| {
            Error::usage(
                "Graph",
                format!("{} is no graph: {error:?}.", self.file.file),
                "Export the model again.",
            )
        })?;
        let nodes = self.file.node_digests.iter().map(|digest| digest.0);
        if self.file.weights_digest.0 != graph.digest() || !nodes.eq(graph.node_digests()) {
            return Err(Error::usage(
                "GraphMismatch",
                format!("{} is not the graph that the manifest names.", self.file.file),
                "Train the model again, or restore the file.",
            ));
        }
        Ok(())
    }

    /// The manifest that `publisher` registers; `previous` names the version it replaces.
    pub fn manifest(&self, publisher: AccountId, previous: Option<ModelId>) -> Result<Manifest, Error> {
        let file = &self.file;
        let output = match &file.output {
            OutputFile::Label { labels } => {
                let labels = labels
                    .iter()
                    .map(|label| bounded("a label", label.as_bytes().to_vec()));
                let labels = labels.collect::<Result<Vec<_>, _>>()?;
                OutputSchema::Label {
                    labels: bounded("the list of labels", labels)?,
                }
            }
            OutputFile::Tensor { len } => OutputSchema::Tensor { len: *len },
        };
        let data_sets = file.data_sets.iter().map(|set| {
            Ok(DataSet {
                name: text("a data set's name", &set.title())?,
                digest: set.digest,
                licence: text("a data set's licence", &set.licence)?,
            })
        });
        Ok(Manifest {
            name: text("the name", &file.name)?,
            version: text("the version", &file.version)?,
            kind: file.kind,
            weights: file.weights_digest,
            nodes: bounded("the list of nodes", file.node_digests.clone())?,
            input: match file.input {
                InputFile::Text { max_bytes } => InputSchema::Text { max_bytes },
                InputFile::Tensor { len } => InputSchema::Tensor { len },
            },
            output,
            licence: text("the licence", &file.licence)?,
            previous,
            parents: bounded("the list of parents", file.parents.clone())?,
            data_sets: bounded(
                "the list of data sets",
                data_sets.collect::<Result<Vec<_>, Error>>()?,
            )?,
            publisher,
            royalty: Permill::from_parts(file.royalty_ppm),
        })
    }

    /// The graph, if it is short enough to lie on chain.
    pub fn graph_on_chain(&self) -> Result<Weights<'_>, Error> {
        if self.graph.len() > MAX_GRAPH as usize {
            return Err(Error::usage(
                "GraphTooLarge",
                format!(
                    "The graph has {} bytes, and the chain keeps {MAX_GRAPH}.",
                    self.graph.len()
                ),
                "Register it with --skeleton.",
            ));
        }
        Ok(Weights::Graph(&self.graph))
    }

    /// Header and node table of the graph, if the chain can execute each of its nodes alone.
    pub fn skeleton(&self) -> Result<Weights<'_>, Error> {
        let untiled = |reason: String| {
            Error::usage(
                "NotTiled",
                format!("The graph has a node that no transaction can prove: {reason}."),
                "Cut it by `pensum model tile`, and register the result.",
            )
        };
        let graph = Graph::load(&self.graph).map_err(|error| untiled(format!("{error:?}")))?;
        let bytes = Skeleton::of(&graph);
        let skeleton = Skeleton::parse(bytes).map_err(|error| untiled(format!("{error:?}")))?;
        skeleton
            .check_steps(TileLimits::default())
            .map_err(|error| untiled(format!("{error:?}")))?;
        if bytes.len() > MAX_SKELETON as usize {
            return Err(Error::usage(
                "SkeletonTooLarge",
                format!(
                    "The skeleton has {} bytes, and the chain keeps {MAX_SKELETON}.",
                    bytes.len()
                ),
                "Make the model smaller.",
            ));
        }
        Ok(Weights::Skeleton(bytes))
    }
}

impl DataSetFile {
    /// Name and version, where both fit.
    fn title(&self) -> String {
        match &self.version {
            Some(version) if self.name.len() + 1 + version.len() <= MAX_TEXT as usize => {
                format!("{} {version}", self.name)
            }
            _ => self.name.clone(),
        }
    }
}

impl Chain {
    /// What registering this would put on hold.
    pub async fn model_deposit(&self, manifest: &Manifest, weights: Weights<'_>) -> Result<Amount, Error> {
        let at = self.best().await?;
        let constant = |name| self.constant::<u128>(&at, "AttestationRegistry", name);
        let bytes = manifest.encoded_size() + weights.len();
        let for_bytes = constant("DepositPerByte")?.saturating_mul(bytes as u128);
        Ok(Amount(constant("DepositBase")?.saturating_add(for_bytes)))
    }

    /// How many nodes a registered model's graph has, and whether a wrong answer of it can be disproven by one of them.
    pub async fn model_nodes(&self, id: ModelId) -> Result<Option<Nodes>, Error> {
        let at = self.best().await?;
        let key = || vec![Value::from_bytes(id.0)];
        let manifest: Option<NodeList> = self.entry(&at, "AttestationRegistry", "Manifests", key()).await?;
        let steps: Option<StepTotal> = self
            .entry(&at, "AttestationRegistry", "StepTotals", key())
            .await?;
        Ok(manifest.map(|manifest| Nodes {
            nodes: manifest.nodes.len() as u32,
            disprovable: steps.is_some_and(|steps| steps.nodes > 0),
        }))
    }

    /// Registers a model.
    pub async fn register_model(
        &self,
        publisher: &Key,
        manifest: &Manifest,
        weights: Weights<'_>,
        patience: Duration,
    ) -> Result<Registered, Error> {
        let call = call::register_model(manifest, weights);
        let at = self.best().await?;
        if transaction::encoded_argument(&at, &call, "manifest")? != manifest.encode() {
            return Err(Error::metadata(
                "manifests",
                "it encodes them otherwise, so the model would get another id",
            ));
        }
        let included = self.send(publisher, &call, patience).await?;
        let event: ModelRegistered = included.event()?;
        Ok(Registered {
            id: ModelId(event.model.into()),
            on_chain: event.on_chain,
            usable_from: event.usable_from,
            deposit: Amount(event.deposit),
            block: included.block,
            fee: included.fee,
        })
    }
}

/// The graph's file must lie beside its manifest, so that a manifest from elsewhere cannot name any file of this machine.
pub(crate) fn graph_path(manifest: &Path, file: &str) -> Result<PathBuf, Error> {
    let name = Path::new(file).file_name();
    if name.is_none() || name != Some(file.as_ref()) {
        return Err(Error::usage(
            "Manifest",
            format!("The manifest's `file` is {file:?}, which is no name of a file beside it."),
            "Put the graph beside its manifest and name it there.",
        ));
    }
    Ok(manifest.with_file_name(file))
}

fn text(what: &str, text: &str) -> Result<Text, Error> {
    bounded(what, text.as_bytes().to_vec())
}

fn bounded<T, B: TryFrom<Vec<T>>>(what: &str, items: Vec<T>) -> Result<B, Error> {
    let len = items.len();
    B::try_from(items).map_err(|_| {
        Error::usage(
            "Manifest",
            format!("The manifest is too large: {what} has length {len}."),
            format!("Shorten it; texts have at most {MAX_TEXT} bytes."),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key;

    fn models() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../inference/models")
    }

    fn id(name: &str, publisher: [u8; 32], previous: Option<ModelId>) -> ModelId {
        let files = ModelFiles::read(&models().join(name)).unwrap();
        files.manifest(publisher.into(), previous).unwrap().id()
    }

    /// Ids that `client/ts` gives for the same models with a publisher of 32 bytes of 1.
    #[test]
    fn the_ids_of_the_shipped_models_are_those_of_the_other_client() {
        assert_eq!(
            key::to_hex(id("langid", [1; 32], None).0),
            "0xb50e1a5c4375035088d12d57ddcb8b620295d98e7fc3f5b0001fdba226735f1b"
        );
        assert_eq!(
            key::to_hex(id("digits", [1; 32], None).0),
            "0xa75b4b722b14e725ba2c97f9fc3c9d52bed2d82a2f8819895359f55096658616"
        );
        let previous = Some(id("digits", [1; 32], None));
        assert_eq!(
            key::to_hex(id("digits", [1; 32], previous).0),
            "0x9a8cfc418a715500932817fee1296b720cf0d2caf1b28de02bb31cf38621ffe5"
        );
    }

    #[test]
    fn another_publisher_or_previous_version_is_another_model() {
        let one = id("digits", [1; 32], None);
        assert_eq!(one, id("digits", [1; 32], None));
        assert_ne!(one, id("digits", [2; 32], None));
        assert_ne!(one, id("digits", [1; 32], Some(one)));
    }

    #[test]
    fn the_graph_of_another_model_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let manifest = fs::read_to_string(models().join("digits/manifest.json")).unwrap();
        fs::write(folder.path().join("manifest.json"), &manifest).unwrap();
        let missing = ModelFiles::read(folder.path()).unwrap_err();
        assert_eq!(missing.code, "usage.File");
        fs::copy(
            models().join("langid/langid.graph"),
            folder.path().join("digits.graph"),
        )
        .unwrap();
        let error = ModelFiles::read(folder.path()).unwrap_err();
        assert_eq!(error.code, "usage.GraphMismatch");
        fs::write(folder.path().join("digits.graph"), b"x").unwrap();
        assert_eq!(ModelFiles::read(folder.path()).unwrap_err().code, "usage.Graph");
    }

    #[test]
    fn a_skeleton_is_the_graph_without_its_weights() {
        let files = ModelFiles::read(&models().join("langid")).unwrap();
        let skeleton = files.skeleton().unwrap();
        assert!(!skeleton.on_chain() && !skeleton.is_empty());
        assert!(skeleton.len() < files.graph_on_chain().unwrap().len() / 100);
    }

    #[test]
    fn a_manifest_names_no_file_elsewhere() {
        for file in ["../digits.graph", "/etc/passwd", "", "..", "a/b"] {
            let error = graph_path(Path::new("models/manifest.json"), file).unwrap_err();
            assert_eq!(error.code, "usage.Manifest", "{file}");
        }
        let path = graph_path(Path::new("models/manifest.json"), "a.graph").unwrap();
        assert_eq!(path, Path::new("models/a.graph"));
    }

    #[test]
    fn a_text_that_is_too_long_is_refused_by_name() {
        let mut files = ModelFiles::read(&models().join("digits")).unwrap();
        files.file.name = "x".repeat(MAX_TEXT as usize + 1);
        let error = files.manifest([1; 32].into(), None).unwrap_err();
        assert!(error.fact.contains("the name has length 129"), "{error}");
    }
}
