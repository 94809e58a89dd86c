//! What the calls and the hook weigh.
//!
//! Reads and writes are counted from the code, and each function says of what; what lies behind `Claims`, `Models` and `Solvers`
//! is counted as the runtime wires it: a claim takes the reads of its batch, its inputs and its claimed answers; a node those of
//! the skeleton. What a verdict weighs in the market is the runtime's `VerdictWeight`, and not counted here.
//!
//! Times are medians of native timing loops over each call with storage in memory (release profile, two busy cores), times three
//! for wasm. What is hashed by the host takes the same in both.

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// What the calls and the hook weigh.
pub trait WeightInfo {
    /// A challenge with a trace of `nodes` digests and a step of `bytes` bytes, without execution and verdict.
    fn challenge(nodes: u32, bytes: u32) -> Weight;
    /// A challenge that is refused before anything is hashed but its trace of `nodes` digests.
    fn refuse(nodes: u32) -> Weight;
    /// Executing a node of so much work.
    fn execute(cost: u64) -> Weight;
    /// Opening a node, without execution and verdict.
    fn open(nodes: u32, bytes: u32) -> Weight;
    /// Authorising an opening.
    fn authorize_open(nodes: u32, bytes: u32) -> Weight;
    /// What authorising and opening take for the bytes of a step.
    fn step_bytes(bytes: u32) -> Weight;
    /// Drawing for `entries` entries of the queue with `tasks` tasks, reading `claims` claims and ordering `audits` audits, for
    /// which room was looked for in `probes` blocks.
    fn draw(entries: u32, tasks: u32, claims: u32, audits: u32, probes: u32) -> Weight;
    /// What the draw takes for a task that is not audited.
    fn draw_task() -> Weight;
    /// Ordering one audit.
    fn audit() -> Weight;
    /// Ending `audits` audits for silence, without verdict.
    fn expire(audits: u32) -> Weight;
    /// Noting the claimed tasks of one batch: charged by whoever claims.
    fn claimed() -> Weight;
}

/// Weights on the runtime's database.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    /// Reads: claim (3), manifest, skeleton (twice: what the node reads, and its execution; and once for the charge), audit,
    /// challenger's account and holds, account of whoever has a lost bond, first key of the task's audits. Writes: the accounts, the
    /// holds.
    fn challenge(nodes: u32, bytes: u32) -> Weight {
        let time = CHALLENGE
            .saturating_add(each(TRACE_DIGEST, nodes))
            .saturating_add(each(STEP_BYTE, bytes))
            .saturating_add(READ_SKELETON.saturating_mul(3));
        time_of(time).saturating_add(T::DbWeight::get().reads_writes(10, 3))
    }

    /// Reads: claim (3), the challenger's account and holds.
    fn refuse(nodes: u32) -> Weight {
        time_of(REFUSE.saturating_add(each(TRACE_DIGEST, nodes))).saturating_add(T::DbWeight::get().reads(5))
    }

    /// No storage.
    fn execute(cost: u64) -> Weight {
        time_of(cost.saturating_mul(MULTIPLY_ACCUMULATE))
    }

    /// Reads: operator, audit, claim (3), manifest, skeleton; block's list, solver's list. Writes: audit, solver's list, block's list, pace.
    fn open(nodes: u32, bytes: u32) -> Weight {
        let time = OPEN
            .saturating_add(each(TRACE_DIGEST, nodes))
            .saturating_add(each(STEP_BYTE, bytes))
            .saturating_add(READ_SKELETON.saturating_mul(3));
        time_of(time).saturating_add(T::DbWeight::get().reads_writes(9, 4))
    }

    /// Reads: genesis hash, operator, audit, claim (3), skeleton.
    fn authorize_open(nodes: u32, bytes: u32) -> Weight {
        let time = AUTHORIZE
            .saturating_add(each(TRACE_DIGEST, nodes))
            .saturating_add(each(STEP_BYTE, bytes))
            .saturating_add(READ_SKELETON);
        time_of(time).saturating_add(T::DbWeight::get().reads(7))
    }

    /// No storage.
    fn step_bytes(bytes: u32) -> Weight {
        time_of(each(STEP_BYTE, bytes).saturating_mul(2))
    }

    /// Reads: the queue's ends, and the block's randomness where there is an entry; each entry, its model's steps; claims (3 each);
    /// blocks' lists. Writes: the queue's ends, each entry.
    fn draw(entries: u32, tasks: u32, claims: u32, audits: u32, probes: u32) -> Weight {
        let reads = u64::from(entries)
            .saturating_mul(2)
            .saturating_add(u64::from(claims).saturating_mul(3))
            .saturating_add(probes.into())
            .saturating_add(entries.min(1).into())
            .saturating_add(1);
        let writes = u64::from(entries).saturating_add(u64::from(entries.min(1)));
        time_of(DRAW.saturating_add(each(DRAW_TASK, tasks)))
            .saturating_add(T::DbWeight::get().reads_writes(reads, writes))
            .saturating_add(Self::audit().saturating_mul(audits.into()))
    }

    /// A share of an entry is not counted: a batch has one.
    fn draw_task() -> Weight {
        time_of(DRAW_TASK)
    }

    /// Reads: is it ordered already, pace, block's list; the market's claimed answer. Writes: audit, solver's list, block's list,
    /// pace; the market's claimed answer.
    fn audit() -> Weight {
        time_of(AUDIT).saturating_add(T::DbWeight::get().reads_writes(4, 5))
    }

    /// Reads: block's list; each audit, the first keys of the task's and of the solver's audits. Writes: block's list; each audit, solver's list, pace.
    fn expire(audits: u32) -> Weight {
        let audits = u64::from(audits);
        let writes = audits.saturating_mul(3).saturating_add(audits.min(1));
        time_of(EXPIRE.saturating_add(audits.saturating_mul(AUDIT))).saturating_add(
            T::DbWeight::get().reads_writes(audits.saturating_mul(3).saturating_add(1), writes),
        )
    }

    /// Reads: the queue's ends. Writes: the ends, an entry.
    fn claimed() -> Weight {
        time_of(CLAIMED).saturating_add(T::DbWeight::get().reads_writes(1, 2))
    }
}

fn time_of(picoseconds: u64) -> Weight {
    Weight::from_parts(picoseconds, 0)
}

fn each(picoseconds: u64, count: u32) -> u64 {
    picoseconds.saturating_mul(count.into())
}

/// Picoseconds in wasm of what takes so many nanoseconds natively.
const fn wasm(native_ns: u64) -> u64 {
    native_ns.saturating_mul(3_000)
}

/// 53 µs where the bond is lost, 47 µs where it comes back.
const CHALLENGE: u64 = wasm(60_000);
/// 1.4 µs before anything is read of a claim.
const REFUSE: u64 = wasm(10_000);
/// 23 µs.
const OPEN: u64 = wasm(30_000);
/// 57 µs, most of it the signature.
const AUTHORIZE: u64 = wasm(60_000);
/// 32 bytes, hashed in wasm and copied.
const TRACE_DIGEST: u64 = wasm(60);
/// Each byte is copied twice and hashed twice, by the host: for the evidence, and against the trace or the model. 2.9 ns
/// natively for a tile of half a megabyte.
const STEP_BYTE: u64 = 8_000;
/// Bringing 64 KiB from the database and parsing 256 records of them.
const READ_SKELETON: u64 = wasm(60_000);
const DRAW: u64 = wasm(3_000);
/// 89 µs for 256 tasks.
const DRAW_TASK: u64 = wasm(500);
/// 28 µs each where 1024 are ordered.
const AUDIT: u64 = wasm(30_000);
const EXPIRE: u64 = wasm(3_000);
const CLAIMED: u64 = wasm(2_000);

/// Picoseconds of one multiply-accumulate: the runtime's executor, without SIMD, does about 1.7 G of them a second; rounded up
/// for slower machines.
pub const MULTIPLY_ACCUMULATE: u64 = 1_000;
