//! A chain that a test makes block by block, and the node before it.

use super::*;
use crate::{
    digest::HexBytes,
    engine::{Engine, GraphEngine},
    store::Store,
    watch::{
        chain::Account,
        fixture::{self, Happening},
        node::{NodeError, Rpc},
    },
};
use codec::Encode;
use parking_lot::{Mutex, MutexGuard};
use pensum_graph::builder::GraphBuilder;
use pensum_primitives::{
    step::trace_digest,
    task::{ClaimView, Input},
    AccountId, TaskId,
};
use serde_json::{json, Value};
use std::fs;

struct Block {
    extrinsics: Vec<HexBytes>,
    events: Vec<u8>,
}

pub struct World {
    blocks: Vec<Block>,
    finalized: u32,
    version: u32,
    pub metadata: Vec<u8>,
    pub claims: Vec<(ClaimView, Vec<Digest>)>,
    pub account: Account,
    pub pool: Vec<HexBytes>,
    /// Different extrinsics that came in.
    pub submitted: HashSet<Vec<u8>>,
    /// The node answers nothing.
    pub down: bool,
    /// It takes no extrinsics: the connection breaks.
    pub deaf: bool,
    /// Its blocks take none.
    pub closed: bool,
}

impl World {
    /// A final block with all of the pool, each extrinsic with this outcome.
    pub fn make(&mut self, happening: Happening) {
        self.make_unfinal(happening);
        self.finalize();
    }

    pub fn make_unfinal(&mut self, happening: Happening) {
        let extrinsics = match self.closed {
            true => Vec::new(),
            false => std::mem::take(&mut self.pool),
        };
        self.account.nonce += extrinsics.len() as u32;
        let outcomes: Vec<_> = (0..extrinsics.len() as u32)
            .map(|place| (place, happening))
            .collect();
        self.blocks.push(Block {
            extrinsics,
            events: fixture::events(&outcomes),
        });
    }

    pub fn finalize(&mut self) {
        self.finalized = self.blocks.len() as u32 - 1;
    }

    /// The runtime that fits, under the next version.
    pub fn upgrade(&mut self) {
        self.metadata = fixture::metadata(Vec::new());
        self.version += 1;
    }

    fn block_of(&self, hash: &Value) -> &Block {
        let digest: Digest = serde_json::from_value(hash.clone()).unwrap();
        &self.blocks[u32::from_le_bytes(digest.0[..4].try_into().unwrap()) as usize]
    }

    fn storage(&self, params: &Value) -> Value {
        match params.get(1) {
            Some(block) => json!(HexBytes(self.block_of(block).events.clone())),
            None => json!(HexBytes(self.account.encode())),
        }
    }

    fn submit(&mut self, extrinsic: &Value) -> Result<Value, NodeError> {
        if self.deaf {
            return Err(NodeError::Unreachable("the connection broke".into()));
        }
        let extrinsic: HexBytes = serde_json::from_value(extrinsic.clone()).unwrap();
        self.submitted.insert(extrinsic.0.clone());
        if self.pool.contains(&extrinsic) {
            return Err(NodeError::Refused {
                method: "author_submitExtrinsic".into(),
                message: "already imported".into(),
            });
        }
        self.pool.push(extrinsic);
        Ok(json!(Digest([0; 32])))
    }
}

fn hash(number: u32) -> Digest {
    let mut hash = fixture::GENESIS.0;
    hash[..4].copy_from_slice(&number.to_le_bytes());
    Digest(hash)
}

#[derive(Clone)]
struct Node(Arc<Mutex<World>>);

impl Rpc for Node {
    fn request(&self, method: &str, params: Value) -> Result<Value, NodeError> {
        let mut world = self.0.lock();
        if world.down {
            return Err(NodeError::Unreachable("nobody is there".into()));
        }
        let best = world.blocks.len() as u32 - 1;
        Ok(match method {
            "chain_getHeader" => {
                let number = match params.get(0) {
                    Some(_) => world.finalized,
                    None => best,
                };
                json!({ "number": format!("{number:#x}") })
            }
            "chain_getBlockHash" => json!(hash(params[0].as_u64().unwrap() as u32)),
            "chain_getFinalizedHead" => json!(hash(world.finalized)),
            "chain_getBlock" => {
                json!({ "block": { "extrinsics": world.block_of(&params[0]).extrinsics } })
            }
            "state_getRuntimeVersion" => json!({ "specVersion": world.version, "transactionVersion": 2 }),
            "state_getMetadata" => json!(HexBytes(world.metadata.clone())),
            "state_getStorage" => world.storage(&params),
            "system_accountNextIndex" => json!(world.account.nonce + world.pool.len() as u32),
            "author_submitExtrinsic" => world.submit(&params[0])?,
            "task_claims" => {
                let after = params[0].as_u64().unwrap_or_default();
                let claims = world.claims.iter().map(|(claim, _)| claim);
                let page: Vec<_> = claims.filter(|claim| claim.task.0 > after).take(256).collect();
                json!(page)
            }
            "task_claim" => {
                let mut claims = world.claims.iter();
                let found = claims.find(|(claim, _)| json!(claim.task) == params[0]);
                let (claim, nodes) = found.expect("an open claim");
                let mut traced = json!(claim);
                traced["nodes"] = json!(nodes);
                traced
            }
            other => panic!("the watch asks for {other}"),
        })
    }
}

/// A chain, a model and a data folder.
pub struct Stage {
    world: Arc<Mutex<World>>,
    folder: tempfile::TempDir,
    executor: Executor,
    pub weights: Digest,
}

impl Stage {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let graph = GraphBuilder::int8(&[2])
            .raw_logits(&[1, 0, 0, 1], 2, Some(&[0, 5]))
            .arg_max()
            .build();
        fs::write(folder.path().join("tiny.graph"), &graph).unwrap();
        let engine: Arc<dyn Engine> = Arc::new(GraphEngine::open(folder.path().into()).unwrap());
        let store = Store::open(&folder.path().join("data"), 1_000, 1_000).unwrap();
        let executor = Executor {
            engines: vec![engine],
            store: Arc::new(store),
        };
        let empty = || Block {
            extrinsics: Vec::new(),
            events: fixture::events(&[]),
        };
        let mut account = Account::default();
        account.free = 1_000_000;
        let world = World {
            blocks: (0..10).map(|_| empty()).collect(),
            finalized: 9,
            version: fixture::VERSION.spec_version,
            metadata: fixture::metadata(Vec::new()),
            claims: Vec::new(),
            account,
            pool: Vec::new(),
            submitted: HashSet::new(),
            down: false,
            deaf: false,
            closed: false,
        };
        Self {
            world: Arc::new(Mutex::new(world)),
            folder,
            executor,
            weights: Digest::blake2(&graph),
        }
    }

    pub fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock()
    }

    /// A watch on the journal of this folder.
    pub fn watcher(&self) -> Watcher {
        let journal = WatchJournal::open(&self.folder.path().join("watch.redb")).unwrap();
        let board = Arc::new(Board::new(&fixture::config()));
        let chain = Chain::new(Node(self.world.clone()));
        let key = fixture::key();
        Watcher::new(chain, self.executor.clone(), key, journal, board, Arc::default()).unwrap()
    }

    /// Another watch after the end of this one, which gets no chance to tidy up.
    pub fn restart(&self, watcher: Watcher) -> Watcher {
        drop(watcher);
        self.watcher()
    }

    const INPUT: [u8; 2] = [7, 1];

    /// The right trace of the input of [`Self::claims`].
    pub fn trace(&self) -> Vec<Digest> {
        let run = self.executor.recompute(
            &self.weights,
            &crate::wire::Input::Inline(HexBytes(Self::INPUT.into())),
        );
        match run {
            Ok(crate::execute::Recomputed::Trace(trace)) => trace,
            _ => panic!("the graph does not run"),
        }
    }

    /// A trace that is wrong in its last node.
    pub fn lie(&self) -> Vec<Digest> {
        let mut trace = self.trace();
        *trace.last_mut().unwrap() = Digest([3; 32]);
        trace
    }

    /// An answer to the model of the models folder.
    pub fn claims(&self, task: u64, trace: Vec<Digest>) {
        self.claims_of(task, self.weights, Self::INPUT.into(), trace);
    }

    pub fn claims_of(&self, task: u64, weights: Digest, input: Vec<u8>, trace: Vec<Digest>) {
        let nodes: Vec<_> = trace.iter().map(|digest| digest.0.into()).collect();
        let claim = ClaimView {
            task: TaskId(task),
            model: pensum_primitives::ModelId(Default::default()),
            weights: weights.0.into(),
            solver: AccountId::new([8; 32]),
            input: Input::Inline(input.try_into().unwrap()),
            output: Default::default(),
            trace: Some(trace_digest(&nodes.try_into().unwrap())),
            claimed_at: 9,
            until: 60,
        };
        self.world().claims.push((claim, trace));
    }
}

impl Watcher {
    /// Looks at everything again in the next round.
    pub fn look_again(&mut self) {
        self.unfit = None;
        for waiting in self.waiting.values_mut() {
            waiting.why = None;
        }
    }
}
