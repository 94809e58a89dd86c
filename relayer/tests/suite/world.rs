//! Two chains, a relayer between them, and time that passes when a test says so.

use crate::{
    destination::FakeDestination,
    mortal::{Life, Mortal},
    origin::{FakeOrigin, DESTINATION, ORIGIN},
};
use hyperlane_primitives::{Domain, MessageId};
use pensum_relayer::{
    chain::{Destination, Origin},
    config::Retry,
    journal::{Journal, Key, Record, State},
    metadata::Witnesses,
    metrics::Metrics,
    route::{Follower, Lane, Step},
    signatures::Folders,
    time::Millis,
    tree::Tree,
    Fault,
};
use std::{
    path::PathBuf,
    sync::{Arc, Mutex},
    time::Duration,
};
use tempfile::TempDir;

pub struct World {
    pub origin: Arc<FakeOrigin>,
    pub destination: Arc<FakeDestination>,
    pub folder: TempDir,
    pub folders: Folders,
    pub now: Mutex<Millis>,
    pub retry: Retry,
    pub max_in_flight: usize,
}

/// A relayer that is alive.
pub struct Relayer {
    pub journal: Arc<Journal>,
    pub follower: Follower,
    pub lane: Lane,
    pub witnesses: Witnesses,
}

impl World {
    pub fn new() -> Self {
        Self {
            origin: Arc::new(FakeOrigin::new()),
            destination: Arc::new(FakeDestination::new()),
            folder: tempfile::tempdir().unwrap(),
            folders: Folders::default(),
            now: Mutex::new(Millis(1_000_000)),
            retry: Retry {
                first: Duration::from_secs(5),
                longest: Duration::from_secs(3600),
            },
            max_in_flight: 4,
        }
    }

    pub fn path(&self) -> PathBuf {
        self.folder.path().join("journal.redb")
    }

    pub fn now(&self) -> Millis {
        *self.now.lock().unwrap()
    }

    pub fn wait(&self, seconds: u64) {
        let mut now = self.now.lock().unwrap();
        *now = now.after(Duration::from_secs(seconds));
    }

    pub fn start(&self) -> Relayer {
        self.start_with(Life::of(-1))
    }

    pub fn start_with(&self, life: Life) -> Relayer {
        let journal = Arc::new(Journal::open(&self.path()).unwrap());
        let metrics = Arc::new(Metrics::new().unwrap());
        let origin: Arc<dyn Origin> = Arc::new(Mortal {
            chain: self.origin.clone(),
            life: life.clone(),
        });
        let destination: Arc<dyn Destination> = Arc::new(Mortal {
            chain: self.destination.clone(),
            life,
        });
        let tree = Arc::new(Tree::load(&journal, Domain(ORIGIN.0), self.origin.merkle_tree_hook()).unwrap());
        let witnesses = Witnesses {
            origin: origin.clone(),
            tree: tree.clone(),
            folders: Arc::new(self.folders.clone()),
            journal: journal.clone(),
            metrics: metrics.clone(),
        };
        Relayer {
            follower: Follower {
                name: "origin".into(),
                origin,
                tree,
                journal: journal.clone(),
                metrics: metrics.clone(),
            },
            lane: Lane::new(
                "destination".into(),
                destination,
                [(ORIGIN.0, witnesses.clone())].into(),
                journal.clone(),
                (self.retry, self.max_in_flight),
                metrics,
            ),
            witnesses,
            journal,
        }
    }
}

impl Relayer {
    /// Reads all that is final.
    pub async fn follow(&self, world: &World) -> Result<(), Fault> {
        while self.follower.step(world.now()).await? != Step::UpToDate {}
        Ok(())
    }

    /// Reads, delivers, and lets a block and some seconds pass.
    pub async fn turn(&self, world: &World) -> Result<(), Fault> {
        self.follow(world).await?;
        self.lane.tick(world.now()).await?;
        world.destination.mine();
        world.wait(2);
        Ok(())
    }

    pub async fn turns(&self, world: &World, count: usize) {
        for _ in 0..count {
            self.turn(world).await.unwrap();
        }
    }

    pub fn record(&self, nonce: u32) -> Record {
        let key = Key {
            origin: ORIGIN.0,
            nonce,
        };
        self.journal.message(key).unwrap().unwrap()
    }

    pub fn is_delivered(&self, nonce: u32) -> bool {
        matches!(self.record(nonce).state, State::Delivered { .. })
    }

    /// Why a message waits.
    pub fn reason(&self, nonce: u32) -> &'static str {
        match self.record(nonce).state {
            State::Waiting { reason, .. } => reason.label(),
            State::Seen => "new",
            State::Submitted { .. } => "submitted",
            State::Delivered { .. } => "delivered",
        }
    }

    pub fn in_flight(&self) -> usize {
        self.journal.transactions(DESTINATION.0).unwrap().len()
    }
}

/// Everything that was dispatched has arrived once, and no transaction was for nothing.
pub fn assert_exactly_once(world: &World, ids: &[MessageId]) {
    let state = world.destination.state();
    for id in ids {
        assert_eq!(state.arrivals.get(&id.0), Some(&1), "{id}");
    }
    assert_eq!(state.arrivals.len(), ids.len());
}
