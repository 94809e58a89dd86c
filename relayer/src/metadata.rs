//! What convinces a recipient: enough signatures of the right checkpoint, in the right form.

use crate::{
    chain::{Origin, Security},
    journal::Journal,
    metrics::Metrics,
    signatures::{Folder, Folders},
    tree::Tree,
    Error, Fault,
};
use hyperlane_primitives::{
    Checkpoint, Domain, IsmKind, MerkleRootMetadata, MessageId, MessageIdMetadata, Metadata, Native,
    Signature, SignatureBytes, Signatures, ValidatorSet,
};
use std::{sync::Arc, time::Duration};

/// Checkpoints after the message's own that are looked at, from the latest down, where any later one will do.
const MAX_LATER: usize = 16;
/// How long validators' folders may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why there is no metadata yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lack {
    /// Too few validators have signed.
    Signatures {
        /// How many of one checkpoint.
        found: usize,
        /// How many are needed.
        needed: u8,
    },
    /// The security module is none that is served.
    Module(String),
    /// A chain did not answer.
    Fault(Fault),
}

impl From<Error> for Lack {
    fn from(error: Error) -> Self {
        Self::Fault(error.into())
    }
}

/// Where evidence about an origin's messages comes from.
#[derive(Clone)]
pub struct Witnesses {
    /// The origin.
    pub origin: Arc<dyn Origin>,
    /// Its tree.
    pub tree: Arc<Tree>,
    /// Validators' folders.
    pub folders: Arc<Folders>,
    /// Where the tree's leaves are.
    pub journal: Arc<Journal>,
    /// Counts what is ignored.
    pub metrics: Arc<Metrics>,
}

impl Witnesses {
    /// Metadata for a message that is leaf `leaf`.
    pub async fn metadata(&self, security: &Security, id: MessageId, leaf: u32) -> Result<Vec<u8>, Lack> {
        let (kind, validators, threshold) = match security {
            Security::Multisig {
                kind,
                validators,
                threshold,
            } => (*kind, validators, *threshold),
            Security::Unsupported(what) => return Err(Lack::Module(what.clone())),
        };
        let set = ValidatorSet::new(validators, threshold).map_err(|why| Lack::Module(why.to_string()))?;
        let announced = match self.folders.announced {
            true => self.origin.announced(validators).await.map_err(Lack::Fault)?,
            false => Vec::new(),
        };
        let folders = Arc::new(self.folders.of(validators, &announced));
        let mut found = 0;
        for index in self.candidates(kind, leaf, threshold, &folders).await? {
            let Some(checkpoint) = self.tree.checkpoint(&self.journal, index)? else {
                continue;
            };
            let signatures = self.signatures(&checkpoint, &folders).await?;
            match quorum(&set, &checkpoint, &signatures) {
                Ok(chosen) => return self.encode(kind, (id, leaf), &checkpoint, &chosen, &set),
                Err(fewer) => found = found.max(fewer),
            }
        }
        Err(Lack::Signatures {
            found,
            needed: threshold,
        })
    }

    /// Which checkpoints will do, the likeliest first: the message's own, which everybody signs, and if any later one will do, those
    /// that as many validators as needed say to have come to.
    async fn candidates(
        &self,
        kind: IsmKind,
        leaf: u32,
        threshold: u8,
        folders: &Arc<Vec<Folder>>,
    ) -> Result<Vec<u32>, Lack> {
        let mut indices = vec![leaf];
        if kind == IsmKind::MerkleRoot {
            let last = self.tree.count().saturating_sub(1);
            let folders = folders.clone();
            let read = move || folders.iter().filter_map(Folder::latest).collect();
            let mut latest: Vec<u32> = from_disk(read).await?;
            latest.sort_unstable_by(|a, b| b.cmp(a));
            let common = latest.get(usize::from(threshold).saturating_sub(1));
            let top = common.map_or(last, |index| (*index).min(last));
            indices.extend((leaf.saturating_add(1)..=top).rev().take(MAX_LATER));
        }
        Ok(indices)
    }

    async fn signatures(
        &self,
        checkpoint: &Checkpoint,
        folders: &Arc<Vec<Folder>>,
    ) -> Result<Vec<Signature>, Lack> {
        let mut signatures = self
            .origin
            .published(checkpoint.index)
            .await
            .map_err(Lack::Fault)?;
        let (folders, metrics, checkpoint) = (folders.clone(), self.metrics.clone(), *checkpoint);
        let read = move || -> Vec<Signature> {
            folders
                .iter()
                .filter_map(|folder| folder.signature(&checkpoint, &metrics))
                .collect()
        };
        signatures.extend(from_disk(read).await?);
        Ok(signatures)
    }

    fn encode(
        &self,
        kind: IsmKind,
        (id, leaf): (MessageId, u32),
        checkpoint: &Checkpoint,
        chosen: &[SignatureBytes],
        set: &ValidatorSet<'_>,
    ) -> Result<Vec<u8>, Lack> {
        let signatures = Signatures(chosen);
        let metadata = match kind {
            IsmKind::MessageId => Metadata::MessageId(MessageIdMetadata {
                merkle_tree_hook: checkpoint.merkle_tree_hook,
                root: checkpoint.root,
                index: checkpoint.index,
                signatures,
            }),
            IsmKind::MerkleRoot => Metadata::MerkleRoot(MerkleRootMetadata {
                merkle_tree_hook: checkpoint.merkle_tree_hook,
                leaf_index: leaf,
                signed_id: checkpoint.message_id,
                proof: self
                    .tree
                    .prove(leaf, checkpoint.index)
                    .ok_or_else(|| unproven(leaf, checkpoint.index))?,
                signed_index: checkpoint.index,
                signatures,
            }),
        };
        // As the destination will do it. It can only fail if the tree changed under the proof: try again later.
        metadata
            .verify::<Native>(Domain(checkpoint.origin.0), id, set)
            .map_err(|why| Lack::Fault(Fault::Unreachable(why.to_string())))?;
        Ok(metadata.encode())
    }
}

/// Reads files beside everything else: a folder can be on a disk that is far away and does not answer.
async fn from_disk<T: Send + 'static>(read: impl FnOnce() -> T + Send + 'static) -> Result<T, Lack> {
    let silent = || Lack::Fault(Fault::Unreachable("Validators' folders do not answer.".into()));
    let reading = tokio::task::spawn_blocking(read);
    match tokio::time::timeout(PATIENCE, reading).await {
        Ok(Ok(found)) => Ok(found),
        _ => Err(silent()),
    }
}

fn unproven(leaf: u32, index: u32) -> Lack {
    Lack::Fault(Fault::Unreachable(format!(
        "The tree has just changed: no proof of leaf {leaf} at {index}."
    )))
}

/// Signatures for the metadata, or how many validators signed if those are too few.
fn quorum(
    set: &ValidatorSet<'_>,
    checkpoint: &Checkpoint,
    signatures: &[Signature],
) -> Result<Vec<SignatureBytes>, usize> {
    let digest = checkpoint.digest::<Native>();
    set.quorum::<Native>(&digest, signatures).ok_or_else(|| {
        let signers: Vec<_> = signatures
            .iter()
            .filter_map(|signature| signature.signer::<Native>(&digest).ok())
            .collect();
        set.validators()
            .iter()
            .filter(|validator| signers.contains(validator))
            .count()
    })
}
