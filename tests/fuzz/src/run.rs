//! One input, from the chain's beginning to its end.

use crate::{
    bytes::STRIDE,
    genesis, log_watch,
    operation::{leap, Operation},
    tally::Tally,
    violation::{hold, Checked, Violation},
    world::World,
};
use pensum_primitives::BlockNumber;
use pensum_runtime::Runtime;
use std::{
    any::Any,
    collections::BTreeSet,
    panic::{catch_unwind, AssertUnwindSafe},
};

/// Most bytes of an input.
pub const MAX_BYTES: usize = 1_016;
/// A run ends by waiting for all tasks. They must have ended when so many blocks were made, those not counted in which nothing is due.
const LONGEST_WAIT: u64 = 3_000;
/// Most blocks that are left out at once.
const LONGEST_LEAP: BlockNumber = 4_000;

/// What came of an input.
#[derive(Debug, Default)]
pub struct Report {
    /// What was seen to happen.
    pub features: BTreeSet<u64>,
    /// What must not have happened.
    pub violation: Option<Violation>,
    /// What happened, in words.
    pub story: Vec<String>,
    /// How many tasks were posted.
    pub tasks: u64,
    /// How many blocks were made.
    pub blocks: u64,
    /// Most weight that a block's hooks took, in picoseconds.
    pub heaviest_hooks: u64,
    /// What was called, and what happened.
    pub tally: Tally,
}

/// Runs an input.
pub fn run(input: &[u8]) -> Report {
    run_told(input, false)
}

/// Runs an input and tells what happens.
pub fn run_told(input: &[u8], tells: bool) -> Report {
    log_watch::install();
    let (mut chain, blocks) = genesis::chain();
    let mut world = None;
    log_watch::take();
    let result = catch_unwind(AssertUnwindSafe(|| {
        let world = world.insert(chain.execute_with(|| World::new(blocks, tells)));
        chain.execute_with(|| world.begin_block(0))?;
        for chunk in input.chunks(STRIDE).take(MAX_BYTES / STRIDE) {
            let before = world.blocks.number();
            let operation = Operation::read(chunk);
            world.tell(|| format!("{operation:?}"));
            chain.execute_with(|| operation.run(world))?;
            no_errors()?;
            if world.blocks.number() != before {
                // What was finished goes to the database, so that the next digest of the state reads what is new only.
                chain.commit();
            }
        }
        chain.execute_with(|| wait(world))?;
        no_errors()
    }));
    let world = world.unwrap_or_default();
    Report {
        violation: match result {
            Ok(result) => result.err(),
            Err(panic) => Some(Violation(format!("panic: {}", message(panic)))),
        },
        features: world.features,
        story: world.story.unwrap_or_default(),
        tasks: world.ledger.posted,
        blocks: world.blocks.made(),
        heaviest_hooks: world.heaviest_hooks,
        tally: world.tally,
    }
}

/// Whatever the runtime logs as an error is one: so it is that its defensive checks tell what they found.
fn no_errors() -> Checked {
    match log_watch::take() {
        Some(error) => Err(Violation(format!("the runtime logs an error: {error}"))),
        None => Ok(()),
    }
}

/// Waits until everything has ended, and checks that nothing is left of it.
fn wait(world: &mut World) -> Checked {
    use pallet_task_market::Batches;
    use pallet_workflow::Workflows;
    // A panel outlives its verdict until the last reveal is due.
    let lives = || {
        Batches::<Runtime>::iter_keys().next().is_some()
            || Workflows::<Runtime>::iter_keys().next().is_some()
            || pallet_panel::Panels::<Runtime>::iter_keys().next().is_some()
    };
    let last = world.blocks.made() + LONGEST_WAIT;
    while world.blocks.made() < last && lives() {
        leap(world, 0, world.blocks.number().saturating_add(LONGEST_LEAP))?;
    }
    let (batches, workflows) = (
        Batches::<Runtime>::iter_keys().count(),
        Workflows::<Runtime>::iter_keys().count(),
    );
    hold(batches == 0 && workflows == 0, || {
        format!("{batches} batches and {workflows} workflows outlived every deadline")
    })?;
    let locked = pallet_solver_staking::Solvers::<Runtime>::iter()
        .find(|(_, solver)| solver.locked > 0 || solver.in_flight > 0);
    hold(locked.is_none(), || {
        format!("stake is locked for nothing: {locked:?}")
    })?;
    let satellites = [
        pallet_auction::Auctions::<Runtime>::iter_keys().count(),
        pallet_panel::Panels::<Runtime>::iter_keys().count(),
        pallet_dispute::Audits::<Runtime>::iter_keys().count(),
    ];
    hold(satellites == [0; 3], || {
        format!("auctions, panels and audits without tasks: {satellites:?}")
    })
}

fn message(panic: Box<dyn Any + Send>) -> String {
    let text = panic
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).into()));
    text.unwrap_or_else(|| "without a message".into())
}
