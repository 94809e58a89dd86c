//! Models whose nodes hash what they read, so that every bit of a step counts; and those of the registry beside them.

use super::Registry;
use codec::{Decode, Encode};
use frame_support::{storage_alias, Identity};
use pensum_primitives::{
    model::{InputSchema, ModelEntry, ModelKind, ModelState},
    step::{Executed, NodeInfo, Reads, Step},
    task::Trace,
    traits::{Models, Replayed},
    AccountId, Digest, ModelId,
};
use sp_runtime::{DispatchError, Permill};

/// A node that answers with the digest of its weights and of what it reads.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
pub struct HashNode {
    pub reads: Vec<Reads>,
    pub weights: Vec<u8>,
    pub cost: u64,
    pub breaks: bool,
}

impl HashNode {
    fn run(&self, inputs: &[&[u8]]) -> Vec<u8> {
        let read = [&[self.weights.as_slice()], inputs].concat().concat();
        sp_io::hashing::blake2_256(&read).to_vec()
    }
}

pub fn node(reads: &[Reads], weights: &[u8]) -> HashNode {
    HashNode {
        reads: reads.to_vec(),
        weights: weights.to_vec(),
        cost: 1_000,
        breaks: false,
    }
}

#[storage_alias]
type HashModels = StorageMap<Mock, Identity, ModelId, Vec<HashNode>>;

/// The models of these tests.
pub struct AllModels;

impl AllModels {
    pub fn register(model: ModelId, nodes: Vec<HashNode>) {
        HashModels::insert(model, nodes);
    }

    pub fn forget(model: ModelId) {
        HashModels::remove(model);
    }

    /// The outputs of all nodes, each after `lie` has had a say.
    pub fn run(model: ModelId, input: &[u8], lie: impl Fn(u16, Vec<u8>) -> Vec<u8>) -> Vec<Vec<u8>> {
        let nodes = HashModels::get(model).unwrap();
        let mut outputs: Vec<Vec<u8>> = Vec::new();
        for (place, node) in (0u16..).zip(nodes) {
            let read = tensors(&node.reads, input, &outputs);
            let read: Vec<&[u8]> = read.iter().map(|tensor| tensor.as_slice()).collect();
            outputs.push(lie(place, node.run(&read)));
        }
        outputs
    }

    /// The step of one node, in a run with these outputs.
    pub fn step(model: ModelId, input: &[u8], outputs: &[Vec<u8>], place: u16) -> Step {
        let node = HashModels::get(model).unwrap()[usize::from(place)].clone();
        step_of(place, node.weights, tensors(&node.reads, input, outputs))
    }
}

pub fn step_of(node: u16, weights: Vec<u8>, inputs: Vec<Vec<u8>>) -> Step {
    let inputs: Vec<_> = inputs
        .into_iter()
        .map(|tensor| tensor.try_into().unwrap())
        .collect();
    Step {
        node,
        weights: weights.try_into().unwrap(),
        inputs: inputs.try_into().unwrap(),
    }
}

fn tensors(reads: &[Reads], input: &[u8], outputs: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let tensor = |read: &Reads| match read {
        Reads::Input => input.to_vec(),
        Reads::Node(maker) => outputs[usize::from(*maker)].clone(),
    };
    reads.iter().map(tensor).collect()
}

pub fn digest(bytes: &[u8]) -> Digest {
    sp_io::hashing::blake2_256(bytes).into()
}

pub fn trace_of(outputs: &[Vec<u8>]) -> Trace {
    let digests: Vec<Digest> = outputs.iter().map(|output| digest(output)).collect();
    digests.try_into().unwrap()
}

impl Models for AllModels {
    fn usable(model: &ModelId, _: bool) -> Result<ModelEntry, DispatchError> {
        Self::entry(model).ok_or(DispatchError::CannotLookup)
    }

    fn entry(model: &ModelId) -> Option<ModelEntry> {
        let hashing = HashModels::get(model).map(|_| ModelEntry {
            kind: ModelKind::Graph,
            weights: digest(model.0.as_bytes()),
            on_chain: false,
            input: InputSchema::Text { max_bytes: 300 },
            output_len: 32,
            cost_fixed: 0,
            cost_per_byte: 0,
            state: ModelState::Active { from: 0 },
            publisher: AccountId::new([0xb1; 32]),
            royalty: Permill::zero(),
        });
        hashing.or_else(|| Registry::entry(model))
    }

    fn replay(_: &ModelId, _: &[&[u8]]) -> Result<Vec<Replayed>, DispatchError> {
        Err(DispatchError::Unavailable)
    }

    fn nodes(model: &ModelId) -> Option<u16> {
        let hashing = HashModels::get(model).map(|nodes| nodes.len() as u16);
        hashing.or_else(|| Registry::nodes(model))
    }

    fn node(model: &ModelId, node: u16) -> Option<NodeInfo> {
        let Some(nodes) = HashModels::get(model) else {
            return Registry::node(model, node);
        };
        let node = nodes.get(usize::from(node))?.clone();
        Some(NodeInfo {
            inputs: 32 * node.reads.len() as u32,
            reads: node.reads,
            cost: node.cost,
            weights: node.weights.len() as u32,
        })
    }

    fn execute(model: &ModelId, step: &Step) -> Executed {
        let Some(nodes) = HashModels::get(model) else {
            return Registry::execute(model, step);
        };
        let Some(node) = nodes.get(usize::from(step.node)) else {
            return Executed::Malformed;
        };
        if node.weights != step.weights.as_slice() {
            return Executed::Malformed;
        }
        if node.breaks {
            return Executed::Broken;
        }
        let read: Vec<&[u8]> = step.inputs.iter().map(|tensor| tensor.as_slice()).collect();
        Executed::Output(digest(&node.run(&read)))
    }
}
