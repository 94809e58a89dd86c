//! One input, from the chain's beginning to its end.

use crate::{
    bytes::STRIDE,
    genesis, log_watch,
    operation::{next_block, Operation},
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
/// A run ends by waiting for all tasks, if all of them must have ended within so many blocks.
const LONGEST_WAIT: BlockNumber = 260;

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
    /// The last block.
    pub blocks: BlockNumber,
    /// Most weight that a block's hooks took, in picoseconds.
    pub heaviest_hooks: u64,
}

/// Runs an input.
pub fn run(input: &[u8]) -> Report {
    run_told(input, false)
}

/// Runs an input and tells what happens.
pub fn run_told(input: &[u8], tells: bool) -> Report {
    log_watch::install();
    let (mut ext, blocks) = genesis::chain();
    let mut world = None;
    log_watch::take();
    let result = catch_unwind(AssertUnwindSafe(|| {
        let world = world.insert(ext.execute_with(|| World::new(blocks, tells)));
        ext.execute_with(|| world.begin_block(0))?;
        for chunk in input.chunks(STRIDE).take(MAX_BYTES / STRIDE) {
            let before = world.blocks.number();
            let operation = Operation::read(chunk);
            world.tell(|| format!("{operation:?}"));
            ext.execute_with(|| operation.run(world))?;
            no_errors()?;
            if world.blocks.number() != before {
                // What was finished goes to the database, so that the next state root hashes what is new only.
                ext.commit_all().map_err(Violation)?;
            }
        }
        ext.execute_with(|| wait(world))?;
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
        blocks: world.blocks.number(),
        heaviest_hooks: world.heaviest_hooks,
    }
}

/// Whatever the runtime logs as an error is one: so it is that its defensive checks tell what they found.
fn no_errors() -> Checked {
    match log_watch::take() {
        Some(error) => Err(Violation(format!("the runtime logs an error: {error}"))),
        None => Ok(()),
    }
}

/// Waits until all tasks must have ended, and checks that nothing is left of them.
fn wait(world: &mut World) -> Checked {
    use pallet_task_market::{Appeals, Batches, ClaimedAnswers};
    let now = world.blocks.number();
    let last = Batches::<Runtime>::iter()
        .map(|(_, batch)| batch.deadline.saturating_add(batch.verification.window()))
        .max();
    let claimed = ClaimedAnswers::<Runtime>::iter_values()
        .map(|claimed| claimed.until)
        .max();
    let last = last.max(claimed).unwrap_or(now);
    // Juries and workflows may post and sit longer than this knows.
    let simple = Appeals::<Runtime>::iter_keys().next().is_none()
        && pallet_workflow::Workflows::<Runtime>::iter_keys()
            .next()
            .is_none();
    if !simple || last > now + LONGEST_WAIT {
        return Ok(());
    }
    // Audits postpone a claim by their window and the pace of one solver; a panel outlives its verdict until the last reveal is due.
    let lives = || {
        Batches::<Runtime>::iter_keys().next().is_some()
            || pallet_panel::Panels::<Runtime>::iter_keys().next().is_some()
    };
    while world.blocks.number() <= last + LONGEST_WAIT && lives() {
        next_block(world, 0)?;
    }
    let left = Batches::<Runtime>::iter_keys().count();
    hold(left == 0, || format!("{left} batches outlived every deadline"))?;
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
