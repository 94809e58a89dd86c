//! Blocks become final one after the other, and the registry says what is in it.

use super::{
    fixture::{events, metadata, HyperlaneEvent, MarketEvent::*, RuntimeEvent, StakingEvent, SystemEvent},
    runtime::{key, Runtime},
    Figures, Follower,
};
use crate::{
    bridge::fixture::validator,
    index::fixture::{status, FakeChain},
};
use codec::Encode;
use pensum_primitives::{
    operator::{OperatorId, OPERATOR_KEY_TYPE},
    solver::{Fault, SolverStatus},
    verdict::Reason,
    AccountId, BatchId, BlockNumber, TaskId,
};
use sc_keystore::LocalKeystore;
use sp_core::ByteArray;
use sp_crypto_hashing::blake2_128;
use sp_keystore::{Keystore, KeystorePtr};
use std::sync::Arc;
use substrate_prometheus_endpoint::Registry;

const OWN: AccountId = AccountId::new([3; 32]);
const OTHER: AccountId = AccountId::new([4; 32]);

/// A chain whose runtime is the fixture's, with these events in its blocks from 1 on.
fn chain(blocks: Vec<Vec<RuntimeEvent>>) -> FakeChain {
    let count = blocks.len() as BlockNumber;
    let mut chain = FakeChain::new(count, count);
    chain.metadata = metadata();
    for (block, told) in (1..).zip(blocks) {
        chain.raw.insert((block, key("System", "Events")), events(told));
    }
    chain
}

/// What the registry says: the value of the metric of this name that has all these labels.
fn value(registry: &Registry, name: &str, labels: &[&str]) -> Option<f64> {
    let families = registry.gather();
    let family = families.iter().find(|family| family.get_name() == name)?;
    let metric = family.get_metric().iter().find(|metric| {
        let has = |label: &&&str| metric.get_label().iter().any(|own| own.get_value() == **label);
        labels.iter().filter(has).count() == labels.len()
    })?;
    Some(metric.get_gauge().get_value() + metric.get_counter().get_value())
}

struct World {
    registry: Registry,
    chain: FakeChain,
    follower: Follower,
}

impl World {
    fn new(chain: FakeChain, keystore: Option<KeystorePtr>) -> Self {
        let registry = Registry::new();
        let figures = Figures::register(&registry).unwrap();
        let follower = Follower::new(Arc::new(chain.clone()), figures, keystore);
        Self {
            registry,
            chain,
            follower,
        }
    }

    fn finalize(&mut self, blocks: std::ops::RangeInclusive<BlockNumber>) {
        let last = self.chain.block(*blocks.end());
        let blocks: Vec<_> = blocks.map(|block| self.chain.block_hash(block)).collect();
        self.follower.finalized(&blocks, last);
    }

    /// The first tasks end without an event.
    fn forget(&mut self, tasks: u64) {
        (0..tasks).for_each(|task| drop(self.chain.live.remove(&TaskId(task))));
        self.follower.chain = Arc::new(self.chain.clone());
    }

    fn says(&self, expected: &[(&str, &[&str], f64)]) {
        for (name, labels, expected) in expected {
            let found = value(&self.registry, name, labels);
            assert_eq!(found, Some(*expected), "{name} {labels:?}");
        }
    }
}

fn posted(tasks: u32, solver: AccountId) -> RuntimeEvent {
    let first = BatchId(1).task(0);
    RuntimeEvent::TaskMarket(TasksPosted { first, tasks, solver })
}

fn answered(solver: AccountId) -> RuntimeEvent {
    let output = vec![1; 70];
    RuntimeEvent::TaskMarket(TaskAnswered {
        task: TaskId(256),
        solver,
        output,
    })
}

fn refunded(reason: Reason) -> RuntimeEvent {
    RuntimeEvent::TaskMarket(TaskRefunded {
        task: TaskId(257),
        reason,
    })
}

#[test]
fn events_of_final_blocks_are_counted_by_what_they_say() {
    let remark = SystemEvent::Remarked {
        sender: OTHER,
        text: "not ours".into(),
    };
    let slash = StakingEvent::SlashScheduled {
        solver: OTHER,
        amount: 5,
        fault: Fault::TimedOut,
    };
    let applied = StakingEvent::SlashApplied {
        solver: OTHER,
        amount: 2_500_000_000_000,
    };
    let late = AssignmentTimedOut {
        solver: OTHER,
        tasks: 2,
    };
    let mut world = World::new(
        chain(vec![
            vec![],
            vec![RuntimeEvent::System(remark), posted(5, OTHER)],
            vec![answered(OTHER), answered(OTHER), refunded(Reason::ModelGone)],
            vec![
                RuntimeEvent::TaskMarket(late),
                RuntimeEvent::TaskMarket(AssignmentDeclined { solver: OTHER }),
                RuntimeEvent::SolverStaking(slash),
                RuntimeEvent::SolverStaking(applied),
                RuntimeEvent::Hyperlane(HyperlaneEvent::Processed { id: [1; 32] }),
            ],
        ]),
        None,
    );
    world.finalize(1..=1);
    world.finalize(2..=2);
    world.finalize(3..=4);
    world.says(&[
        ("pensum_measured_block", &[], 4.0),
        ("pensum_unread_blocks_total", &[], 0.0),
        ("pensum_batches_posted_total", &[], 1.0),
        ("pensum_tasks_posted_total", &[], 5.0),
        ("pensum_tasks_open", &[], 2.0),
        ("pensum_tasks_answered_total", &[], 2.0),
        ("pensum_tasks_refunded_total", &["model_gone"], 1.0),
        ("pensum_tasks_refunded_total", &["cancelled"], 0.0),
        ("pensum_verdicts_total", &["agreed"], 2.0),
        ("pensum_verdicts_total", &["inconclusive"], 1.0),
        ("pensum_verdicts_total", &["timed_out"], 2.0),
        ("pensum_verdicts_total", &["unable"], 1.0),
        ("pensum_slashes_total", &["timed_out", "scheduled"], 1.0),
        ("pensum_slashes_total", &["wrong", "scheduled"], 0.0),
        ("pensum_slashed_pen_total", &[], 2.5),
        ("pensum_bridge_processed_total", &[], 1.0),
        ("pensum_bridge_paused", &["inbound"], 1.0),
        ("pensum_bridge_paused", &["outbound"], 0.0),
    ]);
}

#[test]
fn what_was_open_at_the_start_is_counted_and_again_after_a_block_that_cannot_be_read() {
    let blocks = (0..80).map(|_| vec![]).collect();
    let mut chain = chain(blocks);
    for place in 0..300u64 {
        let task = TaskId(place);
        chain.live.insert(task, status(task));
    }
    chain.raw.insert((2, key("System", "Events")), vec![0xff; 9]);
    let mut world = World::new(chain, None);
    world.finalize(1..=1);
    world.says(&[("pensum_tasks_open", &[], 300.0)]);
    world.finalize(2..=2);
    world.says(&[
        ("pensum_unread_blocks_total", &[], 1.0),
        ("pensum_tasks_open", &[], 300.0),
    ]);
    // Ten of them end, which this node does not see.
    world.forget(10);
    world.finalize(3..=60);
    world.says(&[("pensum_tasks_open", &[], 300.0)]);
    world.finalize(61..=70);
    world.says(&[("pensum_tasks_open", &[], 290.0)]);
}

#[test]
fn of_a_long_catch_up_only_the_last_blocks_are_read_and_the_rest_is_told() {
    let blocks = (0..300).map(|_| vec![posted(1, OTHER)]).collect();
    let mut world = World::new(chain(blocks), None);
    world.finalize(1..=300);
    world.says(&[
        ("pensum_unread_blocks_total", &[], 44.0),
        ("pensum_tasks_posted_total", &[], 256.0),
        ("pensum_measured_block", &[], 300.0),
    ]);
}

#[test]
fn the_agenda_is_as_far_behind_as_its_cursor() {
    let mut chain = chain(vec![vec![], vec![], vec![]]);
    chain
        .raw
        .insert((3, key("TaskMarket", "AgendaCursor")), 1u32.encode());
    let mut world = World::new(chain, None);
    world.finalize(1..=2);
    world.says(&[("pensum_agenda_behind_blocks", &[], 0.0)]);
    world.finalize(3..=3);
    world.says(&[("pensum_agenda_behind_blocks", &[], 2.0)]);
}

#[test]
fn the_solver_whose_key_the_node_holds_is_measured_and_others_are_not() {
    let keystore = LocalKeystore::in_memory();
    let operator = keystore
        .sr25519_generate_new(OPERATOR_KEY_TYPE, Some("//Solver1"))
        .unwrap();
    let keystore: KeystorePtr = Arc::new(keystore);
    let mut chain = chain(vec![
        vec![],
        vec![posted(2, OWN), posted(4, OTHER), answered(OWN), answered(OTHER)],
        vec![RuntimeEvent::TaskMarket(AssignmentTimedOut {
            solver: OWN,
            tasks: 1,
        })],
    ]);
    let operator_id = OperatorId::from(operator);
    chain.solvers.insert(OWN, solver(operator_id));
    let place = [
        key("SolverStaking", "Operators"),
        blake2_128(operator.as_slice()).to_vec(),
        operator.to_raw_vec(),
    ];
    for block in 1..=3 {
        chain.raw.insert((block, place.concat()), OWN.encode());
    }
    let mut world = World::new(chain, Some(keystore));
    world.finalize(1..=1);
    world.finalize(2..=3);
    let name = sp_core::crypto::Ss58Codec::to_ss58check(&OWN);
    let name = name.as_str();
    world.says(&[
        ("pensum_solver_joined", &[], 1.0),
        ("pensum_solver_batches_total", &[name, "assigned"], 1.0),
        ("pensum_solver_batches_total", &[name, "late"], 1.0),
        ("pensum_solver_batches_total", &[name, "unable"], 0.0),
        ("pensum_solver_answers_total", &[name], 1.0),
        ("pensum_solver_in_flight", &[name], 2.0),
        ("pensum_solver_stake_pen", &[name, "bonded"], 100.0),
        ("pensum_solver_reputation", &[name], 0.75),
        ("pensum_solver_jailed", &[name], 1.0),
    ]);
}

#[test]
fn a_key_that_works_for_nobody_joined_nothing() {
    let keystore = LocalKeystore::in_memory();
    keystore
        .sr25519_generate_new(OPERATOR_KEY_TYPE, Some("//Solver1"))
        .unwrap();
    let mut world = World::new(chain(vec![vec![]]), Some(Arc::new(keystore)));
    world.finalize(1..=1);
    world.says(&[("pensum_solver_joined", &[], 0.0)]);
}

#[test]
fn messages_wait_for_two_thirds_of_the_validators() {
    let chain = chain(vec![vec![], vec![], vec![]]);
    let validators: Vec<_> = ["//Alice", "//Bob", "//Charlie"].map(validator).into();
    {
        let mut bridge = chain.bridge.lock();
        bridge.validators = validators.clone();
        bridge.dispatch(1);
        bridge.dispatch(1);
    }
    let mut world = World::new(chain, None);
    world.finalize(1..=1);
    world.says(&[("pensum_bridge_quorum_lag", &[], 2.0)]);
    for (place, (_, address)) in validators.iter().enumerate() {
        world
            .chain
            .bridge
            .lock()
            .publish(&[vec![(0, vec![0; 65])]], *address);
        world.finalize(2..=2);
        let lag = if place < 2 { 2.0 } else { 1.0 };
        world.says(&[("pensum_bridge_quorum_lag", &[], lag)]);
    }
}

#[test]
fn what_is_no_metadata_and_what_are_no_events_are_refused() {
    assert!(Runtime::of(&[1, 2, 3]).is_err());
    let runtime = Runtime::of(&metadata()).unwrap();
    let bytes = events(vec![posted(1, OWN)]);
    assert_eq!(runtime.told(&bytes).unwrap().len(), 1);
    assert!(runtime.told(&bytes[..bytes.len() - 1]).is_err());
    let told = &runtime.told(&bytes).unwrap()[0];
    assert_eq!((told.pallet, told.name), ("TaskMarket", "TasksPosted"));
    assert!(told.field::<u32>("price").is_err());
}

fn solver(operator: OperatorId) -> SolverStatus {
    SolverStatus {
        stash: OWN,
        operator,
        bonded: 100_000_000_000_000,
        delegated: 0,
        locked: 0,
        at_risk: 0,
        free: 0,
        unbonding: vec![],
        in_flight: 2,
        reputation: 750_000,
        jailed_until: Some(9),
        offers: vec![],
        pending_slashes: vec![],
        commission: None,
        next_commission: None,
        accepts: vec![],
        slashing: true,
    }
}
