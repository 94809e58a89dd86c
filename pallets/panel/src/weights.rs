//! What the calls and the hook weigh.
//!
//! Reads and writes are counted from the code, and each function says of what; the pallets behind `Solvers`, `Cases` and
//! `Randomness` are counted as the runtime wires them. Times were measured natively over an in-memory database (an AMD EPYC core,
//! best of five runs with 3 to 28 members and 1 to 16 tasks of 1 KiB under each rule, of which hostile JSON is the slowest), times
//! three for the wasm executor.

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// What the calls and the hook weigh.
pub trait WeightInfo {
    /// Committing. What the authorisation has read is not counted again.
    fn commit() -> Weight;
    /// Revealing a ballot of so many bytes.
    fn reveal(bytes: u32) -> Weight;
    /// Leaving a panel.
    fn excuse() -> Weight;
    /// Authorising one of these calls, with a ballot of so many bytes.
    fn authorize(bytes: u32) -> Weight;
    /// Walking `blocks` blocks of the agenda.
    fn agenda(blocks: u32) -> Weight;
    /// Drawing so many members, or finding so often that there are not enough.
    fn draw(seats: u32, attempts: u32) -> Weight;
    /// Closing the commitments of so many members, none of whom committed.
    fn close_commitments(seats: u32) -> Weight;
    /// Tallying the ballots, of `bytes` in all, of so many members on so many tasks.
    fn tally(seats: u32, tasks: u32, bytes: u32) -> Weight;
    /// Settling the stake of so many members for so many tasks, and ending the round.
    fn settle(seats: u32, tasks: u32) -> Weight;
    /// What the market does with the verdicts on so many tasks, each with so many members to pay.
    fn decided(seats: u32, tasks: u32) -> Weight;
}

/// Weights with the runtime's database, where a draw reads at most `CANDIDATES` solvers: those with an offer for the model,
/// `MaxOffersPerModel` of solver-staking.
pub struct SubstrateWeight<T, const CANDIDATES: u32 = 128>(PhantomData<T>);

impl<T: frame_system::Config, const CANDIDATES: u32> WeightInfo for SubstrateWeight<T, CANDIDATES> {
    /// Writes: panel, seat, and its place in the agenda, old and new.
    fn commit() -> Weight {
        time(COMMIT).saturating_add(writes::<T>(4))
    }

    /// Writes: panel, seat, ballot, and its place in the agenda, old and new.
    fn reveal(bytes: u32) -> Weight {
        time(COMMIT.saturating_add(each(REVEAL_BYTE, bytes))).saturating_add(writes::<T>(5))
    }

    /// Reads: solver. Writes: panel, seat, its place in the agenda, old and new, solver.
    fn excuse() -> Weight {
        time(COMMIT)
            .saturating_add(reads::<T>(1))
            .saturating_add(writes::<T>(5))
    }

    /// Reads: genesis hash, operator, seat, panel. The bytes are hashed for the commitment and for the signature.
    fn authorize(bytes: u32) -> Weight {
        time(AUTHORIZE.saturating_add(each(AUTHORIZE_BYTE, bytes))).saturating_add(reads::<T>(4))
    }

    /// Reads: cursor, and the first key of each block. Writes: cursor.
    fn agenda(blocks: u32) -> Weight {
        time(each(AGENDA_BLOCK, blocks))
            .saturating_add(reads::<T>(u64::from(blocks).saturating_add(1)))
            .saturating_add(writes::<T>(1))
    }

    /// Reads: first key, panel, the randomness and the parent's hash, book, candidates. A second draw, where there are too few fresh
    /// members, reads nothing new. Writes: panel, its place in the agenda, old and new; for each member seat and solver.
    fn draw(seats: u32, attempts: u32) -> Weight {
        let attempt = each(DRAW_CANDIDATE, CANDIDATES).saturating_add(each(DRAW_SEAT, seats));
        time(each(attempt, attempts))
            .saturating_add(reads::<T>(u64::from(CANDIDATES).saturating_add(5)))
            .saturating_add(writes::<T>(u64::from(seats).saturating_mul(2).saturating_add(3)))
    }

    /// Reads: first key, panel, next slash; for each member seat and solver. Writes: panel, its place in the agenda, old and new,
    /// next slash; for each member seat, solver, slash and its place in the agenda.
    fn close_commitments(seats: u32) -> Weight {
        let members = u64::from(seats);
        time(each(SETTLE_SEAT, seats))
            .saturating_add(reads::<T>(members.saturating_mul(2).saturating_add(3)))
            .saturating_add(writes::<T>(members.saturating_mul(4).saturating_add(4)))
    }

    /// Reads: first key, panel, decided tasks; for each member seat and ballot. Writes: panel, its place in the agenda, old and new.
    fn tally(seats: u32, tasks: u32, bytes: u32) -> Weight {
        let answers = seats.saturating_mul(tasks);
        time(each(TALLY_ANSWER, answers).saturating_add(each(TALLY_BYTE, bytes)))
            .saturating_add(reads::<T>(u64::from(seats).saturating_mul(2).saturating_add(3)))
            .saturating_add(writes::<T>(3))
    }

    /// Reads: next slash; for each member its solver. Writes: decided tasks, next slash; for each member seat, ballot, solver,
    /// slash and its place in the agenda.
    fn settle(seats: u32, tasks: u32) -> Weight {
        let members = u64::from(seats);
        time(each(SETTLE_SEAT, seats).saturating_add(each(SETTLE_TASK, seats.saturating_mul(tasks))))
            .saturating_add(reads::<T>(members.saturating_add(1)))
            .saturating_add(writes::<T>(members.saturating_mul(5).saturating_add(2)))
    }

    /// As `decide` of task-market: reads batch, inputs, model, appeal, claimed answer, requester's account and holds, publisher's
    /// and treasury's accounts, and for each member its account, stake and delegators; writes all of these but the model and the
    /// stakes, and the agenda.
    fn decided(seats: u32, tasks: u32) -> Weight {
        let members = u64::from(seats);
        time(
            DECIDED
                .saturating_add(each(DECIDED_TASK, tasks))
                .saturating_add(each(DECIDED_MEMBER, seats)),
        )
        .saturating_add(reads::<T>(members.saturating_mul(3).saturating_add(9)))
        .saturating_add(writes::<T>(members.saturating_mul(2).saturating_add(9)))
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

const COMMIT: u64 = wasm(5_000);
const REVEAL_BYTE: u64 = wasm(1);
const AUTHORIZE: u64 = wasm(45_000);
const AUTHORIZE_BYTE: u64 = wasm(6);
const AGENDA_BLOCK: u64 = wasm(10_000);
// As solver-staking measured them.
const DRAW_CANDIDATE: u64 = wasm(4_600);
const DRAW_SEAT: u64 = wasm(11_000);
const SETTLE_SEAT: u64 = wasm(15_000);
const SETTLE_TASK: u64 = wasm(100);
const TALLY_ANSWER: u64 = wasm(300);
// 14 ns for JSON that is nothing but short names and numbers, 3 ns to load and hash.
const TALLY_BYTE: u64 = wasm(20);
const DECIDED: u64 = wasm(75_000);
const DECIDED_TASK: u64 = wasm(5_000);
const DECIDED_MEMBER: u64 = wasm(20_000);
