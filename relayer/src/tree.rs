//! An origin's Merkle tree, built here from its leaves: what validators must have signed is known without asking them.

use crate::{journal::Journal, Error, Kind};
use hyperlane_primitives::{Address, Checkpoint, Domain, FullTree, Native, Proof, H256};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The tree of one origin, in memory: 64 bytes a leaf. The leaves are in the journal.
#[derive(Debug)]
pub struct Tree {
    domain: Domain,
    hook: Address,
    nodes: Mutex<FullTree>,
}

impl Tree {
    /// From the leaves that the journal has.
    pub fn load(journal: &Journal, domain: Domain, hook: Address) -> Result<Self, Error> {
        let tree = Self {
            domain,
            hook,
            nodes: Mutex::default(),
        };
        tree.extend(journal)?;
        Ok(tree)
    }

    /// How many leaves there are.
    pub fn count(&self) -> u32 {
        self.nodes().count()
    }

    /// Adds the leaves that the journal has got since.
    pub fn extend(&self, journal: &Journal) -> Result<(), Error> {
        let mut nodes = self.nodes();
        journal.each_leaf(self.domain.0, nodes.count(), |id| {
            nodes.insert::<Native>(id).map(drop).map_err(|why| {
                Error::new(
                    Kind::Journal,
                    format!("The tree of domain {} takes no more leaves.", self.domain),
                    why.to_string(),
                )
            })
        })
    }

    /// Builds it again, after the journal has forgotten leaves.
    pub fn rebuild(&self, journal: &Journal) -> Result<(), Error> {
        *self.nodes() = FullTree::default();
        self.extend(journal)
    }

    /// The root with the first `leaves` leaves, if there are so many.
    pub fn root(&self, leaves: u32) -> Option<H256> {
        self.nodes().root::<Native>(leaves).ok()
    }

    /// What a validator that tells the truth signs at an index, once the leaf is known.
    pub fn checkpoint(&self, journal: &Journal, index: u32) -> Result<Option<Checkpoint>, Error> {
        let Some(message_id) = journal.leaf(self.domain.0, index)? else {
            return Ok(None);
        };
        let root = index.checked_add(1).and_then(|leaves| self.root(leaves));
        Ok(root.map(|root| Checkpoint {
            origin: self.domain,
            merkle_tree_hook: self.hook,
            root,
            index,
            message_id,
        }))
    }

    /// The proof of a leaf in the tree as it was at the checkpoint `index`.
    pub fn prove(&self, leaf: u32, index: u32) -> Option<Proof> {
        let leaves = index.checked_add(1)?;
        self.nodes().prove::<Native>(leaf, leaves).ok()
    }

    fn nodes(&self) -> MutexGuard<'_, FullTree> {
        // Insertion cannot panic halfway; a poisoned tree is a whole one.
        self.nodes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
