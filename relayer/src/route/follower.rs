use crate::{
    chain::{Batch, Origin, Reading},
    journal::{Journal, Recorded},
    metrics::Metrics,
    time::Millis,
    tree::Tree,
    Error, Fault, Kind,
};
use std::sync::Arc;

/// Reads an origin's final messages and leaves into the journal.
pub struct Follower {
    /// What the origin is called.
    pub name: String,
    /// The origin.
    pub origin: Arc<dyn Origin>,
    /// Its tree, which grows with the journal.
    pub tree: Arc<Tree>,
    /// Where what was read is written down.
    pub journal: Arc<Journal>,
    /// Counts reorganisations.
    pub metrics: Arc<Metrics>,
}

/// What one step has brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// There may be more to read at once.
    More,
    /// All that is final has been read.
    UpToDate,
    /// The origin took something back, and so has the journal.
    Rewound,
}

impl Follower {
    /// Reads once, and writes down what it has read.
    pub async fn step(&self, now: Millis) -> Result<Step, Fault> {
        let domain = self.origin.domain().0;
        let cursor = self.journal.cursor(domain)?;
        match self.origin.read(&cursor).await? {
            Reading::Reorganised => {
                self.rewind(domain).await?;
                Ok(Step::Rewound)
            }
            Reading::Batch(batch) => {
                if batch.cursor == cursor {
                    // Also where more is final than the node can tell yet: it is asked again later, not at once.
                    return Ok(Step::UpToDate);
                }
                self.take(domain, &batch, now)?;
                Ok(match batch.behind {
                    0 => Step::UpToDate,
                    _ => Step::More,
                })
            }
        }
    }

    fn take(&self, domain: u32, batch: &Batch, now: Millis) -> Result<(), Fault> {
        match self.journal.record(domain, batch, now)? {
            Recorded::New(0) => (),
            Recorded::New(fresh) => tracing::info!(origin = self.name, fresh, "new messages"),
            Recorded::Gap { expected, found } => {
                self.read_again(domain)?;
                return Err(Fault::Unreachable(format!(
                    "Leaf {expected} is missing, and there is {found}. The node leaves logs out, or start_block is after the first leaf. \
                     Reading again from the last leaf that is known."
                )));
            }
        }
        self.tree.extend(&self.journal)?;
        for leaf in &batch.leaves {
            let built = leaf
                .index
                .checked_add(1)
                .and_then(|leaves| self.tree.root(leaves));
            if leaf.root.is_some() && built != leaf.root {
                return Err(Fault::Fatal(Error::new(
                    Kind::RootMismatch,
                    format!(
                        "The tree of {} has the root {built:?} after leaf {}, and its node says {:?}.",
                        self.name, leaf.index, leaf.root
                    ),
                    "Ask another node. If that says the same, move the journal away.",
                )));
            }
        }
        Ok(())
    }

    /// Goes back to before the last leaf that is known: whatever is missing comes after it.
    fn read_again(&self, domain: u32) -> Result<(), Fault> {
        let last = self.journal.last_leaf_block(domain)?;
        let anchors = self.journal.anchors(domain)?;
        let before = anchors
            .into_iter()
            .find(|anchor| last.is_some_and(|block| anchor.block < block));
        self.journal.rewind(domain, before)?;
        self.tree.rebuild(&self.journal)?;
        Ok(())
    }

    /// Forgets what was read after the last block that is still part of the chain.
    async fn rewind(&self, domain: u32) -> Result<(), Fault> {
        let mut kept = None;
        for anchor in self.journal.anchors(domain)? {
            if self.origin.holds(&anchor).await? {
                kept = Some(anchor);
                break;
            }
        }
        tracing::error!(
            origin = self.name,
            to = kept.map(|anchor| anchor.block),
            "the chain took back blocks that counted as final; reading them again"
        );
        self.metrics.reorganised(&self.name);
        self.journal.rewind(domain, kept)?;
        self.tree.rebuild(&self.journal)?;
        Ok(())
    }
}
