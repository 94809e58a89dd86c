//! A chain and records for tests.

use super::{share, Storage};
use crate::{
    bridge::fixture::{transaction, FakeBridge},
    chain::{BlockRef, BridgeChain, Chain, ChainError, RawChain, Read},
};
use codec::Encode;
use hyperlane_primitives::{Checkpoint, IncrementalTree, H160};
use parking_lot::Mutex;
use pensum_primitives::{
    asset::ListedAsset,
    bridge::{
        BridgeView, CheckpointId, CheckpointView, Dispatched, IsmView, Locations, RequestView, ResultProof,
    },
    matching::Matching,
    model::{InputSchema, ModelKind, ModelState, ModelView},
    record::{self, IndexedRecord, Record},
    solver::{DelegationView, Offer, SolverStatus},
    task::{ClaimView, TaskNotice, TaskState, TaskStatus, Trace},
    verdict::Outcome,
    verification::Verification,
    workflow::{WorkflowId, WorkflowView},
    AccountId, AssetId, Balance, BatchId, BlockNumber, Digest, ModelId, TaskId,
};
use sp_core::offchain::{storage::InMemOffchainStorage, STORAGE_PREFIX};
use sp_runtime::OpaqueExtrinsic;
use std::{collections::BTreeMap, sync::Arc};

/// An empty storage.
pub fn storage() -> Arc<dyn Storage> {
    share(InMemOffchainStorage::default())
}

/// The model of every record here.
pub const MODEL: ModelId = ModelId(Digest::repeat_byte(77));

/// A chain that holds what a test puts there.
#[derive(Clone)]
pub struct FakeChain {
    pub best: BlockNumber,
    pub finalized: BlockNumber,
    pub roots: BTreeMap<BlockNumber, Digest>,
    pub live: BTreeMap<TaskId, TaskStatus>,
    pub claims: BTreeMap<TaskId, (ClaimView, Trace)>,
    pub workflows: BTreeMap<WorkflowId, WorkflowView>,
    pub assets: Vec<ListedAsset>,
    pub models: BTreeMap<ModelId, ModelView>,
    pub next_batch: BatchId,
    pub notices: BTreeMap<BlockNumber, Vec<TaskNotice>>,
    pub answers: BTreeMap<Vec<u8>, Vec<TaskId>>,
    pub solvers: BTreeMap<AccountId, SolverStatus>,
    pub metadata: Vec<u8>,
    /// What lies under keys of the state, by block.
    pub raw: BTreeMap<(BlockNumber, Vec<u8>), Vec<u8>>,
    /// Shared by clones, so that a test changes it under those who read it.
    pub bridge: Arc<Mutex<FakeBridge>>,
}

impl FakeChain {
    /// A chain with nothing in it.
    pub fn new(best: BlockNumber, finalized: BlockNumber) -> Self {
        Self {
            best,
            finalized,
            roots: BTreeMap::new(),
            claims: BTreeMap::new(),
            workflows: BTreeMap::new(),
            assets: vec![],
            live: BTreeMap::new(),
            models: BTreeMap::new(),
            next_batch: BatchId(100),
            notices: BTreeMap::new(),
            answers: BTreeMap::new(),
            solvers: BTreeMap::new(),
            metadata: vec![],
            raw: BTreeMap::new(),
            bridge: Arc::default(),
        }
    }

    /// Hash of a block: its number.
    pub fn block_hash(&self, number: BlockNumber) -> Digest {
        Digest::from_low_u64_be(number.into())
    }

    /// A reference to a block.
    pub fn block(&self, number: BlockNumber) -> BlockRef {
        BlockRef {
            number,
            hash: self.block_hash(number),
        }
    }

    /// Adds a model made from others.
    pub fn add_model(&mut self, id: ModelId, parents: &[ModelId], state: ModelState) {
        let view = ModelView {
            id,
            name: "model".into(),
            version: "1".into(),
            kind: ModelKind::Graph,
            state,
            weights: id.0,
            on_chain: true,
            input: InputSchema::Text { max_bytes: 512 },
            output_len: 4,
            labels: vec![],
            cost: 1,
            licence: "CC0-1.0".into(),
            previous: None,
            parents: parents.to_vec(),
            data_sets: vec![],
            publisher: AccountId::new([1; 32]),
            royalty_ppm: 0,
        };
        self.models.insert(id, view);
    }
}

/// A live task.
pub fn status(task: TaskId) -> TaskStatus {
    TaskStatus {
        task,
        batch: task.batch(),
        model: MODEL,
        requester: AccountId::new([2; 32]),
        state: TaskState::Assigned,
        solver: Some(AccountId::new([3; 32])),
        panel: vec![],
        price: 10,
        max_reward: 20,
        escrow: 20,
        asset: None,
        input: Digest::zero(),
        matching: Matching::Book,
        verification: Verification::Replay { window: 0 },
        claimed: None,
        posted_at: 1,
        answer_by: 5,
        deadline: 9,
        failed_solvers: 0,
        next: "The solver answers.".into(),
    }
}

/// A record of a task that ended in `block`.
pub fn record(task: TaskId, block: BlockNumber, output: &[u8]) -> IndexedRecord {
    IndexedRecord {
        record: Record {
            task,
            model: MODEL,
            requester: AccountId::new([2; 32]),
            input: Digest::repeat_byte(4),
            output: sp_crypto_hashing::sha2_256(output).into(),
            solvers: vec![AccountId::new([3; 32])],
            verification: Verification::Replay { window: 0 },
            evidence: Digest::repeat_byte(5),
            upstream: vec![],
            outcome: Outcome::Answered,
            price: 10,
            asset: None,
            posted_at: block.saturating_sub(1),
            block,
        },
        output: output.to_vec().try_into().unwrap(),
    }
}

/// Writes what the runtime writes when it executes a block with these records.
pub fn write_block(
    chain: &mut FakeChain,
    storage: &dyn Storage,
    block: BlockNumber,
    records: &[IndexedRecord],
) {
    let leaves: Vec<(TaskId, Digest)> = records
        .iter()
        .map(|body| (body.record.task, body.record.leaf()))
        .collect();
    let root = record::root(&leaves.iter().map(|(_, leaf)| *leaf).collect::<Vec<_>>());
    for body in records {
        storage.set(
            STORAGE_PREFIX,
            &record::body_key(&body.record.leaf()),
            &body.encode(),
        );
    }
    storage.set(STORAGE_PREFIX, &record::leaves_key(&root), &leaves.encode());
    chain.roots.insert(block, root);
}

impl Chain for FakeChain {
    fn best(&self) -> BlockRef {
        self.block(self.best)
    }

    fn finalized(&self) -> BlockRef {
        self.block(self.finalized)
    }

    fn hash(&self, number: BlockNumber) -> Read<Option<Digest>> {
        Ok((number <= self.best).then(|| self.block_hash(number)))
    }

    fn block(&self, hash: Digest) -> Read<Option<BlockRef>> {
        let number = hash.to_low_u64_be() as BlockNumber;
        let known = number <= self.best && self.block_hash(number) == hash;
        Ok(known.then(|| self.block(number)))
    }

    fn parent(&self, of: Digest) -> Read<Option<BlockRef>> {
        Ok((of.to_low_u64_be() as BlockNumber)
            .checked_sub(1)
            .map(|number| self.block(number)))
    }

    fn task_status(&self, _: Digest, task: TaskId) -> Read<Option<TaskStatus>> {
        Ok(self.live.get(&task).cloned())
    }

    fn open_tasks(
        &self,
        _: Digest,
        after: Option<TaskId>,
        model: Option<ModelId>,
        limit: u32,
    ) -> Read<Vec<TaskStatus>> {
        let fits = |status: &&TaskStatus| {
            after.is_none_or(|after| status.task > after) && model.is_none_or(|model| status.model == model)
        };
        Ok(self
            .live
            .values()
            .filter(fits)
            .take(limit as usize)
            .cloned()
            .collect())
    }

    fn next_batch(&self, _: Digest) -> Read<BatchId> {
        Ok(self.next_batch)
    }

    fn claim(&self, _: Digest, task: TaskId) -> Read<Option<ClaimView>> {
        Ok(self.claims.get(&task).map(|(claim, _)| claim.clone()))
    }

    fn claims(&self, _: Digest, after: Option<TaskId>, limit: u32) -> Read<Vec<ClaimView>> {
        let claims = self.claims.values().map(|(claim, _)| claim);
        Ok(claims
            .filter(|claim| after.is_none_or(|after| claim.task > after))
            .take(limit as usize)
            .cloned()
            .collect())
    }

    fn trace_in(&self, at: Digest, task: TaskId) -> Read<Option<Trace>> {
        let claim = self.claims.get(&task);
        let here = claim.filter(|(claim, _)| self.block_hash(claim.claimed_at) == at);
        Ok(here.map(|(_, trace)| trace.clone()))
    }

    fn answered_by(&self, _: Digest, transaction: OpaqueExtrinsic) -> Read<Vec<TaskId>> {
        Ok(self
            .answers
            .get(&transaction.encode())
            .cloned()
            .unwrap_or_default())
    }

    fn notices(&self, at: Digest) -> Read<Vec<TaskNotice>> {
        let number = at.to_low_u64_be() as BlockNumber;
        if number > self.best {
            return Err(ChainError("no such block".into()));
        }
        Ok(self.notices.get(&number).cloned().unwrap_or_default())
    }

    fn model(&self, _: Digest, model: ModelId) -> Read<Option<ModelView>> {
        Ok(self.models.get(&model).cloned())
    }

    fn models(&self, _: Digest, after: Option<ModelId>, limit: u32) -> Read<Vec<ModelView>> {
        let fits = |view: &&ModelView| after.is_none_or(|after| view.id > after);
        Ok(self
            .models
            .values()
            .filter(fits)
            .take(limit as usize)
            .cloned()
            .collect())
    }

    fn run_model(&self, _: Digest, model: ModelId, input: Vec<u8>) -> Read<Option<Vec<u8>>> {
        // The fake model says its input back, and cannot read an empty one.
        Ok((self.models.contains_key(&model) && !input.is_empty()).then_some(input))
    }

    fn children(&self, _: Digest, model: ModelId, limit: u32) -> Read<Vec<ModelId>> {
        let children = self.models.values().filter(|view| view.parents.contains(&model));
        Ok(children.map(|view| view.id).take(limit as usize).collect())
    }

    fn record_root(&self, _: Digest, block: BlockNumber) -> Read<Option<Digest>> {
        Ok(self.roots.get(&block).copied())
    }

    fn solver(&self, _: Digest, stash: AccountId) -> Read<Option<SolverStatus>> {
        Ok(self.solvers.get(&stash).cloned())
    }

    fn offers(&self, _: Digest, _: ModelId) -> Read<Vec<(AccountId, Offer)>> {
        Ok(vec![])
    }

    fn delegation(&self, _: Digest, _: AccountId, _: AccountId) -> Read<Option<DelegationView>> {
        Ok(None)
    }

    fn listed_assets(&self, _: Digest) -> Read<Vec<ListedAsset>> {
        Ok(self.assets.clone())
    }

    fn worth(&self, _: Digest, asset: AssetId, amount: Balance) -> Read<Option<Balance>> {
        let listed = self.assets.iter().find(|listed| listed.asset == asset);
        Ok(listed.and_then(|listed| Some(amount * listed.worth?.0 / 10u128.pow(listed.decimals.into()))))
    }

    fn workflow(&self, _: Digest, id: WorkflowId) -> Read<Option<WorkflowView>> {
        Ok(self.workflows.get(&id).cloned())
    }

    fn workflows_of(&self, _: Digest, requester: AccountId, limit: u32) -> Read<Vec<WorkflowView>> {
        let own = self
            .workflows
            .values()
            .filter(|workflow| workflow.requester == requester);
        Ok(own.take(limit as usize).cloned().collect())
    }
}

impl RawChain for FakeChain {
    fn spec_version(&self, _: Digest) -> Read<u32> {
        Ok(1)
    }

    fn metadata(&self, _: Digest) -> Read<Vec<u8>> {
        Ok(self.metadata.clone())
    }

    fn storage(&self, at: Digest, key: &[u8]) -> Read<Option<Vec<u8>>> {
        let block = at.to_low_u64_be() as BlockNumber;
        Ok(self.raw.get(&(block, key.to_vec())).cloned())
    }
}

impl BridgeChain for FakeChain {
    fn bridge(&self, at: Digest) -> Read<BridgeView> {
        self.bridge.lock().view(at)
    }

    fn message_tree(&self, at: Digest) -> Read<IncrementalTree> {
        let bridge = self.bridge.lock();
        Ok(bridge.tree(bridge.count(at)?))
    }

    fn dispatched(&self, at: Digest, first: u32, limit: u32) -> Read<Vec<Dispatched>> {
        let bridge = self.bridge.lock();
        let from = bridge
            .in_state(at)?
            .iter()
            .filter(|message| message.index >= first);
        Ok(from.take(limit as usize).cloned().collect())
    }

    fn checkpoint(&self, at: Digest, index: u32) -> Read<Option<CheckpointView>> {
        self.bridge.lock().checkpoint(at, index)
    }

    fn checkpoint_validators(&self, _: Digest) -> Read<Vec<(CheckpointId, H160)>> {
        Ok(self.bridge.lock().validators.clone())
    }

    fn unsigned_checkpoints(&self, at: Digest, validator: CheckpointId, limit: u32) -> Read<Vec<Checkpoint>> {
        self.bridge.lock().unsigned(at, &validator, limit)
    }

    fn checkpoints_transaction(
        &self,
        _: Digest,
        signatures: Vec<(u32, Vec<u8>)>,
    ) -> Read<Option<OpaqueExtrinsic>> {
        Ok((signatures.len() <= 64).then(|| transaction(&signatures)))
    }

    fn checkpoint_key_proof(&self, _: Digest, key: CheckpointId) -> Read<Option<Vec<u8>>> {
        let bridge = self.bridge.lock();
        let known = bridge.validators.iter().any(|(public, _)| *public == key);
        Ok(known.then(|| b"proof".to_vec()))
    }

    fn delivered(&self, _: Digest, message: Digest) -> Read<Option<BlockNumber>> {
        Ok(self.bridge.lock().delivered.get(&message).copied())
    }

    fn ism(&self, _: Digest, domain: u32) -> Read<Option<IsmView>> {
        Ok(self.bridge.lock().isms.get(&domain).cloned())
    }

    fn announced(&self, _: Digest, validators: Vec<H160>) -> Read<Vec<Locations>> {
        let bridge = self.bridge.lock();
        let of = |validator| bridge.locations.get(validator).cloned().unwrap_or_default();
        Ok(validators.iter().map(of).collect())
    }

    fn gas_quote(&self, _: Digest, domain: u32, gas_limit: u64) -> Read<Option<Balance>> {
        let known = self.bridge.lock().isms.contains_key(&domain);
        Ok(known.then(|| Balance::from(gas_limit) * 1_000_000_000_000))
    }

    fn request(&self, _: Digest, message: Digest) -> Read<Option<RequestView>> {
        Ok(self.bridge.lock().requests.get(&message).cloned())
    }

    fn result_proof(&self, _: Digest, message: Digest) -> Read<Option<ResultProof>> {
        Ok(self.bridge.lock().results.get(&message).cloned())
    }
}
