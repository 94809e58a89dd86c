//! What the calls weigh.
//!
//! Reads and writes are counted from the code, and each function says of what; the pallets behind `Models`, `Records` and
//! `Solvers` are counted as the runtime wires them. Times are those of `tests/timing.rs`, measured natively (`cargo nextest
//! run --release -p pallet-task-market --run-ignored only --no-capture`), times three for the wasm executor.

use crate::limits::MAX_PARTS;
use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};
use pensum_primitives::solver::HANDED_OVER_CANDIDATES;

/// What the calls weigh.
pub trait WeightInfo {
    /// Posting `tasks` inputs with `bytes` in all, shared by `parts` solvers; the prepayment included.
    fn post(tasks: u32, bytes: u32, parts: u32) -> Weight;
    /// Posting `tasks` inputs with `bytes` in all, and opening an auction or summoning a panel for them; the prepayment included.
    fn open(tasks: u32, bytes: u32) -> Weight;
    /// Giving a batch of `tasks` tasks to the winner of its auction.
    fn award(tasks: u32) -> Weight;
    /// Paying the `members` of a panel for `tasks` tasks, or refunding them.
    fn decide(tasks: u32, members: u32) -> Weight;
    /// Keeping claimed answers to `tasks` tasks of `batches` batches. What the authorisation has read is not counted again.
    fn claim(batches: u32, tasks: u32) -> Weight;
    /// Settling `tasks` claimed answers of `parts` parts when their window has passed.
    fn settle_claims(parts: u32, tasks: u32) -> Weight;
    /// Convicting or voiding a claimed answer, with the hand-over of its task.
    fn convict() -> Weight;
    /// Accepting an answer.
    fn accept() -> Weight;
    /// Appealing, the summons included.
    fn appeal() -> Weight;
    /// Settling right answers to `tasks` tasks of `batches` batches, without replay. What the authorisation has read is not
    /// counted again.
    fn answer(batches: u32, tasks: u32) -> Weight;
    /// Authorising a sheet of `tasks` answers to `batches` batches, with `bytes` of outputs and blobs.
    fn authorize_answer(batches: u32, tasks: u32, bytes: u32) -> Weight;
    /// Reading and parsing `graphs` graphs.
    fn load_graph(graphs: u32) -> Weight;
    /// Running graphs for `work` multiply-accumulates.
    fn replay(work: u64) -> Weight;
    /// Reporting a fault of `parts` parts and handing over or refunding their `tasks` tasks.
    fn hand_over(parts: u32, tasks: u32) -> Weight;
    /// Declining, without the hand-over.
    fn decline() -> Weight;
    /// Authorising a refusal.
    fn authorize_decline() -> Weight;
    /// Cancelling `parts` parts with `tasks` tasks in all.
    fn cancel(parts: u32, tasks: u32) -> Weight;
    /// Walking `blocks` blocks of the agenda.
    fn expire(blocks: u32) -> Weight;
    /// What posting takes more where another asset than PEN is held and pays the prepaid fee.
    fn post_asset() -> Weight;
    /// What paying `bills` bills to `payees` payees in all takes more in another asset than PEN.
    fn pay_asset(bills: u32, payees: u32) -> Weight;
    /// Paying a share that was stranded.
    fn collect() -> Weight;
}

/// Weights with the runtime's database, where an assignment reads at most `CANDIDATES` solvers: `MaxCandidates` of
/// solver-staking.
pub struct SubstrateWeight<T, const CANDIDATES: u32 = 16>(PhantomData<T>);

impl<T: frame_system::Config, const CANDIDATES: u32> WeightInfo for SubstrateWeight<T, CANDIDATES> {
    /// Reads: model entry, requester's account and holds, next batch, two payees of the prepaid fee, book, and the candidates of
    /// the first assignment, of which each further one sees one more. Writes: account, holds, next batch, two payees, batch,
    /// inputs; for each part agenda, solver's list and solver.
    fn post(tasks: u32, bytes: u32, parts: u32) -> Weight {
        let parts = u64::from(parts);
        let tasks_parts = parts
            .saturating_mul(POST_PART)
            .saturating_add(each(POST_TASK, tasks));
        time(
            POST.saturating_add(tasks_parts)
                .saturating_add(each(POST_BYTE, bytes)),
        )
        .saturating_add(reads::<T>(
            parts.saturating_add(CANDIDATES.into()).saturating_add(7),
        ))
        .saturating_add(writes::<T>(parts.saturating_mul(3).saturating_add(7)))
    }

    /// Reads: as a post without book and candidates, and the agenda of the auction or panel. Writes: account, holds, next batch, two
    /// payees, batch, inputs, agenda; the auction or panel and its agenda.
    fn open(tasks: u32, bytes: u32) -> Weight {
        time(
            POST.saturating_add(each(POST_TASK, tasks))
                .saturating_add(each(POST_BYTE, bytes)),
        )
        .saturating_add(reads::<T>(8))
        .saturating_add(writes::<T>(10))
    }

    /// Reads: batch, solver, its offer. Writes: batch, solver, agenda twice, solver's list.
    fn award(tasks: u32) -> Weight {
        time(POST_PART.saturating_add(each(POST_TASK, tasks)))
            .saturating_add(reads::<T>(3))
            .saturating_add(writes::<T>(5))
    }

    /// Reads: batch, inputs, model, appeal, claimed answer, requester's account and holds, publisher's and treasury's accounts;
    /// for each member its account, stake and delegators. Writes: all of these but the model, agenda.
    fn decide(tasks: u32, members: u32) -> Weight {
        let members = u64::from(members);
        time(
            ANSWER_BATCH
                .saturating_add(each(ANSWER_TASK, tasks))
                .saturating_add(members.saturating_mul(PAY_MEMBER)),
        )
        .saturating_add(reads::<T>(members.saturating_mul(3).saturating_add(9)))
        .saturating_add(writes::<T>(members.saturating_mul(2).saturating_add(9)))
    }

    /// Reads: the queue of answers to be audited. Writes: batch, agenda twice, solver's list, that queue and its entry; for each task
    /// the claimed answer.
    fn claim(batches: u32, tasks: u32) -> Weight {
        let batches = u64::from(batches);
        time(
            batches
                .saturating_mul(CLAIM_BATCH)
                .saturating_add(each(CLAIM_TASK, tasks)),
        )
        .saturating_add(reads::<T>(batches))
        .saturating_add(writes::<T>(
            batches.saturating_mul(6).saturating_add(tasks.into()),
        ))
    }

    /// Reads and writes as an answer, with the batch, its model and the appeal read beside; for each task the claimed answer and its
    /// audit read and removed.
    fn settle_claims(parts: u32, tasks: u32) -> Weight {
        let (parts, tasks_twice) = (u64::from(parts), u64::from(tasks).saturating_mul(2));
        time(
            parts
                .saturating_mul(SETTLE_PART)
                .saturating_add(each(SETTLE_TASK, tasks)),
        )
        .saturating_add(reads::<T>(parts.saturating_mul(10).saturating_add(tasks_twice)))
        .saturating_add(writes::<T>(parts.saturating_mul(10).saturating_add(tasks_twice)))
    }

    /// Reads: batch, claimed answer, audit. Writes: claimed answer, audit, the prover's share in the slash; and a hand-over of one
    /// task.
    fn convict() -> Weight {
        time(CANCEL_PART)
            .saturating_add(reads::<T>(3))
            .saturating_add(writes::<T>(3))
            .saturating_add(Self::hand_over(1, 1))
    }

    /// Reads: batch and appeal; and the settlement of one claimed answer.
    fn accept() -> Weight {
        reads::<T>(2).saturating_add(Self::settle_claims(1, 1))
    }

    /// Reads: batch, appeal, appellant's account and holds, two payees of the prepaid fee, the agenda of the panel. Writes: account,
    /// holds, two payees, appeal, batch, agenda twice, panel and its agenda.
    fn appeal() -> Weight {
        time(POST)
            .saturating_add(reads::<T>(7))
            .saturating_add(writes::<T>(10))
    }

    /// Reads, for each batch: inputs, requester's account and holds, the accounts of solver, publisher and treasury, solver.
    /// Writes: all of these, batch, agenda and solver's list.
    fn answer(batches: u32, tasks: u32) -> Weight {
        let batches = u64::from(batches);
        time(
            batches
                .saturating_mul(ANSWER_BATCH)
                .saturating_add(each(ANSWER_TASK, tasks)),
        )
        .saturating_add(reads::<T>(batches.saturating_mul(7)))
        .saturating_add(writes::<T>(batches.saturating_mul(10)))
    }

    /// Reads: genesis hash, operator; for each batch the batch, its model's entry, its inputs.
    fn authorize_answer(batches: u32, tasks: u32, bytes: u32) -> Weight {
        let batches = u64::from(batches);
        let sheet = each(AUTHORIZE_TASK, tasks).saturating_add(each(AUTHORIZE_BYTE, bytes));
        time(AUTHORIZE.saturating_add(sheet))
            .saturating_add(reads::<T>(batches.saturating_mul(3).saturating_add(2)))
    }

    /// Reads: graph. The time is that of the largest graph that may lie on chain.
    fn load_graph(graphs: u32) -> Weight {
        time(each(LOAD_GRAPH, graphs)).saturating_add(reads::<T>(graphs.into()))
    }

    /// No storage.
    fn replay(work: u64) -> Weight {
        time(work.saturating_mul(MULTIPLY_ACCUMULATE))
    }

    /// Reads, for each part: the failed solver, next slash, inputs, requester's account and holds, book, the candidates of a hand-over,
    /// one more for each new part. Writes: the failed solver, slash, its agenda, next slash, account, holds, batch, inputs, agenda, solver's list;
    /// for each new part agenda, solver's list, solver, and the rescuer in one slash.
    fn hand_over(parts: u32, tasks: u32) -> Weight {
        let new_parts = u64::from(tasks.min(MAX_PARTS.saturating_mul(parts)));
        let parts = u64::from(parts);
        let fixed = parts
            .saturating_mul(HAND_OVER)
            .saturating_add(new_parts.saturating_mul(POST_PART));
        time(fixed.saturating_add(each(REFUND_TASK, tasks)))
            .saturating_add(reads::<T>(
                parts
                    .saturating_mul(
                        u64::from(HANDED_OVER_CANDIDATES.saturating_mul(CANDIDATES)).saturating_add(6),
                    )
                    .saturating_add(new_parts.saturating_mul(2)),
            ))
            .saturating_add(writes::<T>(
                parts
                    .saturating_mul(10)
                    .saturating_add(new_parts.saturating_mul(4)),
            ))
    }

    /// Nothing beyond authorisation and hand-over.
    fn decline() -> Weight {
        time(DECLINE)
    }

    /// Reads: genesis hash, operator, batch.
    fn authorize_decline() -> Weight {
        time(AUTHORIZE).saturating_add(reads::<T>(3))
    }

    /// Reads: batch, inputs, requester's account and holds, the auction or panel; for each part the solver and its account, and as
    /// much for each of the members of a panel. Writes: all of these; for each part agenda and solver's list.
    fn cancel(parts: u32, tasks: u32) -> Weight {
        let parts = u64::from(parts);
        time(
            parts
                .saturating_mul(CANCEL_PART)
                .saturating_add(each(REFUND_TASK, tasks)),
        )
        .saturating_add(reads::<T>(parts.saturating_mul(2).saturating_add(4)))
        .saturating_add(writes::<T>(parts.saturating_mul(4).saturating_add(4)))
    }

    /// Reads: cursor, and the first key of each block; the batches that are met, again. Writes: cursor.
    fn expire(blocks: u32) -> Weight {
        time(each(EXPIRE_BLOCK, blocks))
            .saturating_add(reads::<T>(u64::from(blocks).saturating_add(1)))
            .saturating_add(writes::<T>(1))
    }

    /// Reads: rate, asset, requester's account in it, sum of its holds; for the prepaid fee the pool, its own fee, its two accounts
    /// and the sum of its holds. Writes: asset, account, sum of holds, the pool's accounts, the issuance that a credit moves. The
    /// holds are counted with those of PEN.
    fn post_asset() -> Weight {
        time(POST_ASSET)
            .saturating_add(reads::<T>(9))
            .saturating_add(writes::<T>(6))
    }

    /// Reads, for each bill: asset, requester's account in it, sum of its holds; for each payee whether it exists, its delegators'
    /// rewards in the asset and what is stranded for it. Writes: all of these.
    fn pay_asset(bills: u32, payees: u32) -> Weight {
        let touched = u64::from(bills).saturating_add(payees.into()).saturating_mul(3);
        time(each(PAY_ASSET, bills).saturating_add(each(PAY_ASSET_PAYEE, payees)))
            .saturating_add(reads::<T>(touched))
            .saturating_add(writes::<T>(touched))
    }

    /// Reads: what is stranded, asset, requester's holds and their sum, payee's account in it, whether the payee exists. Writes: all
    /// of these.
    fn collect() -> Weight {
        time(COLLECT)
            .saturating_add(reads::<T>(6))
            .saturating_add(writes::<T>(6))
    }
}

fn time(picoseconds: u64) -> Weight {
    Weight::from_parts(picoseconds, 0)
}

fn each(picoseconds: u64, count: u32) -> u64 {
    picoseconds.saturating_mul(count.into())
}

fn reads<T: frame_system::Config>(count: u64) -> Weight {
    T::DbWeight::get().reads(count)
}

fn writes<T: frame_system::Config>(count: u64) -> Weight {
    T::DbWeight::get().writes(count)
}

/// Picoseconds in wasm of what takes so many nanoseconds natively.
const fn wasm(native_ns: u64) -> u64 {
    native_ns.saturating_mul(3_000)
}

const POST: u64 = wasm(80_000);
const POST_PART: u64 = wasm(9_000);
const POST_TASK: u64 = wasm(50);
const POST_BYTE: u64 = wasm(2);
const ANSWER_BATCH: u64 = wasm(75_000);
const ANSWER_TASK: u64 = wasm(4_600);
const AUTHORIZE: u64 = wasm(42_000);
const AUTHORIZE_TASK: u64 = wasm(350);
const AUTHORIZE_BYTE: u64 = wasm(5);
// 62 µs to load half a megabyte, and as much again to bring it from the database.
const LOAD_GRAPH: u64 = wasm(150_000);
const CLAIM_BATCH: u64 = wasm(27_000);
const CLAIM_TASK: u64 = wasm(2_000);
const SETTLE_PART: u64 = wasm(87_000);
const SETTLE_TASK: u64 = wasm(5_300);
const PAY_MEMBER: u64 = wasm(20_000);
const HAND_OVER: u64 = wasm(30_000);
const REFUND_TASK: u64 = wasm(4_400);
const DECLINE: u64 = wasm(3_000);
const CANCEL_PART: u64 = wasm(50_000);
const EXPIRE_BLOCK: u64 = wasm(10_000);
// Holding an asset takes no longer than PEN. The swap of the prepaid fee is the runtime's, and taken for as long as a post.
const POST_ASSET: u64 = wasm(90_000);
// An answer that an asset pays takes 8 µs more, for four payees.
const PAY_ASSET: u64 = wasm(2_000);
const PAY_ASSET_PAYEE: u64 = wasm(3_000);
const COLLECT: u64 = wasm(20_000);

/// Picoseconds of one multiply-accumulate: the runtime's executor, without SIMD, does about 1.7 G of them a second; rounded up
/// for slower machines.
pub const MULTIPLY_ACCUMULATE: u64 = 1_000;
