//! What the calls and the hook weigh.
//!
//! Reads and writes are counted from the code, and each function says of what; the market and the registry behind `Posting` and
//! `Models` are counted as the runtime wires them. An account and its holds are two reads and two writes. The times are the best of 30
//! runs of 20 workflows, of 1 and of 32 steps, in a native release build over an in-memory database, with the market's own part taken
//! from its weights, times three for the wasm executor.

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// What the calls and the hook weigh.
pub trait WeightInfo {
    /// Checking and storing `steps` steps of `bytes` bytes in all.
    fn run(steps: u32, bytes: u32) -> Weight;
    /// Looking whether there is something to do.
    fn look() -> Weight;
    /// Taking one ready step from the queue and posting it, the market's work included.
    fn post() -> Weight;
    /// Taking note of one ended task.
    fn note() -> Weight;
    /// Moving on `steps` steps that need not wait any longer.
    fn move_steps(steps: u32) -> Weight;
    /// Ending a workflow of `steps` steps.
    fn end(steps: u32) -> Weight;
    /// Cancelling a workflow with so many steps still to be posted, and so many tasks that run, the market's work included.
    fn cancel(unposted: u32, running: u32) -> Weight;
    /// What posting a step takes more where another asset than PEN pays, the market's work included.
    fn post_in_asset() -> Weight;
    /// What holding or giving back an asset takes more than PEN.
    fn move_asset() -> Weight;
    /// Releasing what is stranded of a budget.
    fn collect() -> Weight;
}

/// Weights with the runtime's database, where an assignment reads at most `CANDIDATES` solvers: `MaxCandidates` of
/// solver-staking.
pub struct SubstrateWeight<T, const CANDIDATES: u32 = 16>(PhantomData<T>);

impl<T: frame_system::Config, const CANDIDATES: u32> WeightInfo for SubstrateWeight<T, CANDIDATES> {
    /// Reads: requester's account and holds, next workflow, span of the queue; for each step its model's entry, and those of the
    /// steps it names. Writes: account, holds, next workflow, workflow, requester's list, span; for each step its plan.
    fn run(steps: u32, bytes: u32) -> Weight {
        let steps = u64::from(steps);
        time(
            RUN.saturating_add(steps.saturating_mul(RUN_STEP))
                .saturating_add(u64::from(bytes).saturating_mul(RUN_BYTE)),
        )
        .saturating_add(T::DbWeight::get().reads(steps.saturating_mul(3).saturating_add(4)))
        .saturating_add(T::DbWeight::get().writes(steps.saturating_add(6)))
    }

    /// Reads: span of the queue.
    fn look() -> Weight {
        time(LOOK).saturating_add(T::DbWeight::get().reads(1))
    }

    /// Reads: queue, workflow, plan, two answers; for the market model entry, model's skeleton, requester's account and holds,
    /// next batch, two payees of the prepaid fee, book and candidates. Writes: queue, span, workflow, plan; for the market account,
    /// holds, next batch, two payees, batch, inputs, agenda, solver's list and solver, or the auction or panel in place of the last two.
    fn post() -> Weight {
        time(POST)
            .saturating_add(T::DbWeight::get().reads(u64::from(CANDIDATES).saturating_add(13)))
            .saturating_add(T::DbWeight::get().writes(14))
    }

    /// Reads: span (for the market, when it puts the task into the queue), queue, workflow. Writes: queue and span, by the market
    /// and by the hook, workflow, answer, which is removed once more at the end.
    fn note() -> Weight {
        time(NOTE)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(7))
    }

    /// Writes: queue, or plan, for each. The span is counted with the work that moves them.
    fn move_steps(steps: u32) -> Weight {
        time(u64::from(steps).saturating_mul(MOVE)).saturating_add(T::DbWeight::get().writes(steps.into()))
    }

    /// Reads: requester's account and holds. Writes: account, holds, workflow, requester's list. That answers are removed is
    /// counted where they are written.
    fn end(steps: u32) -> Weight {
        time(END.saturating_add(u64::from(steps).saturating_mul(END_STEP)))
            .saturating_add(T::DbWeight::get().reads_writes(2, 4))
    }

    /// Reads: workflow; for each task batch, inputs, requester's account and holds, solver and its account. Writes: workflow; for
    /// each step its plan; for each task batch, inputs, account, holds, solver, its account, its list, agenda, queue and span.
    fn cancel(unposted: u32, running: u32) -> Weight {
        let running = u64::from(running);
        time(
            running
                .saturating_mul(CANCEL_TASK)
                .saturating_add(u64::from(unposted).saturating_mul(MOVE)),
        )
        .saturating_add(T::DbWeight::get().reads(running.saturating_mul(6).saturating_add(1)))
        .saturating_add(
            T::DbWeight::get().writes(
                running
                    .saturating_mul(10)
                    .saturating_add(u64::from(unposted))
                    .saturating_add(1),
            ),
        )
    }

    /// Reads: rate, asset, requester's account in it, sum of its holds; for the prepaid fee the pool, its own fee, its two accounts and
    /// the sum of its holds. Writes: asset, account, sum of holds, the pool's accounts, the issuance that a credit moves.
    fn post_in_asset() -> Weight {
        time(POST_IN_ASSET).saturating_add(T::DbWeight::get().reads_writes(9, 6))
    }

    /// Reads: asset, requester's account in it, sum of its holds, what is stranded; for a task of the market also that its solver and
    /// the solver's delegators can be paid. Writes: all of these.
    fn move_asset() -> Weight {
        time(MOVE_ASSET).saturating_add(T::DbWeight::get().reads_writes(8, 8))
    }

    /// Reads: what is stranded, asset, requester's holds and their sum, its account in it. Writes: all of these.
    fn collect() -> Weight {
        time(END).saturating_add(T::DbWeight::get().reads_writes(5, 5))
    }
}

fn time(picoseconds: u64) -> Weight {
    Weight::from_parts(picoseconds, 0)
}

/// Picoseconds in wasm of what takes so many nanoseconds natively.
const fn wasm(native_ns: u64) -> u64 {
    native_ns.saturating_mul(3_000)
}

// Starting a workflow of one step takes 18 µs, each further step 2 µs, each byte of input 0.6 ns.
const RUN: u64 = wasm(20_000);
const RUN_STEP: u64 = wasm(2_500);
const RUN_BYTE: u64 = wasm(1);
const LOOK: u64 = wasm(500);
// The market's own weight has 89 µs for a post to one solver; quote, release and the step's own records take about 30 µs.
const POST: u64 = wasm(130_000);
// 3.6 µs with the end of a workflow of one step whose budget is released already.
const NOTE: u64 = wasm(4_000);
const MOVE: u64 = wasm(1_500);
// A release takes 15 µs.
const END: u64 = wasm(20_000);
const END_STEP: u64 = wasm(300);
// The market's own weight has 54 µs for cancelling one task.
const CANCEL_TASK: u64 = wasm(60_000);
// Holding and releasing an asset takes twice as long as PEN; the market's own weight has 90 µs for a post in an asset.
const POST_IN_ASSET: u64 = wasm(120_000);
const MOVE_ASSET: u64 = wasm(30_000);
